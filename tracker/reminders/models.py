"""The ledger of reminders, the mails that carry them, and who receives them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.models import Task
from tracker.reminders.enums import (
    MessageKind,
    MessageState,
    Outcome,
    lane_choices,
    message_kind_choices,
    message_state_choices,
    outcome_choices,
    patience_choices,
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
    def address(self) -> str:
        """The mail address, empty where there is none."""
        if self.user is not None:
            return self.user.email
        return self.agency.email if self.agency is not None else ""


class Message(models.Model):
    """One mail to one recipient on one day (thư): the outbox. Written before it is delivered.

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
    patience = models.CharField(_("thử lại"), max_length=8, choices=patience_choices, blank=True)
    last_error = models.TextField(_("lỗi gần nhất"), blank=True)

    class Meta:
        verbose_name = _("thư")
        verbose_name_plural = _("thư")
        ordering = ["-day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "day"], name="one_message_per_recipient_kind_day"
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
            # "What is to go out now": every look of every worker.
            models.Index(
                fields=["due_at"], condition=Q(state__in=["planned", "held"]), name="message_waiting"
            ),
            # The sweep for what a dead worker held, and a worker's own batch.
            models.Index(fields=["claim"], condition=Q(state="claimed"), name="message_claimed"),
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
            state=Case(
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

    task = models.ForeignKey(Task, verbose_name=_("việc"), on_delete=models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(
        Recipient, verbose_name=_("người nhận"), on_delete=models.CASCADE, related_name="reminders"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("cơ quan của việc"),
        on_delete=models.CASCADE,
        related_name="+",
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
                condition=Q(due_on__isnull=False),
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
