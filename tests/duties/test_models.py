"""How a task stands: every state against every deadline, on both clocks. This table is the specification."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from tests.factories import NOW, TODAY, make_duty, make_extension, make_task
from tracker.agencies.models import Agency
from tracker.duties.enums import DeadlineState, Result, WorkState
from tracker.duties.models import Duty, Task

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LAST_SOON = TODAY + timedelta(days=14)  # TRACKER_DUE_SOON_DAYS
LATER = LAST_SOON + timedelta(days=1)

# Deadline, work state, day of the report → deadline state, four-way result.
STANDING = [
    (YESTERDAY, "not_started", None, DeadlineState.OVERDUE, Result.OPEN_OVERDUE),
    (YESTERDAY, "in_progress", None, DeadlineState.OVERDUE, Result.OPEN_OVERDUE),
    (YESTERDAY, "returned", None, DeadlineState.OVERDUE, Result.OPEN_OVERDUE),  # counts as not done
    (TODAY, "not_started", None, DeadlineState.DUE_SOON, Result.OPEN_IN_TIME),  # to the end of its day
    (TOMORROW, "in_progress", None, DeadlineState.DUE_SOON, Result.OPEN_IN_TIME),
    (LAST_SOON, "returned", None, DeadlineState.DUE_SOON, Result.OPEN_IN_TIME),
    (LATER, "not_started", None, DeadlineState.IN_TIME, Result.OPEN_IN_TIME),
    (YESTERDAY, "reported", YESTERDAY, DeadlineState.IN_TIME, Result.DONE_ON_TIME),  # on its very day
    (YESTERDAY, "reported", TODAY, DeadlineState.OVERDUE, Result.DONE_LATE),
    (YESTERDAY, "confirmed", YESTERDAY, DeadlineState.IN_TIME, Result.DONE_ON_TIME),
    (YESTERDAY, "confirmed", TODAY, DeadlineState.OVERDUE, Result.DONE_LATE),
    (LATER, "reported", TODAY, DeadlineState.IN_TIME, Result.DONE_ON_TIME),
    (LATER, "confirmed", TODAY, DeadlineState.IN_TIME, Result.DONE_ON_TIME),
    (YESTERDAY, "withdrawn", None, DeadlineState.NO_DEADLINE, None),  # owed no more
    (None, "not_started", None, DeadlineState.NO_DEADLINE, None),
    (None, "confirmed", TODAY, DeadlineState.NO_DEADLINE, None),
]


def _standing(task: Task, today: date = TODAY) -> tuple[str, str | None, str | None]:
    row = Task.objects.with_states(today).with_original_result(today).get(pk=task.pk)
    return row.deadline_state, row.result, row.original_result


@pytest.mark.parametrize(("due_on", "state", "reported_on", "deadline_state", "result"), STANDING)
def test_task_stands(
    due_on: date | None,
    state: str,
    reported_on: date | None,
    deadline_state: DeadlineState,
    result: Result | None,
) -> None:
    task = make_task(due="none", due_on=due_on, state=state, reported_on=reported_on)
    assert _standing(task) == (deadline_state, result, result)


@pytest.mark.parametrize("state", WorkState)
def test_history_has_no_result(state: WorkState) -> None:
    task = make_task(due="none", due_on=YESTERDAY, state=state, reported_on=TODAY, is_history=True)
    assert _standing(task) == (DeadlineState.HISTORY, None, None)


# Original deadline, deadline that stands, work state, report → result, result by the original deadline.
BOTH_CLOCKS = [
    (YESTERDAY, TOMORROW, "in_progress", None, Result.OPEN_IN_TIME, Result.OPEN_OVERDUE),
    (YESTERDAY, TOMORROW, "reported", TODAY, Result.DONE_ON_TIME, Result.DONE_LATE),
    (YESTERDAY, TOMORROW, "confirmed", YESTERDAY, Result.DONE_ON_TIME, Result.DONE_ON_TIME),
    (TOMORROW, YESTERDAY, "reported", TODAY, Result.DONE_LATE, Result.DONE_ON_TIME),  # moved earlier
    (None, TOMORROW, "in_progress", None, Result.OPEN_IN_TIME, None),
]


@pytest.mark.parametrize(("original", "due_on", "state", "reported_on", "result", "by_original"), BOTH_CLOCKS)
def test_result_is_known_against_both_clocks(
    original: date | None,
    due_on: date,
    state: str,
    reported_on: date | None,
    result: Result,
    by_original: Result | None,
) -> None:
    task = make_task(due="none", due_on=due_on, state=state, reported_on=reported_on)
    Task.objects.update(original_due_on=original)
    assert _standing(task)[1:] == (result, by_original)


@pytest.mark.parametrize(
    ("days", "day", "state"), [(0, TODAY, "due_soon"), (0, TOMORROW, "in_time"), (1, TOMORROW, "due_soon")]
)
def test_due_soon_window_is_the_offices(settings: Settings, days: int, day: date, state: str) -> None:
    settings.TRACKER_DUE_SOON_DAYS = days
    task = make_task(due="none", due_on=day)
    assert _standing(task)[0] == state
    assert list(Task.objects.due_soon(TODAY)) == ([task] if state == "due_soon" else [])


def test_open_tracked_and_overdue_say_the_same_as_the_states() -> None:
    """The named selections and the computed states are two ways to one answer."""
    for due_on, state, reported_on, _deadline_state, _result in STANDING:
        make_task(due="none", due_on=due_on, state=state, reported_on=reported_on)
    make_task(due="none", due_on=YESTERDAY, is_history=True)
    make_task(due="none", due_on=YESTERDAY, needs_assignment=True)
    rows = list(Task.objects.with_states(TODAY).filter(is_history=False, needs_assignment=False))
    done = {"reported", "confirmed"}
    is_open = [row for row in rows if row.state not in {*done, "withdrawn"}]
    assert _keys(Task.objects.tracked()) == {row.pk for row in rows if row.state != "withdrawn"}
    assert _keys(Task.objects.open()) == {row.pk for row in is_open}
    assert _keys(Task.objects.overdue(TODAY)) == {
        row.pk for row in is_open if row.deadline_state == "overdue"
    }
    assert _keys(Task.objects.due_soon(TODAY)) == {
        row.pk for row in is_open if row.deadline_state == "due_soon"
    }


def _keys(tasks: Any) -> set[int]:
    return set(tasks.values_list("pk", flat=True))


def test_moved_words_stand_in_the_place_of_the_dutys(agency: Agency) -> None:
    duty = make_duty(leads=(agency,), due="quarterly", due_text="hằng quý")
    make_task(agency=agency, duty=duty, due_on=date(2026, 9, 30), period="2026-Q3")
    moved = make_task(agency=agency, duty=duty, due_on=date(2027, 1, 31), period="2026-Q4")
    Task.objects.filter(pk=moved.pk).update(moved_due_text="31/01/2027")
    rows = list(Task.objects.with_due_text().order_by("period"))
    assert [(row.deadline_words, row.due_text) for row in rows] == [  # type: ignore[attr-defined]
        ("hằng quý (quý III/2026)", "hằng quý"),
        ("31/01/2027 (quý IV/2026)", "31/01/2027"),
    ]


BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("task_quarter_goes_with_its_day", {"due_quarter": ""}),
    ("task_quarter_goes_with_its_day", {"due_on": None}),
    ("history_has_a_deadline", {"is_history": True, "due_on": None, "due_quarter": ""}),
    ("done_task_has_its_day", {"state": "reported"}),
    ("percent_up_to_100", {"percent": 101}),
]


@pytest.mark.parametrize(("name", "fields"), BROKEN, ids=[f"{row[0]} {row[1]}" for row in BROKEN])
def test_database_keeps_what_a_task_is(name: str, fields: dict[str, Any]) -> None:
    make_task()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Task.objects.update(**fields)


def test_one_task_for_duty_agency_and_period() -> None:
    task = make_task()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_task(agency=task.agency, duty=task.duty)


BROKEN_REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("decided_extension_has_its_moment", {"status": "refused"}),
    ("decided_extension_has_its_moment", {"decided_at": NOW}),
    ("granted_extension_has_its_day", {"status": "granted", "decided_at": NOW}),
    ("granted_extension_has_its_day", {"granted_due_on": TODAY}),
]


@pytest.mark.parametrize(
    ("name", "fields"), BROKEN_REQUESTS, ids=[f"{row[0]} {row[1]}" for row in BROKEN_REQUESTS]
)
def test_database_keeps_what_a_request_is(name: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_extension(**fields)


def test_one_request_waits_for_each_task() -> None:
    task = make_extension().task
    make_extension(task, status="refused", decided_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_extension(task)


@pytest.mark.parametrize(
    "fields",
    [
        {"recurrence": "yearly"},
        {"due_quarter": ""},
        {"source_start": 5},
        {"source_start": 9, "source_end": 9},
    ],
)
def test_database_keeps_what_a_duty_is(fields: dict[str, Any]) -> None:
    make_duty(due="2026-12-31")
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.update(**fields)
