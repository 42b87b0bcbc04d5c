"""Who may see which task, file and request; and the figures that doors share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    NOW,
    TODAY,
    make_agency,
    make_collective,
    make_document,
    make_duty,
    make_evidence,
    make_extension,
    make_task,
    make_user,
)
from tracker.agencies.models import Agency
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.documents.models import Document
from tracker.duties.enums import DeadlineState, Result, WorkState
from tracker.duties.models import Task
from tracker.duties.queries import (
    Standing,
    bodies_like,
    bodies_to_assign,
    counts_of,
    deadline_figures,
    decided_extensions,
    documents_visible_to,
    documents_with_figures,
    duties_visible_to,
    duties_with_progress,
    evidence_visible_to,
    extensions_visible_to,
    may_act_for_agency,
    next_deadlines,
    open_extensions,
    standing,
    standing_by_agency,
    tasks_owed_by,
    tasks_to_assign,
    tasks_visible_to,
    visible_pairs,
)

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
FAR = TODAY + timedelta(days=40)


@pytest.fixture
def other() -> Agency:
    return make_agency("Sở Y tế")


@pytest.fixture
def monitored() -> Document:
    return make_document()


@pytest.fixture
def tasks(agency: Agency, other: Agency, monitored: Document) -> dict[str, Task]:
    """The agency's own, another's, another's in a monitored document, one that waits for an agency,
    one of a document that is only loaded.
    """
    made = {
        "own": make_task(agency=agency),
        "others": make_task(agency=other),
        "monitored": make_task(agency=other, document=monitored),
        "waiting": make_task(agency=agency, needs_assignment=True),
        "loaded": make_task(agency=agency, document=make_document(status="loaded")),
    }
    for task in made.values():
        make_evidence(task)
        make_extension(task)
    return made


@pytest.fixture
def people(
    owner: User, colleague: User, outsider: User, registrar: User, monitored: Document
) -> dict[str, User]:
    watcher = make_user(agency=make_agency("Ủy ban Kiểm tra"))
    monitored.monitors.add(watcher.agencies.get())
    return {
        "owner": owner,
        "colleague": colleague,
        "outsider": outsider,
        "registrar": registrar,
        "monitor": watcher,
        "leader": make_user(office_role=OfficeRole.LEADER),
        "auditor": make_user(office_role=OfficeRole.AUDITOR),
        "superuser": make_user(is_superuser=True),
        "nobody": make_user(),
        "gone": make_user(office_role=OfficeRole.REGISTRAR, is_active=False),
    }


ALL = {"own", "others", "monitored", "waiting"}
SEEN: dict[str, set[str]] = {
    "owner": {"own"},
    "colleague": {"own"},
    "outsider": set(),
    "monitor": {"monitored"},
    "nobody": set(),
    "gone": set(),
    "registrar": ALL,
    "leader": ALL,
    "auditor": ALL,
    "superuser": ALL,
}


@pytest.mark.parametrize("who", SEEN)
def test_person_sees_tasks_and_what_hangs_on_them(
    people: dict[str, User], tasks: dict[str, Task], who: str
) -> None:
    user, seen = people[who], {tasks[name].pk for name in SEEN[who]}
    assert _keys(tasks_visible_to(user)) == seen
    assert set(evidence_visible_to(user).values_list("task", flat=True)) == seen
    assert set(extensions_visible_to(user).values_list("task", flat=True)) == seen
    assert visible_pairs([user], [task.pk for task in tasks.values()]) == {(user.pk, pk) for pk in seen}


def test_many_people_see_together_what_each_sees_alone(
    people: dict[str, User], tasks: dict[str, Task], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alone = {(user.pk, pk) for user in people.values() for pk in _keys(tasks_visible_to(user))}
    with django_assert_num_queries(3):
        together = visible_pairs(people.values(), [task.pk for task in tasks.values()])
    assert together == alone


# Who may act for the agency on which of the tasks.
ACTING = {
    "owner": {"own"},
    "colleague": {"own"},
    "registrar": {*ALL, "loaded"},
    "superuser": {*ALL, "loaded"},
}


@pytest.mark.parametrize("who", SEEN)
def test_person_may_act_for(people: dict[str, User], tasks: dict[str, Task], who: str) -> None:
    user = people[who]
    assert {name for name, task in tasks.items() if may_act_for_agency(user, task)} == ACTING.get(who, set())
    owed = {"own"} if who in {"owner", "colleague"} else set()
    assert _keys(tasks_owed_by(user)) == {tasks[name].pk for name in owed}


def test_officer_of_two_agencies_sees_each_task_once(agency: Agency, other: Agency, owner: User) -> None:
    owner.agencies.add(other)
    document = make_document()
    document.monitors.add(agency, other)
    pair = {make_task(agency=agency, document=document).pk, make_task(agency=other, document=document).pk}
    assert sorted(tasks_visible_to(owner).values_list("pk", flat=True)) == sorted(pair)


def test_documents_and_duties_are_seen_through_their_tasks(
    people: dict[str, User], tasks: dict[str, Task]
) -> None:
    own = tasks["own"].duty
    assert list(duties_visible_to(people["owner"])) == [own]
    assert list(documents_visible_to(people["owner"])) == [own.document]
    assert not duties_visible_to(people["outsider"]).exists()
    assert not documents_visible_to(people["gone"]).exists()
    assert documents_visible_to(people["leader"]).count() == len(tasks)


def test_requests_that_wait_come_oldest_first_the_answered_latest_first(registrar: User) -> None:
    late, early = (make_extension(asked_due_on=date(2027, 3, day)) for day in (1, 2))
    late.requested_at = NOW + timedelta(hours=1)
    late.save()
    old, new = (make_extension(status="refused", decided_at=NOW + timedelta(hours=hour)) for hour in (1, 2))
    assert list(open_extensions(registrar)) == [early, late]
    assert list(decided_extensions(registrar)) == [new, old]


@pytest.fixture
def standing_tasks(agency: Agency, other: Agency) -> None:
    """One of each kind for the agency, an overdue one for another."""
    rows: list[tuple[date | None, dict[str, Any]]] = [
        (YESTERDAY, {}),
        (YESTERDAY - timedelta(days=9), {"state": "returned"}),
        (TOMORROW, {"state": "in_progress"}),
        (FAR, {}),
        (None, {}),
        (YESTERDAY, {"state": "reported", "reported_on": YESTERDAY}),
        (YESTERDAY, {"state": "confirmed", "reported_on": TODAY}),
        (YESTERDAY, {"state": "withdrawn"}),
        (YESTERDAY, {"is_history": True}),
        (YESTERDAY, {"needs_assignment": True}),
    ]
    for due_on, fields in rows:
        make_task(agency=agency, due="none", due_on=due_on, **fields)
    make_task(agency=other, due="none", due_on=YESTERDAY)


def test_standing_counts_what_is_followed(standing_tasks: None, agency: Agency, other: Agency) -> None:
    own = Standing(
        overdue=2,
        due_soon=1,
        in_time=1,
        no_deadline=1,
        reported=1,
        confirmed=1,
        oldest_overdue_on=YESTERDAY - timedelta(days=9),
    )
    assert own.open == 5
    assert standing(Task.objects.filter(agency=agency), TODAY) == own
    others = Standing(overdue=1, oldest_overdue_on=YESTERDAY)
    assert standing_by_agency(Task.objects.all(), TODAY) == [(agency, own), (other, others)]


def test_counts_along_each_axis_add_up(standing_tasks: None, agency: Agency, other: Agency) -> None:
    counts = counts_of(Task.objects.all(), TODAY)
    whole, by_agency = counts.total, counts.agencies
    assert whole.tasks == 11
    assert whole.state.keys() == set(WorkState.values)
    assert whole.result.keys() == set(Result.values)
    assert sum(whole.state.values()) == sum(whole.deadline_state.values()) == 11
    assert whole.result == {
        "done_on_time": 1,
        "done_late": 1,
        "open_in_time": 2,
        "open_overdue": 4,  # with the one that waits for an agency
    }
    assert whole.deadline_state["history"] == 1
    assert [(one.name, figures.tasks) for one, figures in by_agency] == [(agency.name, 10), (other.name, 1)]


@pytest.mark.parametrize("agencies", [1, 8])
def test_figures_take_fixed_queries(agencies: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _turn in range(agencies):
        make_task()
    with django_assert_num_queries(2):
        standing_by_agency(Task.objects.all(), TODAY)
    with django_assert_num_queries(3):
        counts_of(Task.objects.all(), TODAY)
    with django_assert_num_queries(1):
        deadline_figures(Task.objects.all(), TODAY)


def test_every_deadline_state_has_its_figure(standing_tasks: None) -> None:
    figures = deadline_figures(Task.objects.all(), TODAY)
    assert figures.keys() == set(DeadlineState)
    assert sum(figures.values()) == 11


def test_next_deadlines_count_open_tasks_by_day(agency: Agency) -> None:
    for due_on in (YESTERDAY, TODAY, TOMORROW, TOMORROW, FAR):
        make_task(agency=agency, due="none", due_on=due_on)
    make_task(agency=agency, due="none", due_on=TODAY, state="confirmed", reported_on=TODAY)
    assert next_deadlines(Task.objects.all(), TODAY, 2) == [(TODAY, 1), (TOMORROW, 2)]


def test_documents_and_duties_carry_their_figures(standing_tasks: None, agency: Agency) -> None:
    document = make_document()
    duty = make_duty(document=document, leads=(agency,), due="2026-Q3")
    for number, fields in enumerate(
        ({}, {"state": "confirmed", "reported_on": TODAY}, {"is_history": True}, {"state": "withdrawn"})
    ):
        make_task(agency=agency, duty=duty, period=f"2026-0{number + 1}", **fields)  # type: ignore[arg-type]
    row = documents_with_figures(Document.objects.filter(pk=document.pk), Task.objects.all(), TODAY).get()
    assert (row.open_count, row.overdue_count, row.pending_count) == (1, 1, 0)  # type: ignore[attr-defined]
    progress = duties_with_progress(document.duties.all(), Task.objects.all()).get()
    assert (progress.task_count, progress.done_count) == (2, 1)  # type: ignore[attr-defined]


def test_bodies_that_name_nobody_wait_for_the_office(agency: Agency, other: Agency) -> None:
    document = make_document()
    empty = make_collective()
    duties = [
        make_duty(document=document, leads=leads)
        for leads in ((agency,), ("các cơ quan liên quan",), (empty,), ("các cơ quan liên quan",))
    ]
    make_duty(document=make_document(status="loaded"), leads=("ai đó",))
    make_duty(document=document, leads=(agency,), coordinators=("ai đó",))
    waiting = [duties[1].bodies.get(), duties[2].bodies.get(), duties[3].bodies.get()]
    assert set(bodies_to_assign()) == set(waiting)
    assert list(bodies_like(waiting[0])) == [waiting[2]]
    waiting[0].assigned.add(other)
    assert set(bodies_to_assign()) == {waiting[1], waiting[2]}


def test_open_tasks_of_bodies_that_are_no_more_wait_too(agency: Agency) -> None:
    waiting = make_task(agency=agency, needs_assignment=True)
    make_task(agency=agency, needs_assignment=True, is_history=True)
    make_task(agency=agency, needs_assignment=True, state="withdrawn")
    make_task(agency=agency)
    assert list(tasks_to_assign()) == [waiting]


def _keys(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))
