"""The conventions of deadlines: what a coded deadline means in days. The one module that knows.

The codes are those of the extraction contract (`2023-Q2`, `<2021-01-15`, `yearly:<11-30`, …).
No statute defines *trước ngày*, *trong tháng* or *trong quý*. The convention kept here, and shown
to users as such: `trước ngày D` is due the day before D; a month, quarter, half-year or year is
due on its last day (a period ends at 24:00 of its last day: Bộ luật Dân sự 2015, điều 148); a day
off does not move a deadline. Days are days in Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from tracker.core.errors import InvalidInputError
from tracker.duties.enums import Precision, Recurrence

_POINT = re.compile(
    r"(?P<before><)?(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)
_RECURRING = re.compile(
    r"(?P<every>weekly|monthly|quarterly|half-yearly|yearly)"
    r"(?::(?P<before><)?(?:(?P<month>\d{2})-)?(?P<number>\d{2}))?"
)
_START = re.compile(r"from:\d{4}(?:-(?:Q[1-4]|H[12]|\d{2}(?:-\d{2})?))?")
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>\d{2})|(?P<month>\d{2})))?"
)

_MONTHS_OF = {
    Recurrence.MONTHLY: 1,
    Recurrence.QUARTERLY: 3,
    Recurrence.HALF_YEARLY: 6,
    Recurrence.YEARLY: 12,
}
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A coded deadline, understood.

    `due_on` is the last day on time, None where there is none or the duty recurs. For a recurring
    duty `month` and `day` place the due day in each period (None: the period's last day) and
    `is_before` says that the day named is the first day too late.
    """

    code: str
    precision: Precision
    recurrence: Recurrence = Recurrence.ONCE
    due_on: date | None = None
    month: int | None = None
    day: int | None = None
    is_before: bool = False

    @property
    def recurs(self) -> bool:
        return self.recurrence is not Recurrence.ONCE


@dataclass(frozen=True, slots=True)
class NewDue:
    """A deadline that one task is to have instead of its duty's: the last day on time, and its words."""

    due_on: date
    words: str

    @classmethod
    def on(cls, day: date) -> NewDue:
        """A day alone: its words are the day."""
        return cls(due_on=day, words=f"{day:%d/%m/%Y}")


@dataclass(frozen=True, slots=True)
class Period:
    """One turn of a recurring duty (kỳ): its key (`2026`, `2026-Q4`, …) and its last day on time."""

    key: str
    due_on: date


def parse_due(code: str, *, field: str = "due") -> Deadline:
    """Understand a coded deadline.

    Raises InvalidInputError for a code that is not of the contract or names no day of the calendar.
    """
    if code == "none" or _START.fullmatch(code):
        return Deadline(code=code, precision=Precision.NONE)
    try:
        if point := _POINT.fullmatch(code):
            return _point(code, point)
        if recurring := _RECURRING.fullmatch(code):
            return _recurring(code, recurring)
    except ValueError as error:
        raise InvalidInputError(
            _("Thời hạn «%(code)s» không có trên lịch.") % {"code": code}, field=field
        ) from error
    raise InvalidInputError(
        _("Không hiểu mã thời hạn «%(code)s». Ví dụ đúng: 2026-12-31, <2026-12-15, 2026-Q4, 2026, yearly:12.")
        % {"code": code},
        field=field,
    )


def new_due(code: str, words: str) -> NewDue:
    """The new deadline of a coded one, with the words it was given in.

    Raises InvalidInputError for a code that names no single day: none, or one that recurs.
    """
    due_on = parse_due(code, field="new_due").due_on
    if due_on is None:
        raise InvalidInputError(
            _("Hạn mới phải là một ngày, tháng, quý hoặc năm; «%(words)s» không chỉ ra một hạn.")
            % {"words": words},
            field="new_due",
        )
    return NewDue(due_on=due_on, words=words)


def quarter_of(day: date) -> str:
    """The calendar quarter of a day: `2026-Q4`."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def quarter_days(quarter: str) -> tuple[date, date]:
    """The first and the last day of a calendar quarter, written `2026-Q4`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    return date(year, 3 * number - 2, 1), month_end(year, 3 * number)


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def periods(deadline: Deadline, *, first: date, last: date) -> Iterator[Period]:
    """The turns of a recurring deadline that fall due from `first` to `last`, both included."""
    if not deadline.recurs or last < first:
        return
    turns = _weeks(first, last) if deadline.recurrence is Recurrence.WEEKLY else _turns(deadline, first, last)
    for turn in turns:
        if first <= turn.due_on <= last:
            yield turn


