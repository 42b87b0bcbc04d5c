"""Tasks, their record and their figures as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.serializers.registry import (
    AgencyNameSerializer,
    BodySerializer,
    DocumentNameSerializer,
    SourceSerializer,
    source_of,
)
from tracker.core.enums import Door
from tracker.core.models import Event
from tracker.duties.enums import DeadlineState, Precision, Recurrence, Result, WorkState
from tracker.duties.models import Task
from tracker.duties.record import sees_whole_record


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

    original_result = serializers.ChoiceField(
        choices=Result.choices, read_only=True, allow_null=True, help_text="Theo hạn ban đầu, trước khi dời."
    )

    class Meta:
        model = Task
        fields = [
            "id",
            "duty_id",
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
            "original_result",
            "is_history",
            "needs_assignment",
            "reported_on",
            "report_note",
            "evidence_number",
            "late_reason",
            "percent",
            "stage",
            "difficulties",
            "proposals",
            "progress_on",
            "revision",
            "created_at",
            "changed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(SourceSerializer(allow_null=True))
    def get_source(self, task: Task) -> dict[str, Any] | None:
        return source_of(task.duty)


class EventSerializer(serializers.ModelSerializer[Event]):
    """Một dòng nhật ký của việc."""

    actor = serializers.CharField(
        source="actor.full_name", default=None, read_only=True, allow_null=True, help_text="null: hệ thống."
    )
    door = serializers.ChoiceField(choices=Door.choices, read_only=True)
    before = serializers.DictField(read_only=True)
    after = serializers.DictField(read_only=True)

    class Meta:
        model = Event
        fields = ["id", "at", "verb", "actor", "door", "before", "after", "note"]
        read_only_fields = fields


class RecordSerializer(EventSerializer):
    """Một dòng nhật ký, với đối tượng của nó. `address` chỉ dành cho Văn phòng và cán bộ kiểm tra."""

    address = serializers.SerializerMethodField()

    class Meta(EventSerializer.Meta):
        fields = [*EventSerializer.Meta.fields, "subject_type", "subject_id", "address"]
        read_only_fields = fields

    def get_address(self, event: Event) -> str | None:
        return event.address if sees_whole_record(self.context["request"].user) else None


class PeriodSerializer(serializers.Serializer[Any]):
    """Một kỳ đã mở của nhiệm vụ, với số việc được xem trong kỳ."""

    period = serializers.CharField(read_only=True, help_text="`2026`, `2026-Q4`, `2026-12`; rỗng: một lần.")
    words = serializers.CharField(read_only=True, help_text="Kỳ bằng lời: quý IV/2026.")
    due_on = serializers.DateField(read_only=True, allow_null=True, help_text="Hạn ban đầu của kỳ.")
    tasks = serializers.IntegerField(read_only=True)
    done = serializers.IntegerField(read_only=True, help_text="Đã báo cáo hoặc đã xác nhận.")
    overdue = serializers.IntegerField(read_only=True, help_text="Chưa hoàn thành và quá hạn hôm nay.")


class CountsSerializer(serializers.Serializer[Any]):
    """Số việc theo từng trục; mọi giá trị đều có mặt."""

    tasks = serializers.IntegerField(read_only=True)
    state = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    deadline_state = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    result = serializers.DictField(child=serializers.IntegerField(), read_only=True)


class AgencyCountsSerializer(CountsSerializer):
    """Số việc của một cơ quan."""

    agency = AgencyNameSerializer(read_only=True)


class DocumentCountsSerializer(CountsSerializer):
    """Số việc của một văn bản."""

    document = DocumentNameSerializer(read_only=True)


class QuarterCountsSerializer(CountsSerializer):
    """Số việc đến hạn trong một quý."""

    due_quarter = serializers.CharField(read_only=True, help_text="`2026-Q4`.")


class StatisticsSerializer(serializers.Serializer[Any]):
    """Số liệu của những việc được xem, tính cho hôm nay."""

    day = serializers.DateField(read_only=True)
    needs_assignment = serializers.IntegerField(read_only=True, help_text="Số việc chờ phân công.")
    total = CountsSerializer(read_only=True)
    agencies = AgencyCountsSerializer(many=True, read_only=True)
    documents = DocumentCountsSerializer(many=True, read_only=True)
    quarters = QuarterCountsSerializer(
        many=True, read_only=True, help_text="Việc không có thời hạn không thuộc quý nào."
    )
