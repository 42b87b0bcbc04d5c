"""From a row of the outbox to its mail, as things stand when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.utils import translation

from tracker.reminders.digest import Digest, build_digest
from tracker.reminders.enums import MessageKind, Outcome
from tracker.reminders.letters import Letter, letter_of
from tracker.reminders.mail import Mail, calendar_part, digest_mail, letter_mail
from tracker.reminders.models import Message, Reminder
from tracker.reminders.naming import Named, named_tasks
from tracker.reminders.preferences import language_of, wants_calendar

# Numbers of tasks and the day → an iCalendar file of their deadlines. Given by whoever may know calendars
# (tasks, commands): this package does not.
CalendarOf = Callable[[Sequence[int], date], bytes]
_BATCH = 200


def mail_of(
    message: Message, named: Named, *, today: date, address: str, calendar_of: CalendarOf | None = None
) -> Mail | None:
    """The mail of a message; None where there is nothing to say any more."""
    with translation.override(language_of(message.recipient.user)):
        content = content_of(message, named, today=today)
        if content is None:
            return None
        if isinstance(content, Letter):
            return letter_mail(message, content, address=address)
        mail = digest_mail(message, content, address=address)
        if calendar_of is not None and wants_calendar(message.recipient.user):
            mail.attach(calendar_part(calendar_of(content.task_ids, today)))
        return mail


def contents_of(messages: QuerySet[Message], *, today: date) -> Iterator[tuple[Message, Digest | Letter]]:
    """What messages say, those that say something; read in batches."""
    rows = messages.iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        named = named_tasks(batch)
        for message in batch:
            if (content := content_of(message, named[message.pk], today=today)) is not None:
                yield message, content


def content_of(message: Message, named: Named, *, today: date) -> Digest | Letter | None:
    """What a message says as of a day. Its lines that have nothing to say any more are cancelled."""
    if message.kind != MessageKind.DIGEST:
        return letter_of(message, today=today)
    _cancel_gone(named)
    return build_digest(message, named, today=today) if named.tasks else None


def _cancel_gone(named: Named) -> None:
    kept = {task.pk for task in named.tasks}
    gone = [line.pk for task_id, lines in named.lines.items() if task_id not in kept for line in lines]
    if gone:
        Reminder.objects.filter(pk__in=gone).update(
            outcome=Outcome.CANCELLED, reason="việc đã xong, đã đổi hạn hoặc không còn thuộc người nhận"
        )
