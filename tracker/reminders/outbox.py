"""The outbox: what waits is put into one mail per recipient and day, claimed, and accounted for.

A mail's state is changed here only. Every claim is a conditional update, so that two workers, a
replayed task or a second beat do no harm: the database decides.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.enums import OFFICIAL_LANES, Lane, MessageKind, MessageState, Patience, Rhythm
from tracker.reminders.models import Message, Reminder

BATCH = 50
# The lines of a recipient lie all over the table: each portion reads nearly all of it.
_ROWS = 5000
MAX_ATTEMPTS = 10
# Longer than any task may run (CELERY_TASK_TIME_LIMIT): who holds a mail longer is dead.
CLAIM_LASTS = timedelta(minutes=15)
_WAITING = (MessageState.PLANNED, MessageState.HELD)
_FIRST_PAUSE = {Patience.QUICK: timedelta(minutes=1), Patience.SLOW: timedelta(hours=1)}
_LONGEST_PAUSE = {Patience.QUICK: timedelta(minutes=30), Patience.SLOW: timedelta(hours=8)}


@dataclass(frozen=True, slots=True)
class Hours:
    """The time of day. Whose own hours it does not lie in waits, unless since before `waited_since`:
    where cron looks once a morning, a wish for the afternoon must not mean never.
    """

    at: time
    waited_since: datetime


@transaction.atomic
def compose_messages(
    *, day: date, is_weekly_day: bool, now: datetime, hours: Hours | None = None, only: User | None = None
) -> int:
    """Put the lines that wait into their recipients' mails of the day; returns how many mails are new.

    Who wants one mail a week gets it on the weekly day, or when something official or a deadline of
    today waits. A mail that is claimed or gone takes no more: its recipient's lines wait for the
    next working day. The rows are locked, so that no worker takes a mail while lines are added.
    `only` composes for one person: for a preview.
    """
    mails = Message.objects.filter(kind=MessageKind.DIGEST, day=day)
    own = mails.filter(recipient=OuterRef("recipient")).values("pk")
    ready = _ready_recipients(is_weekly_day=is_weekly_day, hours=hours, only=only)
    before = mails.count()
    Message.objects.bulk_create(
        [Message(recipient_id=pk, kind=MessageKind.DIGEST, day=day, due_at=now) for pk in ready],
        batch_size=_ROWS,
        ignore_conflicts=True,
    )
    for start in range(0, len(ready), _ROWS):
        takers = mails.filter(state__in=_WAITING, recipient__in=ready[start : start + _ROWS])
        _attach(Subquery(own), takers)
    return mails.count() - before


@dataclass(frozen=True, slots=True)
class Tidings:
    """An event of a task, and who is to have a mail of its own about it.

    `due_on` is the deadline that the mail announces, where it does.
    """

    event: Event
    task: Task
    recipients: Sequence[int]
    lane: Lane
    due_on: date | None = None


@transaction.atomic
def add_mails_about(tidings: Sequence[Tidings], *, kind: MessageKind, now: datetime) -> int:
    """A mail about each event to each of its recipients, with its line in the ledger; how many are new.

    Idempotent, also under two workers: the database holds one mail for each event and recipient.
    """
    day = timezone.localdate(now)
    mails = Message.objects.filter(event__in=[one.event for one in tidings])
    before = mails.count()
    rows = [
        Message(recipient_id=pk, kind=kind, event=one.event, day=day, due_at=now)
        for one in tidings
        for pk in one.recipients
    ]
    Message.objects.bulk_create(rows, batch_size=_ROWS, ignore_conflicts=True)
    told = {one.event.pk: one for one in tidings}
    lines = [
        _line_about(told[event_id], recipient_id, pk, day, now)
        for pk, event_id, recipient_id in mails.order_by("id").values_list("pk", "event", "recipient")
        if event_id is not None
    ]
    Reminder.objects.bulk_create(lines, batch_size=_ROWS, ignore_conflicts=True)
    return len(lines) - before


def _line_about(tidings: Tidings, recipient_id: int, message_id: int, day: date, now: datetime) -> Reminder:
    return Reminder(
        task=tidings.task,
        recipient_id=recipient_id,
        agency_id=tidings.task.agency_id,
        lane=tidings.lane,
        step=f"event-{tidings.event.pk}",
        due_on=tidings.due_on,
        day=day,
        planned_at=now,
        message_id=message_id,
    )


def _ready_recipients(*, is_weekly_day: bool, hours: Hours | None, only: User | None) -> list[int]:
    lines = Reminder.objects.waiting()
    if only is not None:
        lines = lines.filter(recipient__user=only)
    if not is_weekly_day:
        lines = lines.exclude(~Q(lane__in=OFFICIAL_LANES) & ~Q(step="on"), recipient__rhythm=Rhythm.WEEKLY)
    if hours is not None:
        own = "recipient__user__reminder_preference__"
        elsewhen = Q(**{f"{own}opens__gt": hours.at}) | Q(**{f"{own}closes__lte": hours.at})
        lines = lines.exclude(elsewhen, planned_at__gte=hours.waited_since)
    return list(lines.order_by("recipient").values_list("recipient", flat=True).distinct())


def _attach(own: Subquery, takers: QuerySet[Message]) -> None:
    """Give the waiting lines of the takers' recipients their own mail of the day."""
    open_mails = dict(takers.select_for_update(of=("self",)).values_list("recipient_id", "pk"))
    Reminder.objects.waiting().filter(recipient__in=open_mails.keys()).update(message=own)
    # What was tried before now says more: another content, another Message-ID.
    Message.objects.filter(pk__in=open_mails.values(), attempts__gt=0).update(version=F("version") + 1)


