"""Working days and office hours, as a table of days."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from tracker.core.errors import InvalidInputError
from tracker.core.workdays import working_days

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        ("2026-11-16", True),  # a Monday
        ("2026-11-21", False),  # a Saturday
        ("2026-11-22", False),
        ("2026-01-01", False),
        ("2026-01-02", False),  # swapped by the yearly notice
        ("2026-01-10", True),  # a Saturday, worked in its place
        ("2026-02-16", False),  # Tết
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2026-04-27", False),  # Giỗ Tổ fell on a Sunday
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-11-24", False),  # Ngày Văn hóa Việt Nam, new in 2026
        ("2024-02-29", True),  # a leap day
        ("2027-05-03", False),
    ],
)
def test_day_is_worked(day: str, is_worked: bool) -> None:
    assert working_days().is_worked(date.fromisoformat(day)) is is_worked


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2026-11-18", "2026-11-18", "2026-11-18"),
        ("2026-11-22", "2026-11-20", "2026-11-23"),
        ("2026-02-18", "2026-02-13", "2026-02-23"),  # Tết
        ("2026-01-01", "2025-12-31", "2026-01-05"),  # the year changes
    ],
)
def test_neighbouring_working_days(day: str, before: str, after: str) -> None:
    working = working_days()
    assert working.on_or_before(date.fromisoformat(day)) == date.fromisoformat(before)
    assert working.on_or_after(date.fromisoformat(day)) == date.fromisoformat(after)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-16T09:00", "2026-11-16T09:00"),
        ("2026-11-16T06:59", "2026-11-16T07:00"),
        ("2026-11-16T07:00", "2026-11-16T07:00"),
        ("2026-11-16T18:00", "2026-11-17T07:00"),
        ("2026-11-20T18:00", "2026-11-23T07:00"),
        ("2026-11-21T09:00", "2026-11-23T07:00"),
        ("2026-11-23T20:00", "2026-11-25T07:00"),  # the 24th is a holiday
    ],
)
def test_next_opening(moment: str, opening: str) -> None:
    given = datetime.fromisoformat(moment).replace(tzinfo=VIETNAM)
    found = working_days().next_opening(given, opens=time(7), closes=time(18))
    assert found == datetime.fromisoformat(opening).replace(tzinfo=VIETNAM)


def test_wrong_day_in_seed_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "working_days.yaml").write_text("days_off: {thu-hai: nghỉ}\n", encoding="utf-8")
    settings.TRACKER_SEEDS = tmp_path
    with pytest.raises(InvalidInputError, match="thu-hai"):
        working_days()


def test_without_seed_the_public_calendar_holds(settings: Settings, tmp_path: Path) -> None:
    settings.TRACKER_SEEDS = tmp_path
    assert working_days().is_worked(date(2026, 1, 2)) is True
