"""The four-way result by both clocks: a table of cases; the quarterly report's rows and list."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_document, make_task
from tracker.agencies.changes import rename_agency
from tracker.agencies.models import Agency
from tracker.duties import workflow
from tracker.duties.models import Task
from tracker.duties.successions import carry_out
from tracker.reports.figures import Clock, Figures, is_counted, result_on
from tracker.reports.quarterly import quarterly_report, usual_day
from tracker.reports.record import TaskOn, tasks_on

DUE = date(2026, 9, 30)
LATER = date(2026, 10, 31)
BASE: dict[str, Any] = {
    "pk": 1,
    "duty": 1,
    "document": 1,
    "agency": 1,
    "period": "",
    "state": "not_started",
    "is_history": False,
    "needs_assignment": False,
    "moved_due_text": "",
    "due_on": DUE,
    "original_due_on": DUE,
    "reported_on": None,
}


@pytest.mark.parametrize(
    ("fields", "day", "extended", "original"),
    [
        ({}, DUE, "open_in_time", "open_in_time"),
        ({}, date(2026, 10, 1), "open_overdue", "open_overdue"),
        ({"due_on": LATER}, date(2026, 10, 1), "open_in_time", "open_overdue"),
        ({"due_on": LATER}, date(2026, 11, 1), "open_overdue", "open_overdue"),
        ({"state": "reported", "reported_on": DUE}, LATER, "done_on_time", "done_on_time"),
        ({"state": "confirmed", "reported_on": date(2026, 10, 1)}, LATER, "done_late", "done_late"),
        ({"state": "confirmed", "reported_on": LATER, "due_on": LATER}, LATER, "done_on_time", "done_late"),
        ({"state": "returned"}, DUE, "open_in_time", "open_in_time"),
        ({"state": "returned"}, LATER, "open_overdue", "open_overdue"),
        ({"state": "in_progress"}, LATER, "open_overdue", "open_overdue"),
        ({"state": "withdrawn"}, LATER, None, None),
        ({"is_history": True}, LATER, None, None),
        ({"due_on": None, "original_due_on": None}, LATER, None, None),
        ({"due_on": LATER, "original_due_on": None}, LATER, "open_in_time", None),
    ],
)
def test_result_by_both_clocks(
    fields: dict[str, Any], day: date, extended: str | None, original: str | None
) -> None:
    task = TaskOn(**(BASE | fields))
    assert (result_on(task, day, Clock.EXTENDED), result_on(task, day, Clock.ORIGINAL)) == (
        extended,
        original,
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"is_history": True}, False),
        ({"needs_assignment": True}, False),
        ({"state": "withdrawn"}, False),
    ],
)
def test_history_withdrawn_and_unassigned_tasks_are_in_no_figures(
    fields: dict[str, Any], expected: bool
) -> None:
    assert is_counted(TaskOn(**(BASE | fields))) is expected


def test_percentages_are_of_the_dated_tasks() -> None:
    figures = Figures(done_on_time=3, done_late=1, open_in_time=2, open_overdue=2, undated_open=9)
    assert (figures.percent_done, figures.percent_on_time, figures.dated, figures.undated) == (
        50.0,
        37.5,
        8,
        9,
    )
    assert Figures(undated_open=4).percent_done is None


@pytest.mark.parametrize(("quarter", "day"), [("2026-Q3", DUE), ("2026-Q4", TODAY), ("2027-Q1", TODAY)])
def test_usual_day_is_the_quarters_last_that_has_come(quarter: str, day: date) -> None:
    assert usual_day(quarter, TODAY) == day


def _done(task: Task, day: date) -> Task:
    return workflow.report_task(task, note="xong", today=day, actor=ACTOR, now=NOW)


@pytest.mark.django_db
def test_report_counts_a_quarter_by_agency_and_document_and_lists_who_is_late(agency: Agency) -> None:
    late_agency, document = make_agency("Sở Xây dựng"), make_document()
    due: dict[str, Any] = {"due": "2026-Q3", "due_text": "trong quý III/2026"}
    _done(make_task(agency=agency, document=document, **due), DUE)
    done_late = _done(make_task(agency=agency, document=document, **due), date(2026, 10, 5))
    overdue = make_task(agency=late_agency, **due)
    make_task(agency=agency, due="2026-Q4")
    make_task(agency=agency, due="none", due_text="")
    make_task(agency=agency, is_history=True, **due)
    make_task(agency=agency, needs_assignment=True, **due)
    make_task(agency=agency, state="withdrawn", **due)
    report = quarterly_report("2026-Q3", TODAY)
    rows = [(row.name, row.extended) for row in report.by_agency]
    assert rows == [
        ("Sở Xây dựng", Figures(open_overdue=1)),
        ("Ban Nội chính Tỉnh ủy", Figures(done_on_time=1, done_late=1, undated_open=1)),
    ]
    assert report.extended == Figures(done_on_time=1, done_late=1, open_overdue=1, undated_open=1)
    assert [row.extended.dated for row in report.by_document] == [1, 2, 0]
    assert (report.waiting, report.history) == (1, 1)
    assert [(row.task, row.agency, row.words, row.days, row.is_done) for row in report.late] == [
        (overdue.pk, "Sở Xây dựng", "trong quý III/2026", 47, False),
        (done_late.pk, "Ban Nội chính Tỉnh ủy", "trong quý III/2026", 5, True),
    ]


@pytest.mark.django_db
def test_task_granted_time_into_the_next_quarter_counts_in_each_by_its_clock(agency: Agency) -> None:
    task = make_task(agency=agency, due="2026-Q3")
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 12, 31), due_quarter="2026-Q4")
    third, fourth = (quarterly_report(quarter, TODAY) for quarter in ("2026-Q3", "2026-Q4"))
    assert (third.extended, third.original) == (Figures(), Figures(open_overdue=1))
    assert (fourth.extended, fourth.original) == (Figures(open_in_time=1), Figures())


@pytest.mark.django_db
def test_agency_is_called_what_it_was_called_on_the_day(agency: Agency) -> None:
    make_task(agency=agency, due="2026-Q3")
    rename = partial(rename_agency, agency, name="Ban Khác", day=TODAY + timedelta(days=5))
    carry_out(rename, today=TODAY + timedelta(days=6), actor=ACTOR, now=NOW)
    names = [quarterly_report("2026-Q3", TODAY + timedelta(days=days)).by_agency[0].name for days in (4, 5)]
    assert names == ["Ban Nội chính Tỉnh ủy", "Ban Khác"]


@pytest.mark.django_db
def test_task_opened_later_is_in_no_figure_of_before(agency: Agency) -> None:
    task = make_task(agency=agency)
    assert [one.pk for one in tasks_on(TODAY)] == [task.pk]
    assert tasks_on(TODAY - timedelta(days=1)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 100])
def test_report_queries_are_fixed(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _turn in range(count):
        _done(make_task(due="2026-Q3"), TODAY)
    with django_assert_num_queries(9):
        assert len(quarterly_report("2026-Q3", TODAY).late) == count
