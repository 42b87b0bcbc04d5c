"""Reading tasks: what a person may see, and the figures that doors and reminders share."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.agencies.models import Agency
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.documents.models import Document
from tracker.duties.enums import BodyRole, DeadlineState, Recurrence
from tracker.duties.models import Duty, DutyBody, Task, TaskQuerySet

_SEES_ALL = {OfficeRole.REGISTRAR, OfficeRole.LEADER, OfficeRole.AUDITOR}


def sees_all(user: User) -> bool:
    """Registrars, leaders, auditors and superusers see every task."""
    return user.is_superuser or user.office_role in _SEES_ALL


def tasks_visible_to(user: User) -> TaskQuerySet:
    """The one answer to "which tasks may this person see". Every door asks here.

    Everything for who sees all; else the tasks of the own agencies and those of documents that an
    own agency monitors. Tasks of a body that waits for *cần phân công* belong to nobody but the
    office and the monitors.
    """
    if not user.is_active:
        return Task.objects.none()
    tasks = Task.objects.in_published_documents()
    if sees_all(user):
        return tasks
    # Subqueries, not joins: a join doubles rows, and DISTINCT would forbid locking and slow the page.
    own = Q(agency__in=Agency.objects.filter(posts__user=user), needs_assignment=False)
    monitored = Q(duty__document__in=Document.objects.filter(monitors__posts__user=user))
    return tasks.filter(own | monitored)


def tasks_owed_by(user: User) -> TaskQuerySet:
    """The tasks that a person may act on for an own agency."""
    return tasks_visible_to(user).filter(agency__posts__user=user, needs_assignment=False)


def may_act_for_agency(user: User, task: Task) -> bool:
    """Whether a person may start, report and take back a report: the agency's officers, and registrars."""
    return user.is_registrar or tasks_owed_by(user).filter(pk=task.pk).exists()


def duties_visible_to(user: User) -> QuerySet[Duty]:
    if sees_all(user) and user.is_active:
        return Duty.objects.all()
    return Duty.objects.filter(pk__in=tasks_visible_to(user).values("duty"))


def documents_visible_to(user: User) -> QuerySet[Document]:
    if sees_all(user) and user.is_active:
        return Document.objects.all()
    return Document.objects.filter(pk__in=tasks_visible_to(user).values("duty__document"))


def bodies_to_assign() -> QuerySet[DutyBody]:
    """Lead bodies that name nobody in particular and that nobody has been assigned for (cần phân công).

    Also collectives that had no member on the document's date, so that no duty drops out of sight.
    """
    has_no_task = ~Exists(Task.objects.filter(duty=OuterRef("duty")))
    return (
        DutyBody.objects.filter(role=BodyRole.LEAD, agency__isnull=True, assigned__isnull=True)
        .filter(Q(collective__isnull=True) | Q(collective__is_open=True) | has_no_task)
        .exclude(duty__document__status="loaded")
        .select_related("duty__document", "collective")
        .order_by("duty__document_id", "duty__ordinal", "ordinal")
    )


def tasks_to_assign() -> TaskQuerySet:
    """Open tasks whose agency is no more and has no single successor."""
    return Task.objects.filter(needs_assignment=True, is_history=False)


def deadline_figures(tasks: TaskQuerySet, today: date) -> dict[DeadlineState, int]:
    """How many tasks stand how to their deadline; every state is a key."""
    # The mypy plugin does not see what a queryset method annotates.
    states = Counter(tasks.with_states(today).values_list("deadline_state", flat=True))  # type: ignore[misc]
    return {state: states.get(state.value, 0) for state in DeadlineState}


def next_deadlines(tasks: TaskQuerySet, today: date, count: int) -> list[tuple[date, int]]:
    """The next days on which open tasks fall due, with how many do."""
    days = Counter(
        due_on
        for due_on in tasks.open()
        .filter(due_on__gte=today)
        .order_by("due_on")
        .values_list("due_on", flat=True)
        if due_on is not None
    )
    return sorted(days.items())[:count]


def recurring_duties() -> QuerySet[Duty]:
    """Recurring duties of the documents under tracking."""
    return Duty.objects.filter(document__status="published").exclude(recurrence=Recurrence.ONCE)
