"""Reading tasks: what a person may see, and the figures that doors and reminders share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.agencies.models import Agency
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.documents.enums import DraftStatus
from tracker.documents.models import Document, Draft
from tracker.duties.enums import BodyRole, DeadlineState, ExtensionStatus, Recurrence, Result, WorkState
from tracker.duties.models import (
    DONE_STATES,
    OPEN_STATES,
    Duty,
    DutyBody,
    Evidence,
    Extension,
    Task,
    TaskQuerySet,
)

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


def visible_pairs(users: Collection[User], tasks: Collection[int]) -> set[tuple[int, int]]:
    """`tasks_visible_to` for many people at once: pairs of person and task, of the given ones.

    For batches of mails; four queries, however many people. A test holds the two to each other.
    """
    published = Task.objects.in_published_documents().filter(pk__in=tasks)
    active = [user for user in users if user.is_active]
    overseers = [user.pk for user in active if sees_all(user)]
    pairs: set[tuple[int, int]] = set()
    if overseers:
        everything = list(published.values_list("pk", flat=True))
        pairs = {(user, task) for user in overseers for task in everything}
    others = [user.pk for user in active if not sees_all(user)]
    for path, assigned in (
        ("agency__posts__user", Q(needs_assignment=False)),
        ("duty__document__monitors__posts__user", Q()),
    ):
        pairs |= set(published.filter(assigned, **{f"{path}__in": others}).values_list(path, "pk"))
    return pairs


def tasks_owed_by(user: User) -> TaskQuerySet:
    """The tasks that a person may act on for an own agency."""
    return tasks_visible_to(user).filter(agency__posts__user=user, needs_assignment=False)


def may_act_for_agency(user: User, task: Task) -> bool:
    """Whether a person may start, report and take back a report: the agency's officers, and registrars.

    An auditor changes nothing, whatever post they hold.
    """
    if user.office_role == OfficeRole.AUDITOR:
        return False
    return user.is_registrar or tasks_owed_by(user).filter(pk=task.pk).exists()


def duties_visible_to(user: User) -> QuerySet[Duty]:
    if sees_all(user) and user.is_active:
        return Duty.objects.all()
    return Duty.objects.filter(pk__in=tasks_visible_to(user).values("duty"))


def documents_visible_to(user: User) -> QuerySet[Document]:
    if sees_all(user) and user.is_active:
        return Document.objects.all()
    return Document.objects.filter(pk__in=tasks_visible_to(user).values("duty__document"))


def evidence_visible_to(user: User) -> QuerySet[Evidence]:
    """Files go with their task."""
    return Evidence.objects.filter(task__in=tasks_visible_to(user))


def extensions_visible_to(user: User) -> QuerySet[Extension]:
    """Requests for a new deadline go with their task; with what shows them, in a fixed number of queries."""
    return _with_details(Extension.objects.filter(task__in=tasks_visible_to(user)))


def extensions_of(task: Task) -> QuerySet[Extension]:
    """A task's requests, oldest first."""
    return _with_details(task.extensions.order_by("id"))


def open_extensions(user: User) -> QuerySet[Extension]:
    """Requests that wait for the office, the oldest first."""
    waiting = extensions_visible_to(user).filter(status=ExtensionStatus.OPEN)
    return waiting.order_by("requested_at", "id")


def decided_extensions(user: User) -> QuerySet[Extension]:
    """Requests that are answered or were taken back, the latest first."""
    decided = extensions_visible_to(user).exclude(status=ExtensionStatus.OPEN)
    return decided.order_by("-decided_at", "-id")


def _with_details(extensions: QuerySet[Extension]) -> QuerySet[Extension]:
    return extensions.select_related(
        "task__duty__document", "task__duty__clause", "task__agency", "requested_by", "decided_by"
    ).prefetch_related("evidence")


def document_titles(documents: Iterable[int]) -> dict[int, str]:
    """Document → its title, for the given numbers."""
    rows = Document.objects.filter(pk__in=documents).only("number", "kind", "issued_on")
    return {document.pk: document.title for document in rows}


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


def bodies_like(body: DutyBody) -> QuerySet[DutyBody]:
    """The other bodies of the same document that wait under the same words."""
    return (
        bodies_to_assign()
        .filter(duty__document=body.duty.document, words=body.words, collective=body.collective)
        .exclude(pk=body.pk)
    )


def tasks_to_assign() -> TaskQuerySet:
    """Open tasks whose agency is no more and has no single successor."""
    return Task.objects.filter(needs_assignment=True, is_history=False, state__in=OPEN_STATES)


