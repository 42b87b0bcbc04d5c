"""The system check: is anybody looking?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db import ProgrammingError

from tests.factories import make_task
from tracker.core import clock
from tracker.reminders.models import Scan

pytestmark = pytest.mark.django_db


def test_nobody_looking_is_warned_of() -> None:
    make_task()
    assert _warnings() == ["Chưa có lượt quét nhắc việc nào: không ai được nhắc."]


def test_last_look_of_yesterday_is_named() -> None:
    make_task()
    ended = clock.now() - timedelta(hours=25)
    Scan.objects.create(day=ended.date(), started_at=ended, finished_at=ended)
    (warning,) = _warnings()
    assert f"{ended:%H:%M ngày %d/%m/%Y}" in warning


def test_fresh_look_is_well() -> None:
    make_task()
    ended = clock.now() - timedelta(hours=23)
    Scan.objects.create(day=ended.date(), started_at=ended, finished_at=ended)
    assert _warnings() == []


def test_nothing_to_follow_is_no_reason_to_warn() -> None:
    make_task(is_history=True)
    assert _warnings() == []


def test_checks_without_a_database_ask_none() -> None:
    make_task()
    assert [one for one in run_checks() if one.id == "tracker.W001"] == []


def test_missing_tables_are_no_concern_of_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_now: object) -> None:
        raise ProgrammingError("no such table")

    monkeypatch.setattr("tracker.reminders.checks.last_scan", missing)
    assert _warnings() == []


def _warnings() -> list[str]:
    return [str(one.msg) for one in run_checks(databases=["default"]) if one.id == "tracker.W001"]
