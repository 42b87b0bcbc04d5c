"""The specification: on which day a person is told what, as a table of dates.

Each row is a deadline, the days on which somebody looks, and what then goes out. A look is at nine in the
morning; a task is assigned long before, so that it is no news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from tests.factories import NOW, make_duty, make_task
from tests.reminders.helpers import at, ledger, look
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.models import Task
from tracker.reminders.models import Policy, Reminder

LONG_AGO = NOW - timedelta(days=900)


@pytest.fixture(autouse=True)
def short_policy(db: None) -> None:
    """Seven days and one day before, on the day, and a week after: rows that can be read."""
    Policy.objects.create(is_default=True, days_before=[7, 1], times_after=1)


def _task(agency: Agency, due: str, **fields: Any) -> Task:
    task = make_task(agency=agency, due=due, **fields)
    Task.objects.filter(pk=task.pk).update(created_at=LONG_AGO)
    return task


def _days(first: str, last: str, *, but: tuple[str, str] | None = None) -> Iterator[date]:
    """Every day from the first to the last, without a time of downtime (its first and last day)."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        if but is None or not but[0] <= day.isoformat() <= but[1]:
            yield day
        day += timedelta(days=1)


def _sent(days: Iterator[date]) -> dict[str, list[str]]:
    """Look on each of the days; what went out on which."""
    found: dict[str, list[str]] = {}
    for day in days:
        before = set(Reminder.objects.filter(message__state="sent", outcome="").values_list("pk", flat=True))
        look(at(day))
        new = Reminder.objects.filter(message__state="sent", outcome="").exclude(pk__in=before)
        if steps := list(new.order_by("id").values_list("step", flat=True)):
            found[day.isoformat()] = steps
    assert len(mail.outbox) == len(found)  # never two mails on a day
    return found


# The deadline; then the days on which "7 days before", "1 day before", "today" and "7 days late" go out.
# A step without a day fell on the same day as the one after it, which goes in its place.
EVERY_DAY = """
2026-12-10  2026-12-03  2026-12-09  2026-12-10  2026-12-17  a Thursday
2026-11-29  2026-11-20  -           2026-11-27  2026-12-07  a Sunday: known on the Friday
2024-02-29  2024-02-22  2024-02-28  2024-02-29  2024-03-07  a leap day
2024-03-01  2024-02-23  2024-02-29  2024-03-01  2024-03-08  the day after a leap day
2026-02-13  2026-02-06  2026-02-12  2026-02-13  2026-02-23  the last day before Tết
2026-02-18  2026-02-11  -           2026-02-13  2026-02-25  in Tết: known on the last working day before it
2026-02-23  -           2026-02-13  2026-02-23  2026-03-02  the first day after Tết
2026-03-31  2026-03-24  2026-03-30  2026-03-31  2026-04-07  the end of a first quarter
2026-06-30  2026-06-23  2026-06-29  2026-06-30  2026-07-07  the end of a second quarter
2026-09-30  2026-09-23  2026-09-29  2026-09-30  2026-10-07  the end of a third quarter
2026-12-31  2026-12-24  2026-12-30  2026-12-31  2027-01-07  the end of a year
2027-01-01  2026-12-25  -           2026-12-31  2027-01-08  New Year: known the year before
2027-01-04  2026-12-28  2026-12-31  2027-01-04  2027-01-11  the first working day of a year
2026-01-10  2025-12-31  2026-01-09  2026-01-10  2026-01-19  a Saturday that is worked for another day
2026-01-09  2025-12-31  2026-01-08  2026-01-09  2026-01-16  a week after a day that was swapped
2026-11-24  2026-11-17  -           2026-11-23  2026-12-01  a holiday in the middle of a week
"""
_STEPS = ("before-7", "before-1", "on", "after-7")


def _rows() -> Iterator[Any]:
    for line in EVERY_DAY.strip().splitlines():
        due, *days, name = re.split(r" {2,}", line)
        told = {day: [step] for step, day in zip(_STEPS, days, strict=True) if day != "-"}
        yield pytest.param(due, told, id=name)


@pytest.mark.parametrize(("due", "expected"), list(_rows()))
def test_looked_at_every_day(agency: Agency, owner: User, due: str, expected: dict[str, list[str]]) -> None:
    _task(agency, due)
    day = date.fromisoformat(due)
    first, last = day - timedelta(days=16), day + timedelta(days=14)
    assert _sent(_days(first.isoformat(), last.isoformat())) == expected


