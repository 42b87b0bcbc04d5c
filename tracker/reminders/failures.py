"""What went wrong with a delivery, and whether it can get better: quick, slow and never."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, replace

from django.core.mail import BadHeaderError

from tracker.reminders.enums import Patience

# Everything that a delivery may raise; anything else is a fault of ours and must be seen.
DELIVERY_ERRORS = (smtplib.SMTPException, OSError, BadHeaderError, UnicodeError)
_PERMANENT = 500
_FULL_OR_GREYLISTED = {450, 451, 452}


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
        failure = _by_code(code, f"{code} {_text(text)}")
        return replace(failure, is_server=False, is_address=failure.patience is Patience.NEVER)
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_answer(error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Failure(Patience.NEVER, f"Máy chủ thư không hỗ trợ: {error}")
    if isinstance(error, (BadHeaderError, UnicodeError)):
        return Failure(Patience.NEVER, f"Địa chỉ hoặc tiêu đề thư không hợp lệ: {error}")
    return Failure(
        Patience.QUICK, f"Mất liên lạc với máy chủ thư: {error or type(error).__name__}", is_server=True
    )


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
