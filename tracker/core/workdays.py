"""Working days of Viet Nam and the office's hours. Days are days in Asia/Ho_Chi_Minh.

Public holidays come from the `holidays` library; swapped days and the office's own days off from
`seeds/working_days.yaml` (the yearly notice for civil servants is newer than any library).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import yaml
from django.conf import settings

from tracker.core.errors import InvalidInputError

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days are worked. `off` and `worked` override the public calendar, day by day."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    _public: Mapping[date, str] = field(default_factory=lambda: holidays.country_holidays("VN"), repr=False)

    def is_worked(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day not in self.off and day.weekday() < _SATURDAY and day not in self._public

    def on_or_before(self, day: date) -> date:
        """The day itself where it is worked, else the working day before it."""
        while not self.is_worked(day):
            day -= _DAY
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself where it is worked, else the working day after it."""
        while not self.is_worked(day):
            day += _DAY
        return day

    def next_opening(self, moment: datetime, *, opens: time, closes: time) -> datetime:
        """The moment itself where it lies in the office's hours, else the next opening.

        `closes` is the first moment too late. The moment is aware, in local time.
        """
        if self.is_worked(moment.date()) and opens <= moment.time() < closes:
            return moment
        first = moment.date() if moment.time() < opens else moment.date() + _DAY
        return datetime.combine(self.on_or_after(first), opens, tzinfo=moment.tzinfo)


def working_days() -> WorkingDays:
    """The installation's working days, read once."""
    return _read(Path(settings.TRACKER_SEEDS) / "working_days.yaml")


@cache
def _read(path: Path) -> WorkingDays:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        return WorkingDays()
    except yaml.YAMLError as error:
        raise InvalidInputError(f"Không đọc được «{path.name}»: {error}") from error
    return WorkingDays(off=_days(content, "days_off", path), worked=_days(content, "days_worked", path))


def _days(content: Mapping[str, Any], key: str, path: Path) -> frozenset[date]:
    days = content.get(key) or {}
    wrong = [day for day in days if not isinstance(day, date)]
    if wrong:
        raise InvalidInputError(
            f"«{path.name}», mục {key}: «{wrong[0]}» không phải một ngày, ví dụ 2026-01-02."
        )
    return frozenset(days)
