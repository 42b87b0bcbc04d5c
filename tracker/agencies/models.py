"""Bodies over time, collectives, and who works where."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.agencies.enums import agency_kind_choices, post_role_choices
from tracker.core.models import User
from tracker.core.text import without_accents


class AgencyQuerySet(models.QuerySet["Agency"]):
    def existing_on(self, day: date) -> AgencyQuerySet:
        """Bodies that existed on a day: `since` and `until` are both included days."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day)
        )


class Agency(models.Model):
    """A body that can owe a task (cơ quan). `until` is the last day that it existed."""

    key = models.SlugField(_("khóa"), max_length=120, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    kind = models.CharField(_("loại"), max_length=20, choices=agency_kind_choices)
    aliases = models.JSONField(_("tên khác"), default=list, blank=True)
    email = models.EmailField(_("thư điện tử công vụ"), blank=True)
    since = models.DateField(_("từ ngày"), null=True, blank=True)
    until = models.DateField(_("đến hết ngày"), null=True, blank=True)
    search_name = models.CharField(max_length=200, editable=False)
    people = models.ManyToManyField(
        User, verbose_name=_("người làm việc"), through="Post", related_name="agencies"
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="agency_until_not_before_since",
                violation_error_message=_("Ngày kết thúc không được trước ngày bắt đầu."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = without_accents(self.name)
        super().save(*args, **kwargs)

    def existed_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Succession(models.Model):
    """One body takes over from another on the day after the other's last (kế thừa)."""

    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan cũ"), on_delete=models.CASCADE, related_name="successions"
    )
    successor = models.ForeignKey(
        Agency, verbose_name=_("cơ quan kế thừa"), on_delete=models.CASCADE, related_name="predecessions"
    )
    is_confirmed = models.BooleanField(
        _("đã xác nhận"), default=False, help_text=_("Cán bộ giữ danh mục đã xác nhận quan hệ kế thừa này")
    )

    class Meta:
        verbose_name = _("quan hệ kế thừa")
        verbose_name_plural = _("quan hệ kế thừa")
        constraints = [
            models.UniqueConstraint(fields=["agency", "successor"], name="one_succession_per_pair"),
            models.CheckConstraint(
                condition=~Q(agency=F("successor")),
                name="no_agency_succeeds_itself",
                violation_error_message=_("Một cơ quan không kế thừa chính mình."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} → {self.successor}"


class Collective(models.Model):
    """A name for several agencies (tập thể cơ quan). `is_open`: nobody can list its members."""

    key = models.SlugField(_("khóa"), max_length=120, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    aliases = models.JSONField(_("tên khác"), default=list, blank=True)
    is_open = models.BooleanField(_("không xác định thành viên"), default=False)
    members = models.ManyToManyField(
        Agency, verbose_name=_("thành viên"), through="Membership", related_name="collectives"
    )

    class Meta:
        verbose_name = _("tập thể cơ quan")
        verbose_name_plural = _("tập thể cơ quan")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        """Memberships in force on a day, of agencies that existed then."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day),
            Q(until__isnull=True) | Q(until__gte=day),
            Q(agency__since__isnull=True) | Q(agency__since__lte=day),
            Q(agency__until__isnull=True) | Q(agency__until__gte=day),
        )


class Membership(models.Model):
    """An agency belongs to a collective, for a time (thành viên của tập thể)."""

    collective = models.ForeignKey(Collective, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField(_("từ ngày"), null=True, blank=True)
    until = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành viên tập thể")
        verbose_name_plural = _("thành viên tập thể")
        constraints = [
            models.UniqueConstraint(fields=["collective", "agency"], name="one_membership_per_pair"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_until_not_before_since",
                violation_error_message=_("Ngày kết thúc không được trước ngày bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} ∈ {self.collective}"


class Post(models.Model):
    """A person works in an agency, in a role (nơi công tác)."""

    user = models.ForeignKey(
        User, verbose_name=_("người dùng"), on_delete=models.CASCADE, related_name="posts"
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), on_delete=models.CASCADE, related_name="posts"
    )
    role = models.CharField(_("vai trò"), max_length=16, choices=post_role_choices)

    class Meta:
        verbose_name = _("nơi công tác")
        verbose_name_plural = _("nơi công tác")
        constraints = [models.UniqueConstraint(fields=["user", "agency"], name="one_post_per_user_agency")]

    def __str__(self) -> str:
        return f"{self.user} @ {self.agency}"
