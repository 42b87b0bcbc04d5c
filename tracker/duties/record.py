"""Reading the record of tasks, and the turns of one duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from tracker.core.enums import OfficeRole
from tracker.core.models import Event, User
from tracker.duties.deadlines import period_words
from tracker.duties.models import DONE_STATES, OPEN_STATES, TaskQuerySet
from tracker.duties.queries import tasks_visible_to


def sees_whole_record(user: User) -> bool:
    """Registrars and auditors read every event, whatever it is about, and from where it came."""
    return user.is_active and (user.is_registrar or user.office_role == OfficeRole.AUDITOR)


def events_visible_to(user: User) -> QuerySet[Event]:
    """The whole record, for whom it is open; for all others what happened to the tasks they see."""
    if sees_whole_record(user):
        return Event.objects.all()
    return Event.objects.filter(subject_type="task", subject_id__in=tasks_visible_to(user).values("pk"))


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """One opened turn of a duty and how its tasks stand. `due_on` is the turn's own, before extensions."""

    period: str
    due_on: date | None
    tasks: int
    done: int
    overdue: int

    @property
    def words(self) -> str:
        return period_words(self.period)


def period_figures(tasks: TaskQuerySet, today: date) -> list[PeriodFigures]:
    """The turns of these tasks (one duty's), earliest first, in one query."""
    is_tracked = Q(is_history=False, needs_assignment=False)
    rows = (
        tasks.order_by()
        .values("period")
        .annotate(
            first_due_on=Min("original_due_on"),
            tasks=Count("pk"),
            done=Count("pk", filter=Q(is_history=False, state__in=DONE_STATES)),
            overdue=Count("pk", filter=is_tracked & Q(state__in=OPEN_STATES, due_on__lt=today)),
        )
        .order_by("first_due_on", "period")
        .values_list("period", "first_due_on", "tasks", "done", "overdue")
    )
    return [PeriodFigures(*row) for row in rows]
