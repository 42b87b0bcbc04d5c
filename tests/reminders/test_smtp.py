"""Against a real SMTP server: what arrives, over how many connections, and what a refusal leads to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.factories import TODAY, make_task, make_user
from tests.reminders.helpers import at, look
from tests.reminders.smtp import Postbox, smtp_server
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.reminders.models import Message

MORNING = at(TODAY)


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        yield server


def test_mail_arrives_whole(postbox: Postbox, agency: Agency, owner: User) -> None:
    task = make_task(agency=agency, due="2026-Q4", due_text="trong quý IV/2026")
    assert look(MORNING).delivery.sent == 1
    ((address, mail),) = postbox.mails
    assert address == owner.email
    assert mail["Message-ID"] == Message.objects.get().message_id
    assert mail["Content-Language"] == "vi"
    assert mail.get_content_type() == "multipart/alternative"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert "trong quý IV/2026 – 31/12/2026" in part.get_content()
        assert f"/viec/{task.pk}/" in part.get_content()


def test_batch_goes_over_one_connection(postbox: Postbox, agency: Agency) -> None:
    for _person in range(5):
        make_user(agency=agency)
    make_task(agency=agency, due="2026-11-20")
    assert look(MORNING).delivery.sent == 5
    assert postbox.conversations == 1


def test_refusal_stops_one_mail_and_not_the_others(
    postbox: Postbox, agency: Agency, owner: User, colleague: User
) -> None:
    postbox.answers[owner.email] = "550 5.1.1 no such user"
    make_task(agency=agency, due="2026-11-20")
    delivery = look(MORNING).delivery
    assert (delivery.sent, len(delivery.failed)) == (1, 1)
    assert [address for address, _mail in postbox.mails] == [colleague.email]
    assert "5.1.1 no such user" in Message.objects.get(recipient__user=owner).last_error


def test_temporary_refusal_is_tried_again_as_the_same_mail(
    postbox: Postbox, agency: Agency, owner: User
) -> None:
    postbox.answers[owner.email] = "451 4.7.1 greylisted, come back"
    make_task(agency=agency, due="2026-11-20")
    assert look(MORNING).delivery.postponed == 1
    expected = Message.objects.get().message_id
    postbox.answers.clear()
    look(MORNING + timedelta(hours=2))
    assert postbox.message_ids == [expected]


def test_dead_server_loses_nothing(settings: Settings, agency: Agency, owner: User) -> None:
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    make_task(agency=agency, due="2026-11-20")
    delivery = look(MORNING).delivery
    assert delivery.server_error
    assert (delivery.sent, delivery.postponed, delivery.failed) == (0, 1, [])
