"""Addresses that are told of task events, and one row for each message to each of them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency
from tracker.core.models import ApiToken, Event, User
from tracker.webhooks.enums import DeliveryState, delivery_state_choices


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def live(self, now: datetime) -> WebhookQuerySet:
        """Not ended, of a person who may sign in; and made by no token, or by one that still opens."""
        tokens = ApiToken.objects.live(now)
        return self.filter(
            Q(token__isnull=True) | Q(token__in=tokens), ended_at__isnull=True, user__is_active=True
        )


class Webhook(models.Model):
    """An address of a person's program that is told what happens to the tasks this person sees.

    The secret that signs is not kept: it is derived from the installation's own key and `nonce`.
    """

    user = models.ForeignKey(
        User, verbose_name=_("người dùng"), on_delete=models.CASCADE, related_name="webhooks"
    )
    token = models.ForeignKey(
        ApiToken,
        verbose_name=_("đăng ký bằng khóa"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Khóa bị thu hồi hoặc hết hạn thì webhook cũng thôi"),
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("chỉ việc của cơ quan"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    name = models.CharField(_("tên"), max_length=80, help_text=_("Dùng vào việc gì, ở đâu"))
    url = models.URLField(_("địa chỉ nhận"), max_length=500)
    types = models.JSONField(
        _("sự kiện"), default=list, blank=True, help_text=_("Mã sự kiện; để trống: mọi sự kiện của việc")
    )
    nonce = models.CharField(max_length=64, editable=False)
    previous_nonce = models.CharField(max_length=64, blank=True, editable=False)
    rotated_at = models.DateTimeField(_("đổi mã bí mật lúc"), null=True, blank=True)
    since_event = models.BigIntegerField(editable=False)
    created_at = models.DateTimeField(_("đăng ký lúc"))
    ended_at = models.DateTimeField(_("thôi lúc"), null=True, blank=True)
    end_reason = models.CharField(_("lý do thôi"), max_length=200, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhook")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"


class WebhookDelivery(models.Model):
    """One event for one webhook: an outbox row. Sent, given up or dropped rows are never sent again
    unless a person says so.

    `due_at` is the moment of the next attempt. It is moved before an attempt begins, so that a worker
    that dies in the middle has already been counted.
    """

    webhook = models.ForeignKey(
        Webhook, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.ForeignKey(Event, verbose_name=_("sự kiện"), on_delete=models.PROTECT, related_name="+")
    task_id = models.BigIntegerField(_("số của việc"))
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=delivery_state_choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    due_at = models.DateTimeField(_("gửi lúc"))
    sent_at = models.DateTimeField(_("đã gửi lúc"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("mã trả lời"), null=True, blank=True)
    last_error = models.CharField(_("lỗi gần nhất"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        verbose_name = _("lần gửi webhook")
        verbose_name_plural = _("lần gửi webhook")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="one_delivery_per_webhook_and_event")
        ]
        indexes = [
            # The regular look: what is due now.
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="webhook_delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook} · {self.event}"


class WebhookCursor(models.Model):
    """How far the record has been read for webhooks (one row).

    Events up to `planned_up_to` are never looked at again. `next_up_to` was the newest event at
    `next_at`; it becomes the cursor an hour later, when no transaction that had begun before can still
    bring in an older number.
    """

    planned_up_to = models.BigIntegerField(default=0)
    next_up_to = models.BigIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mốc đọc nhật ký cho webhook")
        verbose_name_plural = _("mốc đọc nhật ký cho webhook")

    def __str__(self) -> str:
        return str(self.planned_up_to)
