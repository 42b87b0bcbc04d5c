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

    def name_on(self, day: date) -> str:
        """What the body was called on a day. Reads `names`: prefetch them for a list."""
        names = sorted(self.names.all(), key=lambda one: one.since or date.min)
        called = [one for one in names if one.since is None or one.since <= day]
        in_force = [one for one in names if not one.is_waiting]
        # The newest name in force is the agency's own field, where a slip of the pen is corrected.
        if not called or called[-1:] == in_force[-1:]:
            return self.name
        return called[-1].name


class AgencyName(models.Model):
    """A name that a body has had, or is to have, from a day on; no day: from its beginning.

    A body that was never renamed has no row. `is_waiting`: the day is still to come.
    """

    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), on_delete=models.CASCADE, related_name="names"
    )
    name = models.CharField(_("tên"), max_length=200)
    since = models.DateField(_("từ ngày"), null=True, blank=True)
    is_waiting = models.BooleanField(_("chưa đến ngày"), default=False)

    class Meta:
        verbose_name = _("tên theo thời gian")
        verbose_name_plural = _("tên theo thời gian")
        ordering = ["agency_id", models.F("since").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["agency", "since"], name="one_name_per_agency_and_day"),
            models.CheckConstraint(
                condition=Q(is_waiting=False) | Q(since__isnull=False), name="waiting_name_has_its_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
    people_follow = models.BooleanField(
        _("người chuyển theo"),
        default=False,
        help_text=_("Vào ngày kế thừa, người của cơ quan cũ được gắn với cơ quan mới; làm xong thì bỏ dấu"),
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

    def from_day_on(self, day: date) -> MembershipQuerySet:
        """Memberships in force on a day or later: a second one from that day on would overlap."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day))


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
            # A body may leave and come back; it is never in twice at a time (`from_day_on` tells).
            models.UniqueConstraint(
                fields=["collective", "agency"],
                condition=Q(until__isnull=True),
                name="one_lasting_membership_per_pair",
                violation_error_message=_("Cơ quan này đang là thành viên rồi."),
            ),
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
