"""Duties, the bodies they name, and the tasks that agencies owe for them."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency, Collective
from tracker.core.search import holding_words
from tracker.documents.enums import duty_scope_choices
from tracker.documents.models import Clause, Document, Draft
from tracker.duties.deadlines import deadline_words
from tracker.duties.enums import (
    BodyRole,
    DeadlineState,
    Recurrence,
    Result,
    WorkState,
    body_role_choices,
    precision_choices,
    recurrence_choices,
    work_state_choices,
)

DONE_STATES = (WorkState.REPORTED, WorkState.CONFIRMED)
OPEN_STATES = (WorkState.NOT_STARTED, WorkState.IN_PROGRESS, WorkState.RETURNED)


class Duty(models.Model):
    """One duty by the extraction contract (nhiệm vụ): action, bodies, deadline, source words."""

    document = models.ForeignKey(
        Document, verbose_name=_("văn bản"), on_delete=models.PROTECT, related_name="duties"
    )
    clause = models.ForeignKey(
        Clause, verbose_name=_("mục"), on_delete=models.PROTECT, null=True, blank=True, related_name="duties"
    )
    draft = models.OneToOneField(
        Draft, verbose_name=_("dự thảo"), on_delete=models.PROTECT, null=True, blank=True, related_name="duty"
    )
    ordinal = models.PositiveIntegerField(_("thứ tự"), default=0)
    scope = models.CharField(_("phạm vi"), max_length=16, choices=duty_scope_choices)
    action = models.TextField(_("nội dung"))
    search_text = models.TextField(editable=False, default="")
    source_start = models.PositiveIntegerField(_("vị trí đầu"), null=True, blank=True)
    source_end = models.PositiveIntegerField(_("vị trí cuối"), null=True, blank=True)
    due_code = models.CharField(_("mã thời hạn"), max_length=32, default="none")
    due_text = models.CharField(_("thời hạn (nguyên văn)"), max_length=300, blank=True)
    precision = models.CharField(_("độ chính xác"), max_length=8, choices=precision_choices)
    recurrence = models.CharField(
        _("lặp lại"), max_length=12, choices=recurrence_choices, default=Recurrence.ONCE
    )
    due_on = models.DateField(_("hạn"), null=True, blank=True)
    due_quarter = models.CharField(_("quý đến hạn"), max_length=7, blank=True)
    ends_on = models.DateField(
        _("thôi lặp sau ngày"), null=True, blank=True, help_text=_("Ngày tổng kết văn bản, nếu có")
    )

    class Meta:
        verbose_name = _("nhiệm vụ")
        verbose_name_plural = _("nhiệm vụ")
        ordering = ["document_id", "ordinal"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recurrence=Recurrence.ONCE) | Q(due_on__isnull=True),
                name="recurring_duty_has_no_single_day",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, due_quarter="")
                | Q(due_on__isnull=False, due_quarter__gt=""),
                name="duty_quarter_goes_with_its_day",
            ),
            models.CheckConstraint(
                condition=Q(source_start__isnull=True, source_end__isnull=True)
                | Q(source_end__gt=F("source_start")),
                name="duty_place_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.action[:80]

    @property
    def source_words(self) -> str:
        """The passage of the source that the duty was read from, as it stands there."""
        if self.source_start is None or self.source_end is None:
            return ""
        return self.document.source.text[self.source_start : self.source_end]

    @property
    def leads(self) -> list[DutyBody]:
        return [body for body in self.bodies.all() if body.role == BodyRole.LEAD]

    @property
    def coordinators(self) -> list[DutyBody]:
        return [body for body in self.bodies.all() if body.role == BodyRole.COORDINATOR]


class DutyBody(models.Model):
    """A body that a duty names: an agency, a collective, or words that no registry entry knows."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="bodies")
    role = models.CharField(_("vai trò"), max_length=12, choices=body_role_choices)
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"))
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    collective = models.ForeignKey(
        Collective,
        verbose_name=_("tập thể"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    words = models.CharField(_("nguyên văn"), max_length=300, blank=True)
    assigned = models.ManyToManyField(
        Agency,
        verbose_name=_("đã phân công cho"),
        blank=True,
        related_name="+",
        help_text=_("Khi văn bản không chỉ rõ cơ quan: Văn phòng phân công"),
    )

    class Meta:
        verbose_name = _("cơ quan của nhiệm vụ")
        verbose_name_plural = _("cơ quan của nhiệm vụ")
        ordering = ["duty_id", "role", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["duty", "role", "ordinal"], name="one_body_per_place"),
            models.CheckConstraint(
                condition=(
                    Q(agency__isnull=False, collective__isnull=True, words="")
                    | Q(agency__isnull=True, collective__isnull=False, words="")
                    | Q(agency__isnull=True, collective__isnull=True, words__gt="")
                ),
                name="body_is_agency_or_collective_or_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The body as people know it."""
        if self.agency is not None:
            return self.agency.name
        return self.collective.name if self.collective is not None else self.words


class TaskQuerySet(models.QuerySet["Task"]):
    """The one home of "overdue", "due soon", "done": everything else calls these."""

    def in_published_documents(self) -> TaskQuerySet:
        return self.exclude(duty__document__status="loaded")

    def tracked(self) -> TaskQuerySet:
        """Tasks that are followed: neither history, nor withdrawn, nor waiting for an agency."""
        return self.filter(is_history=False, needs_assignment=False).exclude(state=WorkState.WITHDRAWN)

    def open(self) -> TaskQuerySet:
        """Tracked and not done; a returned report counts as not done."""
        return self.tracked().filter(state__in=OPEN_STATES)

    def overdue(self, today: date) -> TaskQuerySet:
        return self.open().filter(due_on__lt=today)

    def due_soon(self, today: date) -> TaskQuerySet:
        """Open tasks due from today to the end of the due-soon window."""
        return self.open().filter(due_on__gte=today, due_on__lte=due_soon_until(today))

    def with_states(self, today: date) -> TaskQuerySet:
        """Adds `deadline_state` (DeadlineState) and `result` (Result, or None) as of a day.

        A done task stands by the day of its report, whenever it is confirmed. History and
        withdrawn tasks have no result; a withdrawn task is due no more.
        """
        done = Q(state__in=DONE_STATES)
        return self.annotate(
            deadline_state=Case(  # type: ignore[no-redef]
                When(is_history=True, then=Value(DeadlineState.HISTORY)),
                When(
                    Q(due_on__isnull=True) | Q(state=WorkState.WITHDRAWN),
                    then=Value(DeadlineState.NO_DEADLINE),
                ),
                When(done & Q(reported_on__lte=F("due_on")), then=Value(DeadlineState.IN_TIME)),
                When(done | Q(due_on__lt=today), then=Value(DeadlineState.OVERDUE)),
                When(due_on__lte=due_soon_until(today), then=Value(DeadlineState.DUE_SOON)),
                default=Value(DeadlineState.IN_TIME),
                output_field=models.CharField(),
            ),
            result=Case(
                When(
                    Q(is_history=True) | Q(due_on__isnull=True) | Q(state=WorkState.WITHDRAWN),
                    then=Value(None),
                ),
                When(done & Q(reported_on__lte=F("due_on")), then=Value(Result.DONE_ON_TIME)),
                When(done, then=Value(Result.DONE_LATE)),
                When(due_on__gte=today, then=Value(Result.OPEN_IN_TIME)),
                default=Value(Result.OPEN_OVERDUE),
                output_field=models.CharField(null=True),
            ),
        )

    def matching(self, words: str) -> TaskQuerySet:
        """Tasks whose action, document (number, subject) or agency holds every word, accents or not."""
        return holding_words(
            self, words, "duty__search_text", "duty__document__search_text", "agency__search_name"
        )

    def by_deadline(self) -> TaskQuerySet:
        """Nearest deadline first; without a deadline last."""
        return self.order_by(F("due_on").asc(nulls_last=True), "id")

    def with_details(self) -> TaskQuerySet:
        """Everything that a list shows, in a fixed number of queries. Leaves the full text behind."""
        return self.select_related("duty__document", "duty__clause", "agency").prefetch_related(
            models.Prefetch("duty__bodies", queryset=DutyBody.objects.select_related("agency", "collective"))
        )


def due_soon_until(today: date) -> date:
    """The last day of the due-soon window that begins today."""
    days: int = settings.TRACKER_DUE_SOON_DAYS
    return today + timedelta(days=days)


class Task(models.Model):
    """What one agency owes for one duty in one period (việc): the thing that is marked done.

    `state` and `due_on` are written by `workflow` and `services` only. `revision` counts every
    change (an ETag, a calendar's SEQUENCE).
    """

    duty = models.ForeignKey(Duty, verbose_name=_("nhiệm vụ"), on_delete=models.PROTECT, related_name="tasks")
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan"), on_delete=models.PROTECT, related_name="tasks"
    )
    period = models.CharField(_("kỳ"), max_length=8, blank=True, help_text=_("2026, 2026-Q4, 2026-12"))
    state = models.CharField(
        _("tình trạng"), max_length=16, choices=work_state_choices, default=WorkState.NOT_STARTED
    )
    due_on = models.DateField(_("hạn"), null=True, blank=True)
    original_due_on = models.DateField(_("hạn ban đầu"), null=True, blank=True)
    due_quarter = models.CharField(_("quý đến hạn"), max_length=7, blank=True)
    is_history = models.BooleanField(_("lịch sử"), default=False)
    is_tracked_by_hand = models.BooleanField(_("đưa vào theo dõi bằng tay"), default=False)
    needs_assignment = models.BooleanField(_("cần phân công"), default=False)
    reported_on = models.DateField(_("ngày báo cáo hoàn thành"), null=True, blank=True)
    report_note = models.TextField(_("nội dung báo cáo"), blank=True)
    evidence_number = models.CharField(_("số văn bản minh chứng"), max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("mở lúc"))
    changed_at = models.DateTimeField(_("thay đổi lúc"))

    # Added by `TaskQuerySet.with_states`; a task read otherwise has neither.
    deadline_state: str
    result: str | None

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("việc")
        verbose_name_plural = _("việc")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "agency", "period"],
                name="one_task_per_duty_agency_period",
                violation_error_message=_("Cơ quan này đã có việc của nhiệm vụ trong kỳ đó."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, due_quarter="")
                | Q(due_on__isnull=False, due_quarter__gt=""),
                name="task_quarter_goes_with_its_day",
            ),
            models.CheckConstraint(
                condition=Q(is_history=False) | Q(due_on__isnull=False), name="history_has_a_deadline"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reported", "confirmed"]) | Q(reported_on__isnull=False),
                name="done_task_has_its_day",
            ),
        ]
        indexes = [
            # "My agency's tasks by deadline": the home page, the feed, the digest.
            models.Index(fields=["agency", "due_on"], name="task_of_agency_by_deadline"),
            # "Who is late": overdue and due-soon scans over all agencies.
            models.Index(
                fields=["due_on"],
                condition=Q(is_history=False, state__in=["not_started", "in_progress", "returned"]),
                name="open_task_by_deadline",
            ),
            # The API's and the report's filter by quarter.
            models.Index(fields=["due_quarter"], name="task_by_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} · {self.agency}{f' · {self.period}' if self.period else ''}"

    @property
    def deadline_words(self) -> str:
        """The deadline in its own words; a recurring duty's with its period."""
        return deadline_words(self.duty.due_text, self.period)

    @property
    def is_done(self) -> bool:
        return self.state in DONE_STATES

    @property
    def leads(self) -> list[DutyBody]:
        return self.duty.leads

    @property
    def coordinators(self) -> list[DutyBody]:
        return self.duty.coordinators
