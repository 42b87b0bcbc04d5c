"""Reading webhooks: a person's own, and how their messages fare."""

from __future__ import annotations

from django.db.models import Count, Max, Q

from tracker.core.models import User
from tracker.webhooks.enums import DeliveryState
from tracker.webhooks.models import Webhook, WebhookQuerySet


def with_figures(webhooks: WebhookQuerySet) -> WebhookQuerySet:
    """Adds `waiting`, `given_up` (how many) and `last_sent_at` (or None)."""
    return webhooks.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        given_up=Count("deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP)),
        last_sent_at=Max("deliveries__sent_at"),
    )


def webhooks_of(user: User) -> WebhookQuerySet:
    """A person's own, ended ones too; another's do not exist, whoever asks."""
    return Webhook.objects.filter(user=user).select_related("agency", "user", "token__user")
