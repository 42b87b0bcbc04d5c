"""Webhooks as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.api.serializers.inputs import KeyField, NameField, StrictSerializer, TextField
from tracker.api.serializers.registry import AgencyNameSerializer
from tracker.webhooks.addresses import FORM, MOST_CHARACTERS
from tracker.webhooks.enums import DeliveryState
from tracker.webhooks.models import Webhook, WebhookDelivery
from tracker.webhooks.rules import MOST_TYPES, TYPE


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """Một địa chỉ nhận sự kiện của việc."""

    agency = AgencyNameSerializer(read_only=True, allow_null=True)
    types = serializers.ListField(child=serializers.CharField(), read_only=True)
    waiting = serializers.IntegerField(read_only=True, help_text="Số tin chờ gửi hoặc gửi lại.")
    given_up = serializers.IntegerField(read_only=True, help_text="Số tin đã thôi gửi.")
    last_sent_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Webhook
        fields = [
            "id",
            "name",
            "url",
            "types",
            "agency",
            "waiting",
            "given_up",
            "last_sent_at",
            "created_at",
            "rotated_at",
            "ended_at",
            "end_reason",
        ]
        read_only_fields = fields


class SecretSerializer(serializers.Serializer[Webhook]):
    """Mã bí mật để kiểm chữ ký. Chỉ hiện lần này."""

    id = serializers.IntegerField(read_only=True)
    secret = serializers.SerializerMethodField()

    def get_secret(self, _webhook: Webhook) -> str:
        return str(self.context["secret"])


@extend_schema_field({"type": "string", "pattern": FORM, "maxLength": MOST_CHARACTERS})
class AddressField(TextField):
    """An address; the service judges it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, trim_whitespace=False, **kwargs)


@extend_schema_field({"type": "string", "pattern": TYPE.pattern})
class VerbField(TextField):
    """A verb of the record; the service judges it."""


class NewWebhookSerializer(StrictSerializer):
    """Địa chỉ muốn đăng ký."""

    name = NameField(help_text="Dùng vào việc gì, ở đâu.")
    url = AddressField(help_text="https://… nơi nhận.")
    types = serializers.ListField(
        child=VerbField(),
        max_length=MOST_TYPES,
        default=list,
        help_text="Mã sự kiện, ví dụ task.reported; để trống: mọi sự kiện của việc.",
    )
    agency = KeyField(allow_null=True, default=None, help_text="Chỉ việc của cơ quan này (khóa).")


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """Một tin cho một địa chỉ."""

    event_id = serializers.IntegerField(read_only=True)
    verb = serializers.CharField(source="event.verb", read_only=True)
    state = serializers.ChoiceField(choices=DeliveryState.choices, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "event_id",
            "verb",
            "task_id",
            "state",
            "attempts",
            "due_at",
            "sent_at",
            "last_status",
            "last_error",
        ]
        read_only_fields = fields


class ResentSerializer(serializers.Serializer[Webhook]):
    """Số tin được gửi lại."""

    messages = serializers.IntegerField(read_only=True)
