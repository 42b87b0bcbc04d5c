"""An urging, as the API takes and shows it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tracker.api.serializers.inputs import StrictSerializer, TextField
from tracker.reminders.urging import LONGEST_WORDS


class UrgeSerializer(StrictSerializer):
    """Lời đôn đốc, nếu có."""

    words = TextField(
        allow_blank=True, default="", max_length=LONGEST_WORDS, help_text="Lời đôn đốc, nếu có."
    )


class UrgedSerializer(serializers.Serializer[Any]):
    """Một lần đôn đốc, được giữ làm bằng chứng."""

    task = serializers.IntegerField(source="urging.task_id")
    agency = serializers.CharField(source="urging.agency.key", help_text="Khóa của cơ quan được đôn đốc.")
    urged_by = serializers.CharField(source="urging.urged_by.username")
    at = serializers.DateTimeField(source="urging.at")
    words = serializers.CharField(source="urging.words")
    turn = serializers.IntegerField(help_text="Lần đôn đốc thứ mấy của việc này.")
    recipients = serializers.ListField(child=serializers.CharField(), help_text="Thư gửi đến những ai.")
