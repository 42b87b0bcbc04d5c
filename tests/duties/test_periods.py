"""Recurring duties open period by period, a year ahead, once: whoever opens them, however often."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_collective, make_document, make_duty
from tests.services import require
from tracker import pipeline
from tracker.agencies.models import Agency
from tracker.core.models import Event
from tracker.duties.models import Duty, Task

ROOT = Path(__file__).resolve().parents[2]
DUTIES, MEMBERS, MONTHS = 10, 4, 23  # from January 2026 to November 2027, of which a year ahead

OPEN = """
import django, sys, time
django.setup()
from datetime import date
from tracker import pipeline
from tracker.core.clock import now
from tracker.core.events import SYSTEM
while time.time() < float(sys.argv[1]):  # both at the same moment
    pass
print(len(pipeline.open_periods(today=date(2026, 11, 16), actor=SYSTEM, now=now())))
"""


def _open(day: date = TODAY) -> list[Task]:
    return pipeline.open_periods(today=day, actor=ACTOR, now=NOW)


def _periods(duty: Duty) -> list[str]:
    return list(duty.tasks.order_by("due_on").values_list("period", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "first", "last", "count"),
    [
        ("yearly:12", "2026", "2026", 1),
        ("yearly:<11-30", "2026", "2026", 1),
        ("half-yearly", "2026-H1", "2027-H1", 3),
        ("quarterly", "2026-Q1", "2027-Q3", 7),
        ("monthly:05", "2026-02", "2027-11", 22),
        ("weekly", "2026-W03", "2027-W45", 96),
    ],
)
def test_periods_open_from_the_document_to_a_year_ahead(
    agency: Agency, due: str, first: str, last: str, count: int
) -> None:
    duty = make_duty(leads=(agency,), due=due)
    _open()
    opened = _periods(duty)
    assert (opened[0], opened[-1], len(opened)) == (first, last, count)


@pytest.mark.django_db
def test_opening_again_opens_only_what_has_come_within_a_year(agency: Agency) -> None:
    duty = make_duty(leads=(agency,), due="quarterly")
    assert [len(_open(day)) for day in (TODAY, TODAY, date(2026, 12, 31), date(2027, 1, 1))] == [7, 0, 1, 0]
    assert _periods(duty)[-1] == "2027-Q4"


@pytest.mark.django_db
def test_opening_stops_with_the_duty_and_leaves_untracked_documents_alone(agency: Agency) -> None:
    ended = make_duty(leads=(agency,), due="quarterly", ends_on=date(2026, 10, 1))
    loaded = make_duty(leads=(agency,), due="quarterly", document=make_document(status="loaded"))
    _open()
    assert (_periods(ended), _periods(loaded)) == (["2026-Q1", "2026-Q2", "2026-Q3"], [])


@pytest.mark.django_db
def test_collective_owes_by_its_members_on_the_documents_date(agency: Agency) -> None:
    late = make_agency("Thị ủy Chũ", since=date(2026, 6, 1))
    duty = make_duty(leads=(make_collective(agency, late),), due="yearly:12")
    _open()
    assert [task.agency for task in duty.tasks.all()] == [agency]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_every_period_once() -> None:
    """Two processes, at the same moment, on one database: nothing doubled, nothing failed."""
    require("PostgreSQL", connection.vendor == "postgresql", "DATABASE_URL không phải PostgreSQL")
    collective = make_collective(*(make_agency() for _member in range(MEMBERS)))
    for _duty in range(DUTIES):
        make_duty(leads=(collective,), due="monthly")
    own = connection.settings_dict
    place = f"{own['HOST'] or '127.0.0.1'}:{own['PORT'] or 5432}/{own['NAME']}"
    url = f"postgres://{own['USER']}:{own['PASSWORD']}@{place}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    start = str(time.time() + 4)
    workers = [
        subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-c", OPEN, start], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _worker in range(2)
    ]
    opened = [int(worker.communicate(timeout=120)[0]) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    expected = DUTIES * MEMBERS * (MONTHS - 1)
    assert sum(opened) == Task.objects.count() == expected
    assert Event.objects.filter(verb="task.opened").count() == expected
