"""Requests for a later deadline, their decisions, and deadlines that the office moves itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.duties.makers import a_file, record_of, stored_files
from tests.factories import NOW, TODAY, make_agency, make_duty, make_extension, make_task
from tracker.agencies.models import Agency
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor
from tracker.duties import workflow
from tracker.duties.deadlines import NewDue
from tracker.duties.enums import ExtensionStatus, Result
from tracker.duties.extensions import (
    grant_extension,
    move_deadline,
    refuse_extension,
    request_extension,
    withdraw_extension,
)
from tracker.duties.models import Extension, Task

pytestmark = pytest.mark.django_db

FIRST, SHORTER, ASKED = date(2026, 12, 31), date(2027, 1, 31), date(2027, 3, 31)
QUARTER = NewDue(ASKED, "quý I/2027")


def _ask(task: Task, actor: Actor, **changes: Any) -> Extension:
    fields = {"new_due": QUARTER, "reason": "Chờ hướng dẫn", "today": TODAY, "actor": actor, "now": NOW}
    return request_extension(task, **{**fields, **changes})


def test_request_waits_and_moves_nothing(task: Task, officer: Actor) -> None:
    extension = _ask(task, officer, files=[a_file("de-nghi.pdf")])
    task.refresh_from_db()
    assert (extension.status, extension.due_on_before, extension.asked_due_on, extension.asked_due_text) == (
        "open",
        FIRST,
        ASKED,
        "quý I/2027",
    )
    assert (extension.requested_by, extension.requested_at) == (officer.user, NOW)
    assert (task.due_on, task.original_due_on, task.state, task.revision) == (FIRST, FIRST, "not_started", 1)
    assert [one.name for one in extension.evidence.all()] == ["de-nghi.pdf"]
    asked, added = record_of(task)
    assert asked == (
        "task.extension_requested",
        {"due_on": "2026-12-31"},
        {"extension": extension.pk, "asked_due_on": "2027-03-31", "asked_due_text": "quý I/2027"},
        "Chờ hướng dẫn",
    )
    assert (added[0], added[2]["files"], added[2]["extension"]) == (
        "evidence.added",
        ["de-nghi.pdf"],
        extension.pk,
    )


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"reason": "  "}, "reason", "Cần ghi lý do đề nghị gia hạn."),
        ({"new_due": NewDue.on(FIRST)}, "new_due", "Hạn đề nghị phải sau hạn hiện nay (31/12/2026)."),
        (
            {"new_due": NewDue.on(date(2026, 12, 1))},
            "new_due",
            "Hạn đề nghị phải sau hạn hiện nay (31/12/2026).",
        ),
        (
            {"new_due": NewDue.on(date(2027, 1, 15)), "today": date(2027, 1, 16)},
            "new_due",
            "Hạn đề nghị 15/01/2027 đã qua.",
        ),
    ],
)
def test_request_that_says_nothing_new_is_refused(
    task: Task, officer: Actor, changes: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        _ask(task, officer, files=[a_file()], **changes)
    assert (str(refusal.value), refusal.value.field) == (message, field)
    assert (Extension.objects.count(), record_of(task), stored_files()) == (0, [], [])


def test_request_for_the_very_day_is_taken(task: Task, officer: Actor) -> None:
    asked = _ask(task, officer, new_due=NewDue.on(date(2027, 1, 15)), today=date(2027, 1, 15))
    assert asked.asked_due_text == "15/01/2027"


def test_second_request_waits_for_the_first_to_be_decided(task: Task, officer: Actor, office: Actor) -> None:
    first = _ask(task, officer)
    with pytest.raises(TransitionError) as refusal:
        _ask(task, officer)
    assert str(refusal.value) == "Việc này đã có một đề nghị gia hạn đang chờ quyết định."
    refuse_extension(first, reason="Chưa đủ căn cứ", actor=office, now=NOW)
    _ask(task, officer)
    assert [one.status for one in task.extensions.all()] == ["refused", "open"]


def test_task_without_a_deadline_needs_no_extension(agency: Agency, officer: Actor) -> None:
    with pytest.raises(TransitionError) as refusal:
        _ask(make_task(agency=agency, due="none"), officer)
    assert str(refusal.value) == "Việc này không có thời hạn, không cần gia hạn."


def test_grant_as_asked_moves_the_deadline_its_words_and_its_quarter(
    task: Task, officer: Actor, office: Actor
) -> None:
    extension = grant_extension(_ask(task, officer), note="Đồng ý", actor=office, now=NOW)
    task.refresh_from_db()
    assert (extension.status, extension.granted_due_on, extension.granted_due_text) == (
        "granted",
        ASKED,
        "quý I/2027",
    )
    assert (extension.decided_by, extension.decided_at, extension.decision_note) == (
        office.user,
        NOW,
        "Đồng ý",
    )
    assert (task.due_on, task.due_quarter, task.original_due_on, task.revision) == (
        ASKED,
        "2027-Q1",
        FIRST,
        2,
    )
    assert task.deadline_words == "quý I/2027"
    assert record_of(task)[-1] == (
        "task.extension_granted",
        {
            "due_on": "2026-12-31",
            "due_quarter": "2026-Q4",
            "original_due_on": "2026-12-31",
            "moved_due_text": "",
        },
        {
            "due_on": "2027-03-31",
            "due_quarter": "2027-Q1",
            "original_due_on": "2026-12-31",
            "moved_due_text": "quý I/2027",
            "extension": extension.pk,
            "asked_due_on": "2027-03-31",
        },
        "Đồng ý",
    )


def test_grant_of_less_is_called_shorter(task: Task, officer: Actor, office: Actor) -> None:
    extension = grant_extension(_ask(task, officer), new_due=NewDue.on(SHORTER), actor=office, now=NOW)
    task.refresh_from_db()
    assert (extension.status, extension.asked_due_on, extension.granted_due_on) == (
        "granted_shorter",
        ASKED,
        SHORTER,
    )
    assert (task.due_on, task.deadline_words) == (SHORTER, "31/01/2027")


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (
            date(2027, 4, 1),
            "Hạn được gia không sau hạn đề nghị (31/03/2027); muốn lùi xa hơn, hãy dùng «Dời hạn».",
        ),
        (FIRST, "Hạn được gia phải sau hạn hiện nay (31/12/2026)."),
    ],
)
def test_grant_outside_what_was_asked_is_refused(
    task: Task, officer: Actor, office: Actor, day: date, message: str
) -> None:
    extension = _ask(task, officer)
    with pytest.raises(InvalidInputError) as refusal:
        grant_extension(extension, new_due=NewDue.on(day), actor=office, now=NOW)
    extension.refresh_from_db()
    task.refresh_from_db()
    assert (str(refusal.value), refusal.value.field) == (message, "new_due")
    assert (extension.status, task.due_on, task.revision) == ("open", FIRST, 1)


def test_refusal_says_why_and_the_deadline_stands(task: Task, officer: Actor, office: Actor) -> None:
    extension = refuse_extension(_ask(task, officer), reason=" Đã gia hạn ", actor=office, now=NOW)
    task.refresh_from_db()
    assert (extension.status, extension.decision_note, task.due_on) == ("refused", "Đã gia hạn", FIRST)
    assert record_of(task)[-1] == (
        "task.extension_refused",
        {},
        {"extension": extension.pk, "due_on": "2026-12-31"},
        "Đã gia hạn",
    )


def test_refusal_without_a_reason_is_refused(task: Task, officer: Actor, office: Actor) -> None:
    extension = _ask(task, officer)
    with pytest.raises(InvalidInputError, match="Cần ghi lý do không đồng ý gia hạn"):
        refuse_extension(extension, reason=" ", actor=office, now=NOW)
    extension.refresh_from_db()
    assert extension.status == ExtensionStatus.OPEN


def test_agency_takes_its_request_back(task: Task, officer: Actor) -> None:
    extension = withdraw_extension(_ask(task, officer), note="Kịp hạn", actor=officer, now=NOW)
    assert (extension.status, extension.decided_by) == ("withdrawn", officer.user)
    assert record_of(task)[-1] == (
        "task.extension_withdrawn",
        {},
        {"extension": extension.pk},
        "Kịp hạn",
    )


DECISIONS: list[Callable[[Extension, Actor], Extension]] = [
    lambda extension, actor: grant_extension(extension, actor=actor, now=NOW),
    lambda extension, actor: refuse_extension(extension, reason="thôi", actor=actor, now=NOW),
    lambda extension, actor: withdraw_extension(extension, actor=actor, now=NOW),
]


@pytest.mark.parametrize("again", DECISIONS, ids=["grant", "refuse", "withdraw"])
def test_request_is_decided_once(
    task: Task, office: Actor, again: Callable[[Extension, Actor], Extension]
) -> None:
    extension = make_extension(task)
    refuse_extension(extension, reason="chưa cần", actor=office, now=NOW)
    with pytest.raises(TransitionError) as refusal:
        again(extension, office)
    extension.refresh_from_db()
    assert str(refusal.value) == "Đề nghị gia hạn này đã được giải quyết: không đồng ý."
    assert (extension.status, len(record_of(task))) == ("refused", 1)


def test_request_lapses_with_a_withdrawn_task(task: Task, officer: Actor, office: Actor) -> None:
    extension = _ask(task, officer)
    workflow.withdraw_task(task, reason="Giao nhầm", actor=office, now=NOW)
    extension.refresh_from_db()
    assert (extension.status, extension.decided_by) == ("withdrawn", office.user)
    assert extension.decision_note == "Giao nhầm"
    assert [verb for verb, *_rest in record_of(task)] == [
        "task.extension_requested",
        "task.withdrawn",
        "task.extension_withdrawn",
    ]


def test_request_made_in_time_may_be_granted_after_a_late_report(
    task: Task, officer: Actor, office: Actor
) -> None:
    """Both clocks: late by the first deadline, on time by the one that was granted."""
    extension = _ask(task, officer)
    late = date(2027, 1, 5)
    workflow.report_task(task, note="xong", today=late, actor=officer, now=NOW)
    assert _results(task, late) == (Result.DONE_LATE, Result.DONE_LATE)
    grant_extension(extension, actor=office, now=NOW)
    assert _results(task, late) == (Result.DONE_ON_TIME, Result.DONE_LATE)


def test_extensions_add_up_and_the_original_deadline_stays(task: Task, officer: Actor, office: Actor) -> None:
    grant_extension(_ask(task, officer), new_due=NewDue.on(SHORTER), actor=office, now=NOW)
    grant_extension(_ask(task, officer), actor=office, now=NOW)
    task.refresh_from_db()
    assert (task.original_due_on, task.due_on) == (FIRST, ASKED)
    assert [one.due_on_before for one in task.extensions.all()] == [FIRST, SHORTER]


def test_office_moves_a_deadline_and_says_why(task: Task, office: Actor) -> None:
    earlier = NewDue(date(2026, 11, 30), "tháng 11/2026")
    move_deadline(task, new_due=earlier, reason="Trung ương yêu cầu sớm", actor=office, now=NOW)
    task.refresh_from_db()
    assert (task.due_on, task.due_quarter, task.original_due_on, task.revision) == (
        date(2026, 11, 30),
        "2026-Q4",
        FIRST,
        1,
    )
    assert task.deadline_words == "tháng 11/2026"
    verb, before, after, note = record_of(task)[0]
    assert (verb, before["due_on"], after["due_on"], note) == (
        "task.deadline_moved",
        "2026-12-31",
        "2026-11-30",
        "Trung ương yêu cầu sớm",
    )


def test_moved_deadline_of_a_period_keeps_its_period(agency: Agency, office: Actor) -> None:
    duty = make_duty(leads=(agency,), due="quarterly", due_text="hằng quý")
    task = make_task(agency=agency, duty=duty, due_on=FIRST, period="2026-Q4")
    move_deadline(task, new_due=NewDue.on(SHORTER), reason="Kéo dài", actor=office, now=NOW)
    task.refresh_from_db()
    assert task.deadline_words == "31/01/2027 (quý IV/2026)"


def test_first_deadline_of_an_undated_task_is_its_original(agency: Agency, office: Actor) -> None:
    task = make_task(agency=agency, due="none", due_text="")
    move_deadline(task, new_due=QUARTER, reason="Chốt thời hạn", actor=office, now=NOW)
    task.refresh_from_db()
    assert (task.due_on, task.original_due_on, task.due_quarter) == (ASKED, ASKED, "2027-Q1")


@pytest.mark.parametrize(
    ("day", "reason", "message"),
    [
        (ASKED, " ", "Cần ghi lý do dời hạn."),
        (FIRST, "dời", "Hạn mới trùng hạn hiện nay (31/12/2026)."),
    ],
)
def test_move_that_moves_nothing_is_refused(
    task: Task, office: Actor, day: date, reason: str, message: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        move_deadline(task, new_due=NewDue.on(day), reason=reason, actor=office, now=NOW)
    assert (str(refusal.value), record_of(task)) == (message, [])


def test_outsider_may_not_ask_for_another_agency(task: Task, outsider: Any) -> None:
    with pytest.raises(TransitionError) as refusal:
        _ask(task, Actor(door="web", user=outsider))  # type: ignore[arg-type]
    assert str(refusal.value) == "Chỉ cán bộ của cơ quan được giao việc này mới được đề nghị gia hạn."


def test_reassigned_task_begins_anew_and_its_request_lapses(
    task: Task, agency: Agency, officer: Actor, office: Actor
) -> None:
    other = make_agency("Ban Tuyên giáo Tỉnh ủy", key="tuyen-giao")
    extension = _ask(task, officer)
    progress = workflow.Progress(percent=40, stage="lấy ý kiến")
    workflow.note_progress(task, progress, today=TODAY, actor=officer, now=NOW)
    workflow.reassign_task(task, other, reason="Đúng chức năng hơn", actor=office, now=NOW)
    task.refresh_from_db()
    extension.refresh_from_db()
    assert (task.agency, task.state, task.percent, task.stage, task.progress_on) == (
        other,
        "not_started",
        None,
        "",
        None,
    )
    assert extension.status == "withdrawn"
    verb, before, after, note = record_of(task)[-1]
    assert (verb, before["agency"], after["agency"], note) == (
        "task.reassigned",
        agency.key,
        "tuyen-giao",
        "Đúng chức năng hơn",
    )
    assert (before["state"], before["percent"], after["state"]) == ("in_progress", 40, "not_started")


def _results(task: Task, today: date) -> tuple[str | None, str | None]:
    row = Task.objects.with_states(today).with_original_result(today).get(pk=task.pk)
    return row.result, row.original_result
