"""What day it is: in Viet Nam, or the day that `TRACKER_TODAY` fixes for demonstration and tests.

Domain functions take `today` or `now` as an argument; only doors, commands and tasks ask here.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The day in Asia/Ho_Chi_Minh."""
    return fixed_day() or timezone.localdate()


def now() -> datetime:
    """The moment, aware, in Asia/Ho_Chi_Minh; under a fixed day, the time of day is the real one."""
    moment = timezone.localtime()
    day = fixed_day()
    return moment if day is None else moment.replace(year=day.year, month=day.month, day=day.day)


def fixed_day() -> date | None:
    """The fixed day, or None where the clock runs."""
    day: date | None = settings.TRACKER_TODAY
    return day
