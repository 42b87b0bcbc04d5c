"""Writing many lines at once: the same ledger as row by row, on PostgreSQL by a copy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import NOW, TODAY, make_task, make_user
from tracker.agencies.models import Agency
from tracker.duties.models import Task
from tracker.reminders import ledger
from tracker.reminders.ledger import Line, write_lines
from tracker.reminders.models import Recipient, Reminder


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency, due="2026-12-31")


@pytest.mark.parametrize("batch", [1, 2000])
def test_lines_are_kept_whole_and_once(task: Task, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a batch of one, PostgreSQL copies; without, it inserts rows like every database."""
    monkeypatch.setattr(ledger, "_BATCH", batch)
    recipient = Recipient.objects.create(user=make_user())
    first = Line(task.pk, recipient.pk, task.agency_id, "deadline", "before-7", task.due_on, TODAY, NOW)
    merged = first._replace(
        step="before-30", day=TODAY - timedelta(days=23), outcome="merged", reason="lỡ lượt,\tgộp \\ vào"
    )
    undated = first._replace(lane="new", step="new", due_on=None)
    other = first._replace(due_on=date(2027, 1, 15))
    write_lines([first, merged, undated])
    write_lines([first, undated, other])
    kept = Reminder.objects.order_by("id").values_list(*Line._fields)
    assert [Line(*row) for row in kept] == [first, merged, undated, other]
    assert set(Reminder.objects.values_list("message", flat=True)) == {None}


def test_nothing_to_write_is_nothing_written(db: None) -> None:
    write_lines([])
    assert Reminder.objects.count() == 0
