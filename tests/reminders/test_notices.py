"""Official notices: of a returned report and of a decision; once, at once, whatever the rhythm."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, time, timedelta
from threading import Barrier
from typing import Any, Protocol

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, TODAY, make_agency, make_document, make_task, make_user
from tests.reminders.helpers import at, html_of, ledger, look
from tests.services import require
from tracker import tasks
from tracker.agencies.models import Agency
from tracker.core.enums import Door
from tracker.core.events import Actor, record_event
from tracker.core.models import User
from tracker.duties import extensions, workflow
from tracker.duties.deadlines import NewDue
from tracker.duties.models import Extension, Task
from tracker.reminders.models import Message, Policy, Recipient, Reminder
from tracker.reminders.notices import plan_notices


class CaptureCallbacks(Protocol):
    """pytest-django's `django_capture_on_commit_callbacks`."""

    def __call__(self, *, execute: bool) -> AbstractContextManager[list[Any]]: ...


REASON = "Thiếu số liệu của ba huyện."


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    """Announced already, so that only notices are left to say."""
    task = make_task(agency=agency, due="2027-06-30", due_text="trước ngày 01/7/2027")
    look(at(TODAY, 8))
    mail.outbox.clear()
    return task


def _return(task: Task, registrar: User, reason: str = REASON) -> None:
    actor = Actor(door=Door.WEB, user=registrar)
    workflow.report_task(task, note="Đã xong", today=TODAY, actor=actor, now=NOW)
    workflow.return_task(task, reason=reason, actor=actor, now=NOW)


def test_returned_report_is_told_with_its_reason(task: Task, owner: User, registrar: User) -> None:
    _return(task, registrar)
    look(NOW)
    (sent,) = mail.outbox
    assert sent.to == [owner.email]
    assert sent.subject.startswith("[Trả lại báo cáo] Xây dựng kế hoạch")
    assert f"Lý do trả lại:\n{REASON}" in str(sent.body)
    assert REASON in html_of(sent)
    assert [state for _step, state in ledger(lane="returned")] == ["sent"]


def test_confirmed_report_that_is_returned_is_told_as_well(task: Task, owner: User, registrar: User) -> None:
    actor = Actor(door=Door.WEB, user=registrar)
    workflow.report_task(task, note="Đã xong", today=TODAY, actor=actor, now=NOW)
    workflow.confirm_task(task, actor=actor, now=NOW)
    workflow.return_task(task, reason=REASON, actor=actor, now=NOW)
    look(NOW)
    assert [m.to for m in mail.outbox] == [[owner.email]]


def test_restored_task_is_told_with_its_reason_and_deadline(task: Task, owner: User, registrar: User) -> None:
    actor = Actor(door=Door.WEB, user=registrar)
    workflow.withdraw_task(task, reason="Trùng", actor=actor, now=NOW)
    look(NOW)
    assert mail.outbox == []
    workflow.restore_task(task, reason="Rút nhầm.", actor=actor, now=NOW)
    look(NOW + timedelta(minutes=1))
    (sent,) = mail.outbox
    assert sent.to == [owner.email]
    assert sent.subject.startswith("[Khôi phục việc] Xây dựng kế hoạch")
    for words in ("Lý do khôi phục:\nRút nhầm.", "trước ngày 01/7/2027 – 30/06/2027", "trước đó đã rút"):
        assert words in str(sent.body)
    assert [state for _step, state in ledger(lane="restored")] == ["sent"]


def test_task_that_was_withdrawn_again_is_not_told(task: Task, registrar: User) -> None:
    actor = Actor(door=Door.WEB, user=registrar)
    workflow.withdraw_task(task, reason="Trùng", actor=actor, now=NOW)
    workflow.restore_task(task, reason="Rút nhầm.", actor=actor, now=NOW)
    workflow.withdraw_task(task, reason="Trùng thật", actor=actor, now=NOW)
    look(NOW)
    assert mail.outbox == []


def test_notice_goes_once_and_again_for_another_return(task: Task, registrar: User) -> None:
    _return(task, registrar)
    look(NOW)
    look(NOW + timedelta(hours=1))
    assert len(mail.outbox) == 1
    _return(task, registrar, "Vẫn thiếu.")
    look(NOW + timedelta(hours=2))
    assert ["Vẫn thiếu." in str(m.body) for m in mail.outbox] == [False, True]