@transaction.atomic
def claim_due_messages(
    *, now: datetime, limit: int = BATCH, kinds: Collection[MessageKind] = tuple(MessageKind)
) -> list[Message]:
    """Take up to `limit` mails of these kinds that are due (`due_at <= now`); nobody else gets these."""
    due = Message.objects.filter(state__in=_WAITING, due_at__lte=now, kind__in=kinds).order_by("due_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    ids = list(due.values_list("pk", flat=True)[:limit])
    if not ids:
        return []
    claim = secrets.token_hex(16)
    Message.objects.filter(pk__in=ids, state__in=_WAITING).update(
        state=MessageState.CLAIMED, claim=claim, claimed_at=now, attempts=F("attempts") + 1
    )
    held = Message.objects.filter(claim=claim, state=MessageState.CLAIMED)
    people = ("recipient__user__reminder_preference", "recipient__agency", "event__actor")
    return list(held.select_related(*people).order_by("due_at", "id"))


def mark_sent(message: Message, *, address: str, now: datetime) -> bool:
    """The server has accepted the mail. False where the claim was lost meanwhile: it may go twice."""
    return _close(message, state=MessageState.SENT, address=address, sent_at=now, last_error="", patience="")


def mark_failed(message: Message, *, address: str, error: str) -> bool:
    """The mail will never go: shown to the registrar with the address and the reason."""
    return _close(
        message, state=MessageState.FAILED, address=address, last_error=error, patience=Patience.NEVER
    )


def mark_returned(pk: int, *, version: int, since: datetime, error: str, now: datetime) -> Message | None:
    """The other side accepted a mail and then returned it; None where that is known, or long ago.

    Only the version that was sent last counts: a late return of an older one says nothing about it.
    """
    sent = Message.objects.filter(pk=pk, version=version, state=MessageState.SENT, sent_at__gte=since)
    if not sent.update(state=MessageState.FAILED, last_error=error, patience=Patience.NEVER, returned_at=now):
        return None
    return Message.objects.get(pk=pk)


def mark_cancelled(message: Message, *, reason: str) -> bool:
    """There is nothing to say any more: no mail."""
    return _close(message, state=MessageState.CANCELLED, last_error=reason)


def postpone(message: Message, patience: Patience, *, address: str, error: str, now: datetime) -> bool:
    """Try again later, each time later than the last; after too many attempts never."""
    if message.attempts >= MAX_ATTEMPTS:
        return mark_failed(message, address=address, error=f"Đã thử {message.attempts} lần. {error}")
    return _close(
        message,
        state=MessageState.PLANNED,
        due_at=now + pause_after(message.attempts, patience, chance=secrets.randbelow(1000) / 1000),
        address=address,
        last_error=error,
        patience=patience,
    )


def pause_after(attempts: int, patience: Patience, *, chance: float) -> timedelta:
    """How long to wait after so many attempts: doubled each time, up to a most, spread by `chance` (0 to 1).

    Spread, so that a server that came back is not met by everybody in the same second.
    """
    pause = min(_FIRST_PAUSE[patience] * 2 ** max(attempts - 1, 0), _LONGEST_PAUSE[patience])
    spread: timedelta = pause * (0.75 + 0.5 * chance)
    return spread


def release(messages: list[Message]) -> int:
    """Give back mails that were claimed and not tried, at once and without counting an attempt."""
    claims = {message.claim for message in messages}
    rows = Message.objects.filter(
        pk__in=[message.pk for message in messages], claim__in=claims, state=MessageState.CLAIMED
    )
    return rows.update(state=MessageState.PLANNED, claim="", claimed_at=None, attempts=F("attempts") - 1)


def sweep(*, now: datetime) -> int:
    """Return what a dead worker held. A mail that so many workers died over is not tried again."""
    stuck = Message.objects.filter(state=MessageState.CLAIMED, claimed_at__lt=now - CLAIM_LASTS)
    stuck.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=MessageState.FAILED,
        claim="",
        patience=Patience.NEVER,
        last_error="Tiến trình gửi dừng giữa chừng quá nhiều lần.",
    )
    return stuck.update(state=MessageState.PLANNED, claim="", claimed_at=None)


def hold(*, until: datetime) -> int:
    """Outside the office's hours nothing goes: what waits is held until the next opening."""
    waiting = Message.objects.filter(state__in=_WAITING, due_at__lt=until)
    return waiting.update(state=MessageState.HELD, due_at=until)


def _close(message: Message, *, state: MessageState, **fields: object) -> bool:
    held = Message.objects.filter(pk=message.pk, claim=message.claim, state=MessageState.CLAIMED)
    is_ours = held.update(state=state, claim="", **fields) == 1
    if is_ours:
        message.state = state
    return is_ours
