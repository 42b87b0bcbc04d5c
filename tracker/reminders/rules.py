"""When a task is to be named to whom: the steps around a deadline. Plain functions over days.

A step before the deadline, or on it, that falls on a day off goes out on the working day before, so
that nobody learns of a deadline after it. A step after the deadline goes out on the next working
day: moved forward it might come before the task is late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from tracker.core.workdays import WorkingDays
from tracker.duties.enums import Recurrence
from tracker.reminders.enums import Lane

# A recurring duty is reminded for its open period only: no step lies a whole period away.
_PERIOD_DAYS = {
    Recurrence.WEEKLY: 7,
    Recurrence.MONTHLY: 31,
    Recurrence.QUARTERLY: 92,
    Recurrence.HALF_YEARLY: 184,
    Recurrence.YEARLY: 366,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """One policy of reminding. Days are counted from the deadline; None means never."""

    days_before: tuple[int, ...] = (30, 14, 7, 3, 1)
    on_the_day: bool = True
    every_days_after: int = 7
    times_after: int = 8
    head_after: int | None = 7
    monitor_after: int | None = 14
    registrar_after: int | None = 30
    announces_new: bool = True
    opens: time = time(7, 0)
    closes: time = time(18, 0)

    @property
    def longest_before(self) -> int:
        return max(self.days_before, default=0)


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of reminding: its key in the ledger, its lane, and the working day it goes out on."""

    key: str
    lane: Lane
    day: date


def deadline_steps(
    rules: Rules, due_on: date, *, recurrence: Recurrence | str, working: WorkingDays
) -> list[Step]:
    """The steps before, on and after a deadline, in order."""
    reach = period_days(recurrence)
    offsets = [-days for days in sorted(set(rules.days_before), reverse=True)]
    offsets += [0] if rules.on_the_day else []
    offsets += [rules.every_days_after * turn for turn in range(1, rules.times_after + 1)]
    return [
        Step(_key(offset), Lane.DEADLINE, _day(due_on, offset, working))
        for offset in offsets
        if reach is None or abs(offset) < reach
    ]


def escalation_steps(rules: Rules, due_on: date, *, working: WorkingDays) -> list[Step]:
    """Who else hears of a task that stays undone: its head, the monitor, the registrar."""
    afters = (
        (Lane.HEAD, rules.head_after),
        (Lane.MONITOR, rules.monitor_after),
        (Lane.REGISTRAR, rules.registrar_after),
    )
    return [
        Step(lane.value, lane, _day(due_on, after, working)) for lane, after in afters if after is not None
    ]


def period_days(recurrence: Recurrence | str) -> int | None:
    """How many days a period of a recurring duty has at most; None for a duty that comes once."""
    return _PERIOD_DAYS.get(Recurrence(recurrence))


def is_open_period(recurrence: Recurrence | str, due_on: date | None, today: date) -> bool:
    """Is this the turn of a recurring duty that is open now: begun, and its successor not yet due?"""
    reach = period_days(recurrence)
    return reach is None or due_on is None or abs((due_on - today).days) < reach


def _key(offset: int) -> str:
    if offset == 0:
        return "on"
    return f"before-{-offset}" if offset < 0 else f"after-{offset}"


def _day(due_on: date, offset: int, working: WorkingDays) -> date:
    day = due_on + timedelta(days=offset)
    return working.on_or_before(day) if offset <= 0 else working.on_or_after(day)
