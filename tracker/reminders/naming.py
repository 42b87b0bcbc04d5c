"""Which tasks the mails of a batch may still name: read for all of them at once, as they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.duties.models import Task
from tracker.duties.queries import visible_pairs
from tracker.reminders.models import Message, Recipient, Reminder
from tracker.reminders.queries import refused_at

Lines = dict[int, list[Reminder]]  # by task


@dataclass(frozen=True, slots=True)
class Named:
    """For one mail: its tasks, nearest deadline first, and all its lines of the ledger.

    What was done, moved or taken from the recipient since planning is not among the tasks. `refused`
    names the people of a head's agency whose addresses take no mail.
    """

    tasks: tuple[Task, ...]
    lines: Lines
    refused: tuple[str, ...] = ()


def named_tasks(messages: Sequence[Message]) -> dict[int, Named]:
    """By message; a fixed number of queries however many they are."""
    lines = _lines_of(messages)
    named = {pk for tasks in lines.values() for pk in tasks}
    rows = Task.objects.open().in_published_documents().filter(pk__in=named)
    tasks = list(rows.select_related("duty__document", "agency").by_deadline())
    people = {message.recipient.user for message in messages if message.recipient.user is not None}
    seen = visible_pairs(people, [task.pk for task in tasks])
    refused = refused_at({_headed(message.recipient) for message in messages} - {0})
    return {
        message.pk: Named(
            tasks=tuple(
                task
                for task in tasks
                if _is_named(task, lines[message.pk]) and _may_see(message.recipient, task, seen)
            ),
            lines=lines[message.pk],
            refused=refused.get(_headed(message.recipient), ()),
        )
        for message in messages
    }


def _lines_of(messages: Sequence[Message]) -> dict[int, Lines]:
    found: dict[int, Lines] = {message.pk: {} for message in messages}
    for line in Reminder.objects.filter(message__in=found.keys(), outcome="").order_by("id"):
        found[line.message_id or 0].setdefault(line.task_id, []).append(line)
    return found


def _is_named(task: Task, lines: Lines) -> bool:
    """The mail has a line about the task and about the deadline that it has now."""
    return any(line.due_on == task.due_on for line in lines.get(task.pk, ()))


def _may_see(recipient: Recipient, task: Task, seen: set[tuple[int, int]]) -> bool:
    """The one rule for a person; for a mailbox, its own agency's tasks (an open one waits for nobody)."""
    if recipient.user_id is not None:
        return (recipient.user_id, task.pk) in seen
    return task.agency_id == recipient.agency_id


def _headed(recipient: Recipient) -> int:
    """The agency whose head a digest is for; 0 for everybody else's."""
    return recipient.agency_id or 0 if recipient.user_id is not None else 0
