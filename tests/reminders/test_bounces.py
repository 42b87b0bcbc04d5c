"""Mails that come back: what is believed, and what it changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.factories import ACTOR, NOW, TODAY, make_task
from tests.reminders.helpers import at, ledger, look
from tests.reminders.returns import absence_note, delivery_report
from tests.reminders.smtp import smtp_server
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.reminders.addresses import lift_suppression, retry_message
from tracker.reminders.bounces import LARGEST, Returned, note_returned_mail
from tracker.reminders.envelopes import Envelope, envelope_address
from tracker.reminders.models import Message, Suppression

MORNING = at(TODAY)
LATER = MORNING + timedelta(hours=1)


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "thu-tra-lai@nhiemvu.example.vn"


@pytest.fixture
def sent(agency: Agency, owner: User) -> Message:
    make_task(agency=agency, due="2026-11-20")
    look(MORNING)
    return Message.objects.get(state="sent")


def _address(message: Message) -> str:
    return envelope_address(Envelope(message.pk, message.version))


def test_mail_returns_to_its_own_address_and_the_reader_sees_the_sender(
    settings: Settings, agency: Agency, owner: User
) -> None:
    make_task(agency=agency, due="2026-11-20")
    with smtp_server() as postbox:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        look(MORNING)
    ((_to, mail),) = postbox.mails
    assert postbox.senders == [_address(Message.objects.get())]
    assert mail["From"] == settings.DEFAULT_FROM_EMAIL
    assert note_returned_mail(delivery_report(to=postbox.senders[0]), now=LATER) == Returned.SUPPRESSED


def test_without_a_setting_the_sender_is_the_envelope(
    settings: Settings, agency: Agency, owner: User
) -> None:
    settings.BOUNCE_ADDRESS = ""
    make_task(agency=agency, due="2026-11-20")
    with smtp_server() as postbox:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        look(MORNING)
    assert postbox.senders == [settings.DEFAULT_FROM_EMAIL]


def test_dead_address_fails_the_mail_and_is_written_to_no_more(sent: Message, owner: User) -> None:
    assert note_returned_mail(delivery_report(to=_address(sent)), now=LATER) == Returned.SUPPRESSED
    sent.refresh_from_db()
    assert (sent.state, sent.returned_at) == ("failed", LATER)
    assert sent.last_error == "Thư bị trả lại: 550 5.1.1 User unknown"
    assert {state for _step, state in ledger()} == {"failed"}
    assert Suppression.objects.get().address == owner.email
    assert Event.objects.filter(verb="message.returned").get().after == {"address": owner.email}


def test_address_is_the_one_written_to_not_the_one_corrected_since(sent: Message, owner: User) -> None:
    before, owner.email = owner.email, "moi@example.vn"
    owner.save()
    note_returned_mail(delivery_report(to=_address(sent)), now=LATER)
    assert list(Suppression.objects.values_list("address", flat=True)) == [before]


@pytest.mark.parametrize(
    ("action", "status", "diagnosis", "outcome", "state"),
    [
        ("failed", "5.1.1", "550 user unknown", Returned.SUPPRESSED, "failed"),
        ("Failed", "5.2.1", "550 mailbox disabled", Returned.SUPPRESSED, "failed"),
        ("failed", "5.1.10", "556 null MX", Returned.SUPPRESSED, "failed"),
        # The status says little, the words say more.
        ("failed", "5.0.0", "550 5.1.1 no such user", Returned.SUPPRESSED, "failed"),
        # Not the address's fault.
        ("failed", "5.2.2", "552 mailbox full", Returned.NOTED, "failed"),
        ("failed", "5.7.1", "554 5.7.1 blocked", Returned.NOTED, "failed"),
        ("failed", "5.1.8", "550 bad sender", Returned.NOTED, "failed"),
        ("failed", "4.4.7", "delivery time expired", Returned.NOTED, "failed"),
        ("failed", "", "", Returned.NOTED, "failed"),
        # Nothing has failed yet.
        ("delayed", "4.4.1", "connection timed out", Returned.DELAYED, "sent"),
        ("relayed", "2.1.9", "relayed", Returned.DELAYED, "sent"),
        ("delivered", "2.0.0", "250 ok", Returned.DELAYED, "sent"),
    ],
)
def test_report_is_told_apart(
    sent: Message, action: str, status: str, diagnosis: str, outcome: Returned, state: str
) -> None:
    report = delivery_report(to=_address(sent), action=action, status=status, diagnosis=diagnosis)
    assert note_returned_mail(report, now=LATER) == outcome
    sent.refresh_from_db()
    assert sent.state == state
    assert Suppression.objects.exists() is (outcome is Returned.SUPPRESSED)


def test_forged_envelope_changes_nothing(sent: Message) -> None:
    address = _address(sent)
    wrong = address[: address.index("@") - 1] + ("0" if address[address.index("@") - 1] != "0" else "1")
    report = delivery_report(to=wrong + "@nhiemvu.example.vn")
    assert note_returned_mail(report, now=LATER) == Returned.FORGED
    _is_untouched(sent)


def test_report_to_the_plain_address_changes_nothing(sent: Message) -> None:
    report = delivery_report(to="thu-tra-lai@nhiemvu.example.vn")
    assert note_returned_mail(report, now=LATER) == Returned.FOREIGN
    _is_untouched(sent)


def test_absence_note_changes_nothing(sent: Message) -> None:
    assert note_returned_mail(absence_note(to=_address(sent)), now=LATER) == Returned.FOREIGN
    _is_untouched(sent)


def test_envelope_that_the_server_names_apart_is_believed(sent: Message) -> None:
    report = delivery_report(to="undisclosed-recipients:;")
    assert note_returned_mail(report, now=LATER, given_to=_address(sent)) == Returned.SUPPRESSED


def test_reading_again_does_not_undo_what_a_person_decided_since(sent: Message) -> None:
    report = delivery_report(to=_address(sent))
    note_returned_mail(report, now=LATER)
    lift_suppression(Suppression.objects.get(), actor=ACTOR, now=NOW)
    assert note_returned_mail(report, now=LATER) == Returned.KNOWN
    retry_message(Message.objects.get(), actor=ACTOR, now=LATER)
    look(LATER)
    assert note_returned_mail(report, now=LATER) == Returned.KNOWN
    assert Message.objects.get().state == "sent"
    assert Suppression.objects.count() == 0


def test_return_long_after_is_not_believed(sent: Message) -> None:
    report = delivery_report(to=_address(sent))
    assert note_returned_mail(report, now=MORNING + timedelta(days=31)) == Returned.KNOWN
    _is_untouched(sent)


def test_huge_mail_is_not_read(sent: Message) -> None:
    report = delivery_report(to=_address(sent)) + b"x" * LARGEST
    assert note_returned_mail(report, now=LATER) == Returned.TOO_LARGE
    _is_untouched(sent)


def test_words_of_the_other_server_are_bounded_and_printable(sent: Message) -> None:
    report = delivery_report(to=_address(sent), diagnosis="550 5.1.1 \x1b[31m" + "dài " * 5000)
    note_returned_mail(report, now=LATER)
    sent.refresh_from_db()
    assert sent.last_error.isprintable()
    assert len(sent.last_error) < 350


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_without_a_fault(raw: bytes) -> None:
    assert note_returned_mail(raw, now=LATER) == Returned.FOREIGN


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_any_words_in_a_report_are_read_without_a_fault(action: str, status: str, diagnosis: str) -> None:
    """Signed for a mail that does not exist: everything is read, nothing found."""
    raw = "\r\n".join(
        (
            f"To: {envelope_address(Envelope(1, 1))}",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; x",
            "",
            f"Action: {action}",
            f"Status: {status}",
            f"Diagnostic-Code: {diagnosis}",
            "",
            "--b--",
        )
    ).encode("utf-8", "surrogatepass")
    assert note_returned_mail(raw, now=LATER) in {Returned.DELAYED, Returned.FOREIGN}


def _is_untouched(message: Message) -> None:
    message.refresh_from_db()
    assert (message.state, message.returned_at) == ("sent", None)
    assert Suppression.objects.count() == 0
