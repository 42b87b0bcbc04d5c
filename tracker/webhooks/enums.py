"""What a webhook may be told of, and how far a delivery has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """What became of one message to one address."""

    WAITING = "waiting", _("chờ gửi")
    SENT = "sent", _("đã gửi")
    GIVEN_UP = "given_up", _("thôi gửi")
    DROPPED = "dropped", _("bỏ, không còn được xem")


def delivery_state_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in DeliveryState.choices]
