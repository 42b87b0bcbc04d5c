"""Quick, slow and never: a table of what a mail server may answer."""

from __future__ import annotations

import smtplib

import pytest
from django.core.mail import BadHeaderError

from tracker.reminders.enums import Patience
from tracker.reminders.failures import read_failure


@pytest.mark.parametrize(
    ("error", "patience", "is_server"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), Patience.NEVER, False),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"greylisted")}), Patience.SLOW, False),
        (smtplib.SMTPRecipientsRefused({"a": (452, b"mailbox full")}), Patience.SLOW, False),
        (smtplib.SMTPDataError(554, b"spam"), Patience.NEVER, False),
        (smtplib.SMTPDataError(421, b"shutting down"), Patience.QUICK, True),
        (smtplib.SMTPSenderRefused(553, b"not you", "x@example.vn"), Patience.SLOW, True),
        (smtplib.SMTPAuthenticationError(535, b"bad password"), Patience.SLOW, True),
        (smtplib.SMTPConnectError(554, b"no service"), Patience.QUICK, True),
        (smtplib.SMTPServerDisconnected("gone"), Patience.QUICK, True),
        (TimeoutError("timed out"), Patience.QUICK, True),
        (ConnectionRefusedError(111, "refused"), Patience.QUICK, True),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), Patience.NEVER, False),
        (BadHeaderError("newline"), Patience.NEVER, False),
        (UnicodeEncodeError("ascii", "ă", 0, 1, "no"), Patience.NEVER, False),
    ],
)
def test_error_is_told_apart(error: Exception, patience: Patience, is_server: bool) -> None:
    failure = read_failure(error)
    assert (failure.patience, failure.is_server) == (patience, is_server)
    assert failure.words


@pytest.mark.parametrize(
    ("answer", "patience", "is_address"),
    [
        ((550, b"no such user"), Patience.NEVER, True),
        ((550, b"5.1.1 no such user"), Patience.NEVER, True),
        ((550, b"5.2.1 mailbox disabled"), Patience.NEVER, True),
        ((551, b"user not local"), Patience.NEVER, True),
        # One wrong setting of ours must not silence every address.
        ((554, b"5.7.1 relay access denied"), Patience.NEVER, False),
        ((550, b"5.7.1 blocked"), Patience.NEVER, False),
        ((554, b"rejected"), Patience.NEVER, False),
        # A full mailbox is emptied one day.
        ((552, b"5.2.2 mailbox full"), Patience.SLOW, False),
        ((550, b"5.2.2 over quota"), Patience.SLOW, False),
        ((450, b"4.1.1 try later"), Patience.SLOW, False),
    ],
)
def test_refused_recipient_is_a_dead_address_or_not(
    answer: tuple[int, bytes], patience: Patience, is_address: bool
) -> None:
    failure = read_failure(smtplib.SMTPRecipientsRefused({"a@example.vn": answer}))
    assert (failure.patience, failure.is_address, failure.is_server) == (patience, is_address, False)
