"""Refused addresses, the weekly rhythm, and mails tried anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_task
from tests.reminders.helpers import at, ledger, look
from tests.reminders.test_delivery import FULL, REFUSED, errors  # noqa: F401 - a fixture
from tracker.agencies.models import Agency
from tracker.core.errors import TransitionError
from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.addresses import lift_suppression, retry_message, set_rhythm, suppress_address
from tracker.reminders.enums import Rhythm
from tracker.reminders.models import Message, Recipient, Suppression


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    task = make_task(agency=agency, due="2026-11-27")
    Task.objects.update(created_at=NOW - timedelta(days=100))
    return task


def test_refused_address_is_not_written_to_again(
    task: Task,
    owner: User,
    errors: dict[str, Exception],  # noqa: F811
) -> None:
    errors[owner.email] = REFUSED
    look(at(TODAY))
    assert list(Suppression.objects.values_list("address", flat=True)) == [owner.email]
    errors.clear()
    assert look(at("2026-11-20")).unreachable == [task.agency.name]
    assert mail.outbox == []
    assert Event.objects.filter(verb="address.suppressed").count() == 1


def test_full_mailbox_is_no_reason_to_give_up_an_address(
    task: Task,
    owner: User,
    errors: dict[str, Exception],  # noqa: F811
) -> None:
    errors[owner.email] = FULL
    look(at(TODAY))
    assert Suppression.objects.count() == 0


def test_colleague_is_told_where_one_address_is_refused(task: Task, owner: User, colleague: User) -> None:
    suppress_address(owner.email.upper(), reason="550", actor=ACTOR, now=NOW)
    assert look(at(TODAY)).unreachable == []
    assert [m.to for m in mail.outbox] == [[colleague.email]]


def test_agency_is_told_through_its_mailbox_where_every_address_is_refused(owner: User) -> None:
    agency = owner.agencies.get()
    Agency.objects.filter(pk=agency.pk).update(email="vanthu@example.vn")
    make_task(agency=agency, due="2026-11-20")
    suppress_address(owner.email, reason="550", actor=ACTOR, now=NOW)
    look(at(TODAY))
    assert [m.to for m in mail.outbox] == [["vanthu@example.vn"]]


def test_lifted_suppression_lets_mail_through(task: Task, owner: User) -> None:
    suppress_address(owner.email, reason="550", actor=ACTOR, now=NOW)
    lift_suppression(Suppression.objects.get(), actor=ACTOR, now=NOW)
    look(at(TODAY))
    assert len(mail.outbox) == 1
    assert Event.objects.filter(verb="address.restored").count() == 1


def test_failed_mail_is_retried_on_request_only_once_it_failed(
    task: Task,
    owner: User,
    errors: dict[str, Exception],  # noqa: F811
) -> None:
    errors[owner.email] = REFUSED
    look(at(TODAY))
    errors.clear()
    with pytest.raises(TransitionError, match="vẫn đang thôi gửi"):
        retry_message(Message.objects.get(), actor=ACTOR, now=at(TODAY))
    lift_suppression(Suppression.objects.get(), actor=ACTOR, now=NOW)
    message = retry_message(Message.objects.get(), actor=ACTOR, now=at(TODAY))
    look(at(TODAY, 10))
    assert len(mail.outbox) == 1
    with pytest.raises(TransitionError, match="đã gửi"):
        retry_message(message, actor=ACTOR, now=at(TODAY))


def test_weekly_recipient_gets_one_mail_on_the_first_working_day(task: Task, owner: User) -> None:
    """Due on Friday 27/11: the steps of Friday 13/11 and 20/11 come on the Mondays after."""
    _weekly(owner)
    sent: list[str] = []
    for day in ("2026-11-13", "2026-11-16", "2026-11-20", "2026-11-23", "2026-11-26", "2026-11-27"):
        look(at(day))
        sent += [day] * (len(mail.outbox) - len(sent))
    # 27/11 is the deadline itself: that does not wait for Monday.
    assert sent == ["2026-11-16", "2026-11-23", "2026-11-27"]
    assert ("on", "sent") in ledger()


def test_official_notice_does_not_wait_for_the_weekly_day(task: Task, owner: User) -> None:
    _weekly(owner)
    look(at("2026-11-16"))
    Task.objects.filter(pk=task.pk).update(due_on="2026-12-29", due_quarter="2026-Q4")
    look(at("2026-11-18"))
    assert len(mail.outbox) == 2
    assert ledger()[-1] == ("moved", "sent")


def test_rhythm_is_set_once_and_recorded(owner: User) -> None:
    recipient = Recipient.objects.create(user=owner)
    assert set_rhythm(recipient, Rhythm.WEEKLY, actor=ACTOR, now=NOW) is True
    assert set_rhythm(recipient, Rhythm.WEEKLY, actor=ACTOR, now=NOW) is False
    assert Event.objects.about(recipient).get().after == {"rhythm": "weekly"}


def test_outsider_hears_nothing_of_it(task: Task, outsider: User) -> None:
    make_agency()
    look(at(TODAY))
    assert outsider.email not in {m.to[0] for m in mail.outbox}


def _weekly(user: User) -> None:
    set_rhythm(Recipient.objects.create(user=user), Rhythm.WEEKLY, actor=ACTOR, now=NOW)
