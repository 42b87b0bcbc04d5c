"""Webhooks and what became of each message: was it taken, when is the next attempt, why not."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tracker.admin.base import ReadOnlyAdmin, admin_actor
from tracker.admin.site import site
from tracker.core import clock
from tracker.core.errors import TransitionError
from tracker.webhooks.models import Webhook, WebhookCursor, WebhookDelivery
from tracker.webhooks.queries import with_figures
from tracker.webhooks.services import end_webhook, resend_given_up


@admin.register(Webhook, site=site)
class WebhookAdmin(ReadOnlyAdmin):
    """Registered through the API by who uses them; looked after and ended here."""

    list_display = ["name", "user", "url", "agency", "waiting", "given_up", "last_sent_at", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "agency"]
    search_fields = ["name", "url", "user__username"]
    fields = [
        "name",
        "user",
        "token",
        "agency",
        "url",
        "types",
        "waiting",
        "given_up",
        "last_sent_at",
        "created_at",
        "rotated_at",
        "ended_at",
        "end_reason",
    ]
    actions = ["resend", "end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        return with_figures(Webhook.objects.all())

    @admin.display(description=_lazy("chờ gửi"))
    def waiting(self, webhook: Any) -> int:
        return int(webhook.waiting)

    @admin.display(description=_lazy("thôi gửi"))
    def given_up(self, webhook: Any) -> int:
        return int(webhook.given_up)

    @admin.display(description=_lazy("gửi được gần nhất"))
    def last_sent_at(self, webhook: Any) -> Any:
        return webhook.last_sent_at

    @admin.action(description=_lazy("Gửi lại những tin đã thôi gửi"))
    def resend(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        count = 0
        for webhook in webhooks:
            try:
                count += resend_given_up(webhook, actor=admin_actor(request), now=clock.now())
            except TransitionError as refusal:
                messages.error(request, f"{webhook}: {refusal}")
        messages.success(request, _("Sẽ gửi lại %d tin.") % count)

    @admin.action(description=_lazy("Thôi gửi đến địa chỉ này"))
    def end(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        actor, now = admin_actor(request), clock.now()
        count = sum(
            end_webhook(webhook, reason="Văn phòng cho thôi.", actor=actor, now=now) for webhook in webhooks
        )
        messages.success(request, _("Đã thôi %d webhook.") % count)


@admin.register(WebhookDelivery, site=site)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event", "webhook", "state", "attempts", "due_at", "sent_at", "last_status", "last_error"]
    list_filter = ["state"]
    list_select_related = ["event", "webhook__user"]
    search_fields = ["webhook__name", "webhook__url", "event__verb"]


@admin.register(WebhookCursor, site=site)
class WebhookCursorAdmin(ReadOnlyAdmin):
    """How far the record has been read."""

    list_display = ["planned_up_to", "next_up_to", "next_at"]
