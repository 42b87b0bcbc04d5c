"""The ledger: who is told of what, once; what was missed, moved or done meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, TODAY, make_agency, make_document, make_duty, make_task, make_user
from tests.reminders.helpers import at, ledger, look
from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.core.workdays import working_days
from tracker.duties.enums import WorkState
from tracker.duties.models import Task
from tracker.reminders.models import Message, Recipient, Reminder, Scan
from tracker.reminders.planning import plan_reminders
from tracker.reminders.policies import Policies
from tracker.reminders.services import look_now

LONG_AGO = NOW - timedelta(days=200)


@pytest.fixture
def old_task(agency: Agency, owner: User) -> Task:
    """Assigned long ago, due on 31/12/2026: no longer news."""
    task = make_task(agency=agency, due="2026-12-31")
    Task.objects.filter(pk=task.pk).update(created_at=LONG_AGO)
    return task


@pytest.mark.parametrize(
    ("today", "steps"),
    [
        ("2026-11-30", []),  # 31 days before
        ("2026-12-01", ["before-30"]),
        ("2026-12-02", ["before-30"]),  # the process was down on the 1st: not lost
        ("2026-12-17", ["before-14"]),
        ("2026-12-31", ["on"]),
        ("2027-01-04", ["on"]),  # Monday after: the step of the deadline itself, late
        ("2027-01-07", ["after-7"]),
    ],
)
def test_step_is_planned_on_its_day_or_later(old_task: Task, today: str, steps: list[str]) -> None:
    Scan.objects.create(day=date.fromisoformat(today), started_at=NOW, finished_at=NOW)
    look(at(today))
    assert [step for step, state in ledger(lane="deadline") if state == "sent"] == steps
    assert len(mail.outbox) == (1 if steps else 0)


def test_second_run_on_the_same_day_sends_nothing(old_task: Task) -> None:
    look(at("2026-12-01", 8))
    look(at("2026-12-01", 9))
    assert len(mail.outbox) == 1
    assert ledger() == [("before-30", "sent")]


def test_a_quarter_of_daily_runs_sends_each_step_once(old_task: Task) -> None:
    day = date(2026, 11, 30)
    while day < date(2027, 4, 1):
        look(at(day))
        day += timedelta(days=1)
    assert [step for step, state in ledger(lane="deadline") if state == "sent"] == [
        "before-30", "before-14", "before-7", "before-3", "before-1", "on",
        "after-7", "after-14", "after-21", "after-28", "after-42", "after-49", "after-56",
    ]  # fmt: skip
    assert len(mail.outbox) == 13
    # A week of Tết lies between: two steps fall on the first working day after it.
    assert [step for step, state in ledger() if state == "merged"] == ["after-35"]


@pytest.mark.parametrize(
    ("down_for", "merged", "sent"),
    [
        (1, [], "before-14"),  # 18/12 in place of 17/12
        (3, [], "before-14"),
        (40, ["before-14", "before-7", "before-3", "before-1", "on", "after-7", "after-14"], "after-21"),
    ],
)
def test_after_downtime_only_the_latest_step_goes(
    old_task: Task, down_for: int, merged: list[str], sent: str
) -> None:
    look(at("2026-12-16"))
    mail.outbox.clear()
    back = date(2026, 12, 17) + timedelta(days=down_for)
    look(at(date(2026, 12, 21) if down_for == 3 else back))
    assert len(mail.outbox) <= 1
    look(at("2027-01-26") if down_for == 40 else at("2026-12-22"))
    assert len(mail.outbox) == 1
    assert [step for step, state in ledger() if state == "merged"] == merged
    assert ledger()[-1 - len(merged)] == (sent, "sent")


def test_moved_deadline_is_announced_again(old_task: Task) -> None:
    look(at("2026-12-17"))
    Task.objects.filter(pk=old_task.pk).update(due_on=date(2027, 1, 15), due_quarter="2027-Q1")
    look(at("2026-12-18"))
    sent = Reminder.objects.filter(outcome="").order_by("id").values_list("step", "due_on")
    assert list(sent) == [
        ("before-14", date(2026, 12, 31)),
        ("before-30", date(2027, 1, 15)),
        ("moved", date(2027, 1, 15)),
    ]
    assert "[thời hạn thay đổi]" in str(mail.outbox[1].body)


def test_done_task_is_not_reminded(old_task: Task) -> None:
    Task.objects.filter(pk=old_task.pk).update(state=WorkState.REPORTED, reported_on=TODAY)
    look(at("2026-12-31"))
    assert ledger() == []


def test_returned_task_is_reminded_again(old_task: Task) -> None:
    Task.objects.filter(pk=old_task.pk).update(state=WorkState.RETURNED)
    look(at("2026-12-31"))
    assert ("on", "sent") in ledger()


def test_history_is_never_reminded(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-10", is_history=True)
    look(at(TODAY))
    assert ledger() == []
    assert mail.outbox == []


def test_unpublished_document_is_never_reminded(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-20", document=make_document(status="loaded"))
    look(at(TODAY))
    assert ledger() == []


def test_task_that_waits_for_an_agency_is_not_reminded(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-20", needs_assignment=True)
    look(at(TODAY))
    assert ledger() == []


def test_new_task_is_announced_once_whatever_its_deadline(agency: Agency, owner: User) -> None:
    task = make_task(agency=agency, due="none", due_text="")
    look(at(TODAY))
    look(at(TODAY + timedelta(days=1)))
    assert ledger(task=task) == [("new", "sent")]


def test_only_the_open_turn_of_a_recurring_duty_is_news(agency: Agency, owner: User) -> None:
    duty = make_duty(leads=(agency,), due="quarterly", due_text="hằng quý")
    now = make_task(agency=agency, duty=duty, due_on=date(2026, 12, 31), period="2026-Q4")
    make_task(agency=agency, duty=duty, due_on=date(2027, 3, 31), period="2027-Q1")
    look(at(TODAY))
    assert list(Reminder.objects.values_list("task", "step")) == [(now.pk, "new")]


def test_everybody_with_an_address_is_told_and_nobody_else(agency: Agency) -> None:
    officer = make_user("can-bo", agency=agency)
    head = make_user("thu-truong", agency=agency, role=PostRole.HEAD)
    make_user("khong-thu", agency=agency, email="")
    make_user("da-nghi", agency=agency, is_active=False)
    make_user("ngoai", agency=make_agency())
    make_task(agency=agency, due="2026-11-20")
    look(at(TODAY))
    assert sorted(m.to[0] for m in mail.outbox) == sorted([officer.email, head.email])


def test_agency_without_people_is_told_through_its_own_address(db: None) -> None:
    make_task(agency=make_agency("Sở Nội vụ", email="vanthu@example.vn"), due="2026-11-20")
    look(at(TODAY))
    assert [m.to for m in mail.outbox] == [["vanthu@example.vn"]]


def test_agency_without_any_address_is_named(db: None) -> None:
    make_task(agency=make_agency("Sở Xây dựng"), due="2026-11-20")
    assert look(at(TODAY)).unreachable == ["Sở Xây dựng"]


def test_officer_of_two_agencies_gets_one_digest_head_of_two_gets_two(agency: Agency) -> None:
    other = make_agency("Sở Tài chính")
    officer = make_user("kiem-nhiem", agency=agency)
    officer.posts.create(agency=other, role=PostRole.OFFICER)
    head = make_user("thu-truong", agency=agency, role=PostRole.HEAD)
    head.posts.create(agency=other, role=PostRole.HEAD)
    make_task(agency=agency, due="2026-11-20")
    make_task(agency=other, due="2026-11-20")
    look(at(TODAY))
    assert sorted(m.to[0] for m in mail.outbox) == [officer.email, head.email, head.email]


def test_task_handed_over_is_announced_to_its_new_agency(old_task: Task) -> None:
    look(at("2026-12-17"))
    heir = make_agency("Cơ quan kế thừa")
    officer = make_user("nguoi-moi", agency=heir)
    Task.objects.filter(pk=old_task.pk).update(agency=heir)
    look(at("2026-12-18"))
    assert ledger(recipient__user=officer) == [("before-14", "sent")]


def test_long_overdue_task_goes_up_step_by_step(agency: Agency, registrar: User) -> None:
    head = make_user("thu-truong", agency=agency, role=PostRole.HEAD)
    monitoring = make_agency("Ban theo dõi")
    monitor = make_user("theo-doi", agency=monitoring)
    document = make_document()
    document.monitors.add(monitoring)
    task = make_task(agency=agency, due="2026-10-30", document=document)
    Task.objects.filter(pk=task.pk).update(created_at=LONG_AGO)
    told: dict[str, set[int | None]] = {}
    for day in ("2026-11-05", "2026-11-06", "2026-11-13", "2026-11-30"):
        look(at(day))
        lanes = Reminder.objects.filter(lane__in=["head", "monitor", "registrar"])
        told[day] = set(lanes.values_list("recipient__user", flat=True))
    assert told == {
        "2026-11-05": set(),
        "2026-11-06": {head.pk},
        "2026-11-13": {head.pk, monitor.pk},
        "2026-11-30": {head.pk, monitor.pk, registrar.pk},
    }


@pytest.mark.parametrize("moment", [at("2026-12-05"), at("2026-12-01", 6, 59), at("2026-12-01", 18)])
def test_outside_hours_the_ledger_is_written_and_nothing_sent(old_task: Task, moment: datetime) -> None:
    result = look(moment)
    assert mail.outbox == []
    assert ledger() == [("before-30", "planned")]
    assert result.waiting == 1
    assert result.held_until is not None
    look(result.held_until)
    assert len(mail.outbox) == 1
    assert ledger() == [("before-30", "sent")]


def test_what_is_done_before_the_office_opens_is_cancelled(old_task: Task) -> None:
    look(at("2026-12-01", 6))
    Task.objects.filter(pk=old_task.pk).update(state=WorkState.REPORTED, reported_on=date(2026, 12, 1))
    look(at("2026-12-01", 8))
    assert ledger() == [("before-30", "cancelled")]
    assert mail.outbox == []


def test_newer_step_takes_the_place_of_one_that_still_waits(old_task: Task) -> None:
    look(at("2026-12-27"))  # a Sunday
    look(at("2026-12-28"))
    assert ledger(step="before-7") == [("before-7", "merged")]
    assert ledger(step="before-3") == [("before-3", "sent")]


def test_looking_ahead_does_not_use_up_the_days_to_come(old_task: Task) -> None:
    """An operator looks with a day to come; the steps before that day still go out on theirs."""
    look_now(moment=at("2026-12-31"), clock=lambda: at("2026-12-02"), working=working_days())
    look(at("2026-12-17"))
    look(at("2026-12-24"))
    assert [step for step, state in ledger() if state == "sent"] == ["on", "before-14", "before-7"]


def test_planning_takes_the_same_number_of_queries_for_one_task_and_for_many(
    agency: Agency, owner: User
) -> None:
    counts = []
    for number in (1, 4):
        for _task in range(number):
            make_task(agency=agency, due="2026-11-20")
        Reminder.objects.all().delete()
        Recipient.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            plan_reminders(today=TODAY, now=NOW, policies=Policies(), working=working_days())
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Reminder.objects.count() == 2 * 5


def test_database_keeps_one_line_for_each_step(old_task: Task) -> None:
    look(at("2026-12-01"))
    line = Reminder.objects.get()
    line.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)
    undated = Reminder(**{**_fields(line), "due_on": None})
    undated.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder(**{**_fields(line), "due_on": None}).save()


def test_database_keeps_one_digest_for_each_recipient_and_day(old_task: Task) -> None:
    look(at("2026-12-01"))
    sent = Message.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(recipient=sent.recipient, day=sent.day, due_at=sent.due_at)


def _fields(line: Reminder) -> dict[str, object]:
    names = ("task_id", "recipient_id", "agency_id", "lane", "step", "day", "planned_at")
    return {name: getattr(line, name) for name in names}