def test_notice_is_not_stopped_by_the_weekly_rhythm(task: Task, registrar: User) -> None:
    Recipient.objects.update(rhythm="weekly")
    _return(task, registrar)
    look(at(TODAY + timedelta(days=1)))
    assert len(mail.outbox) == 1


def test_notice_is_held_out_of_hours_and_goes_when_the_office_opens(task: Task, registrar: User) -> None:
    _return(task, registrar)
    look(at(TODAY, 19))
    assert (mail.outbox, Message.objects.get(kind="notice").state) == ([], "held")
    look(at(TODAY + timedelta(days=1), 7))
    assert len(mail.outbox) == 1


def test_notice_of_a_return_is_dropped_when_the_agency_has_reported_again(
    task: Task, owner: User, registrar: User
) -> None:
    _return(task, registrar)
    look(at(TODAY, 19))
    actor = Actor(door=Door.WEB, user=owner)
    workflow.report_task(task, note="Đã bổ sung", today=TODAY, actor=actor, now=NOW)
    look(at(TODAY + timedelta(days=1), 8))
    assert mail.outbox == []
    assert [state for _step, state in ledger(lane="returned")] == ["cancelled"]


def test_returned_task_of_an_unreachable_agency_is_told_once_it_can_be(registrar: User, db: None) -> None:
    agency = make_agency("Sở Xây dựng")
    task = make_task(agency=agency, due="2027-06-30")
    _return(task, registrar)
    look(NOW)
    assert not Message.objects.filter(kind="notice").exists()
    make_user("nguoi-moi", agency=agency)
    look(at(TODAY + timedelta(days=2)))
    assert [m.subject[:18] for m in mail.outbox if "Trả lại" in m.subject] == ["[Trả lại báo cáo] "]


def test_who_joins_later_is_not_told_of_what_was_announced(
    task: Task, agency: Agency, registrar: User
) -> None:
    _return(task, registrar)
    look(NOW)
    make_user("nguoi-moi", agency=agency)
    look(NOW + timedelta(hours=1))
    assert Message.objects.filter(kind="notice").count() == 1


def test_notice_of_a_secret_document_gives_its_number_alone(
    agency: Agency, owner: User, registrar: User
) -> None:
    task = make_task(agency=agency, document=make_document(number="09-NQ/TU", secrecy="Mật"))
    look(at(TODAY, 8))
    mail.outbox.clear()
    _return(task, registrar, "lý do mật")
    look(NOW)
    (sent,) = mail.outbox
    assert sent.subject == "[Trả lại báo cáo] 09-NQ/TU"
    assert "lý do mật" not in sent.message().as_string() + str(sent.body) + html_of(sent)


def test_commit_asks_for_the_notice_to_be_sent(task: Task, registrar: User) -> None:
    """The task that the commit asks for sends it, without the regular look."""
    Policy.objects.update(opens=time(0), closes=time(23, 59, 59))
    digest = Message.objects.get()
    Message.objects.filter(pk=digest.pk).update(state="planned", sent_at=None)
    _return(task, registrar)
    assert tasks.send_notices() == 1  # and no digest: it may run in somebody's request
    assert tasks.send_notices() == 0
    assert len(mail.outbox) == 1


def test_planning_notices_takes_the_same_number_of_queries_for_one_and_for_many(
    agency: Agency, owner: User, registrar: User
) -> None:
    counts = []
    for number in (1, 1, 4):
        for _turn in range(number):
            record_event(
                make_task(agency=agency, state="returned"), "task.returned", actor=Actor(Door.WEB), now=NOW
            )
        with CaptureQueriesContext(connection) as captured:
            assert plan_notices(now=NOW) == number
        counts.append(len(captured))
    assert counts[1] == counts[2]  # the first also makes the recipients' rows


@pytest.fixture
def asked(task: Task, owner: User) -> Extension:
    return extensions.request_extension(
        task,
        new_due=NewDue(date(2027, 9, 30), "quý III/2027"),
        reason="Chờ hướng dẫn",
        today=TODAY,
        actor=Actor(door=Door.WEB, user=owner),
        now=NOW,
    )


