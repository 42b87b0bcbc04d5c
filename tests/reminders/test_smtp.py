"""Against a real SMTP server: what arrives, over how many connections, and what a refusal leads to."""

from __future__ import annotations

import ssl
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import trustme
from django.core.mail import EmailMultiAlternatives, send_mail
from pytest_django import Settings

from tests.factories import TODAY, make_task, make_user
from tests.reminders.helpers import at, look
from tests.reminders.smtp import Postbox, smtp_server
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.reminders.composing import mail_of
from tracker.reminders.models import Message
from tracker.reminders.smtp import EmailBackend

MORNING = at(TODAY)


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
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
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    make_task(agency=agency, due="2026-11-20")
    delivery = look(MORNING).delivery
    assert delivery.server_error
    assert (delivery.sent, delivery.postponed, delivery.failed) == (0, 1, [])


def test_next_mail_is_composed_while_the_server_takes_one_in(
    postbox: Postbox, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server answers for a mail only once the next is composed, or after five seconds."""
    begun: Counter[int] = Counter()
    composed_by_then: list[int] = []

    def watched(message: Message, *args: Any, **options: Any) -> EmailMultiAlternatives | None:
        mail = mail_of(message, *args, **options)
        begun[message.pk] += 1
        return mail

    def wait_for_the_next() -> None:
        ends = time.monotonic() + 5
        while len(begun) <= len(postbox.mails) and len(begun) < people and time.monotonic() < ends:
            time.sleep(0.01)
        composed_by_then.append(len(begun))

    people = 3
    monkeypatch.setattr("tracker.reminders.delivery.mail_of", watched)
    postbox.before_answer = wait_for_the_next
    for _person in range(people):
        make_user(agency=agency)
    make_task(agency=agency, due="2026-11-20")
    assert look(MORNING).delivery.sent == people
    assert composed_by_then == [2, 3, 3]
    assert list(begun.values()) == [1, 1, 1]
    assert len({address for address, _mail in postbox.mails}) == 3


def test_what_goes_wrong_with_the_next_mail_leaves_the_one_before_accounted_for(
    postbox: Postbox, agency: Agency, owner: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def faulty(message: Message, *args: Any, **options: Any) -> EmailMultiAlternatives | None:
        seen.append(message.pk)
        if len(seen) > 1:
            raise ZeroDivisionError
        return mail_of(message, *args, **options)

    monkeypatch.setattr("tracker.reminders.delivery.mail_of", faulty)
    make_task(agency=agency, due="2026-11-20")
    with pytest.raises(ZeroDivisionError):
        look(MORNING)
    assert list(Message.objects.order_by("id").values_list("state", flat=True)) == ["sent", "claimed"]
    assert len(postbox.mails) == 1
    monkeypatch.setattr("tracker.reminders.delivery.mail_of", mail_of)
    look(MORNING + timedelta(minutes=16))
    assert sorted(address for address, _mail in postbox.mails) == sorted([owner.email, colleague.email])


def test_mail_composed_ahead_is_sent_over_the_next_connection(
    postbox: Postbox, agency: Agency, owner: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server takes the first mail in and then refuses it; the second is composed already."""
    composed = []

    def watched(message: Message, *args: Any, **options: Any) -> EmailMultiAlternatives | None:
        composed.append(message.pk)
        return mail_of(message, *args, **options)

    monkeypatch.setattr("tracker.reminders.delivery.mail_of", watched)
    make_task(agency=agency, due="2026-11-20")
    postbox.refused_texts.add(owner.email)
    delivery = look(MORNING).delivery
    assert (delivery.sent, len(delivery.failed)) == (1, 1)
    assert [address for address, _mail in postbox.mails] == [colleague.email]
    assert (postbox.conversations, len(composed)) == (2, 2)


@pytest.mark.parametrize("is_asked_for", [False, True])
def test_mails_go_over_tls(
    settings: Settings, agency: Agency, monkeypatch: pytest.MonkeyPatch, is_asked_for: bool
) -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(EmailBackend, "ssl_context", trusting)
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = is_asked_for, not is_asked_for
    with smtp_server(tls=server, is_asked_for=is_asked_for) as postbox:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        for _person in range(2):
            make_user(agency=agency)
        make_task(agency=agency, due="2026-11-20")
        assert look(MORNING).delivery.sent == 2
    greetings = 2 if is_asked_for else 1  # once more after STARTTLS; one connection either way
    assert (len(postbox.mails), postbox.conversations) == (2, greetings)


def test_other_mail_of_the_office_goes_the_same_way(postbox: Postbox) -> None:
    """A password's mail, an error's: nothing to do meanwhile."""
    assert send_mail("Đổi mật khẩu", "…", None, ["ai@example.vn"]) == 1
    assert postbox.mails[0][1]["Subject"] == "Đổi mật khẩu"