@pytest.mark.parametrize(
    ("down", "expected", "merged"),
    [
        # One day: the step of that day comes a day late.
        (("2026-12-24", "2026-12-24"), {"2026-12-25": ["before-7"], "2026-12-30": ["before-1"]}, []),
        # Three days over a weekend.
        (("2026-12-24", "2026-12-26"), {"2026-12-28": ["before-7"], "2026-12-30": ["before-1"]}, []),
        # Down on the deadline itself: it is said on the first working day after.
        (
            ("2026-12-31", "2026-12-31"),
            {"2026-12-24": ["before-7"], "2026-12-30": ["before-1"], "2027-01-04": ["on"]},
            [],
        ),
        # Both steps before it: the later one goes, the other is on record as merged.
        (("2026-12-24", "2026-12-30"), {"2026-12-31": ["on"]}, ["before-7", "before-1"]),
        # Forty days: one mail, of where things stand now.
        (("2026-12-01", "2027-01-09"), {"2027-01-11": ["after-7"]}, ["before-7", "before-1", "on"]),
    ],
)
def test_after_downtime(
    agency: Agency,
    owner: User,
    down: tuple[str, str],
    expected: dict[str, list[str]],
    merged: list[str],
) -> None:
    """Due on 31/12/2026; nobody looks from the first to the last of these days."""
    task = _task(agency, "2026-12-31")
    last = max(*expected, "2026-12-30")
    assert _sent(_days("2026-11-27", last, but=down)) == expected
    assert [step for step, state in ledger(task=task) if state == "merged"] == merged


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        # Put off before anything was said: nobody has to unlearn a day.
        (
            {"2026-12-01": "2027-01-15"},
            {"2027-01-08": ["before-7"], "2027-01-14": ["before-1"], "2027-01-15": ["on"]},
        ),
        # Put off after the first step: said at once, then anew from the start.
        (
            {"2026-12-25": "2027-01-15"},
            {
                "2026-12-24": ["before-7"],
                "2026-12-25": ["moved"],
                "2027-01-08": ["before-7"],
                "2027-01-14": ["before-1"],
                "2027-01-15": ["on"],
            },
        ),
        # Brought forward: both the move and the step that is now due, in one mail.
        (
            {"2026-12-24": "2026-12-25"},
            {"2026-12-24": ["before-1"], "2026-12-25": ["on"], "2027-01-04": ["after-7"]},
        ),
    ],
)
def test_moved_deadline(
    agency: Agency, owner: User, moves: dict[str, str], expected: dict[str, list[str]]
) -> None:
    """Due on 31/12/2026 at first; before the look of a day the deadline is moved."""
    task = _task(agency, "2026-12-31")

    def days() -> Iterator[date]:
        for day in _days("2026-11-27", max(expected)):
            if to := moves.get(day.isoformat()):
                due_on = date.fromisoformat(to)
                quarter = f"{due_on.year}-Q{(due_on.month + 2) // 3}"
                Task.objects.filter(pk=task.pk).update(due_on=due_on, due_quarter=quarter)
            yield day

    assert _sent(days()) == expected


def test_offices_own_day_off(agency: Agency, owner: User, settings: Settings, tmp_path: Path) -> None:
    """Thursday 10/12 is off: the steps of that day and of its eve go out on the Wednesday."""
    (tmp_path / "working_days.yaml").write_text("days_off: {2026-12-10: Ngày truyền thống}", encoding="utf-8")
    settings.TRACKER_SEEDS = tmp_path
    _task(agency, "2026-12-11")
    assert _sent(_days("2026-11-30", "2026-12-18")) == {
        "2026-12-04": ["before-7"],
        "2026-12-09": ["before-1"],
        "2026-12-11": ["on"],
        "2026-12-18": ["after-7"],
    }


def test_saturday_that_the_office_works(
    agency: Agency, owner: User, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "working_days.yaml").write_text("days_worked: {2026-12-12: Làm bù}", encoding="utf-8")
    settings.TRACKER_SEEDS = tmp_path
    _task(agency, "2026-12-13")  # a Sunday
    assert _sent(_days("2026-11-30", "2026-12-21")) == {
        "2026-12-04": ["before-7"],
        "2026-12-12": ["on"],
        "2026-12-21": ["after-7"],
    }


def test_weekly_reader_over_a_week_that_is_off(agency: Agency, owner: User) -> None:
    """Mondays; the week of Tết has none, and what fell into it comes the Monday after."""
    look(at("2026-01-15"))
    owner.recipients.update(rhythm="weekly")
    _task(agency, "2026-02-25")
    assert _sent(_days("2026-01-16", "2026-02-25")) == {
        "2026-02-23": ["before-7"],
        "2026-02-25": ["on"],
    }


def test_recurring_duty_names_each_turn_on_its_own_days(agency: Agency, owner: User) -> None:
    duty = make_duty(leads=(agency,), due="monthly", due_text="hằng tháng")
    for period, due_on in (("2026-11", date(2026, 11, 30)), ("2026-12", date(2026, 12, 31))):
        task = make_task(agency=agency, duty=duty, due_on=due_on, period=period)
        Task.objects.filter(pk=task.pk).update(created_at=LONG_AGO)
    sent = _sent(_days("2026-11-16", "2027-01-08"))
    assert sent == {
        "2026-11-23": ["before-7"],
        "2026-11-27": ["before-1"],
        "2026-11-30": ["on"],
        "2026-12-07": ["after-7"],
        "2026-12-24": ["before-7"],
        "2026-12-30": ["before-1"],
        "2026-12-31": ["on"],
        "2027-01-07": ["after-7"],
    }
