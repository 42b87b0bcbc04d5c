"""Two people at the same task in the same moment: one is done, the other is told why not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from tests.duties.makers import record_of
from tests.factories import ACTOR, NOW, TODAY, make_agency, make_extension, make_task
from tests.services import require
from tracker.core.errors import TrackerError
from tracker.duties import extensions, workflow
from tracker.duties.deadlines import NewDue
from tracker.duties.models import Extension, Task
from tracker.duties.replanning import change_duty_deadline
from tracker.duties.services import Horizon

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

LATER = NewDue.on(date(2027, 3, 31))


@pytest.fixture(autouse=True)
def postgresql() -> None:
    require("PostgreSQL", connection.vendor == "postgresql", "DATABASE_URL không phải PostgreSQL")


def _at_once(*deeds: Callable[[], object]) -> list[str]:
    """Start all deeds together; the refusals, empty where the deed was done, sorted."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        try:
            barrier.wait()
            deed()
        except TrackerError as refusal:
            return str(refusal)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def _report(task: Task) -> Task:
    return workflow.report_task(task, note="xong", today=TODAY, actor=ACTOR, now=NOW)


def test_one_of_two_reports_is_taken() -> None:
    task = make_task()
    assert _at_once(lambda: _report(task), lambda: _report(task)) == [
        "",
        "Không thể báo cáo hoàn thành: việc đã báo cáo, chờ xác nhận.",
    ]
    task.refresh_from_db()
    assert (task.revision, [row[0] for row in record_of(task)]) == (1, ["task.reported"])


@pytest.mark.parametrize("turn", range(3))
def test_of_confirmation_and_return_the_return_stands(turn: int) -> None:
    """Whoever is first: a confirmation is no bar to a return, and a return is one to a confirmation."""
    task = make_task()
    _report(task)
    refusals = _at_once(
        lambda: workflow.confirm_task(task, actor=ACTOR, now=NOW),
        lambda: workflow.return_task(task, reason="thiếu", actor=ACTOR, now=NOW),
    )
    task.refresh_from_db()
    is_confirmed_first = [row[0] for row in record_of(task)] == [
        "task.reported",
        "task.confirmed",
        "task.returned",
    ]
    assert refusals == ["", "" if is_confirmed_first else "Không thể xác nhận: việc bị trả lại."]
    assert (task.state, len(record_of(task))) == ("returned", 3 if is_confirmed_first else 2)


def test_one_of_two_requests_waits() -> None:
    task = make_task()

    def ask() -> Extension:
        return extensions.request_extension(
            task, new_due=LATER, reason="chờ", today=TODAY, actor=ACTOR, now=NOW
        )

    assert _at_once(ask, ask) == ["", "Việc này đã có một đề nghị gia hạn đang chờ quyết định."]
    assert Extension.objects.count() == 1


def test_request_is_granted_or_refused_never_both() -> None:
    extension = make_extension()
    refusals = _at_once(
        lambda: extensions.grant_extension(extension, actor=ACTOR, now=NOW),
        lambda: extensions.refuse_extension(extension, reason="không", actor=ACTOR, now=NOW),
    )
    extension.refresh_from_db()
    decided = f"Đề nghị gia hạn này đã được giải quyết: {extension.get_status_display()}."
    assert refusals == ["", decided]
    task = Task.objects.get()
    assert (task.due_on == LATER.due_on) == (extension.status == "granted")
    assert len(record_of(task)) == 1


@pytest.mark.parametrize("turn", range(5))
def test_request_is_decided_or_lapses_with_its_task_without_a_deadlock(turn: int) -> None:
    """Withdrawing a task locks it, then its request; so does every decision."""
    extension = make_extension()
    task = extension.task
    refusals = _at_once(
        lambda: extensions.grant_extension(extension, actor=ACTOR, now=NOW),
        lambda: workflow.withdraw_task(task, reason="thôi", actor=ACTOR, now=NOW),
    )
    extension.refresh_from_db()
    task.refresh_from_db()
    assert refusals == ["", "" if extension.status == "granted" else "Không thể gia hạn: việc đã rút."]
    assert (task.state, task.due_on == LATER.due_on) == ("withdrawn", extension.status == "granted")


def test_two_moves_of_a_deadline_follow_each_other() -> None:
    task = make_task()
    days = [date(2027, 1, 31), date(2027, 2, 28)]
    moves = [
        lambda day=day: extensions.move_deadline(
            task, new_due=NewDue.on(day), reason="dời", actor=ACTOR, now=NOW
        )
        for day in days
    ]
    assert _at_once(*moves) == ["", ""]
    task.refresh_from_db()
    first, second = record_of(task)
    assert (first[2]["due_on"], second[2]["due_on"]) == (second[1]["due_on"], task.due_on.isoformat())  # type: ignore[union-attr]
    assert (task.revision, task.original_due_on) == (2, date(2026, 12, 31))


@pytest.mark.parametrize("turn", range(3))
def test_two_agencies_are_given_the_task_one_after_the_other(turn: int) -> None:
    task, agencies = make_task(), [make_agency(), make_agency()]
    moves = [
        lambda agency=agency: workflow.reassign_task(task, agency, reason="đổi", actor=ACTOR, now=NOW)
        for agency in agencies
    ]
    assert _at_once(*moves) == ["", ""]
    first, second = record_of(task)
    assert second[1]["agency"] == first[2]["agency"]


@pytest.mark.parametrize("turn", range(3))
def test_duty_planned_anew_misses_no_task_that_changes_hands(turn: int) -> None:
    task, other = make_task(), make_agency()
    horizon = Horizon(today=TODAY, last=TODAY)
    refusals = _at_once(
        lambda: workflow.reassign_task(task, other, reason="đổi", actor=ACTOR, now=NOW),
        lambda: change_duty_deadline(
            task.duty,
            due_code="2027-Q1",
            due_text="quý I/2027",
            reason="x",
            horizon=horizon,
            actor=ACTOR,
            now=NOW,
        ),
    )
    task.refresh_from_db()
    assert refusals == ["", ""]
    assert (task.agency, task.due_on) == (other, LATER.due_on)


def test_report_waits_for_the_task_to_change_hands() -> None:
    """A joined, locking query would not find the task any more."""
    task, other = make_task(), make_agency()
    refusals = _at_once(
        lambda: workflow.reassign_task(task, other, reason="đổi", actor=ACTOR, now=NOW),
        lambda: _report(task),
    )
    task.refresh_from_db()
    lost = "Không thể giao lại việc: việc đã báo cáo, chờ xác nhận."
    assert refusals == ["", "" if task.agency == other else lost]
    assert task.state == "reported"
