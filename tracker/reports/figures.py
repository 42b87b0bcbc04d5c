"""The official four-way result as of any day, against either clock.

Tasks without a deadline (thường xuyên) are counted apart from the dated ones in every figure: they are
an agency's regular work, which has no result. History, withdrawn tasks and those that wait for an
agency are in no agency's figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.duties.deadlines import quarter_of
from tracker.duties.enums import Result, WorkState
from tracker.duties.models import DONE_STATES, OPEN_STATES
from tracker.reports.record import TaskOn

Key = TypeVar("Key", bound=Hashable)


class Clock(models.TextChoices):
    """Against which deadline a task is judged."""

    EXTENDED = "extended", _("theo hạn đã gia")
    ORIGINAL = "original", _("theo hạn ban đầu")


@dataclass(frozen=True, slots=True)
class Figures:
    """How many tasks came out how. `undated_*`: without a deadline."""

    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_overdue: int = 0
    undated_done: int = 0
    undated_open: int = 0

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late

    @property
    def open(self) -> int:
        return self.open_in_time + self.open_overdue

    @property
    def dated(self) -> int:
        return self.done + self.open

    @property
    def undated(self) -> int:
        return self.undated_done + self.undated_open

    @property
    def percent_done(self) -> float | None:
        """Of the dated tasks, how many in a hundred are done; None where there are none."""
        return 100 * self.done / self.dated if self.dated else None

    @property
    def percent_on_time(self) -> float | None:
        """Of the dated tasks, how many in a hundred are done on time; None where there are none."""
        return 100 * self.done_on_time / self.dated if self.dated else None


def due_by(task: TaskOn, clock: Clock) -> date | None:
    return task.due_on if clock is Clock.EXTENDED else task.original_due_on


def is_counted(task: TaskOn) -> bool:
    """Whether the task is in its agency's figures: followed, not taken back, and with an agency."""
    return not task.is_history and not task.needs_assignment and task.state != WorkState.WITHDRAWN


def result_on(task: TaskOn, day: date, clock: Clock) -> Result | None:
    """The four-way result; None for history, withdrawn and undated tasks.

    `TaskQuerySet.with_states` says the same in SQL of the present; a test holds the two to each other.
    """
    due_on = due_by(task, clock)
    if task.is_history or due_on is None or task.state == WorkState.WITHDRAWN:
        return None
    if task.state in DONE_STATES and task.reported_on is not None:
        return Result.DONE_ON_TIME if task.reported_on <= due_on else Result.DONE_LATE
    return Result.OPEN_IN_TIME if day <= due_on else Result.OPEN_OVERDUE


def figures_by(
    tasks: Iterable[TaskOn],
    key: Callable[[TaskOn], Key],
    *,
    day: date,
    clock: Clock,
    quarter: str = "",
) -> dict[Key, Figures]:
    """The figures of each agency, document, …; of a quarter, the dated tasks that the clock puts there."""
    counts: dict[Key, Counter[str]] = {}
    for task in filter(is_counted, tasks):
        name = _figure(task, day, clock, quarter)
        if name:
            counts.setdefault(key(task), Counter())[name] += 1
    return {one: Figures(**counter) for one, counter in counts.items()}


def figures_of(tasks: Iterable[TaskOn], *, day: date, clock: Clock, quarter: str = "") -> Figures:
    """The figures of all these tasks together."""
    return figures_by(tasks, lambda _task: "", day=day, clock=clock, quarter=quarter).get("", Figures())


def _figure(task: TaskOn, day: date, clock: Clock, quarter: str) -> str:
    """Which figure a task is counted in; empty for none."""
    due_on = due_by(task, clock)
    if due_on is None:
        return "undated_open" if task.state in OPEN_STATES else "undated_done"
    if quarter and quarter_of(due_on) != quarter:
        return ""
    result = result_on(task, day, clock)
    return result.value if result else ""
