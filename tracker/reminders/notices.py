"""Official notices: that a report was returned, what was decided about an extension, that a deadline moved.

A notice tells of one event of the record, in a mail of its own, once, whatever the recipient's
rhythm. A change asks for a look right after its commit; the regular look finds what that missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tracker.core.models import NOTICE_VERBS, Event
from tracker.duties.models import Task
from tracker.reminders import outbox
from tracker.reminders.enums import Lane, MessageKind
from tracker.reminders.models import Message
from tracker.reminders.outbox import Tidings
from tracker.reminders.recipients import read_audience

NOTICE_LANES: Mapping[str, Lane] = {
    "task.returned": Lane.RETURNED,
    "task.restored": Lane.RESTORED,
    "task.extension_granted": Lane.EXTENSION,
    "task.extension_refused": Lane.EXTENSION,
    "task.deadline_moved": Lane.MOVED,
}
_MOVING = ("task.extension_granted", "task.deadline_moved")
# A look that comes later has nothing to announce any more: the digest goes on with what is still owed.
_REACH = timedelta(days=60)


@transaction.atomic
def plan_notices(*, now: datetime) -> int:
    """Write the mails of events that nobody was told of; returns how many are new.

    Whose task it is now is told: its agency's people, or its mailbox. Where there is neither, a
    later look tries again.
    """
    untold = list(_untold_events(now))
    if not untold:
        return 0
    rows = Task.objects.tracked().in_published_documents().select_related("agency")
    tasks = rows.in_bulk([event.subject_id for event in untold])
    concerned = {task.agency_id for task in tasks.values()}
    people = read_audience(agencies=concerned, is_official=True).people
    tidings = [
        Tidings(
            event=event,
            task=task,
            recipients=people.get(task.agency_id, ()),
            lane=NOTICE_LANES[event.verb],
            due_on=_announced_day(event),
        )
        for event in untold
        if (task := tasks.get(event.subject_id)) is not None
    ]
    return outbox.add_mails_about(tidings, kind=MessageKind.NOTICE, now=now)


def _untold_events(now: datetime) -> QuerySet[Event]:
    told = Message.objects.filter(event=OuterRef("pk"))
    return Event.objects.filter(
        ~Exists(told), verb__in=NOTICE_VERBS, subject_type="task", at__gt=now - _REACH
    ).order_by("id")


def _announced_day(event: Event) -> date | None:
    """The deadline that a notice announces: the digest does not announce it a second time."""
    day = event.after.get("due_on")
    return date.fromisoformat(day) if event.verb in _MOVING and day else None
