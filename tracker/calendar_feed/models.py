"""Feeds that people subscribe to, and the events that are kept rendered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.calendar_feed.enums import (
    Component,
    FeedKind,
    Only,
    component_choices,
    feed_kind_choices,
    only_choices,
)
from tracker.core.models import User
from tracker.duties.deadlines import quarter_words
from tracker.duties.models import Task


class FeedQuerySet(models.QuerySet["Feed"]):
    def live(self) -> FeedQuerySet:
        """Not revoked, and of a person who is still here."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)


class Feed(models.Model):
    """A calendar address of one person for one purpose (lịch đăng ký). The address is the password.

    Only the token's digest is kept. The `kept_*` fields let an unchanged feed answer 304 without
    being built: they describe the bytes last built and the state of the tracker they were built from.
    """

    user = models.ForeignKey(User, verbose_name=_("người dùng"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("tên lịch"), max_length=120)
    kind = models.CharField(_("gồm"), max_length=12, choices=feed_kind_choices, default=FeedKind.OWN)
    document = models.ForeignKey(
        "tracker.Document",
        verbose_name=_("văn bản"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    component = models.CharField(_("dạng"), max_length=8, choices=component_choices, default=Component.EVENT)
    has_alarms = models.BooleanField(_("có chuông nhắc"), default=False)
    quarter = models.CharField(_("chỉ quý"), max_length=7, blank=True, help_text=_("2026-Q4"))
    only = models.CharField(
        _("chỉ tình trạng"), max_length=8, choices=only_choices, default=Only.ANY, blank=True
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("tạo lúc"))
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)
    last_fetched_at = models.DateTimeField(_("được tải gần nhất lúc"), null=True, blank=True)
    last_client = models.CharField(_("ứng dụng tải gần nhất"), max_length=200, blank=True)
    kept_state = models.CharField(max_length=64, blank=True, editable=False)
    kept_etag = models.CharField(max_length=64, blank=True, editable=False)
    kept_modified_at = models.DateTimeField(null=True, editable=False)

    # Set by `queries.feed_by_token`; a feed read otherwise has none.
    record_state: tuple[int | None, ...] = ()

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("lịch đăng ký")
        verbose_name_plural = _("lịch đăng ký")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(revoked_at__isnull=True),
                name="one_live_feed_per_name",
                violation_error_message=_("Bạn đã có một lịch mang tên này."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=FeedKind.DOCUMENT, document__isnull=False)
                    | (~Q(kind=FeedKind.DOCUMENT) & Q(document__isnull=True))
                ),
                name="document_feed_has_its_document",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quarter_words(self) -> str:
        return quarter_words(self.quarter)


class KeptEvent(models.Model):
    """One task's component as iCalendar text, rendered once and kept while its facts stay the same.

    A cache, nothing more: every row may be deleted at any time. `digest` is that of the facts the
    text was made of, so that a text is never served for other facts.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="kept_events")
    variant = models.CharField(max_length=24)
    digest = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        verbose_name = _("sự kiện lịch đã kết xuất")
        verbose_name_plural = _("sự kiện lịch đã kết xuất")
        constraints = [
            # Also the index that the feed's join reads.
            models.UniqueConstraint(fields=["task", "variant"], name="one_kept_event_per_task_and_variant")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} · {self.variant}"
