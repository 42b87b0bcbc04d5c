"""Sending what the outbox holds. No mail is sent inside a transaction.

Delivery is at least once: a worker that dies between the mail server's acceptance and our commit
leaves a mail that goes a second time, with the same Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tracker.core.events import SYSTEM
from tracker.reminders import outbox
from tracker.reminders.addresses import suppress_address
from tracker.reminders.composing import CalendarOf, mail_of
from tracker.reminders.enums import Patience
from tracker.reminders.envelopes import set_envelope
from tracker.reminders.failures import DELIVERY_ERRORS, Failure, read_failure
from tracker.reminders.models import Message

logger = logging.getLogger(__name__)


class Compose(Protocol):
    """Builds the mail of a message for an address; None where there is nothing to say."""

    def __call__(self, message: Message, *, address: str) -> EmailMultiAlternatives | None: ...


@dataclass(slots=True)
class Delivery:
    """What became of the mails of one run."""

    sent: int = 0
    postponed: int = 0
    empty: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)  # recipient and address, reason
    server_error: str = ""


def deliver_due(
    *,
    today: date,
    clock: Callable[[], datetime],
    budget: timedelta = timedelta(minutes=8),
    calendar_of: CalendarOf | None = None,
) -> Delivery:
    """Send every mail that is due, in batches, over one connection each.

    `clock` is asked at every batch, since a long run must not claim with an old moment. Stops after
    the budget, or when the server itself fails: what is left waits for the next look. `calendar_of`
    makes the file of deadlines for those who asked for it.
    """
    delivery = Delivery()
    ends = time.monotonic() + budget.total_seconds()
    while not delivery.server_error and time.monotonic() < ends:
        batch = outbox.claim_due_messages(now=clock())
        if not batch:
            break
        compose = partial(mail_of, today=today, calendar_of=calendar_of)
        _deliver_batch(batch, delivery, compose=compose, clock=clock, ends=ends)
    return delivery


def _deliver_batch(
    batch: list[Message], delivery: Delivery, *, compose: Compose, clock: Callable[[], datetime], ends: float
) -> None:
    connection: BaseEmailBackend | None = None
    try:
        for place, message in enumerate(batch):
            if delivery.server_error or time.monotonic() >= ends:
                outbox.release(batch[place:])
                return
            connection = connection or get_connection()
            if not _deliver(message, connection, delivery, compose=compose, clock=clock):
                # After an error the conversation with the server is in an unknown state.
                _close(connection)
                connection = None
    finally:
        if connection is not None:
            _close(connection)


def _deliver(
    message: Message,
    connection: BaseEmailBackend,
    delivery: Delivery,
    *,
    compose: Compose,
    clock: Callable[[], datetime],
) -> bool:
    """Send one mail and note what became of it; False where the connection is no longer to be used."""
    address = message.recipient.address
    if not address:
        _fail(message, delivery, address="", reason="Không có địa chỉ thư.")
        return True
    mail = compose(message, address=address)
    if mail is None:
        outbox.mark_cancelled(message, reason="Không còn việc nào phải nhắc.")
        delivery.empty += 1
        return True
    try:
        set_envelope(mail, message)
        connection.open()
        connection.send_messages([mail])
    except DELIVERY_ERRORS as error:
        _note_failure(message, delivery, read_failure(error), address=address, now=clock())
        return False
    delivery.sent += 1
    if not outbox.mark_sent(message, address=address, now=clock()):
        logger.warning("message %d was sent after its claim was lost; it may go twice", message.pk)
    return True


def _note_failure(
    message: Message, delivery: Delivery, failure: Failure, *, address: str, now: datetime
) -> None:
    if failure.is_server:
        delivery.server_error = failure.words
    if failure.patience is Patience.NEVER:
        if failure.is_address:
            suppress_address(address, reason=failure.words, actor=SYSTEM, now=now)
        _fail(message, delivery, address=address, reason=failure.words)
        return
    outbox.postpone(message, failure.patience, address=address, error=failure.words, now=now)
    if message.state == "failed":
        delivery.failed.append((_who(message, address), failure.words))
    else:
        delivery.postponed += 1


def _fail(message: Message, delivery: Delivery, *, address: str, reason: str) -> None:
    outbox.mark_failed(message, address=address, error=reason)
    delivery.failed.append((_who(message, address), reason))


def _who(message: Message, address: str) -> str:
    return f"{message.recipient} <{address}>" if address else str(message.recipient)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except DELIVERY_ERRORS as error:
        logger.info("mail connection did not close well: %s", error)
