"""Doing something from a mail: what a link allows now, and doing it once.

The deed itself is the workflow's function, the same that pages and the API call; the link only says
who is acting, on what, and that it is for the first time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.core.enums import Door
from tracker.core.errors import TrackerError
from tracker.core.events import Actor
from tracker.duties.models import Task
from tracker.duties.queries import may_act_for_agency, tasks_visible_to
from tracker.reminders.links import Link
from tracker.reminders.records import UsedLink


class DeadLinkError(TrackerError):
    """A genuine link that opens nothing any more: used, or its person may no longer do this."""

    code = "dead_link"


def task_of(link: Link, *, today: date) -> Task:
    """The task behind a link, with what its page shows. Raises DeadLinkError.

    Asked anew at every use: who left the agency or the office, whose account was closed, or who
    became an auditor holds a dead link. A document that became secret is not shown to a link.
    """
    tasks = tasks_visible_to(link.user).filter(duty__document__secrecy="")
    task = tasks.with_states(today).with_details().filter(pk=link.task_id).first()
    if task is None or not may_act_for_agency(link.user, task):
        raise DeadLinkError(
            _(
                "Liên kết này không còn hiệu lực: việc đã chuyển cho cơ quan khác, hoặc bạn không"
                " còn phụ trách việc này."
            )
        )
    return task


def require_unused(link: Link) -> None:
    """Raises DeadLinkError, with the moment, where the link has done its deed."""
    used = UsedLink.objects.filter(digest=link.digest).first()
    if used is not None:
        raise _used(used)


@transaction.atomic
def use_link(
    link: Link, act: Callable[[Task, Actor], object], *, address: str | None, today: date, now: datetime
) -> Task:
    """Do the deed in the name of the link's person, and note that the link was used: both or neither.

    Of two uses at once the database lets one through. Raises DeadLinkError, and what `act` raises.
    """
    task = task_of(link, today=today)
    try:
        with transaction.atomic():
            UsedLink.objects.create(
                digest=link.digest, purpose=link.purpose, task=task, user=link.user, at=now
            )
    except IntegrityError as error:
        raise _used(UsedLink.objects.get(digest=link.digest)) from error
    act(task, Actor(door=Door.MAIL, user=link.user, address=address))
    return task


def _used(used: UsedLink) -> DeadLinkError:
    moment = timezone.localtime(used.at)
    return DeadLinkError(
        f"Liên kết này đã được dùng để {used.get_purpose_display()} lúc {moment:%H:%M ngày %d/%m/%Y}. "
        "Bạn không phải làm lại."
    )
