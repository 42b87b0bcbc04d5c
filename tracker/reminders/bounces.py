"""Reading returned mails (RFC 3464): which of ours did not arrive, and whether its address is dead.

A returned mail is a stranger's text: it is read with the standard library alone, bounded, and believed
only as far as the signed address goes to which it was returned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tracker.core.events import SYSTEM, record_event
from tracker.core.text import fold_spaces
from tracker.reminders import outbox
from tracker.reminders.addresses import suppress_address
from tracker.reminders.envelopes import Envelope, ForgedEnvelopeError, read_envelope
from tracker.reminders.failures import StatusCode, exact_code, is_dead_address

LARGEST = 5 * 1024 * 1024  # bytes; a returned mail holds at most one of ours
RETURNS_WITHIN = timedelta(days=30)
# Where servers write to whom they gave the returned mail, the most trustworthy first.
_GIVEN_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To")
_MOST_PARTS = 50
_LONGEST_WORDS = 300


class Returned(models.TextChoices):
    """What was understood of one returned mail."""

    NOTED = "noted", _("ghi là không đến")
    SUPPRESSED = "suppressed", _("địa chỉ hỏng, thôi gửi")
    DELAYED = "delayed", _("máy chủ báo chậm, còn thử")
    KNOWN = "known", _("đã ghi từ trước hoặc thư đã gửi lại")
    FORGED = "forged", _("chữ ký sai, bỏ qua")
    FOREIGN = "foreign", _("không phải thư trả lại của hệ thống")
    TOO_LARGE = "too_large", _("quá lớn, bỏ qua")


@dataclass(frozen=True, slots=True)
class Report:
    """What the other server says of one recipient."""

    action: str
    code: StatusCode | None
    words: str

    @property
    def is_final(self) -> bool:
        return self.action == "failed"

    @property
    def is_dead_address(self) -> bool:
        return self.is_final and is_dead_address(self.code)


def note_returned_mail(raw: bytes, *, now: datetime, given_to: str = "") -> Returned:
    """Understand one returned mail and note it in the outbox; reading it again changes nothing.

    `given_to` is the address it was delivered to, where the mail server tells it apart.
    """
    if len(raw) > LARGEST:
        return Returned.TOO_LARGE
    mail = message_from_bytes(raw)
    try:
        envelope = _envelope(mail, given_to)
    except ForgedEnvelopeError:
        return Returned.FORGED
    report = _report(mail) if envelope else None
    if envelope is None or report is None:
        return Returned.FOREIGN
    if not report.is_final:
        return Returned.DELAYED
    return _note(envelope, report, now=now)


@transaction.atomic
def _note(envelope: Envelope, report: Report, *, now: datetime) -> Returned:
    words = f"Thư bị trả lại: {report.words}"
    message = outbox.mark_returned(
        envelope.message_id, version=envelope.version, since=now - RETURNS_WITHIN, error=words, now=now
    )
    if message is None:
        return Returned.KNOWN
    record_event(
        message, "message.returned", actor=SYSTEM, now=now, after={"address": message.address}, note=words
    )
    if not report.is_dead_address:
        return Returned.NOTED
    suppress_address(message.address, reason=words, actor=SYSTEM, now=now)
    return Returned.SUPPRESSED


def _envelope(mail: Mail, given_to: str) -> Envelope | None:
    """The first of our addresses that the mail was given to. Raises ForgedEnvelopeError."""
    headers = (str(value) for name in _GIVEN_TO for value in mail.get_all(name, []))
    for address in (given_to, *headers):
        if envelope := read_envelope(address):
            return envelope
    return None


def _report(mail: Mail) -> Report | None:
    """What is said of our one recipient; None where the mail is no delivery report (an absence note)."""
    for place, part in enumerate(mail.walk()):
        if place >= _MOST_PARTS:
            return None
        if part.get_content_type() == "message/delivery-status":
            return next(_recipients(part), None)
    return None


def _recipients(part: Mail) -> Iterator[Report]:
    """The fields of each recipient; the block about the mail as a whole has no Action."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, Mail) or not block.get("Action"):
            continue
        diagnosis = _clean(str(block.get("Diagnostic-Code", "")).partition(";")[2])
        status = _clean(str(block.get("Status", "")))
        yield Report(
            action=_clean(str(block["Action"])).lower(),
            code=exact_code(status, diagnosis),
            words=diagnosis or status or "không nêu lý do",
        )


def _clean(words: str) -> str:
    """One line of printable letters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in words[: 4 * _LONGEST_WORDS])
    return fold_spaces(printable)[:_LONGEST_WORDS]
