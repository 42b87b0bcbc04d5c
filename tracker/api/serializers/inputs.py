"""Fields of what comes in: texts that are texts, and no member that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.patterns import WORDS

MOST_WORDS = 10_000  # characters of a note
MOST_NUMBER = 120  # characters of a document's number
MOST_KEY = 120  # characters of a registry key
MOST_DEADLINE = 300  # characters of a deadline in words
MOST_NAME = 80  # characters of a name that a person gives to something of their own


class TextField(serializers.CharField):
    """A text; a number is none, though the framework would take it for one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


@extend_schema_field({"type": "string", "pattern": WORDS, "maxLength": MOST_WORDS})
class WordsField(TextField):
    """Words, not only spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_WORDS, **kwargs)


@extend_schema_field({"type": "string", "pattern": WORDS, "maxLength": MOST_NAME})
class NameField(TextField):
    """A short name, not only spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_NAME, **kwargs)


@extend_schema_field({"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": MOST_KEY})
class KeyField(TextField):
    """A key of the registry."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_KEY, trim_whitespace=False, validators=[validate_slug], **kwargs)


@extend_schema_field({"type": "string", "pattern": WORDS, "maxLength": MOST_DEADLINE})
class DeadlineField(TextField):
    """A deadline as people write it; what it means is asked of the pipeline."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_DEADLINE, **kwargs)


class NoteField(TextField):
    """Words, if any."""

    def __init__(self, *, most: int = MOST_WORDS, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, default="", max_length=most, **kwargs)


class NumberField(TextField):
    """The number of a document, if any."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, default="", max_length=MOST_NUMBER, **kwargs)


class StrictSerializer(serializers.Serializer[Any]):
    """What comes in. A member that it does not know is refused: a mistyped name would lose the words."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError({name: [_("Không có trường này.")] for name in unknown})
        return super().to_internal_value(data)
