"""What each action writes: fields, days and the record. What is allowed at all, `test_transitions` says."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from tests.duties.makers import record_of
from tests.factories import NOW, TODAY, make_agency, make_document, make_task
from tracker.agencies.models import Agency
from tracker.core.enums import Door
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor
from tracker.core.models import Event, User
from tracker.documents.enums import DocumentStatus
from tracker.documents.models import Document
from tracker.duties import workflow
from tracker.duties.batches import answer_each
from tracker.duties.models import Task
from tracker.duties.workflow import Progress

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)


def test_report_keeps_its_day_its_words_and_its_proof(task: Task, officer: Actor) -> None:
    workflow.report_task(
        task, note=" Đã ban hành ", evidence_number=" 12-KH/BNC ", today=TODAY, actor=officer, now=NOW
    )
    task.refresh_from_db()
    assert (task.state, task.reported_on, task.report_note, task.evidence_number) == (
        "reported",
        TODAY,
        "Đã ban hành",
        "12-KH/BNC",
    )
    assert (task.revision, task.changed_at) == (1, NOW)
    assert record_of(task) == [
        (
            "task.reported",
            {
                "state": "not_started",
                "reported_on": None,
                "report_note": "",
                "evidence_number": "",
                "late_reason": "",
            },
            {
                "state": "reported",
                "reported_on": "2026-11-16",
                "report_note": "Đã ban hành",
                "evidence_number": "12-KH/BNC",
                "late_reason": "",
            },
            "Đã ban hành",
        )
    ]


def test_event_tells_who_and_by_which_door(task: Task, owner: User) -> None:
    actor = Actor(door=Door.MAIL, user=owner, address="10.1.2.3")
    workflow.start_task(task, actor=actor, now=NOW)
    event = Event.objects.about(task).get()
    assert (event.actor, event.door, event.address, event.at) == (owner, "mail", "10.1.2.3", NOW)


def test_report_without_words_or_proof_is_refused(task: Task, officer: Actor) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        workflow.report_task(task, note=" ", evidence_number="\n", today=TODAY, actor=officer, now=NOW)
    assert (str(refusal.value), refusal.value.field) == (
        "Cần ghi kết quả thực hiện hoặc số văn bản minh chứng, hoặc gửi tệp minh chứng.",
        "note",
    )
    assert record_of(task) == []


def test_report_is_confirmed_at_once_where_the_document_asks_for_no_confirmation(
    agency: Agency, officer: Actor
) -> None:
    task = make_task(agency=agency, document=make_document(needs_confirmation=False))
    reported = workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW)
    assert (reported.state, reported.reported_on, reported.revision) == ("confirmed", TODAY, 2)
    assert [(verb, after["state"], note) for verb, _before, after, note in record_of(task)] == [
        ("task.reported", "reported", "xong"),
        ("task.confirmed", "confirmed", "Văn bản không yêu cầu xác nhận."),
    ]


def test_report_on_the_last_day_is_on_time_whenever_it_is_confirmed(
    task: Task, officer: Actor, office: Actor
) -> None:
    last = date(2026, 12, 31)
    workflow.report_task(task, note="xong", today=last, actor=officer, now=NOW)
    workflow.confirm_task(task, actor=office, now=NOW + timedelta(days=90))
    assert Task.objects.with_states(date(2027, 3, 31)).get().result == "done_on_time"


@pytest.mark.parametrize("late_reason", ["", "Chờ số liệu cấp xã"])
def test_late_report_may_say_why(task: Task, officer: Actor, late_reason: str) -> None:
    late = date(2027, 1, 1)
    workflow.report_task(task, note="xong", late_reason=late_reason, today=late, actor=officer, now=NOW)
    task.refresh_from_db()
    assert (task.state, task.late_reason) == ("reported", late_reason)


def test_late_report_must_say_why_where_the_office_requires_it(
    task: Task, officer: Actor, settings: Settings
) -> None:
    settings.TRACKER_LATE_REASON_REQUIRED = True
    with pytest.raises(InvalidInputError) as refusal:
        workflow.report_task(task, note="xong", today=date(2027, 1, 1), actor=officer, now=NOW)
    assert (str(refusal.value), refusal.value.field) == (
        "Việc đã quá hạn 31/12/2026: cần ghi lý do chậm.",
        "late_reason",
    )
    assert record_of(task) == []
    workflow.report_task(task, note="xong", today=date(2026, 12, 31), actor=officer, now=NOW)


def test_task_without_a_deadline_is_never_late(agency: Agency, officer: Actor, settings: Settings) -> None:
    settings.TRACKER_LATE_REASON_REQUIRED = True
    task = make_task(agency=agency, due="none")
    assert workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW).state == "reported"


def test_confirmed_report_that_is_found_wrong_is_returned_and_counts_as_not_done(
    task: Task, officer: Actor, office: Actor
) -> None:
    workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW)
    workflow.confirm_task(task, actor=office, now=NOW)
    returned = workflow.return_task(task, reason="Số liệu sai", actor=office, now=NOW)
    assert (returned.state, returned.reported_on, returned.report_note) == ("returned", None, "xong")
    assert Task.objects.with_states(date(2027, 1, 1)).get().result == "open_overdue"
    assert record_of(task)[-1][0] == "task.returned"


def test_withdrawn_task_begins_anew_and_the_record_keeps_what_was(
    task: Task, officer: Actor, office: Actor
) -> None:
    workflow.note_progress(
        task, Progress(percent=60, stage="lấy ý kiến"), today=TODAY, actor=officer, now=NOW
    )
    workflow.report_task(task, note="xong", evidence_number="1-BC", today=TODAY, actor=officer, now=NOW)
    workflow.withdraw_task(task, reason="Trùng", actor=office, now=NOW)
    restored = workflow.restore_task(task, reason="Rút nhầm", actor=office, now=NOW)
    assert (restored.state, restored.report_note, restored.evidence_number) == ("not_started", "", "")
    assert (restored.percent, restored.progress_on) == (None, None)
    event = Event.objects.about(task).last()
    assert event is not None
    assert (event.verb, event.note, event.before["percent"]) == ("task.restored", "Rút nhầm", 60)
    assert workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW).state == "reported"


def test_task_of_a_document_that_is_no_longer_in_force_stays_withdrawn(task: Task, office: Actor) -> None:
    workflow.withdraw_task(task, reason="Trùng", actor=office, now=NOW)
    Document.objects.update(status=DocumentStatus.EXPIRED, expired_on=TODAY)
    with pytest.raises(TransitionError, match="văn bản đã hết hiệu lực"):
        workflow.restore_task(task, reason="Rút nhầm", actor=office, now=NOW)
    task.refresh_from_db()
    assert task.state == "withdrawn"


def test_report_taken_back_leaves_its_words_in_the_record_only(task: Task, officer: Actor) -> None:
    workflow.report_task(
        task, note="xong", evidence_number="1-BC", late_reason="x", today=TODAY, actor=officer, now=NOW
    )
    workflow.withdraw_report(task, note="Gửi nhầm", actor=officer, now=LATER)
    task.refresh_from_db()
    assert (task.state, task.reported_on, task.report_note, task.evidence_number, task.late_reason) == (
        "in_progress",
        None,
        "",
        "",
        "",
    )
    verb, before, _after, note = record_of(task)[-1]
    assert (verb, before["report_note"], before["evidence_number"], note) == (
        "task.report_withdrawn",
        "xong",
        "1-BC",
        "Gửi nhầm",
    )


def test_returned_report_counts_as_not_done_and_may_come_again(
    task: Task, officer: Actor, office: Actor
) -> None:
    workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW)
    workflow.return_task(task, reason=" Thiếu số liệu ", actor=office, now=NOW)
    task.refresh_from_db()
    assert (task.state, task.reported_on, task.is_done) == ("returned", None, False)
    assert record_of(task)[-1][3] == "Thiếu số liệu"
    again = TODAY + timedelta(days=3)
    workflow.report_task(task, note="đã bổ sung", today=again, actor=officer, now=LATER)
    task.refresh_from_db()
    assert (task.state, task.reported_on, task.report_note) == ("reported", again, "đã bổ sung")


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda task, actor: workflow.return_task(task, reason=" ", actor=actor, now=NOW),
            "Cần ghi lý do trả lại.",
        ),
        (
            lambda task, actor: workflow.withdraw_task(task, reason="", actor=actor, now=NOW),
            "Cần ghi lý do rút việc.",
        ),
        (
            lambda task, actor: workflow.reassign_task(task, task.agency, reason="", actor=actor, now=NOW),
            "Cần ghi lý do giao lại.",
        ),
        (
            lambda task, actor: workflow.restore_task(task, reason=" ", actor=actor, now=NOW),
            "Cần ghi lý do khôi phục việc.",
        ),
    ],
    ids=["return", "withdraw", "reassign", "restore"],
)
def test_deed_that_needs_a_reason_is_refused_without(
    task: Task, officer: Actor, office: Actor, act: Any, message: str
) -> None:
    workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW)
    with pytest.raises(InvalidInputError) as refusal:
        act(task, office)
    assert (str(refusal.value), refusal.value.field, len(record_of(task))) == (message, "reason", 1)


def test_progress_takes_the_place_of_the_last_and_the_record_keeps_both(task: Task, officer: Actor) -> None:
    first = Progress(percent=30, stage="dự thảo", difficulties="Thiếu hướng dẫn", proposals="Xin gia hạn")
    workflow.note_progress(task, first, today=TODAY, actor=officer, now=NOW)
    second = Progress(percent=60, stage=" lấy ý kiến ")
    later = TODAY + timedelta(days=1)
    workflow.note_progress(task, second, today=later, actor=officer, now=LATER)
    task.refresh_from_db()
    assert (task.percent, task.stage, task.difficulties, task.proposals, task.progress_on) == (
        60,
        "lấy ý kiến",
        "",
        "",
        later,
    )
    assert (task.state, task.revision) == ("in_progress", 2)
    shown = [(before["percent"], after["percent"]) for _verb, before, after, _note in record_of(task)]
    assert shown == [(None, 30), (30, 60)]
    assert record_of(task)[0][2] == {
        "state": "in_progress",
        "percent": 30,
        "stage": "dự thảo",
        "difficulties": "Thiếu hướng dẫn",
        "proposals": "Xin gia hạn",
        "progress_on": "2026-11-16",
    }


@pytest.mark.parametrize(
    ("progress", "message"),
    [
        (Progress(), "Cần ghi ít nhất một mục về tiến độ."),
        (Progress(stage="  "), "Cần ghi ít nhất một mục về tiến độ."),
        (Progress(percent=101), "Tiến độ là số từ 0 đến 100 (%)."),
        (Progress(percent=-1), "Tiến độ là số từ 0 đến 100 (%)."),
    ],
)
def test_progress_that_says_nothing_is_refused(
    task: Task, officer: Actor, progress: Progress, message: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        workflow.note_progress(task, progress, today=TODAY, actor=officer, now=NOW)
    assert (str(refusal.value), refusal.value.field, record_of(task)) == (message, "percent", [])


@pytest.mark.parametrize("percent", [0, 100])
def test_progress_of_nought_and_of_all_is_progress(task: Task, officer: Actor, percent: int) -> None:
    noted = workflow.note_progress(task, Progress(percent=percent), today=TODAY, actor=officer, now=NOW)
    assert (noted.percent, noted.state) == (percent, "in_progress")


def test_reassigned_to_the_same_agency_is_refused(task: Task, agency: Agency, office: Actor) -> None:
    with pytest.raises(InvalidInputError, match="Cơ quan này đang được giao việc rồi"):
        workflow.reassign_task(task, agency, reason="đổi", actor=office, now=NOW)


@pytest.mark.parametrize("needs_assignment", [True, False])
def test_agency_that_owes_the_same_is_not_given_it_twice(
    agency: Agency, office: Actor, *, needs_assignment: bool
) -> None:
    task = make_task(agency=agency, needs_assignment=needs_assignment)
    other = make_agency()
    make_task(agency=other, duty=task.duty)
    give = partial(workflow.assign_task) if needs_assignment else partial(workflow.reassign_task, reason="x")
    with pytest.raises(InvalidInputError, match="Cơ quan này đã có việc của nhiệm vụ") as refusal:
        give(task, other, actor=office, now=NOW)
    assert (refusal.value.field, record_of(task)) == ("agency", [])


def test_same_agency_may_owe_another_period(agency: Agency, office: Actor) -> None:
    task = make_task(agency=agency, period="2026-Q3")
    other = make_agency()
    make_task(agency=other, duty=task.duty, period="2026-Q4")
    moved = workflow.reassign_task(task, other, reason="đổi", actor=office, now=NOW)
    assert (moved.agency, moved.period) == (other, "2026-Q3")


def test_assignment_hands_the_task_over(agency: Agency, office: Actor) -> None:
    task = make_task(agency=agency, needs_assignment=True)
    other = make_agency(key="co-quan-moi")
    workflow.assign_task(task, other, actor=office, now=NOW)
    task.refresh_from_db()
    assert (task.agency, task.needs_assignment) == (other, False)
    before = {"agency": agency.key, "needs_assignment": True}
    after = {"agency": "co-quan-moi", "needs_assignment": False}
    assert record_of(task) == [("task.handed_over", before, after, "")]


def test_no_state_without_its_event(task: Task, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record fails at the worst moment: after the state was written."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(workflow, "record_event", fail)
    with pytest.raises(DatabaseError):
        workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW)
    task.refresh_from_db()
    assert (task.state, task.revision, record_of(task)) == ("not_started", 0, [])


def test_one_refusal_stops_no_other(agency: Agency, office: Actor) -> None:
    tasks = [make_task(agency=agency) for _turn in range(3)]
    workflow.start_task(tasks[1], actor=office, now=NOW)
    answers = answer_each(tasks, lambda task: workflow.start_task(task, actor=office, now=NOW))
    assert [str(answer.refusal or answer.task.state) for answer in answers] == [
        "in_progress",
        "Không thể bắt đầu thực hiện: việc đang thực hiện.",
        "in_progress",
    ]
