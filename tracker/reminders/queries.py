"""Reading the reminders: when tasks were last looked at, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.reminders.enums import MessageState
from tracker.reminders.models import Message, Scan

# Beat looks every quarter of an hour, cron perhaps once a morning: longer than a day is nobody.
SCAN_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LastScan:
    """The last look that came to its end. `age` is None where there was none yet."""

    scan: Scan | None
    age: timedelta | None

    @property
    def is_fresh(self) -> bool:
        return self.age is not None and self.age < SCAN_LASTS


def last_scan(now: datetime) -> LastScan:
    """In one query. A look from the future (the clock was set back) does not count."""
    scan = Scan.objects.filter(finished_at__lte=now).order_by("-finished_at").first()
    return LastScan(scan=scan, age=now - scan.finished_at if scan and scan.finished_at else None)


def mails_overdue(now: datetime) -> int:
    """Mails that should have gone by now and have not been taken up."""
    return Message.objects.filter(
        state__in=[MessageState.PLANNED, MessageState.HELD], due_at__lte=now
    ).count()
