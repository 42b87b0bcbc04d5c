"""Why a person was told of a task, or was not, as the API shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tracker.reminders.enums import Lane, MessageState, Outcome

REMINDER_STATES = [*MessageState.choices, (Outcome.MERGED.value, str(Outcome.MERGED.label))]


class PastReminderSerializer(serializers.Serializer[Any]):
    """Một dòng của sổ nhắc việc."""

    day = serializers.DateField(help_text="Ngày của bước nhắc.")
    step = serializers.CharField(help_text="`before-7`, `on`, `after-14`, `new`, `head`…")
    lane = serializers.ChoiceField(choices=Lane.choices)
    words = serializers.CharField()
    due_on = serializers.DateField(allow_null=True, help_text="Hạn đã báo lúc ấy.")
    state = serializers.ChoiceField(choices=REMINDER_STATES)
    reason = serializers.CharField(help_text="Vì sao gộp, bỏ, giữ hoặc không gửi được; rỗng khi không có gì.")
    planned_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    address = serializers.CharField(help_text="Địa chỉ đã gửi; rỗng khi chưa gửi.")


class ComingReminderSerializer(serializers.Serializer[Any]):
    """Một bước sẽ nhắc, nếu việc chưa xong và hạn không đổi."""

    day = serializers.DateField()
    step = serializers.CharField()
    lane = serializers.ChoiceField(choices=Lane.choices)
    words = serializers.CharField()


class ReasonSerializer(serializers.Serializer[Any]):
    """Một lý do."""

    code = serializers.CharField(help_text="Mã ổn định: `history`, `not_recipient`, `suppressed`, `weekly`…")
    words = serializers.CharField()


class ExplanationSerializer(serializers.Serializer[Any]):
    """Vì sao một người được (không được) nhắc một việc."""

    task = serializers.IntegerField(source="task.pk")
    user = serializers.CharField(source="person.username")
    lanes = serializers.ListField(
        child=serializers.ChoiceField(choices=Lane.choices),
        help_text="Các lý do người này được nhắc việc này.",
    )
    past = PastReminderSerializer(many=True)
    coming = ComingReminderSerializer(many=True)
    reasons = ReasonSerializer(many=True)
