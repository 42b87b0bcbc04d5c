"""Sending what the outbox holds. No mail is sent inside a transaction.

Delivery is at least once: a worker that dies between the mail server's acceptance and our commit
leaves a mail that goes a second time, with the same Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tracker.core.events import SYSTEM
from tracker.reminders import outbox
from tracker.reminders.addresses import suppress_address
from tracker.reminders.composing import CalendarOf, mail_of
from tracker.reminders.enums import MessageKind, Patience
from tracker.reminders.envelopes import set_envelope
from tracker.reminders.failures import DELIVERY_ERRORS, Failure, read_failure
from tracker.reminders.mail import Mail
from tracker.reminders.models import Message
from tracker.reminders.naming import Named, named_tasks
from tracker.reminders.recipients import Refusals
from tracker.reminders.smtp import EmailBackend

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivery:
    """What became of the mails of one run."""

    sent: int = 0
    postponed: int = 0
    empty: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)  # recipient and address, reason
    server_error: str = ""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Mails that this worker holds, with what was read for all of them at once."""

    messages: list[Message]
    named: Mapping[int, Named]
    refuses: Refusals
    today: date
    clock: Callable[[], datetime]
    calendar_of: CalendarOf | None
    delivery: Delivery


def deliver_due(
    *,
    today: date,
    clock: Callable[[], datetime],
    budget: timedelta = timedelta(minutes=8),
    kinds: Collection[MessageKind] = tuple(MessageKind),
    calendar_of: CalendarOf | None = None,
) -> Delivery:
    """Send every mail of these kinds that is due, in batches, over one connection each.

    `clock` is asked at every batch, since a long run must not claim with an old moment. Stops after
    the budget, or when the server itself fails: what is left waits for the next look. `calendar_of`
    makes the file of deadlines for those who asked for it.
    """
    delivery = Delivery()
    ends = time.monotonic() + budget.total_seconds()
    while not delivery.server_error and time.monotonic() < ends:
        messages = outbox.claim_due_messages(now=clock(), kinds=kinds)
        if not messages:
            break
        batch = _Batch(messages, named_tasks(messages), Refusals(), today, clock, calendar_of, delivery)
        _deliver_batch(batch, ends=ends)
    return delivery


def _deliver_batch(batch: _Batch, *, ends: float) -> None:
    desk = _Desk(batch)
    connection: BaseEmailBackend | None = None
    try:
        for place, message in enumerate(batch.messages):
            if batch.delivery.server_error or time.monotonic() >= ends:
                outbox.release(batch.messages[place:])
                return
            connection = connection or get_connection()
            if isinstance(connection, EmailBackend):
                connection.meanwhile = partial(desk.compose_ahead, place + 1)
            if not _deliver(message, desk.take(place), connection, batch):
                # After an error the conversation with the server is in an unknown state.
                _close(connection)
                connection = None
    finally:
        if connection is not None:
            _close(connection)


@dataclass(frozen=True, slots=True)
class _NoAddress:
    reason: str


_Composed = Mail | _NoAddress | None  # None: there is nothing to say any more


class _Desk:
    """Composes the mails of a batch, each once: at its turn, or while the server takes in the one before."""

    def __init__(self, batch: _Batch) -> None:
        self._batch = batch
        self._ahead: dict[int, Future[_Composed]] = {}

    def take(self, place: int) -> _Composed:
        """The mail at a place. Raises what went wrong with it, also if that was some time ago."""
        return self._ahead.pop(place).result() if place in self._ahead else self._compose(place)

    def compose_ahead(self, place: int) -> None:
        """Compose the mail at a place, if there is one, and write it as it goes over the line.

        Never raises: the mail before it must be accounted for first.
        """
        if place >= len(self._batch.messages):
            return
        composed = self._ahead[place] = Future()
        try:
            mail = self._compose(place)
            if isinstance(mail, Mail):
                with suppress(*DELIVERY_ERRORS):  # raised again, and noted, when it is sent
                    mail.message().as_bytes(linesep="\r\n")
            composed.set_result(mail)
        except Exception as error:  # noqa: BLE001 - kept for the mail's own turn
            composed.set_exception(error)

    def _compose(self, place: int) -> _Composed:
        batch, message = self._batch, self._batch.messages[place]
        address = message.recipient.address
        if reason := _no_address(address, batch.refuses):
            return _NoAddress(reason)
        named, today = batch.named[message.pk], batch.today
        mail = mail_of(message, named, today=today, address=address, calendar_of=batch.calendar_of)
        if mail is not None:
            set_envelope(mail, message)
        return mail


def _deliver(message: Message, mail: _Composed, connection: BaseEmailBackend, batch: _Batch) -> bool:
    """Send one mail and note what became of it; False where the connection is no longer to be used."""
    address, delivery = message.recipient.address, batch.delivery
    if isinstance(mail, _NoAddress):
        _fail(message, delivery, address=address, reason=mail.reason)
        return True
    if mail is None:
        outbox.mark_cancelled(message, reason="Không còn việc nào phải nhắc.")
        delivery.empty += 1
        return True
    try:
        connection.open()
        connection.send_messages([mail])
    except DELIVERY_ERRORS as error:
        _note_failure(message, batch, read_failure(error), address=address)
        return False
    delivery.sent += 1
    if not outbox.mark_sent(message, address=address, now=batch.clock()):
        logger.warning("message %d was sent after its claim was lost; it may go twice", message.pk)
    return True


def _no_address(address: str, refuses: Refusals) -> str:
    """Why there is no address to send to; empty where there is one."""
    if not address:
        return "Không có địa chỉ thư."
    return "Địa chỉ này đã bị từ chối từ trước, thôi gửi cho đến khi được sửa." if refuses(address) else ""


def _note_failure(message: Message, batch: _Batch, failure: Failure, *, address: str) -> None:
    delivery, now = batch.delivery, batch.clock()
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
