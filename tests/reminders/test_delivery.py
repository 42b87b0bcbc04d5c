"""Sending: at least once, claims that exclude each other, failures that are told apart."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import ACTOR, TODAY, make_agency, make_task, make_user
from tests.reminders.helpers import at, ledger, look
from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.core.workdays import working_days
from tracker.duties.enums import WorkState
from tracker.duties.models import Task
from tracker.reminders import outbox
from tracker.reminders.addresses import suppress_address
from tracker.reminders.delivery import deliver_due
from tracker.reminders.enums import MessageState, Patience
from tracker.reminders.models import Message
from tracker.reminders.planning import plan_reminders
from tracker.reminders.policies import Policies

MORNING = at(TODAY)
REFUSED = smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 no such user")})
FULL = smtplib.SMTPRecipientsRefused({"x": (452, b"4.2.2 mailbox full")})


class Unreliable(EmailBackend):
    """Fails with the error that `errors` holds for an address; else delivers to memory."""

    errors: dict[str, Exception] = {}
    in_transaction: list[bool] = []

    def send_messages(self, messages: Any) -> int:
        Unreliable.in_transaction.append(connection.in_atomic_block)
        for message in messages:
            if error := self.errors.get(message.to[0]):
                raise error
        return super().send_messages(messages)


@pytest.fixture
def errors(settings: Any) -> Iterator[dict[str, Exception]]:
    settings.EMAIL_BACKEND = "tests.reminders.test_delivery.Unreliable"
    Unreliable.errors, Unreliable.in_transaction = {}, []
    yield Unreliable.errors
    Unreliable.errors = {}


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    return make_task(agency=agency, due="2026-11-20")


def test_refused_address_is_failed_with_its_reason_and_the_rest_goes(
    task: Task, owner: User, colleague: User, errors: dict[str, Exception]
) -> None:
    errors[owner.email] = REFUSED
    delivery = look(MORNING).delivery
    assert (delivery.sent, delivery.postponed, len(delivery.failed)) == (1, 0, 1)
    failed = Message.objects.get(recipient__user=owner)
    assert (failed.state, failed.address, failed.patience) == ("failed", owner.email, "never")
    assert "550 5.1.1 no such user" in failed.last_error
    assert {state for _step, state in ledger(recipient__user=owner)} == {"failed"}
    assert [m.to for m in mail.outbox] == [[colleague.email]]


def test_failed_mail_is_not_tried_again(task: Task, owner: User, errors: dict[str, Exception]) -> None:
    errors[owner.email] = REFUSED
    look(MORNING)
    errors.clear()
    look(MORNING + timedelta(hours=3))
    assert mail.outbox == []


def test_full_mailbox_is_tried_again_hours_later(
    task: Task, owner: User, errors: dict[str, Exception]
) -> None:
    errors[owner.email] = FULL
    delivery = look(MORNING).delivery
    assert (delivery.sent, delivery.postponed, delivery.failed) == (0, 1, [])
    errors.clear()
    look(MORNING + timedelta(minutes=30))
    assert mail.outbox == []
    look(MORNING + timedelta(hours=2))
    assert len(mail.outbox) == 1


def test_unreachable_server_stops_the_run_and_loses_nothing(
    task: Task, owner: User, colleague: User, errors: dict[str, Exception]
) -> None:
    errors[owner.email] = errors[colleague.email] = ConnectionRefusedError(111, "Connection refused")
    delivery = look(MORNING).delivery
    assert (delivery.sent, delivery.postponed, delivery.failed) == (0, 1, [])
    assert "Connection refused" in delivery.server_error
    assert set(Message.objects.values_list("state", "attempts")) == {("planned", 1), ("planned", 0)}
    errors.clear()
    look(MORNING + timedelta(minutes=10))
    assert sorted(m.to[0] for m in mail.outbox) == sorted([owner.email, colleague.email])


def test_too_many_attempts_end_in_failure(task: Task, owner: User, errors: dict[str, Exception]) -> None:
    errors[owner.email] = FULL
    look(MORNING)
    Message.objects.update(attempts=outbox.MAX_ATTEMPTS - 1, due_at=MORNING)
    delivery = look(MORNING).delivery
    assert len(delivery.failed) == 1
    assert Message.objects.get().state == MessageState.FAILED


@pytest.mark.django_db(transaction=True)
def test_no_mail_is_sent_inside_a_transaction(
    agency: Agency, owner: User, errors: dict[str, Exception]
) -> None:
    make_task(agency=agency, due="2026-11-20")
    look(MORNING)
    assert Unreliable.in_transaction == [False]


def test_crash_after_acceptance_sends_again_under_the_same_message_id(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window that stays open: the server has the mail, our commit never came."""

    class Killed(BaseException):
        pass

    def die(*_args: object, **_fields: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "mark_sent", die)
        with pytest.raises(Killed):
            look(MORNING)
    look(MORNING + timedelta(minutes=5))  # the claim still stands
    assert len(mail.outbox) == 1
    look(MORNING + timedelta(minutes=16))  # swept, and sent again
    ids = [m.extra_headers["Message-ID"] for m in mail.outbox]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert ledger()[0][1] == "sent"