def test_granted_extension_is_told_once_with_both_days(asked: Extension, registrar: User) -> None:
    extensions.grant_extension(asked, note="Không lùi thêm", actor=_office(registrar), now=NOW)
    for hour in (10, 11):
        look(at(TODAY, hour))
    look(at(TODAY + timedelta(days=1)))
    (sent,) = mail.outbox
    body = str(sent.body)
    assert sent.subject.startswith("[Đồng ý gia hạn] Xây dựng kế hoạch")
    assert "thời hạn chuyển từ 30/06/2027 sang 30/09/2027." in body
    assert "Ý kiến của Văn phòng:\nKhông lùi thêm" in body
    assert "quý III/2027 – 30/09/2027" in body
    assert ledger(lane="moved") == []  # the digest does not announce it a second time


def test_shorter_extension_says_what_was_asked(asked: Extension, registrar: User) -> None:
    shorter = NewDue(date(2027, 7, 31), "31/7/2027")
    extensions.grant_extension(asked, new_due=shorter, actor=_office(registrar), now=NOW)
    look(NOW)
    assert "Hạn được gia ngắn hơn hạn đề nghị (30/09/2027)." in str(mail.outbox[-1].body)


def test_refused_extension_is_told_with_its_reason(asked: Extension, registrar: User) -> None:
    extensions.refuse_extension(asked, reason="Đã gia hạn một lần", actor=_office(registrar), now=NOW)
    look(NOW)
    (sent,) = mail.outbox
    assert sent.subject.startswith("[Không đồng ý gia hạn]")
    assert "thời hạn vẫn là 30/06/2027." in str(sent.body)
    assert "Đã gia hạn một lần" in str(sent.body)


def test_decision_after_the_report_is_told_all_the_same(
    asked: Extension, task: Task, owner: User, registrar: User
) -> None:
    """What was asked is owed an answer; there is nothing left to do from the mail."""
    workflow.report_task(task, note="xong", today=TODAY, actor=Actor(door=Door.WEB, user=owner), now=NOW)
    extensions.refuse_extension(asked, reason="Đã xong", actor=_office(registrar), now=NOW)
    look(NOW)
    (sent,) = mail.outbox
    assert sent.subject.startswith("[Không đồng ý gia hạn]")
    assert "/thu/" not in str(sent.body)


def test_moved_deadline_is_told_with_its_reason_and_not_again_in_the_digest(
    task: Task, registrar: User
) -> None:
    extensions.move_deadline(
        task,
        new_due=NewDue(date(2027, 5, 31), "tháng 5/2027"),
        reason="Họp sớm hơn",
        actor=_office(registrar),
        now=NOW,
    )
    look(NOW)
    look(at(TODAY + timedelta(days=1)))
    (sent,) = mail.outbox
    assert sent.subject.startswith("[Dời hạn]")
    assert "Văn phòng dời hạn của việc dưới đây từ 30/06/2027 sang 31/05/2027." in str(sent.body)
    assert "Lý do dời hạn:\nHọp sớm hơn" in str(sent.body)


def test_decision_is_asked_to_be_told_after_its_commit(
    task: Task, registrar: User, django_capture_on_commit_callbacks: CaptureCallbacks
) -> None:
    Policy.objects.update(opens=time(0), closes=time(23, 59, 59))
    with django_capture_on_commit_callbacks(execute=True):
        _return(task, registrar)
    assert [m.subject[:17] for m in mail.outbox] == ["[Trả lại báo cáo]"]


def test_broker_that_is_away_undoes_no_decision(
    task: Task,
    registrar: User,
    django_capture_on_commit_callbacks: CaptureCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> None:
        raise ConnectionError("Error 111 connecting to redis")

    monkeypatch.setattr(tasks.send_notices, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        _return(task, registrar)
    task.refresh_from_db()
    assert (task.state, mail.outbox) == ("returned", [])
    look(NOW)  # the regular look finds what the lost call missed
    assert len(mail.outbox) == 1


def _office(registrar: User) -> Actor:
    return Actor(door=Door.WEB, user=registrar)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_plan_at_once_write_each_notice_once() -> None:
    require("PostgreSQL", connection.vendor == "postgresql", "DATABASE_URL không phải PostgreSQL")
    agency = make_agency()
    for _person in range(3):
        make_user(agency=agency)
    for _turn in range(20):
        task = make_task(agency=agency, state="returned")
        record_event(task, "task.returned", actor=Actor(Door.WEB), now=NOW)
    barrier = Barrier(2)

    def plan() -> int:
        try:
            barrier.wait()
            return plan_notices(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        new = [future.result() for future in [pool.submit(plan) for _turn in range(2)]]
    assert sum(new) == Message.objects.count() == 60
    assert Reminder.objects.count() == 60
