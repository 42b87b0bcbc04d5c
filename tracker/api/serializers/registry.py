"""Agencies, documents and duties as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.agencies.enums import AgencyKind
from tracker.agencies.models import Agency
from tracker.documents.enums import DocumentKind, DocumentStatus, DutyScope
from tracker.documents.models import Clause, Document
from tracker.duties.enums import Precision, Recurrence
from tracker.duties.models import Duty, DutyBody

BODY_KINDS = [
    ("agency", "cơ quan trong danh mục"),
    ("collective", "tập thể cơ quan"),
    ("words", "không có trong danh mục"),
]


def source_of(duty: Duty) -> dict[str, Any] | None:
    if duty.source_start is None:
        return None
    return {"words": duty.source_words, "start": duty.source_start, "end": duty.source_end}


class AgencyNameSerializer(serializers.ModelSerializer[Agency]):
    """Cơ quan: khóa trong danh mục và tên."""

    class Meta:
        model = Agency
        fields = ["key", "name"]
        read_only_fields = fields


class AgencySerializer(serializers.ModelSerializer[Agency]):
    """Cơ quan trong danh mục. `until` là ngày cuối cùng còn hoạt động."""

    kind = serializers.ChoiceField(choices=AgencyKind.choices, read_only=True)
    aliases = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Agency
        fields = ["key", "name", "kind", "aliases", "since", "until"]
        read_only_fields = fields


class BodySerializer(serializers.Serializer[DutyBody]):
    """Cơ quan hay tập thể mà nhiệm vụ nêu tên; `key` là null khi danh mục không có."""

    kind = serializers.SerializerMethodField()
    key = serializers.SerializerMethodField()
    name = serializers.CharField(read_only=True)

    @extend_schema_field(serializers.ChoiceField(choices=BODY_KINDS))
    def get_kind(self, body: DutyBody) -> str:
        if body.agency is not None:
            return "agency"
        return "collective" if body.collective is not None else "words"

    def get_key(self, body: DutyBody) -> str | None:
        named = body.agency or body.collective
        return named.key if named is not None else None


class DocumentNameSerializer(serializers.ModelSerializer[Document]):
    """Văn bản: đủ để nhận ra."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices, read_only=True)

    class Meta:
        model = Document
        fields = ["id", "number", "kind", "issued_on", "subject"]
        read_only_fields = fields


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """Văn bản giao nhiệm vụ."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices, read_only=True)
    status = serializers.ChoiceField(choices=DocumentStatus.choices, read_only=True)
    monitors = AgencyNameSerializer(many=True, read_only=True)

    class Meta:
        model = Document
        fields = [
            "id",
            "number",
            "kind",
            "issuer",
            "issued_on",
            "subject",
            "secrecy",
            "status",
            "start_on",
            "needs_confirmation",
            "expired_on",
            "monitors",
        ]
        read_only_fields = fields


class ClauseSerializer(serializers.ModelSerializer[Clause]):
    """Một khoản, mục của văn bản, với chỗ của nó trong tệp gốc."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = Clause
        fields = ["id", "ordinal", "path", "start", "end", "text"]
        read_only_fields = fields

    def get_text(self, clause: Clause) -> str:
        return str(self.context["text"][clause.start : clause.end])


class SourceSerializer(serializers.Serializer[Any]):
    """Đoạn văn bản gốc mà nhiệm vụ được đọc ra: `text[start:end]` của tệp gốc."""

    words = serializers.CharField(read_only=True)
    start = serializers.IntegerField(read_only=True)
    end = serializers.IntegerField(read_only=True)


class DutySerializer(serializers.ModelSerializer[Duty]):
    """Nhiệm vụ như văn bản giao, với mọi cơ quan được nêu tên."""

    document = DocumentNameSerializer(read_only=True)
    clause = serializers.CharField(source="clause.path", default=None, read_only=True, allow_null=True)
    scope = serializers.ChoiceField(choices=DutyScope.choices, read_only=True)
    leads = BodySerializer(many=True, read_only=True)
    coordinators = BodySerializer(many=True, read_only=True)
    precision = serializers.ChoiceField(choices=Precision.choices, read_only=True)
    recurrence = serializers.ChoiceField(choices=Recurrence.choices, read_only=True)
    deadline_words = serializers.CharField(source="due_text", read_only=True)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field of that name

    class Meta:
        model = Duty
        fields = [
            "id",
            "document",
            "clause",
            "scope",
            "action",
            "leads",
            "coordinators",
            "deadline_words",
            "due_code",
            "due_on",
            "due_quarter",
            "precision",
            "recurrence",
            "ends_on",
            "source",
        ]
        read_only_fields = fields

    @extend_schema_field(SourceSerializer(allow_null=True))
    def get_source(self, duty: Duty) -> dict[str, Any] | None:
        return source_of(duty)
