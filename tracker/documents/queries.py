"""Reading documents: passages of their texts, without carrying whole volumes about."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.functions import Substr

from tracker.documents.models import SourceText


@dataclass(frozen=True, slots=True)
class PassageInContext:
    """A stretch of a text with what stands before and after it."""

    before: str
    words: str
    after: str


def passage_in_context(source_id: int, *, start: int, end: int, first: int, last: int) -> PassageInContext:
    """`text[start:end]` of a source, with the text from `first` and up to `last` around it.

    The database cuts: a volume of many documents is some megabytes long.
    """
    first, last = min(first, start), max(last, end)
    text = (
        SourceText.objects.filter(pk=source_id)
        .annotate(piece=Substr("text", first + 1, last - first))
        .values_list("piece", flat=True)
        .get()
    )
    return PassageInContext(
        before=text[: start - first], words=text[start - first : end - first], after=text[end - first :]
    )
