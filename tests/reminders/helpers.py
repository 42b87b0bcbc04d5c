"""Shared by the tests of reminders: one look at a moment, and what the ledger then says."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage, EmailMultiAlternatives

from tracker.core.workdays import working_days
from tracker.reminders.models import Reminder
from tracker.reminders.services import Look, look_now

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day: str | date, hour: int = 9, minute: int = 0) -> datetime:
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(day, time(hour, minute), tzinfo=VIETNAM)


def look(moment: datetime, **options: Any) -> Look:
    """One look with the clock standing at that moment."""
    return look_now(moment=moment, clock=lambda: moment, working=working_days(), **options)


def html_of(sent: EmailMessage) -> str:
    """The HTML part of a sent mail."""
    assert isinstance(sent, EmailMultiAlternatives)
    (alternative,) = sent.alternatives
    return str(alternative[0])


def ledger(**filters: Any) -> list[tuple[str, str]]:
    """Steps with their states, in the order of the ledger."""
    rows = Reminder.objects.with_states().filter(**filters).order_by("id")
    return [(row.step, row.state) for row in rows]
