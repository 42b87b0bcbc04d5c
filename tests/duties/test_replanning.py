"""A duty's deadline or end changes, a document expires: only what nobody has touched is planned anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.factories import ACTOR, NOW, TODAY, make_duty
from tracker import pipeline
from tracker.agencies.models import Agency
from tracker.core.errors import InvalidInputError
from tracker.core.models import Event
from tracker.documents.models import Document
from tracker.duties import workflow
from tracker.duties.models import Duty, Task
from tracker.duties.replanning import (
    Replan,
    change_duty_deadline,
    expire_document,
    final_review_day,
    preview_replan,
    set_duty_end,
    set_ends,
)
from tracker.duties.services import Horizon, open_periods

pytestmark = pytest.mark.django_db

HORIZON = Horizon(today=TODAY, last=date(2027, 11, 16))
WITH: dict[str, Any] = {"horizon": HORIZON, "actor": ACTOR, "now": NOW}


@pytest.fixture
def quarterly(agency: Agency) -> Duty:
    """Owed every quarter of 2026 and 2027; the tasks are open a year ahead."""
    duty = make_duty(leads=(agency,), due="quarterly", due_text="hằng quý")
    pipeline.open_periods(today=TODAY, actor=ACTOR, now=NOW)
    return duty


def _tasks(duty: Duty) -> dict[str, tuple[str, date | None]]:
    return {
        period: (state, due_on)
        for period, state, due_on in duty.tasks.order_by("period").values_list("period", "state", "due_on")
    }


def _begin(duty: Duty, period: str) -> Task:
    return workflow.start_task(duty.tasks.get(period=period), actor=ACTOR, now=NOW)


def _change(duty: Duty, due: str, words: str = "hạn mới", **fields: Any) -> Replan:
    return change_duty_deadline(
        duty,
        due_code=due,
        due_text=words,
        **WITH | {"reason": "sửa"} | fields,
    )


def _periods(tasks: list[Task]) -> list[str]:
    return [task.period for task in tasks]


def test_fixture_opens_from_the_document_to_a_year_ahead(quarterly: Duty) -> None:
    assert [*_tasks(quarterly)] == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
        "2027-Q1",
        "2027-Q2",
        "2027-Q3",
    ]


def test_other_day_in_the_same_periods_moves_untouched_turns_to_come(quarterly: Duty) -> None:
    _begin(quarterly, "2027-Q1")
    replan = _change(quarterly, "quarterly:20", "ngày 20 tháng cuối quý")
    assert (_periods(replan.moved), _periods(replan.kept)) == (["2026-Q4", "2027-Q2", "2027-Q3"], ["2027-Q1"])
    assert _tasks(quarterly) == {
        "2026-Q1": ("not_started", date(2026, 3, 31)),  # before the change: was owed as it was
        "2026-Q2": ("not_started", date(2026, 6, 30)),
        "2026-Q3": ("not_started", date(2026, 9, 30)),
        "2026-Q4": ("not_started", date(2026, 12, 20)),
        "2027-Q1": ("in_progress", date(2027, 3, 31)),  # someone has begun it
        "2027-Q2": ("not_started", date(2027, 6, 20)),
        "2027-Q3": ("not_started", date(2027, 9, 20)),
    }


def test_other_periods_withdraw_the_untouched_and_open_the_missing(quarterly: Duty) -> None:
    _begin(quarterly, "2027-Q1")
    replan = _change(quarterly, "yearly:11", "tháng 11 hằng năm")
    assert _periods(replan.withdrawn) == ["2026-Q4", "2027-Q2", "2027-Q3"]
    assert (_periods(replan.opened), _periods(replan.kept)) == (["2026"], ["2027-Q1"])
    assert _tasks(quarterly)["2026"] == ("not_started", date(2026, 11, 30))
    assert pipeline.open_periods(today=TODAY, actor=ACTOR, now=NOW) == []


def test_change_from_a_past_day_replans_the_past_turns_too(quarterly: Duty) -> None:
    replan = _change(quarterly, "quarterly:20", since=date(2026, 6, 1))
    assert _periods(replan.moved) == ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]


def test_single_deadline_moves_both_clocks_and_keeps_the_story(agency: Agency) -> None:
    duty = make_duty(leads=(agency,), due="2026-Q3", due_text="quý III/2026")
    [task] = open_periods([duty], horizon=HORIZON, actor=ACTOR, now=NOW)
    _change(duty, "2026-12-15", "ngày 15/12/2026", reason="đọc nhầm")
    task.refresh_from_db()
    assert (task.due_on, task.original_due_on, task.due_quarter) == (
        date(2026, 12, 15),
        date(2026, 12, 15),
        "2026-Q4",
    )
    event = Event.objects.about(task).get(verb="task.replanned")
    assert (event.before["due_on"], event.after["due_on"], event.note) == (
        "2026-09-30",
        "2026-12-15",
        "đọc nhầm",
    )
    assert Event.objects.about(duty).get().before == {"due": "2026-Q3", "due_text": "quý III/2026"}


def test_reported_task_keeps_its_deadline(agency: Agency) -> None:
    duty = make_duty(leads=(agency,), due="2026-Q4")
    [task] = open_periods([duty], horizon=HORIZON, actor=ACTOR, now=NOW)
    workflow.report_task(task, note="xong", today=TODAY, actor=ACTOR, now=NOW)
    _change(duty, "2027-Q1")
    task.refresh_from_db()
    assert task.due_on == date(2026, 12, 31)


def test_single_duty_may_become_a_recurring_one(agency: Agency) -> None:
    duty = make_duty(leads=(agency,), due="2026-12-31")
    open_periods([duty], horizon=HORIZON, actor=ACTOR, now=NOW)
    replan = _change(duty, "half-yearly", "6 tháng")
    assert (_periods(replan.withdrawn), _periods(replan.opened)) == ([""], ["2026-H2", "2027-H1"])


def test_end_withdraws_untouched_turns_after_it_and_holds_against_the_review(quarterly: Duty) -> None:
    _begin(quarterly, "2027-Q3")
    replan = set_duty_end(
        quarterly, ends_on=date(2027, 3, 31), reason="theo KH", horizon=HORIZON, actor=ACTOR, now=NOW
    )
    assert (_periods(replan.withdrawn), _periods(replan.kept)) == (["2027-Q2"], ["2027-Q3"])
    make_duty(document=quarterly.document, due="2027-12-31", action="Tổng kết", search_text="Tong ket")
    set_ends(quarterly.document, horizon=HORIZON, actor=ACTOR, now=NOW)
    quarterly.refresh_from_db()
    assert quarterly.ends_on == date(2027, 3, 31)


def test_turns_that_were_withdrawn_are_named_when_the_duty_has_them_again(quarterly: Duty) -> None:
    """An end that was set too early and is mended: opening passes withdrawn turns over."""
    set_duty_end(quarterly, ends_on=date(2026, 12, 31), reason="nhầm", **WITH)
    mended = set_duty_end(quarterly, ends_on=date(2027, 6, 30), reason="sửa", **WITH)
    assert (mended.opened, _periods(mended.lapsed)) == ([], ["2027-Q1", "2027-Q2"])
    for task in mended.lapsed:
        workflow.restore_task(task, reason="kết thúc đặt nhầm", actor=ACTOR, now=NOW)
    again = set_duty_end(quarterly, ends_on=date(2027, 9, 30), reason="sửa nữa", **WITH)
    assert _periods(again.lapsed) == ["2027-Q3"]
    assert again.fingerprint != Replan().fingerprint


def test_final_review_ends_recurring_duties_and_withdraws_what_lies_beyond(quarterly: Duty) -> None:
    document = quarterly.document
    assert final_review_day(document) is None
    make_duty(document=document, due="2027-05-31", action="Tổng kết", search_text="Tong ket")
    make_duty(document=document, due="2027-01-31", action="sơ kết", search_text="so ket, tong ket")
    assert final_review_day(document) == date(2027, 5, 31)
    replan = set_ends(document, horizon=HORIZON, actor=ACTOR, now=NOW)
    quarterly.refresh_from_db()
    assert (_periods(replan.withdrawn), quarterly.ends_on) == (["2027-Q2", "2027-Q3"], date(2027, 5, 31))
    assert set_ends(document, horizon=HORIZON, actor=ACTOR, now=NOW) == Replan()
    assert Event.objects.about(quarterly).filter(verb="duty.end_set").count() == 1


def _expire(document: Document, day: date, **fields: Any) -> Replan:
    return expire_document(
        document,
        day=day,
        **WITH | {"reason": "thay bằng 12-NQ/TU"} | fields,
    )


def test_expired_document_stops_recurring_duties_and_says_what_is_still_owed(
    quarterly: Duty, agency: Agency
) -> None:
    dated = make_duty(document=quarterly.document, leads=(agency,), due="2027-06-30")
    open_periods([dated], horizon=HORIZON, actor=ACTOR, now=NOW)
    _begin(quarterly, "2027-Q1")
    replan = _expire(quarterly.document, date(2027, 1, 1))
    assert _periods(replan.withdrawn) == ["2027-Q2", "2027-Q3"]
    assert _periods(replan.kept) == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", ""]
    quarterly.document.refresh_from_db()
    assert quarterly.document.status == "published"  # until the day
    assert pipeline.open_periods(today=date(2026, 12, 31), actor=ACTOR, now=NOW) == []
    assert Document.objects.get().status == "published"
    pipeline.open_periods(today=date(2027, 1, 1), actor=ACTOR, now=NOW)
    assert Document.objects.get().status == "expired"


def test_document_expires_at_once_on_a_day_gone_by(quarterly: Duty) -> None:
    _expire(quarterly.document, date(2026, 7, 1))
    assert [period for period, (state, _day) in _tasks(quarterly).items() if state == "withdrawn"] == [
        "2026-Q3",
        "2026-Q4",
        "2027-Q1",
        "2027-Q2",
        "2027-Q3",
    ]
    assert pipeline.open_periods(today=date(2027, 6, 1), actor=ACTOR, now=NOW) == []


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda duty: _change(duty, "quarterly:20", reason=" "), "reason"),
        (lambda duty: _change(duty, "mai"), "due"),
        (lambda duty: _change(duty, "quarterly", "hằng quý"), "due_text"),
        (lambda duty: _expire(duty.document, TODAY, reason=""), "reason"),
        (lambda duty: _expire(duty.document, date(2020, 1, 1)), "day"),
        (
            lambda _duty: set_duty_end(
                make_duty(due="2026-12-31"), ends_on=TODAY, reason="x", horizon=HORIZON, actor=ACTOR, now=NOW
            ),
            "ends_on",
        ),
    ],
)
def test_impossible_change_is_refused_and_nothing_moves(
    quarterly: Duty, act: Callable[[Duty], object], field: str
) -> None:
    before, events = _tasks(quarterly), Event.objects.count()
    with pytest.raises(InvalidInputError) as refusal:
        act(quarterly)
    assert refusal.value.field == field
    assert (_tasks(quarterly), Event.objects.count()) == (before, events)


def test_preview_shows_what_a_change_would_do_and_changes_nothing(quarterly: Duty) -> None:
    before, events = _tasks(quarterly), Event.objects.count()
    shown = preview_replan(lambda: _change(quarterly, "yearly:11"))
    assert (_tasks(quarterly), Event.objects.count()) == (before, events)
    done = _change(quarterly, "yearly:11")
    assert (
        _periods(shown.withdrawn) == _periods(done.withdrawn) == ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]
    )
