"""What is sent to do something to a task, and what is answered."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.serializers.inputs import (
    DeadlineField,
    KeyField,
    NoteField,
    NumberField,
    StrictSerializer,
    WordsField,
)
from tracker.api.serializers.tasks import TaskSerializer

MOST_STAGE = 200  # characters
MOST_REPORTS = 100  # in one request


class NothingSerializer(StrictSerializer):
    """Không cần nội dung."""


class ReportSerializer(StrictSerializer):
    """Báo cáo hoàn thành: cần `note`, hoặc `evidence_number`, hoặc cả hai."""

    note = NoteField(help_text="Kết quả thực hiện.")
    evidence_number = NumberField(help_text="Số, ký hiệu văn bản minh chứng.")
    late_reason = NoteField(help_text="Lý do chậm, khi việc đã quá hạn.")


class ProgressSerializer(StrictSerializer):
    """Tiến độ: cần ít nhất một mục."""

    percent = serializers.IntegerField(
        min_value=0, max_value=100, allow_null=True, default=None, help_text="Phần trăm đã làm."
    )
    stage = NoteField(most=MOST_STAGE, help_text="Giai đoạn đang làm.")
    difficulties = NoteField(help_text="Khó khăn, vướng mắc.")
    proposals = NoteField(help_text="Kiến nghị, đề xuất.")


class DeadlineSerializer(StrictSerializer):
    """Hạn mới, với lý do."""

    new_due = DeadlineField(help_text="Một ngày (`2027-03-31`, `31/3/2027`) hoặc lời: `quý I/2027`.")
    reason = WordsField(help_text="Lý do; bắt buộc.")


class AgencyKeySerializer(StrictSerializer):
    """Cơ quan được giao."""

    agency = KeyField(help_text="Khóa của cơ quan trong danh mục.")


class ReassignmentSerializer(AgencyKeySerializer):
    """Cơ quan được giao lại, với lý do."""

    reason = WordsField(help_text="Lý do; bắt buộc.")


class NoteSerializer(StrictSerializer):
    """Ghi chú, không bắt buộc."""

    note = NoteField(help_text="Ghi chú, nếu có.")


class ReasonSerializer(StrictSerializer):
    """Lý do, bắt buộc."""

    reason = WordsField(help_text="Lý do; bắt buộc.")


class OneOfManyReportsSerializer(ReportSerializer):
    """Báo cáo hoàn thành của một việc trong nhiều việc."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="`id` của việc.")
    revision = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        allow_null=True,
        default=None,
        help_text="`revision` đã đọc; để trống là chấp nhận mọi thay đổi trước đó.",
    )


class ManyReportsSerializer(StrictSerializer):
    """Nhiều báo cáo một lần; mỗi việc có câu trả lời riêng."""

    reports = serializers.ListField(child=OneOfManyReportsSerializer(), min_length=1, max_length=MOST_REPORTS)


@extend_schema_field({"$ref": "#/components/schemas/Problem"})
class ProblemField(serializers.DictField):
    """A problem as it would have been answered alone (`tracker.api.problems`)."""


class AnswerSerializer(serializers.Serializer[Any]):
    """Câu trả lời cho một việc: `task` khi đã báo cáo, `problem` khi bị từ chối."""

    id = serializers.IntegerField(read_only=True)
    status = serializers.IntegerField(read_only=True, help_text="Mã như khi báo cáo riêng việc này.")
    task = TaskSerializer(read_only=True, allow_null=True)
    problem = ProblemField(read_only=True, allow_null=True)


class AnswersSerializer(serializers.Serializer[Any]):
    """Câu trả lời cho từng việc, theo thứ tự đã gửi."""

    done = serializers.IntegerField(read_only=True, help_text="Số việc đã báo cáo.")
    refused = serializers.IntegerField(read_only=True, help_text="Số việc bị từ chối.")
    answers = AnswerSerializer(many=True, read_only=True)