def period_words(key: str) -> str:
    """A period as people write it: `quý IV/2026`, `năm 2026`; empty for the empty key."""
    match = _PERIOD.fullmatch(key)
    if match is None:
        return ""
    year = match["year"]
    if match["quarter"]:
        return f"quý {_ROMAN[int(match['quarter']) - 1]}/{year}"
    if match["half"]:
        return f"6 tháng {'đầu' if match['half'] == '1' else 'cuối'} năm {year}"
    if match["week"]:
        return f"tuần {int(match['week'])}/{year}"
    if match["month"]:
        return f"tháng {int(match['month'])}/{year}"
    return f"năm {year}"


def deadline_words(due_text: str, period: str) -> str:
    """A deadline in its own words; a recurring duty's with its period."""
    turn = period_words(period)
    if not turn:
        return due_text
    return f"{due_text} ({turn})" if due_text else turn


def quarter_words(quarter: str) -> str:
    """`quý IV/2026` for `2026-Q4`."""
    return period_words(quarter)


def _point(code: str, match: re.Match[str]) -> Deadline:
    year = int(match["year"])
    first, last, precision = _span(match, year)
    if match["before"]:
        return Deadline(code=code, precision=precision, due_on=first - timedelta(days=1), is_before=True)
    return Deadline(code=code, precision=precision, due_on=last)


def _span(match: re.Match[str], year: int) -> tuple[date, date, Precision]:
    if match["quarter"]:
        first_month = 3 * int(match["quarter"]) - 2
        return date(year, first_month, 1), month_end(year, first_month + 2), Precision.QUARTER
    if match["half"]:
        first_month = 6 * int(match["half"]) - 5
        return date(year, first_month, 1), month_end(year, first_month + 5), Precision.HALF
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return day, day, Precision.DAY
    if match["month"]:
        first = date(year, int(match["month"]), 1)
        return first, month_end(year, first.month), Precision.MONTH
    return date(year, 1, 1), date(year, 12, 31), Precision.YEAR


def _recurring(code: str, match: re.Match[str]) -> Deadline:
    recurrence = Recurrence(match["every"])
    month, number = match["month"], match["number"]
    if number is None:
        return Deadline(code=code, precision=_PERIOD_PRECISION[recurrence], recurrence=recurrence)
    if recurrence is Recurrence.WEEKLY or (month and recurrence is not Recurrence.YEARLY):
        raise ValueError(code)
    if recurrence is Recurrence.YEARLY and month is None:
        date(2000, int(number), 1)
        return Deadline(
            code=code,
            precision=Precision.MONTH,
            recurrence=recurrence,
            month=int(number),
            is_before=bool(match["before"]),
        )
    date(2000, int(month or 1), int(number))  # 2000 has a 29 February
    return Deadline(
        code=code,
        precision=Precision.DAY,
        recurrence=recurrence,
        month=int(month) if month else None,
        day=int(number),
        is_before=bool(match["before"]),
    )


_PERIOD_PRECISION = {
    Recurrence.WEEKLY: Precision.WEEK,
    Recurrence.MONTHLY: Precision.MONTH,
    Recurrence.QUARTERLY: Precision.QUARTER,
    Recurrence.HALF_YEARLY: Precision.HALF,
    Recurrence.YEARLY: Precision.YEAR,
}


def _turns(deadline: Deadline, first: date, last: date) -> Iterator[Period]:
    """Monthly to yearly turns of the years that `first` and `last` touch, and their neighbours.

    Neighbours, because `trước ngày 01/01` falls due in the year before its period.
    """
    length = _MONTHS_OF[deadline.recurrence]
    for year in range(first.year - 1, last.year + 2):
        for last_month in range(length, 13, length):
            yield Period(
                key=_period_key(deadline.recurrence, year, last_month),
                due_on=_due_in_turn(deadline, year, last_month),
            )


def _due_in_turn(deadline: Deadline, year: int, last_month: int) -> date:
    month = deadline.month or last_month
    end = month_end(year, month)
    if deadline.day is None:
        return date(year, month, 1) - timedelta(days=1) if deadline.is_before else end
    # `ngày 31 hằng tháng` in a month of 30 days is its last day.
    named = date(year, month, min(deadline.day, end.day))
    return named - timedelta(days=1) if deadline.is_before else named


def _period_key(recurrence: Recurrence, year: int, last_month: int) -> str:
    if recurrence is Recurrence.YEARLY:
        return str(year)
    if recurrence is Recurrence.HALF_YEARLY:
        return f"{year}-H{last_month // 6}"
    if recurrence is Recurrence.QUARTERLY:
        return f"{year}-Q{last_month // 3}"
    return f"{year}-{last_month:02}"


def _weeks(first: date, last: date) -> Iterator[Period]:
    """ISO weeks, due on their Sunday."""
    sunday = first + timedelta(days=6 - first.weekday())
    while sunday <= last:
        iso = sunday.isocalendar()
        yield Period(key=f"{iso.year}-W{iso.week:02}", due_on=sunday)
        sunday += timedelta(days=7)
