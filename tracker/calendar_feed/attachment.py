"""Deadlines as a file, for whoever sends one: tasks and commands pass this on to the mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from tracker.calendar_feed.building import calendar_bytes, variant
from tracker.calendar_feed.enums import Component
from tracker.duties.models import Task


def deadlines_file(tasks: Sequence[int], today: date) -> bytes:
    """An iCalendar file of these tasks' deadlines, the same events as in a feed of all one may see.

    Whether a person may see the tasks is the caller's to know. Tasks without a deadline are left out.
    """
    dated = Task.objects.filter(pk__in=tasks, due_on__isnull=False)
    named = variant(Component.EVENT, names_agency=True)
    return calendar_bytes(dated, variant=named, name=_("Thời hạn trong thư nhắc việc"), today=today)
