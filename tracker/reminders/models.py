"""The ledger of reminders, the mails that carry them, and who receives them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.enums import (
    MessageKind,
    MessageState,
    Outcome,
    Rhythm,
    lane_choices,
    message_kind_choices,
    message_state_choices,
    outcome_choices,
    patience_choices,
    rhythm_choices,
)
from tracker.reminders.rules import Rules

_LONGEST_BEFORE = 366


def default_days_before() -> list[int]:
    return list(Rules().days_before)


class Policy(models.Model):
    """How tasks are reminded (chính sách nhắc việc): the default, and what a document overrides.

    Days are counted from the deadline; an empty escalation never happens. The hours of the default
    policy hold for all mails.
    """

    is_default = models.BooleanField(_("chính sách chung"), default=False, editable=False)
    document = models.OneToOneField(
        "tracker.Document",
        verbose_name=_("riêng cho văn bản"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reminder_policy",
    )
    days_before = models.JSONField(
        _("nhắc trước (ngày)"),
        default=default_days_before,
        blank=True,
        help_text=_("Ví dụ [30, 14, 7, 3, 1]"),
    )
    on_the_day = models.BooleanField(_("nhắc đúng ngày hạn"), default=True)
    every_days_after = models.PositiveSmallIntegerField(_("quá hạn: nhắc mỗi (ngày)"), default=7)
    times_after = models.PositiveSmallIntegerField(_("quá hạn: nhắc nhiều nhất (lần)"), default=8)
    head_after = models.PositiveSmallIntegerField(
        _("báo thủ trưởng sau (ngày)"), null=True, blank=True, default=7
    )
    monitor_after = models.PositiveSmallIntegerField(
        _("báo cơ quan theo dõi sau (ngày)"), null=True, blank=True, default=14
    )
    registrar_after = models.PositiveSmallIntegerField(
        _("báo Văn phòng sau (ngày)"), null=True, blank=True, default=30
    )
    announces_new = models.BooleanField(_("báo việc mới giao"), default=True)
    opens = models.TimeField(_("gửi từ"), default=Rules().opens)
    closes = models.TimeField(_("gửi đến trước"), default=Rules().closes)

    class Meta:
        verbose_name = _("chính sách nhắc việc")
        verbose_name_plural = _("chính sách nhắc việc")
        ordering = ["-is_default", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_policy"
            ),
            models.CheckConstraint(
                condition=Q(is_default=True, document__isnull=True)
                | Q(is_default=False, document__isnull=False),
                name="policy_is_the_default_or_a_documents",
                violation_error_message=_("Chọn văn bản mà chính sách này áp dụng."),
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="policy_opens_before_it_closes",
                violation_error_message=_("Giờ bắt đầu gửi phải trước giờ thôi gửi."),
            ),
            models.CheckConstraint(
                condition=Q(every_days_after__gte=1, times_after__lte=104),
                name="policy_has_an_end",
                violation_error_message=_("Nhắc quá hạn cách nhau ít nhất 1 ngày và nhiều nhất 104 lần."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.document) if self.document is not None else str(_("Chính sách chung"))

    def clean(self) -> None:
        """Refuse steps that are not whole numbers of days from 1 to 366."""
        steps = self.days_before
        is_list = isinstance(steps, list)
        if not is_list or any(type(days) is not int or not 1 <= days <= _LONGEST_BEFORE for days in steps):
            raise ValidationError({"days_before": _("Cần danh sách số ngày từ 1 đến 366, ví dụ [30, 7, 1].")})

    @property
    def rules(self) -> Rules:
        """The policy in the form that planning reads."""
        return Rules(
            days_before=tuple(self.days_before),
            on_the_day=self.on_the_day,
            every_days_after=self.every_days_after,
            times_after=self.times_after,
            head_after=self.head_after,
            monitor_after=self.monitor_after,
            registrar_after=self.registrar_after,
            announces_new=self.announces_new,
            opens=self.opens,
            closes=self.closes,
        )


class Recipient(models.Model):
    """Who receives a digest (người nhận): a person, a head for one agency, or an agency's mailbox.

    The address is the person's, or the agency's where there is no person; it is read when the mail
    is sent, so that a corrected address counts at once.
    """

    user = models.ForeignKey(
        User,
        verbose_name=_("người"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recipients",
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recipients",
        help_text=_("Thủ trưởng nhận mỗi cơ quan một thư; hộp thư chung không có người"),
    )
    rhythm = models.CharField(_("nhịp nhận thư"), max_length=8, choices=rhythm_choices, default=Rhythm.DAILY)

    class Meta:
        verbose_name = _("người nhận thư")
        verbose_name_plural = _("người nhận thư")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(agency__isnull=True), name="one_recipient_per_person"
            ),
            models.UniqueConstraint(
                fields=["user", "agency"],
                condition=Q(user__isnull=False, agency__isnull=False),
                name="one_recipient_per_head_and_agency",
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(user__isnull=True), name="one_recipient_per_mailbox"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(agency__isnull=False), name="recipient_is_somebody"
            ),
        ]

    def __str__(self) -> str:
        if self.user is None:
            return str(self.agency)
        return f"{self.user.full_name} ({self.agency})" if self.agency else self.user.full_name

    @property
    def name(self) -> str:
        """How a mail addresses the recipient."""
        return self.user.full_name if self.user is not None else str(self.agency)

    @property
    def address(self) -> str:
        """The mail address, empty where there is none."""
        if self.user is not None:
            return self.user.email
        return self.agency.email if self.agency is not None else ""


class Suppression(models.Model):
    """An address that a mail server refused for good. Nothing is sent there until a person lifts it."""

    address = models.EmailField(_("địa chỉ"), unique=True)
    reason = models.TextField(_("máy chủ thư trả lời"))
    since = models.DateTimeField(_("từ lúc"))

    class Meta:
        verbose_name = _("địa chỉ không nhận được thư")
        verbose_name_plural = _("địa chỉ không nhận được thư")
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.address


class Message(models.Model):
    """One mail to one recipient (thư): the outbox. Written before it is delivered.

    A digest is for a day; any other mail tells of one `event` about one task, and is sent at once.

    `claim` names the worker's batch that holds it; `version` counts what was added after planning,
    so that a mail of other content has another Message-ID.
    """

    recipient = models.ForeignKey(
        Recipient, verbose_name=_("người nhận"), on_delete=models.CASCADE, related_name="messages"
    )
    kind = models.CharField(
        _("loại"), max_length=12, choices=message_kind_choices, default=MessageKind.DIGEST
    )
    day = models.DateField(_("ngày"))
    event = models.ForeignKey(
        Event,
        verbose_name=_("về sự kiện"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(
        _("tình trạng"), max_length=12, choices=message_state_choices, default=MessageState.PLANNED
    )
    due_at = models.DateTimeField(_("gửi từ lúc"))
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("bắt đầu gửi lúc"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    address = models.EmailField(_("địa chỉ đã gửi"), blank=True)
    sent_at = models.DateTimeField(_("gửi xong lúc"), null=True, blank=True)
    returned_at = models.DateTimeField(_("bị trả lại lúc"), null=True, blank=True)
    patience = models.CharField(_("thử lại"), max_length=8, choices=patience_choices, blank=True)
    last_error = models.TextField(_("lỗi gần nhất"), blank=True)

    class Meta:
        verbose_name = _("thư")
        verbose_name_plural = _("thư")
        ordering = ["-day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "day"],
                condition=Q(kind=MessageKind.DIGEST),
                name="one_digest_per_recipient_and_day",
            ),
            # Also the look-up of an event's mails, so the event comes first.
            models.UniqueConstraint(
                fields=["event", "recipient"],
                condition=Q(event__isnull=False),
                name="one_message_per_event_and_recipient",
            ),
            models.CheckConstraint(
                condition=Q(kind=MessageKind.DIGEST, event__isnull=True)
                | (~Q(kind=MessageKind.DIGEST) & Q(event__isnull=False)),
                name="message_is_a_digest_or_tells_of_an_event",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="sent_message_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.CLAIMED) | (Q(claimed_at__isnull=False) & ~Q(claim="")),
                name="claimed_message_names_its_worker",
            ),
        ]
        indexes = [
            # "What is to go out now", in its order: every look of every worker.
            models.Index(
                fields=["due_at", "id"], condition=Q(state__in=["planned", "held"]), name="message_waiting"
            ),
            # The sweep for what a dead worker held, and a worker's own batch.
            models.Index(fields=["claim"], condition=Q(state="claimed"), name="message_claimed"),
            # The registrar's list of mails that did not arrive, and how many there are of late.
            models.Index(fields=["day"], condition=Q(state="failed"), name="message_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.day:%d/%m/%Y}"

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a mail delivered twice is seen to be one."""
        return f"<{self.kind}-{self.pk}-{self.version}@{mail_domain()}>"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def waiting(self) -> ReminderQuerySet:
        """Planned, and in no mail yet."""
        return self.filter(message__isnull=True, outcome=Outcome.GOES)

    def with_states(self) -> ReminderQuerySet:
        """Adds `state`: the reminder's own outcome, else where its mail stands."""
        return self.annotate(
            state=Case(  # type: ignore[no-redef]
                When(~Q(outcome=Outcome.GOES), then=F("outcome")),
                When(message__isnull=True, then=Value(MessageState.PLANNED)),
                default=F("message__state"),
                output_field=models.CharField(),
            )
        )


