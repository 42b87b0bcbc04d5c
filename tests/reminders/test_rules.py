"""When a task is named: a table of dates. For a deadline product this table is the specification."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.core.workdays import working_days
from tracker.reminders.rules import Rules, deadline_steps, escalation_steps, is_open_period

SHORT = Rules(days_before=(7, 1), times_after=2)


@pytest.mark.parametrize(
    ("due_on", "steps"),
    [
        # An ordinary Thursday.
        (
            "2026-12-10",
            {
                "before-7": "2026-12-03",
                "before-1": "2026-12-09",
                "on": "2026-12-10",
                "after-7": "2026-12-17",
                "after-14": "2026-12-24",
            },
        ),
        # A Sunday: everything up to the deadline goes out before it, what follows after it.
        (
            "2026-11-29",
            {
                "before-7": "2026-11-20",
                "before-1": "2026-11-27",
                "on": "2026-11-27",
                "after-7": "2026-12-07",
                "after-14": "2026-12-14",
            },
        ),
        # The day before Tết: a step a week later may not fall back on the deadline itself.
        (
            "2026-02-13",
            {
                "before-7": "2026-02-06",
                "before-1": "2026-02-12",
                "on": "2026-02-13",
                "after-7": "2026-02-23",
                "after-14": "2026-02-27",
            },
        ),
        # A leap day.
        (
            "2024-02-29",
            {
                "before-7": "2024-02-22",
                "before-1": "2024-02-28",
                "on": "2024-02-29",
                "after-7": "2024-03-07",
                "after-14": "2024-03-14",
            },
        ),
        # The end of a quarter and of the year.
        (
            "2026-12-31",
            {
                "before-7": "2026-12-24",
                "before-1": "2026-12-30",
                "on": "2026-12-31",
                "after-7": "2027-01-07",
                "after-14": "2027-01-14",
            },
        ),
        # In the middle of a Saturday that is worked.
        (
            "2026-08-22",
            {
                "before-7": "2026-08-14",
                "before-1": "2026-08-21",
                "on": "2026-08-22",
                "after-7": "2026-09-03",
                "after-14": "2026-09-07",
            },
        ),
    ],
)
def test_steps_around_a_deadline(due_on: str, steps: dict[str, str]) -> None:
    found = deadline_steps(SHORT, date.fromisoformat(due_on), recurrence="once", working=working_days())
    assert {step.key: step.day.isoformat() for step in found} == steps


@pytest.mark.parametrize(
    ("recurrence", "keys"),
    [
        ("weekly", ["before-3", "before-1", "on"]),
        (
            "monthly",
            ["before-30", "before-14", "before-7", "before-3", "before-1", "on"]
            + [f"after-{days}" for days in (7, 14, 21, 28)],
        ),
    ],
)
def test_recurring_duty_is_reminded_in_its_period_only(recurrence: str, keys: list[str]) -> None:
    steps = deadline_steps(Rules(), date(2026, 12, 31), recurrence=recurrence, working=working_days())
    assert [step.key for step in steps] == keys


@pytest.mark.parametrize(
    ("recurrence", "today", "is_open"),
    [
        ("once", "2020-01-01", True),
        ("yearly", "2026-01-01", True),
        ("yearly", "2025-12-30", False),
        ("quarterly", "2026-10-01", True),
        ("quarterly", "2026-09-30", False),
        ("quarterly", "2027-03-31", True),
        ("quarterly", "2027-04-02", False),
    ],
)
def test_open_period_of_a_recurring_duty(recurrence: str, today: str, is_open: bool) -> None:
    assert is_open_period(recurrence, date(2026, 12, 31), date.fromisoformat(today)) is is_open


def test_escalation_comes_on_working_days_after_the_deadline() -> None:
    steps = escalation_steps(Rules(), date(2026, 2, 9), working=working_days())
    assert {step.key: step.day.isoformat() for step in steps} == {
        "head": "2026-02-23",  # the 16th to the 20th is Tết
        "monitor": "2026-02-23",
        "registrar": "2026-03-11",
    }


def test_nobody_learns_of_a_deadline_after_it() -> None:
    """Whatever the day, every step up to the deadline goes out on or before it."""
    working = working_days()
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        due_on = date.fromordinal(ordinal)
        for step in deadline_steps(SHORT, due_on, recurrence="once", working=working):
            assert working.is_worked(step.day)
            assert (step.day > due_on) is step.key.startswith("after")