def test_claimed_mail_is_not_claimed_again(task: Task) -> None:
    _plan(MORNING)
    assert len(outbox.claim_due_messages(now=MORNING)) == 1
    assert outbox.claim_due_messages(now=MORNING) == []


def test_mail_that_is_due_later_is_not_claimed(task: Task) -> None:
    _plan(MORNING)
    assert outbox.claim_due_messages(now=MORNING - timedelta(seconds=1)) == []


def test_lost_claim_cannot_close_the_mail(task: Task) -> None:
    """A worker that slept past its claim may not overwrite what the next one wrote."""
    _plan(MORNING)
    (slow,) = outbox.claim_due_messages(now=MORNING)
    outbox.sweep(now=MORNING + timedelta(minutes=16))
    (quick,) = outbox.claim_due_messages(now=MORNING + timedelta(minutes=16))
    assert outbox.mark_failed(slow, address="", error="chậm") is False
    assert outbox.mark_sent(quick, address="a@example.vn", now=MORNING) is True
    assert Message.objects.get().state == MessageState.SENT


def test_released_mail_counts_no_attempt(task: Task) -> None:
    _plan(MORNING)
    assert outbox.release(outbox.claim_due_messages(now=MORNING)) == 1
    assert Message.objects.get().attempts == 0


def test_run_without_budget_sends_nothing_and_holds_nothing(task: Task) -> None:
    _plan(MORNING)
    delivery = deliver_due(today=TODAY, clock=lambda: MORNING, budget=timedelta(0))
    assert delivery.sent == 0
    assert Message.objects.get().state == MessageState.PLANNED


def test_task_done_between_planning_and_sending_is_left_out(task: Task, agency: Agency, owner: User) -> None:
    other = make_task(agency=agency, due="2026-11-25")
    _plan(MORNING)
    Task.objects.filter(pk=task.pk).update(state=WorkState.REPORTED, reported_on=TODAY)
    deliver_due(today=TODAY, clock=lambda: MORNING)
    body = str(mail.outbox[0].body)
    assert f"/viec/{other.pk}/" in body
    assert f"/viec/{task.pk}/" not in body
    assert {state for _step, state in ledger(task=task)} == {"cancelled"}


def test_nothing_left_to_say_sends_no_mail(task: Task) -> None:
    _plan(MORNING)
    Task.objects.filter(pk=task.pk).update(state=WorkState.REPORTED, reported_on=TODAY)
    assert deliver_due(today=TODAY, clock=lambda: MORNING).empty == 1
    assert mail.outbox == []
    assert Message.objects.get().state == MessageState.CANCELLED


def test_who_lost_the_post_is_not_told(task: Task, owner: User) -> None:
    _plan(MORNING)
    owner.posts.all().delete()
    deliver_due(today=TODAY, clock=lambda: MORNING)
    assert mail.outbox == []


def test_line_added_to_a_mail_that_was_tried_gives_it_another_message_id(
    task: Task, agency: Agency, owner: User, errors: dict[str, Exception]
) -> None:
    errors[owner.email] = FULL
    look(MORNING)
    before = Message.objects.get().message_id
    make_task(agency=agency, due="2026-11-25")
    look(MORNING + timedelta(minutes=1))
    assert Message.objects.get().message_id != before


