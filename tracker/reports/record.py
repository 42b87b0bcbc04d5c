"""Tasks as they stood on a past day, from the record of events: the same answer whenever it is asked.

Every event about a task says what its fields were before (`before`). So a past day is the present
with what came after that day undone, newest first. What the record does not know of (a change made in
the database by hand) cannot be undone, and shows in every past day alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tracker.agencies.models import Agency
from tracker.core.models import Event
from tracker.duties.deadlines import quarter_days
from tracker.duties.models import Task

_DAYS = ("due_on", "original_due_on", "reported_on")
_PLAIN = ("state", "is_history", "needs_assignment", "moved_due_text")
_COLUMNS = ("pk", "duty_id", "duty__document_id", "agency_id", "period", *_PLAIN, *_DAYS)


@dataclass(frozen=True, slots=True)
class TaskOn:
    """What figures need to know of a task, as of the end of a day."""

    pk: int
    duty: int
    document: int
    agency: int
    period: str
    state: str
    is_history: bool
    needs_assignment: bool
    moved_due_text: str
    due_on: date | None
    original_due_on: date | None
    reported_on: date | None


def tasks_on(day: date, *, quarter: str = "") -> list[TaskOn]:
    """Every task that was open by the end of a day, as it stood then; by number.

    `quarter` leaves out tasks that neither deadline puts into it; those without a deadline stay.
    """
    later = _later_changes(day)
    tasks = Task.objects.filter(created_at__lt=_end_of(day))
    if quarter:
        moved = [pk for pk, changes in later.items() if any("due_on" in change for change in changes)]
        days = quarter_days(quarter)
        tasks = tasks.filter(
            Q(due_quarter=quarter) | Q(original_due_on__range=days) | Q(due_on__isnull=True) | Q(pk__in=moved)
        )
    rows = tasks.order_by("pk").values_list(*_COLUMNS)
    keys = {change["agency"] for changes in later.values() for change in changes if change.get("agency")}
    ids = dict(Agency.objects.filter(key__in=keys).values_list("key", "pk"))
    found = [_undone(TaskOn(*row), later.get(row[0], ()), ids) for row in rows.iterator()]
    if not quarter:
        return found
    return [task for task in found if is_in_quarter(task, quarter)]


def is_in_quarter(task: TaskOn, quarter: str) -> bool:
    """Whether either deadline lies in the quarter; a task without any belongs to every one."""
    first, last = quarter_days(quarter)
    days = [day for day in (task.due_on, task.original_due_on) if day is not None]
    return not days or any(first <= day <= last for day in days)


def _end_of(day: date) -> datetime:
    """The first moment of the next day in Asia/Ho_Chi_Minh: what happened before it was on the day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _later_changes(day: date) -> dict[int, list[dict[str, Any]]]:
    """Of each task that changed after a day, what stood before each change, newest first."""
    events = Event.objects.filter(subject_type="task", at__gte=_end_of(day)).order_by("-id")
    changes: dict[int, list[dict[str, Any]]] = {}
    for pk, before in events.values_list("subject_id", "before").iterator():
        if before:
            changes.setdefault(pk, []).append(before)
    return changes


def _undone(task: TaskOn, changes: Iterable[dict[str, Any]], agencies: dict[str, int]) -> TaskOn:
    fields: dict[str, Any] = {}
    for before in changes:
        fields |= {name: before[name] for name in _PLAIN if name in before}
        fields |= {name: _day(before[name]) for name in _DAYS if name in before}
        if before.get("agency") in agencies:
            fields["agency"] = agencies[before["agency"]]
    return replace(task, **fields) if fields else task


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