class Reminder(models.Model):
    """One line of the ledger (sổ nhắc việc): a task, named to a recipient, at a step, for a deadline.

    `due_on` is the deadline that was announced: a moved deadline makes new lines. What became of
    the line is its own `outcome` (merged, cancelled) or, where that is empty, its mail's state.
    """

    # No index of their own: the unique constraint begins with the task; the rest is written by the
    # ten thousand every morning and looked up through the task or the mail.
    task = models.ForeignKey(
        Task, verbose_name=_("việc"), on_delete=models.CASCADE, related_name="reminders", db_index=False
    )
    recipient = models.ForeignKey(
        Recipient,
        verbose_name=_("người nhận"),
        on_delete=models.CASCADE,
        related_name="reminders",
        db_index=False,
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan của việc"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        help_text=_("Cơ quan có việc lúc nhắc; việc chuyển cơ quan thì nhắc lại"),
    )
    lane = models.CharField(_("lý do"), max_length=12, choices=lane_choices)
    step = models.CharField(_("bước"), max_length=16, help_text=_("before-7, on, after-14, new, head…"))
    due_on = models.DateField(_("hạn đã báo"), null=True, blank=True)
    day = models.DateField(_("ngày của bước"))
    planned_at = models.DateTimeField(_("ghi sổ lúc"))
    message = models.ForeignKey(
        Message,
        verbose_name=_("thư"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reminders",
    )
    outcome = models.CharField(
        _("kết quả riêng"), max_length=12, choices=outcome_choices, blank=True, default=Outcome.GOES
    )
    reason = models.CharField(_("lý do bỏ hoặc gộp"), max_length=200, blank=True)

    # Added by `ReminderQuerySet.with_states`.
    state: str

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nhắc")
        verbose_name_plural = _("sổ nhắc việc")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "recipient", "step", "due_on"],
                name="one_reminder_per_task_recipient_step_deadline",
            ),
            models.UniqueConstraint(
                fields=["task", "recipient", "step"],
                condition=Q(due_on__isnull=True),
                name="one_reminder_per_task_recipient_step",
            ),
        ]
        indexes = [
            # What waits for the next digest.
            models.Index(
                fields=["recipient"], condition=Q(message__isnull=True, outcome=""), name="reminder_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} · {self.task_id} → {self.recipient_id}"


class Scan(models.Model):
    """One look at all tasks (lượt quét): tells monitoring that reminders are alive."""

    day = models.DateField(_("ngày"))
    started_at = models.DateTimeField(_("bắt đầu"))
    finished_at = models.DateTimeField(_("xong"), null=True, blank=True)
    planned = models.PositiveIntegerField(_("số lần nhắc ghi mới"), default=0)

    class Meta:
        verbose_name = _("lượt quét")
        verbose_name_plural = _("lượt quét")
        ordering = ["-id"]
        indexes = [
            # The last finished look: planning, /readyz, the system check.
            models.Index(fields=["finished_at"], name="scan_finished")
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%d/%m/%Y %H:%M}"


def mail_domain() -> str:
    """The host that Message-ID and List-Id are named after."""
    return str(urlsplit(settings.SITE_URL).hostname)
