"""Duties, the bodies they name, and the tasks that agencies owe for them."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency, Collective
from tracker.core.models import User
from tracker.core.search import holding_words
from tracker.documents.enums import duty_scope_choices
from tracker.documents.models import Clause, Document, Draft
from tracker.duties.deadlines import deadline_words
from tracker.duties.enums import (
    BodyRole,
    DeadlineState,
    ExtensionStatus,
    Recurrence,
    Result,
    WorkState,
    body_role_choices,
    extension_status_choices,
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
    begins_on = models.DateField(
        _("lặp từ ngày"),
        null=True,
        blank=True,
        help_text=_("Kỳ có hạn trước ngày này không mở; để trống: từ ngày ban hành"),
    )
    ends_on = models.DateField(
        _("thôi lặp sau ngày"), null=True, blank=True, help_text=_("Ngày tổng kết văn bản, nếu có")
    )
    is_end_by_hand = models.BooleanField(
        _("ngày thôi lặp do người định"), default=False, help_text=_("Ngày tổng kết không thay ngày này nữa")
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
                # Said of both: a check whose answer is unknown (a NULL compared) passes.
                condition=Q(source_start__isnull=True, source_end__isnull=True)
                | Q(source_start__isnull=False, source_end__isnull=False, source_end__gt=F("source_start")),
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

    def name_on(self, day: date) -> str:
        """What the body was called on a day. Reads `agency.names`: prefetch them for a list."""
        return self.agency.name_on(day) if self.agency is not None else self.name


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
            result=_result_by("due_on", today),
        )

    def with_original_result(self, today: date) -> TaskQuerySet:
        """Adds `original_result`: the result had no deadline ever been moved. The other of both clocks."""
        return self.annotate(original_result=_result_by("original_due_on", today))  # type: ignore[no-redef]

    def with_due_text(self) -> TaskQuerySet:
        """Adds `due_text`: the deadline's words without its period, the task's own where it was moved."""
        own = NullIf(F("moved_due_text"), Value(""))
        return self.annotate(due_text=Coalesce(own, F("duty__due_text")))

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


def _result_by(clock: str, today: date) -> Case:
    """The four-way result against one of the two deadlines; none for history, withdrawn and undated."""
    done = Q(state__in=DONE_STATES)
    return Case(
        When(
            Q(is_history=True) | Q(**{f"{clock}__isnull": True}) | Q(state=WorkState.WITHDRAWN),
            then=Value(None),
        ),
        When(done & Q(reported_on__lte=F(clock)), then=Value(Result.DONE_ON_TIME)),
        When(done, then=Value(Result.DONE_LATE)),
        When(**{f"{clock}__gte": today}, then=Value(Result.OPEN_IN_TIME)),
        default=Value(Result.OPEN_OVERDUE),
        output_field=models.CharField(null=True),
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
    named_agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan được giao ban đầu"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Cơ quan mà văn bản nêu, khi việc được mở; không đổi khi việc chuyển cho cơ quan khác"),
    )
    period = models.CharField(_("kỳ"), max_length=8, blank=True, help_text=_("2026, 2026-Q4, 2026-12"))
    state = models.CharField(
        _("tình trạng"), max_length=16, choices=work_state_choices, default=WorkState.NOT_STARTED
    )
    due_on = models.DateField(_("hạn"), null=True, blank=True)
    original_due_on = models.DateField(_("hạn ban đầu"), null=True, blank=True)
    due_quarter = models.CharField(_("quý đến hạn"), max_length=7, blank=True)
    moved_due_text = models.CharField(
        _("thời hạn đã dời (nguyên văn)"),
        max_length=300,
        blank=True,
        help_text=_("Có khi hạn của riêng việc này đã được gia hạn hoặc dời"),
    )
    is_history = models.BooleanField(_("lịch sử"), default=False)
    is_tracked_by_hand = models.BooleanField(_("đưa vào theo dõi bằng tay"), default=False)
    needs_assignment = models.BooleanField(_("cần phân công"), default=False)
    reported_on = models.DateField(_("ngày báo cáo hoàn thành"), null=True, blank=True)
    report_note = models.TextField(_("nội dung báo cáo"), blank=True)
    evidence_number = models.CharField(_("số văn bản minh chứng"), max_length=120, blank=True)
    late_reason = models.TextField(_("lý do chậm"), blank=True)
    percent = models.PositiveSmallIntegerField(_("tiến độ (%)"), null=True, blank=True)
    stage = models.CharField(_("giai đoạn"), max_length=200, blank=True)
    difficulties = models.TextField(_("khó khăn, vướng mắc"), blank=True)
    proposals = models.TextField(_("kiến nghị, đề xuất"), blank=True)
    progress_on = models.DateField(_("ngày báo tiến độ"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("mở lúc"))
    changed_at = models.DateTimeField(_("thay đổi lúc"))

    # Added by `TaskQuerySet.with_states` and `with_original_result`; a task read otherwise has none.
    deadline_state: str
    result: str | None
    original_result: str | None

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
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="percent_up_to_100"
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
        return deadline_words(self.moved_due_text or self.duty.due_text, self.period)

    @property
    def is_done(self) -> bool:
        return self.state in DONE_STATES

    @property
    def leads(self) -> list[DutyBody]:
        return self.duty.leads

    @property
    def coordinators(self) -> list[DutyBody]:
        return self.duty.coordinators


class Extension(models.Model):
    """An agency's request to move a task's deadline, and the office's decision (gia hạn).

    Written by `extensions` only. A task may have had several; one at a time waits for its decision.
    """

    task = models.ForeignKey(
        Task, verbose_name=_("việc"), on_delete=models.PROTECT, related_name="extensions"
    )
    status = models.CharField(
        _("quyết định"), max_length=16, choices=extension_status_choices, default=ExtensionStatus.OPEN
    )
    due_on_before = models.DateField(_("hạn khi đề nghị"))
    asked_due_on = models.DateField(_("hạn đề nghị"))
    asked_due_text = models.CharField(_("hạn đề nghị (nguyên văn)"), max_length=300)
    reason = models.TextField(_("lý do đề nghị"))
    requested_by = models.ForeignKey(
        User, verbose_name=_("người đề nghị"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("đề nghị lúc"))
    granted_due_on = models.DateField(_("hạn được gia"), null=True, blank=True)
    granted_due_text = models.CharField(_("hạn được gia (nguyên văn)"), max_length=300, blank=True)
    decision_note = models.TextField(_("ý kiến quyết định"), blank=True)
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("người quyết định"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("đề nghị gia hạn")
        verbose_name_plural = _("đề nghị gia hạn")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(status="open"), name="one_open_extension_per_task"
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True)
                | (~Q(status="open") & Q(decided_at__isnull=False)),
                name="decided_extension_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["granted", "granted_shorter"], granted_due_on__isnull=False)
                | (~Q(status__in=["granted", "granted_shorter"]) & Q(granted_due_on__isnull=True)),
                name="granted_extension_has_its_day",
            ),
        ]
        indexes = [
            # The registrar's list of requests that wait.
            models.Index(fields=["requested_at"], condition=Q(status="open"), name="open_extension_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.task} · {self.asked_due_on:%d/%m/%Y}"


class Evidence(models.Model):
    """A file that shows what was done for a task, or supports a request about it (minh chứng).

    The content lies under a random name where no web server looks; only the doors hand it out, to
    who may see the task.
    """

    task = models.ForeignKey(Task, verbose_name=_("việc"), on_delete=models.PROTECT, related_name="evidence")
    extension = models.ForeignKey(
        Extension,
        verbose_name=_("đề nghị gia hạn"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    name = models.CharField(_("tên tệp"), max_length=200)
    media_type = models.CharField(_("kiểu tệp"), max_length=100)
    size = models.PositiveIntegerField(_("độ lớn (byte)"))
    sha256 = models.CharField(max_length=64, editable=False)
    stored_as = models.CharField(max_length=100, unique=True, editable=False)
    added_by = models.ForeignKey(
        User, verbose_name=_("người gửi"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("gửi lúc"))

    class Meta:
        verbose_name = _("tệp minh chứng")
        verbose_name_plural = _("tệp minh chứng")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
