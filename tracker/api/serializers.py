"""What the API shows. Field by field, on purpose: a new column is not published by accident."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.agencies.enums import AgencyKind
from tracker.agencies.models import Agency
from tracker.documents.enums import DocumentKind, DocumentStatus, DutyScope
from tracker.documents.models import Document
from tracker.duties.enums import DeadlineState, Precision, Recurrence, Result, WorkState
from tracker.duties.models import Duty, DutyBody, Task

MOST_WORDS = 10_000  # characters of a note


def _source(duty: Duty) -> dict[str, Any] | None:
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

    @extend_schema_field({"type": "string", "enum": ["agency", "collective", "words"]})
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
        return _source(duty)


class TaskSerializer(serializers.ModelSerializer[Task]):
    """Việc: phần một cơ quan phải làm cho một nhiệm vụ trong một kỳ."""

    action = serializers.CharField(source="duty.action", read_only=True)
    agency = AgencyNameSerializer(read_only=True)
    leads = BodySerializer(many=True, read_only=True)
    coordinators = BodySerializer(many=True, read_only=True)
    document = DocumentNameSerializer(source="duty.document", read_only=True)
    clause = serializers.CharField(source="duty.clause.path", default=None, read_only=True, allow_null=True)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field of that name
    deadline_words = serializers.CharField(read_only=True)
    precision = serializers.ChoiceField(source="duty.precision", choices=Precision.choices, read_only=True)
    recurrence = serializers.ChoiceField(source="duty.recurrence", choices=Recurrence.choices, read_only=True)
    state = serializers.ChoiceField(choices=WorkState.choices, read_only=True)
    deadline_state = serializers.ChoiceField(choices=DeadlineState.choices, read_only=True)
    result = serializers.ChoiceField(choices=Result.choices, read_only=True, allow_null=True)

    class Meta:
        model = Task
        fields = [
            "id",
            "action",
            "agency",
            "leads",
            "coordinators",
            "document",
            "clause",
            "source",
            "period",
            "deadline_words",
            "precision",
            "recurrence",
            "due_on",
            "original_due_on",
            "due_quarter",
            "state",
            "deadline_state",
            "result",
            "is_history",
            "needs_assignment",
            "reported_on",
            "report_note",
            "evidence_number",
            "revision",
            "created_at",
            "changed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(SourceSerializer(allow_null=True))
    def get_source(self, task: Task) -> dict[str, Any] | None:
        return _source(task.duty)


class ReportSerializer(serializers.Serializer[Any]):
    """Báo cáo hoàn thành: cần `note`, hoặc `evidence_number`, hoặc cả hai."""

    note = serializers.CharField(
        allow_blank=True, default="", max_length=MOST_WORDS, help_text="Kết quả thực hiện."
    )
    evidence_number = serializers.CharField(
        allow_blank=True, default="", max_length=120, help_text="Số, ký hiệu văn bản minh chứng."
    )
