"""What went wrong with a delivery, and whether it can get better: quick, slow and never."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.core.mail import BadHeaderError

from tracker.reminders.enums import Patience

# Everything that a delivery may raise; anything else is a fault of ours and must be seen.
DELIVERY_ERRORS = (smtplib.SMTPException, OSError, BadHeaderError, UnicodeError)
_PERMANENT = 500
_FULL_OR_GREYLISTED = {450, 451, 452}
_FULL = 552
_NO_SUCH_MAILBOX = {550, 551, 553}  # where no more exact code is given
_STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")


class StatusCode(NamedTuple):
    """An enhanced status code (RFC 3463), such as 5.1.1."""

    kind: int
    subject: int
    detail: int


# The address itself is wrong, moved or closed. A full mailbox, a refused text or a relay that does not
# know us is none of the address's fault: taken for one, one wrong setting would silence everybody.
_DEAD_ADDRESS = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}
_FULL_MAILBOX = (2, 2)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failed delivery means.

    `is_server`: the next mail would fare no better. `is_address`: the address itself is refused for good.
    """

    patience: Patience
    words: str
    is_server: bool = False
    is_address: bool = False


def read_failure(error: Exception) -> Failure:
    """Understand one of DELIVERY_ERRORS.

    Never: a permanent refusal of this mail or address. Slow: a full mailbox, greylisting, or a
    server that does not know us (someone has to mend that). Quick: everything about the line.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _by_recipient(code, _text(text))
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_answer(error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Failure(Patience.NEVER, f"Máy chủ thư không hỗ trợ: {error}")
    if isinstance(error, (BadHeaderError, UnicodeError)):
        return Failure(Patience.NEVER, f"Địa chỉ hoặc tiêu đề thư không hợp lệ: {error}")
    return Failure(
        Patience.QUICK, f"Mất liên lạc với máy chủ thư: {error or type(error).__name__}", is_server=True
    )


def exact_code(*words: str) -> StatusCode | None:
    """The first enhanced code in the words that says more than "refused" (5.0.0); else the first."""
    found = [StatusCode(*map(int, match.groups())) for text in words for match in _STATUS.finditer(text)]
    return next((code for code in found if code[1:] != (0, 0)), found[0] if found else None)


def is_dead_address(code: StatusCode | None) -> bool:
    """Whether nothing will ever arrive at the address."""
    return code is not None and code.kind == _PERMANENT // 100 and code[1:] in _DEAD_ADDRESS


def _by_recipient(code: int, words: str) -> Failure:
    """The server refuses this recipient; the next one may fare better."""
    failure = replace(_by_code(code, f"{code} {words}"), is_server=False)
    exact = exact_code(words)
    if code == _FULL or (exact is not None and exact[1:] == _FULL_MAILBOX):
        return replace(failure, patience=Patience.SLOW)
    is_dead = is_dead_address(exact) if exact else code in _NO_SUCH_MAILBOX
    return replace(failure, is_address=is_dead and failure.patience is Patience.NEVER)


def _by_answer(error: smtplib.SMTPResponseException) -> Failure:
    words = f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Failure(Patience.SLOW, f"Máy chủ thư không nhận tài khoản: {words}", is_server=True)
    if isinstance(error, (smtplib.SMTPConnectError, smtplib.SMTPHeloError)):
        return Failure(Patience.QUICK, f"Máy chủ thư không tiếp: {words}", is_server=True)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # Not this recipient's fault: no mail of ours would pass.
        return Failure(Patience.SLOW, f"Máy chủ thư không nhận người gửi: {words}", is_server=True)
    return _by_code(error.smtp_code, words)


def _by_code(code: int, words: str) -> Failure:
    if code >= _PERMANENT:
        return Failure(Patience.NEVER, f"Máy chủ thư từ chối: {words}")
    if code in _FULL_OR_GREYLISTED:
        return Failure(Patience.SLOW, f"Máy chủ thư hẹn lại: {words}")
    return Failure(Patience.QUICK, f"Máy chủ thư tạm từ chối: {words}", is_server=True)


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
