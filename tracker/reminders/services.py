"""One look: plan what is due, put it into mails, send them. Beat, cron and operators call this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.core.workdays import WorkingDays
from tracker.reminders import outbox
from tracker.reminders.composing import CalendarOf, contents_of
from tracker.reminders.delivery import Delivery, deliver_due
from tracker.reminders.digest import Digest
from tracker.reminders.enums import MessageKind, MessageState
from tracker.reminders.letters import Letter
from tracker.reminders.models import Message, Reminder, Scan
from tracker.reminders.notices import plan_notices
from tracker.reminders.outbox import Hours
from tracker.reminders.planning import Plan, is_weekly_day, plan_reminders
from tracker.reminders.policies import policies_in_force, seed_default_policy

# Mails that do not wait for a look, and how long sending them may take.
_AT_ONCE = (MessageKind.URGING, MessageKind.NOTICE)
_SHORT = timedelta(seconds=30)


@dataclass(slots=True)
class Look:
    """What one look did. `held_until` is set where the office is closed: nothing was sent."""

    plan: Plan
    delivery: Delivery = field(default_factory=Delivery)
    notices: int = 0
    waiting: int = 0
    held_until: datetime | None = None
    unreachable: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """A mail that would go, to whom, and what it would say."""

    recipient: str
    address: str
    content: Digest | Letter


def look_now(
    *,
    moment: datetime,
    clock: Callable[[], datetime],
    working: WorkingDays,
    any_hour: bool = False,
    calendar_of: CalendarOf | None = None,
) -> Look:
    """Plan and send what is due at `moment`; `clock` gives the real time, for the record.

    The two differ when an operator looks from another day. Outside the office's hours, and on days
    off, the ledger is written and nothing is sent, unless `any_hour`. `calendar_of` makes the file
    of deadlines for those who asked for one.
    """
    seed_default_policy()
    today, now, policies = moment.date(), clock(), policies_in_force()
    scan = Scan.objects.create(day=today, started_at=now)
    # Notices first: a deadline that one of them announces is not announced again by the digest.
    notices = plan_notices(now=now)
    plan = plan_reminders(today=today, now=now, policies=policies, working=working)
    look = Look(plan=plan, unreachable=_names(plan), notices=notices)
    outbox.sweep(now=now)
    opening = moment if any_hour else next_opening(moment, working)
    if opening == moment:
        outbox.compose_messages(
            day=today,
            is_weekly_day=is_weekly_day(today, working),
            now=now,
            hours=_hours(moment, now, working),
        )
        look.delivery = deliver_due(today=today, clock=clock, calendar_of=calendar_of)
    else:
        outbox.hold(until=now + (opening - moment))
        look.held_until = opening
    look.waiting = _waiting()
    Scan.objects.filter(pk=scan.pk).update(finished_at=clock(), planned=plan.lines)
    return look


def send_notices(*, clock: Callable[[], datetime], working: WorkingDays) -> Delivery:
    """Send what was just decided or urged, without waiting for the next look; out of hours it is held.

    No digests: without a broker this runs in the request of the person who decided.
    """
    now = clock()
    plan_notices(now=now)
    opening = next_opening(now, working)
    if opening == now:
        return deliver_due(today=now.date(), clock=clock, budget=_SHORT, kinds=_AT_ONCE)
    outbox.hold(until=opening)
    return Delivery()


def next_opening(moment: datetime, working: WorkingDays) -> datetime:
    """When a mail of that moment goes out: at once in the office's hours, else when it opens."""
    office = policies_in_force().default
    return working.next_opening(moment, opens=office.opens, closes=office.closes)


def preview(
    *, moment: datetime, now: datetime, working: WorkingDays, only: User | None = None
) -> tuple[Plan, list[str], list[Preview]]:
    """What `look_now` would send at that moment, were the office open; to everybody, or to one person.

    Writes nothing.
    """
    today = moment.date()
    with transaction.atomic():
        if only is None:
            plan_notices(now=now)
        plan = plan_reminders(today=today, now=now, policies=policies_in_force(), working=working, only=only)
        outbox.compose_messages(day=today, is_weekly_day=is_weekly_day(today, working), now=now, only=only)
        waiting = Message.objects.filter(
            state__in=[MessageState.PLANNED, MessageState.HELD], due_at__lte=now
        ).select_related("recipient__user__reminder_preference", "recipient__agency", "event__actor")
        if only is not None:
            waiting = waiting.filter(recipient__user=only, kind=MessageKind.DIGEST)
        previews = [
            Preview(recipient=str(message.recipient), address=message.recipient.address, content=content)
            for message, content in contents_of(waiting.order_by("id"), today=today)
        ]
        unreachable = _names(plan)
        transaction.set_rollback(True)
    return plan, unreachable, previews


def in_hours(moment: datetime) -> datetime:
    """The same day, moved into the office's hours: for an operator who names a day, not an hour."""
    rules = policies_in_force().default
    if rules.opens <= moment.time() < rules.closes:
        return moment
    return datetime.combine(moment.date(), rules.opens, tzinfo=moment.tzinfo)


def next_morning(now: datetime, working: WorkingDays) -> datetime:
    """When the office opens next on a day to come: what a preview of "tomorrow" is about."""
    rules = policies_in_force().default
    tomorrow = datetime.combine(now.date() + timedelta(days=1), rules.opens, tzinfo=now.tzinfo)
    return working.next_opening(tomorrow, opens=rules.opens, closes=rules.closes)


def _hours(moment: datetime, now: datetime, working: WorkingDays) -> Hours:
    """The hour that people's own hours are held against; who waited a working day gets it at any hour.

    A working day but an hour: cron does not come to the second.
    """
    yesterday = working.on_or_before(now.date() - timedelta(days=1))
    waited = datetime.combine(yesterday, now.time(), tzinfo=now.tzinfo) + timedelta(hours=1)
    return Hours(at=moment.time(), waited_since=waited)


def _names(plan: Plan) -> list[str]:
    agencies = Agency.objects.filter(pk__in=plan.unreachable).order_by("name")
    return list(agencies.values_list("name", flat=True))


def _waiting() -> int:
    """Recipients who wait for a mail: lines without one yet, and mails not sent."""
    lines = Reminder.objects.waiting().values_list("recipient", flat=True)
    mails = Message.objects.filter(
        state__in=[MessageState.PLANNED, MessageState.HELD, MessageState.CLAIMED]
    ).values_list("recipient", flat=True)
    return len({*lines, *mails})