def deadline_figures(tasks: TaskQuerySet, today: date) -> dict[DeadlineState, int]:
    """How many tasks stand how to their deadline; every state is a key."""
    # The mypy plugin does not see what a queryset method annotates.
    states = Counter(tasks.with_states(today).values_list("deadline_state", flat=True))  # type: ignore[misc]
    return {state: states.get(state.value, 0) for state in DeadlineState}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks there are, along each axis; every value of an axis is a key."""

    tasks: int
    state: dict[str, int]
    deadline_state: dict[str, int]
    result: dict[str, int]


@dataclass(frozen=True, slots=True)
class AllCounts:
    """The counts of all tasks, and of each agency (by name), document (newest first) and quarter.

    The quarter is that of the deadline; tasks without one are in none.
    """

    total: Counts
    agencies: list[tuple[Agency, Counts]]
    documents: list[tuple[Document, Counts]]
    quarters: list[tuple[str, Counts]]


def counts_of(tasks: TaskQuerySet, today: date) -> AllCounts:
    """How many tasks there are along every axis, in one grouped query and two for the names.

    History and withdrawn tasks are counted, apart, as the axes have it; they have no result.
    """
    keys, axes = ("agency_id", "duty__document_id", "due_quarter"), ("state", "deadline_state", "result")
    grouped = tasks.with_states(today).order_by().values_list(*keys, *axes).annotate(number=Count("pk"))
    rows = list(grouped)
    by_agency, by_document, by_quarter = (_rows_by(rows, place) for place in range(len(keys)))
    agencies = Agency.objects.filter(pk__in=by_agency).order_by("name")
    documents = Document.objects.filter(pk__in=by_document).order_by("-issued_on", "id")
    return AllCounts(
        total=_counts(row[len(keys) :] for row in rows),
        agencies=[(agency, _counts(by_agency[agency.pk])) for agency in agencies],
        documents=[(document, _counts(by_document[document.pk])) for document in documents],
        quarters=[(quarter, _counts(by_quarter[quarter])) for quarter in sorted(by_quarter) if quarter],
    )


def _rows_by(rows: Iterable[tuple[Any, ...]], place: int) -> dict[Any, list[tuple[Any, ...]]]:
    """The rows' axes and numbers by the key in this place of three."""
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[place], []).append(row[3:])
    return found


def _counts(rows: Iterable[tuple[Any, ...]]) -> Counts:
    """From rows of work state, deadline state, result and number."""
    found: Counter[tuple[int, str | None]] = Counter()
    tasks = 0
    for *values, number in rows:
        tasks += number
        for axis, value in enumerate(values):
            found[axis, value] += number
    state, deadline_state, result = (
        {value: found[axis, value] for value in choices.values}
        for axis, choices in enumerate((WorkState, DeadlineState, Result))
    )
    return Counts(tasks=tasks, state=state, deadline_state=deadline_state, result=result)


@dataclass(frozen=True, slots=True)
class Standing:
    """How tracked tasks stand on a day: open ones by deadline, then reported and confirmed ones.

    `oldest_overdue_on` is the day that the longest overdue task was due, None where none is.
    """

    overdue: int = 0
    due_soon: int = 0
    in_time: int = 0
    no_deadline: int = 0
    reported: int = 0
    confirmed: int = 0
    oldest_overdue_on: date | None = None

    @property
    def open(self) -> int:
        return self.overdue + self.due_soon + self.in_time + self.no_deadline


def standing(tasks: TaskQuerySet, today: date) -> Standing:
    """How these tasks stand, in one query. History and withdrawn tasks are not counted."""
    return Standing(**tasks.tracked().with_states(today).aggregate(**_standing_figures()))


def standing_by_agency(tasks: TaskQuerySet, today: date) -> list[tuple[Agency, Standing]]:
    """Who is late: each agency with a tracked task, most overdue first, in two queries."""
    rows = (
        tasks.tracked()
        .with_states(today)
        .order_by()
        .values("agency_id")
        .annotate(**_standing_figures())
        .values("agency_id", *_standing_figures())
    )
    standings = {row.pop("agency_id"): Standing(**row) for row in rows}
    agencies = Agency.objects.filter(pk__in=standings)
    return sorted(
        ((agency, standings[agency.pk]) for agency in agencies),
        key=lambda row: (-row[1].overdue, -row[1].due_soon, row[0].name),
    )


def _standing_figures() -> dict[str, Count | Min]:
    is_open = Q(state__in=OPEN_STATES)
    is_overdue = is_open & Q(deadline_state=DeadlineState.OVERDUE)
    return {
        "overdue": Count("id", filter=is_overdue),
        "due_soon": Count("id", filter=is_open & Q(deadline_state=DeadlineState.DUE_SOON)),
        "in_time": Count("id", filter=is_open & Q(deadline_state=DeadlineState.IN_TIME)),
        "no_deadline": Count("id", filter=is_open & Q(deadline_state=DeadlineState.NO_DEADLINE)),
        "reported": Count("id", filter=Q(state=WorkState.REPORTED)),
        "confirmed": Count("id", filter=Q(state=WorkState.CONFIRMED)),
        "oldest_overdue_on": Min("due_on", filter=is_overdue),
    }


def documents_with_figures(
    documents: QuerySet[Document], tasks: TaskQuerySet, today: date
) -> QuerySet[Document]:
    """Adds to each document how many of these tasks are open (`open_count`) and overdue
    (`overdue_count`), and how many drafts wait for review (`pending_count`).
    """
    return documents.annotate(
        open_count=_count_of(tasks.open().filter(duty__document=OuterRef("pk"))),
        overdue_count=_count_of(tasks.overdue(today).filter(duty__document=OuterRef("pk"))),
        pending_count=_count_of(Draft.objects.filter(status=DraftStatus.PENDING, document=OuterRef("pk"))),
    )


def agencies_with_figures(agencies: QuerySet[Agency], today: date) -> QuerySet[Agency]:
    """Adds to each agency how many of its tasks are open (`open_count`) and overdue (`overdue_count`)."""
    tasks = Task.objects.in_published_documents()
    return agencies.annotate(
        open_count=_count_of(tasks.open().filter(agency=OuterRef("pk"))),
        overdue_count=_count_of(tasks.overdue(today).filter(agency=OuterRef("pk"))),
    )


def duties_with_progress(duties: QuerySet[Duty], tasks: TaskQuerySet) -> QuerySet[Duty]:
    """Adds to each duty how many of these tasks are tracked (`task_count`) and done (`done_count`)."""
    mine = tasks.tracked().filter(duty=OuterRef("pk"))
    return duties.annotate(
        task_count=_count_of(mine), done_count=_count_of(mine.filter(state__in=DONE_STATES))
    )


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """A correlated count: joins would multiply one count by another."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


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
