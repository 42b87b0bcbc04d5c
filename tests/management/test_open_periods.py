"""`open_periods`: from cron, again and again."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from tests.factories import make_agency, make_duty
from tests.management.conftest import Run
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db


def test_periods_open_a_year_ahead_and_once(run: Run) -> None:
    make_duty(leads=(make_agency(),), due="quarterly")  # of a document of 15/01/2026
    assert run("open_periods") == "Đã mở 7 việc.\n"
    assert list(Task.objects.order_by("period").values_list("period", flat=True)) == [
        *("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"),
        *("2027-Q1", "2027-Q2", "2027-Q3"),
    ]
    assert run("open_periods") == "Đã mở 0 việc.\n"


def test_named_day_moves_the_horizon(run: Run) -> None:
    make_duty(leads=(make_agency(),), due="yearly")
    assert run("open_periods", "--today", "2026-01-20") == "Đã mở 1 việc.\n"
    assert run("open_periods", "--today", "2028-01-01") == "Đã mở 2 việc.\n"


def test_day_that_is_none_is_refused(run: Run) -> None:
    with pytest.raises(CommandError, match="viết như 2021-06-15"):
        run("open_periods", "--today", "hôm qua")