def test_line_that_comes_after_the_mail_waits_for_the_next_working_day(task: Task, agency: Agency) -> None:
    look(MORNING)
    late = make_task(agency=agency, due="2026-11-25")
    result = look(MORNING + timedelta(hours=1))
    assert len(mail.outbox) == 1
    assert result.waiting == 1
    look(MORNING + timedelta(days=1))
    assert len(mail.outbox) == 2
    assert f"/viec/{late.pk}/" in str(mail.outbox[1].body)


@pytest.mark.parametrize(
    ("attempts", "patience", "chance", "pause"),
    [
        (1, Patience.QUICK, 0.5, timedelta(minutes=1)),
        (3, Patience.QUICK, 0.5, timedelta(minutes=4)),
        (9, Patience.QUICK, 0.5, timedelta(minutes=30)),
        (1, Patience.SLOW, 0.0, timedelta(minutes=45)),
        (2, Patience.SLOW, 1.0, timedelta(hours=2.5)),
        (9, Patience.SLOW, 0.5, timedelta(hours=8)),
    ],
)
def test_pause_grows_up_to_a_most(attempts: int, patience: Patience, chance: float, pause: timedelta) -> None:
    assert outbox.pause_after(attempts, patience, chance=chance) == pause


def test_address_that_was_refused_since_planning_is_not_tried(
    task: Task, owner: User, colleague: User
) -> None:
    _plan(MORNING)
    suppress_address(owner.email, reason="550 5.1.1", actor=ACTOR, now=MORNING)
    delivery = deliver_due(today=TODAY, clock=lambda: MORNING)
    assert (delivery.sent, len(delivery.failed)) == (1, 1)
    failed = Message.objects.get(recipient__user=owner)
    assert (failed.state, failed.address) == ("failed", owner.email)
    assert failed.last_error.startswith("Địa chỉ này đã bị từ chối từ trước")


def test_head_reads_in_the_digest_whom_mail_does_not_reach(agency: Agency, task: Task, owner: User) -> None:
    head = make_user("thu-truong", agency=agency, role=PostRole.HEAD)
    stranger = make_user(agency=make_agency())
    Agency.objects.filter(pk=agency.pk).update(email="VanThu@example.vn")
    for address in (owner.email, "vanthu@example.vn", stranger.email):
        suppress_address(address, reason="550 5.1.1", actor=ACTOR, now=MORNING)
    _plan(MORNING)
    deliver_due(today=TODAY, clock=lambda: MORNING)
    (letter,) = mail.outbox
    assert letter.to == [head.email]
    assert isinstance(letter, EmailMultiAlternatives)
    for body in (str(letter.body), unescape(str(letter.alternatives[0][0]))):
        assert "chu-viec <chu-viec@example.vn>" in body
        assert "Ban Nội chính Tỉnh ủy <VanThu@example.vn>" in body
        assert stranger.email not in body


def test_queries_for_a_batch_do_not_grow_with_its_mails(agency: Agency) -> None:
    """Beyond one for each mail: that it was sent."""
    counts = []
    for people in (1, 3):
        for _person in range(people):
            make_user(agency=agency)
        make_task(agency=agency, due="2026-11-20")
        day = MORNING + timedelta(days=people - 1)
        _plan(day)
        with CaptureQueriesContext(connection) as captured:
            sent = deliver_due(today=day.date(), clock=lambda moment=day: moment).sent  # type: ignore[misc]
        counts.append(len(captured) - sent)
    assert counts[0] == counts[1]


def test_queries_for_a_mail_do_not_grow_with_its_lines(agency: Agency, owner: User) -> None:
    counts = []
    for number in (1, 4):
        for _task in range(number):
            make_task(agency=agency, due="2026-11-20")
        day = MORNING + timedelta(days=number - 1)
        _plan(day)
        with CaptureQueriesContext(connection) as captured:
            deliver_due(today=day.date(), clock=lambda moment=day: moment)  # type: ignore[misc]
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert len(mail.outbox) == 2


def _plan(moment: datetime) -> None:
    """Plan and compose, without sending."""
    plan_reminders(today=moment.date(), now=moment, policies=Policies(), working=working_days())
    outbox.compose_messages(day=moment.date(), is_weekly_day=True, now=moment)
