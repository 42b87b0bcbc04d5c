"""«Vì sao tôi (không) nhận được?»: from the ledger, for any task and person."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    ACTOR,
    NOW,
    TODAY,
    make_agency,
    make_document,
    make_duty,
    make_registrar,
    make_task,
    make_user,
)
from tests.reminders.helpers import at, look
from tests.reminders.test_delivery import FULL, REFUSED, errors  # noqa: F401 - a fixture
from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.core.workdays import working_days
from tracker.duties.models import Task
from tracker.reminders.addresses import suppress_address
from tracker.reminders.enums import Lane, Rhythm
from tracker.reminders.explanation import Explanation, explain, step_words
from tracker.reminders.models import Policy, Scan
from tracker.reminders.preferences import Choices, set_preference

MORNING = at(TODAY)
LONG_AGO = NOW - timedelta(days=200)


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    """Due on 31/12/2026, assigned long ago."""
    return old_task(agency, "2026-12-31")


def old_task(agency: Agency, due: str, **fields: Any) -> Task:
    task = make_task(agency=agency, due=due, **fields)
    Task.objects.filter(pk=task.pk).update(created_at=LONG_AGO)
    task.refresh_from_db()
    return task


def told(task: Task, user: User, moment: datetime = MORNING) -> Explanation:
    """With a look that came to its end just before, so that "nobody looks" is no reason."""
    Scan.objects.create(day=moment.date(), started_at=moment, finished_at=moment)
    return explain(Task.objects.get(pk=task.pk), user, now=moment, working=working_days())


def codes(answer: Explanation) -> list[str]:
    return [reason.code for reason in answer.reasons]


def coming(answer: Explanation) -> list[tuple[str, str]]:
    return [(step.day.isoformat(), step.step) for step in answer.coming]


def test_what_went_is_told_with_its_moment_and_address(task: Task, owner: User) -> None:
    look(at("2026-12-01"))
    answer = told(task, owner, at("2026-12-01", 10))
    (line,) = answer.past
    assert (line.day, line.words, line.state, line.address) == (
        date(2026, 12, 1),
        "trước hạn 30 ngày",
        "sent",
        owner.email,
    )
    assert line.sent_at == at("2026-12-01")
    assert codes(answer) == []


def test_what_comes_is_what_then_goes(task: Task, owner: User) -> None:
    """Every step that was promised goes out on its day, and nothing else does."""
    promised = coming(told(task, owner, at("2026-11-30")))
    day = date(2026, 12, 1)
    while day < date(2027, 3, 1):
        look(at(day))
        day += timedelta(days=1)
    sent = [(line.sent_at, line.step) for line in told(task, owner, at(day)).past if line.state == "sent"]
    # Of steps that fall on one day after a week of Tết the later one takes the place of the earlier.
    merged = [line.step for line in told(task, owner, at(day)).past if line.state == "merged"]
    assert [(f"{moment:%Y-%m-%d}", step) for moment, step in sent if moment] == [
        (on, step) for on, step in promised if step not in merged
    ]
    assert len(sent) == 13


def test_step_that_is_due_comes_when_the_office_opens(task: Task, owner: User) -> None:
    """Saturday 5/12: the step of 1/12 was missed, the next comes on its own day."""
    assert coming(told(task, owner, at("2026-12-05")))[:2] == [
        ("2026-12-07", "before-30"),
        ("2026-12-17", "before-14"),
    ]


def test_new_task_is_announced_next(agency: Agency, owner: User) -> None:
    task = make_task(agency=agency, due="none", due_text="")
    answer = told(task, owner)
    assert coming(answer) == [("2026-11-16", "new")]
    assert codes(answer) == ["no_deadline"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_history": True}, "history"),
        ({"state": "withdrawn"}, "withdrawn"),
        ({"state": "reported", "reported_on": TODAY}, "done"),
        ({"needs_assignment": True}, "needs_assignment"),
    ],
)
def test_silent_task_says_why(agency: Agency, owner: User, fields: dict[str, Any], code: str) -> None:
    answer = told(make_task(agency=agency, due="2026-11-20", **fields), owner)
    assert (codes(answer), answer.coming) == ([code], ())


def test_document_that_is_not_followed_says_so(agency: Agency, owner: User) -> None:
    task = make_task(agency=agency, document=make_document(status="loaded"))
    assert codes(told(task, owner)) == ["not_published"]


def test_other_turn_of_a_recurring_duty_says_so(agency: Agency, owner: User) -> None:
    duty = make_duty(leads=(agency,), due="quarterly", due_text="hằng quý")
    task = make_task(agency=agency, duty=duty, due_on=date(2027, 3, 31), period="2027-Q1")
    answer = told(task, owner)
    assert (codes(answer), answer.coming) == (["other_period"], ())


def test_outsider_is_no_recipient(task: Task, outsider: User) -> None:
    answer = told(task, outsider)
    assert (codes(answer), answer.coming, answer.lanes) == (["not_recipient"], (), ())


def test_person_without_an_address_and_the_mailbox_that_takes_over(agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(email="vanthu@example.vn")
    user = make_user(agency=agency, email="")
    answer = told(old_task(agency, "2026-12-31"), user)
    assert codes(answer) == ["no_address", "mailbox"]
    assert "vanthu@example.vn" in answer.reasons[1].words


def test_refused_address_is_named_with_its_reason(task: Task, owner: User) -> None:
    suppress_address(owner.email, reason="550 5.1.1 no such user", actor=ACTOR, now=NOW)
    answer = told(task, owner)
    assert codes(answer) == ["suppressed"]
    assert owner.email in answer.reasons[0].words
    assert "16/11/2026 (550 5.1.1 no such user)" in answer.reasons[0].words


def test_closed_account_says_so(task: Task, owner: User) -> None:
    owner.is_active = False
    owner.save()
    assert codes(told(task, owner)) == ["inactive"]


def test_role_that_was_switched_off_says_so(task: Task, owner: User, colleague: User) -> None:
    set_preference(owner, Choices(roles={"wants_own": False}), actor=ACTOR, now=NOW)
    answer = told(task, owner)
    assert (codes(answer), answer.coming) == (["role_off"], ())


def test_role_that_was_switched_off_in_vain_says_so(task: Task, owner: User) -> None:
    set_preference(owner, Choices(roles={"wants_own": False}), actor=ACTOR, now=NOW)
    answer = told(task, owner)
    assert codes(answer) == ["role_kept"]
    assert answer.coming


def test_weekly_reader_is_told_the_monday(task: Task, owner: User) -> None:
    set_preference(owner, Choices(rhythm=Rhythm.WEEKLY), actor=ACTOR, now=NOW)
    answer = told(task, owner, at("2026-12-08"))
    assert codes(answer) == ["weekly"]
    assert coming(answer)[:5] == [
        ("2026-12-14", "before-30"),
        ("2026-12-21", "before-14"),
        ("2026-12-28", "before-7"),
        ("2026-12-28", "before-3"),
        ("2026-12-31", "on"),
    ]


def test_day_off_holds_until_the_office_opens(task: Task, owner: User) -> None:
    look(at("2026-12-05"))  # a Saturday
    answer = told(task, owner, at("2026-12-05", 10))
    assert codes(answer) == ["held"]
    assert answer.reasons[0].words.endswith("07:00 ngày 07/12/2026.")
    assert (answer.past[0].state, answer.past[0].reason) == ("planned", "chờ vào thư tới")


def test_own_hours_are_named_while_something_waits(task: Task, owner: User) -> None:
    set_preference(owner, Choices(opens=time(14)), actor=ACTOR, now=NOW)
    look(at("2026-12-01", 8))
    answer = told(task, owner, at("2026-12-01", 9))
    assert codes(answer) == ["hours"]
    assert "từ 14:00 đến 18:00" in answer.reasons[0].words


def test_refusal_and_retry_are_told_in_the_servers_words(
    task: Task,
    owner: User,
    errors: dict[str, Exception],  # noqa: F811
) -> None:
    errors[owner.email] = FULL
    look(at("2026-12-01"))
    (line,) = told(task, owner, at("2026-12-01", 10)).past
    assert line.state == "planned"
    assert line.reason.startswith("đã thử 1 lần, thử lại lúc ")
    assert "mailbox full" in line.reason
    errors[owner.email] = REFUSED
    look(at("2026-12-01", 12))
    answer = told(task, owner, at("2026-12-01", 13))
    assert answer.past[0].state == "failed"
    assert codes(answer) == ["suppressed"]


def test_newcomer_learns_that_the_step_went_before(task: Task, owner: User, agency: Agency) -> None:
    look(at("2026-12-01"))
    newcomer = make_user(agency=agency)
    answer = told(task, newcomer, at("2026-12-02"))
    assert codes(answer) == ["told_before"]
    assert coming(answer)[0] == ("2026-12-17", "before-14")


def test_end_of_the_reminders_is_told(agency: Agency, owner: User) -> None:
    Policy.objects.create(is_default=True, times_after=2)
    task = old_task(agency, "2026-10-01")
    look(at(TODAY))
    answer = told(task, owner)
    assert codes(answer) == ["enough"]
    assert answer.reasons[0].words == "Đã nhắc đủ 2 lần sau hạn: không nhắc thêm."


def test_nobody_looking_is_told(task: Task, owner: User) -> None:
    answer = explain(task, owner, now=MORNING, working=working_days())
    assert codes(answer) == ["no_scan"]


def test_escalation_is_promised_to_head_monitor_and_registrar(agency: Agency) -> None:
    head = make_user(agency=agency, role=PostRole.HEAD)
    monitoring = make_agency()
    monitor, office = make_user(agency=monitoring), make_registrar()
    document = make_document()
    document.monitors.add(monitoring)
    task = old_task(agency, "2026-11-13", document=document)
    assert ("2026-11-20", "head") in coming(told(task, head))
    assert coming(told(task, monitor)) == [("2026-11-27", "monitor")]
    assert coming(told(task, office)) == [("2026-12-14", "registrar")]
    assert told(task, head).lanes == (Lane.DEADLINE, Lane.HEAD)


def test_moved_deadline_is_told_with_the_old_one(task: Task, owner: User) -> None:
    look(at("2026-12-17"))
    Task.objects.filter(pk=task.pk).update(due_on=date(2027, 1, 15), due_quarter="2027-Q1")
    look(at("2026-12-18"))
    past = told(task, owner, at("2026-12-18", 10)).past
    assert [(line.step, line.due_on) for line in past] == [
        ("before-14", date(2026, 12, 31)),
        ("before-30", date(2027, 1, 15)),
        ("moved", date(2027, 1, 15)),
    ]


@pytest.mark.parametrize(
    ("step", "lane", "words"),
    [
        ("before-7", "deadline", "trước hạn 7 ngày"),
        ("on", "deadline", "đúng ngày hạn"),
        ("after-14", "deadline", "quá hạn 14 ngày"),
        ("new", "new", "việc mới giao"),
        ("head", "head", "báo cáo thủ trưởng cơ quan"),
        ("moved", "moved", "thời hạn thay đổi"),
    ],
)
def test_step_in_words(step: str, lane: str, words: str) -> None:
    assert step_words(step, lane) == words


def test_queries_do_not_grow_with_the_ledger(task: Task, owner: User, colleague: User) -> None:
    counts = []
    for day in ("2026-12-01", "2026-12-31"):
        look(at(day))
        subject = Task.objects.select_related("duty__document", "agency").get(pk=task.pk)
        with CaptureQueriesContext(connection) as captured:
            explain(subject, owner, now=at(day), working=working_days())
        counts.append(len(captured))
    assert counts[0] == counts[1]
