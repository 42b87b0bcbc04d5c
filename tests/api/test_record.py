"""The record as a list, and the periods of a duty."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import ClientOf
from tests.factories import ACTOR, NOW, TODAY, make_agency, make_duty, make_task, make_user
from tracker.agencies.models import Agency
from tracker.core.enums import Door, OfficeRole
from tracker.core.events import Actor, record_event
from tracker.core.models import Event, User
from tracker.duties.enums import WorkState
from tracker.duties.models import Task

URL = "/api/v1/events"


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    """A task with two events, beside an event of the registry."""
    task = make_task(agency=agency)
    record_event(task, "task.opened", actor=ACTOR, now=NOW)
    actor = Actor(door=Door.WEB, user=owner, address="192.0.2.7")
    record_event(task, "task.started", actor=actor, now=NOW + timedelta(days=1), note="bắt đầu")
    record_event(agency, "agency.changed", actor=ACTOR, now=NOW)
    return task


def _verbs(client: object, query: str = "") -> list[str]:
    response = client.get(f"{URL}?{query}")  # type: ignore[attr-defined]
    assert response.status_code == 200, response.json()
    return [row["verb"] for row in response.json()["results"]]


def test_person_reads_the_record_of_what_they_see(
    client_of: ClientOf, owner: User, outsider: User, task: Task
) -> None:
    assert _verbs(client_of(owner)) == ["task.started", "task.opened"]
    assert _verbs(client_of(outsider)) == []


def test_registrar_and_auditor_read_everything_a_leader_what_tasks_went_through(
    client_of: ClientOf, registrar: User, task: Task
) -> None:
    auditor = make_user(office_role=OfficeRole.AUDITOR)
    leader = make_user(office_role=OfficeRole.LEADER)
    for person in (registrar, auditor):
        assert "agency.changed" in _verbs(client_of(person))
    assert _verbs(client_of(leader)) == ["task.started", "task.opened"]


def test_event_shows_what_it_is_about_and_its_address_to_those_who_check(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    event = Event.objects.about(task).get(verb="task.started")
    shown = client_of(registrar).get(f"{URL}/{event.pk}").json()
    assert shown == {
        "id": event.pk,
        "at": "2026-11-17T09:00:00+07:00",
        "verb": "task.started",
        "actor": "chu-viec",
        "door": "web",
        "before": {},
        "after": {},
        "note": "bắt đầu",
        "subject_type": "task",
        "subject_id": task.pk,
        "address": "192.0.2.7",
    }
    assert client_of(owner).get(f"{URL}/{event.pk}").json() == {**shown, "address": None}


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ("verb=task.opened", ["task.opened"]),
        ("subject_type=task", ["task.started", "task.opened"]),
        ("actor=chu-viec", ["task.started"]),
        ("door=web", ["task.started"]),
        ("door=web&door=command&subject_type=task", ["task.started", "task.opened"]),
        ("at_from=2026-11-17T00:00:00%2B07:00", ["task.started"]),
        ("at_before=2026-11-17T00:00:00%2B07:00&subject_type=task", ["task.opened"]),
        ("cursor=&subject_type=task", ["task.opened", "task.started"]),
    ],
)
def test_filters(client_of: ClientOf, registrar: User, task: Task, query: str, verbs: list[str]) -> None:
    client = client_of(registrar)
    assert _verbs(client, query) == verbs


def test_list_takes_the_same_queries_for_1_and_100_events(
    client_of: ClientOf, registrar: User, owner: User, task: Task
) -> None:
    for person in (registrar, owner):
        client = client_of(person)
        counts = []
        for number in (0, 100):
            for _turn in range(number):
                record_event(task, "task.opened", actor=Actor(door=Door.WEB, user=person), now=NOW)
            client.get(URL)
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{URL}?page_size=200")
            counts.append(len(queries))
        assert counts == [3, 3]  # token, count, events with their actors


def test_periods_of_a_duty_add_up(client_of: ClientOf, registrar: User, agency: Agency) -> None:
    other = make_agency()
    duty = make_duty(leads=(agency, other), due="quarterly", due_text="hằng quý")
    done: dict[str, Any] = {"state": WorkState.CONFIRMED, "reported_on": TODAY}
    make_task(agency=agency, duty=duty, period="2026-Q3", due_on=date(2026, 9, 30), **done)
    make_task(agency=other, duty=duty, period="2026-Q3", due_on=date(2026, 9, 30))
    make_task(agency=agency, duty=duty, period="2026-Q4", due_on=date(2026, 12, 31))
    url = f"/api/v1/duties/{duty.pk}/periods"
    shown = client_of(registrar).get(url).json()
    third = {"period": "2026-Q3", "words": "quý III/2026", "due_on": "2026-09-30"}
    fourth = {"period": "2026-Q4", "words": "quý IV/2026", "due_on": "2026-12-31"}
    assert shown == [
        {**third, "tasks": 2, "done": 1, "overdue": 1},
        {**fourth, "tasks": 1, "done": 0, "overdue": 0},
    ]
    assert client_of(make_user(agency=other)).get(url).json() == [
        {**third, "tasks": 1, "done": 0, "overdue": 1}
    ]
    query = f"duty_id={duty.pk}&period=2026-Q3"
    assert client_of(registrar).get(f"/api/v1/tasks?{query}").json()["count"] == 2


def test_duty_without_recurrence_has_one_empty_period(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    task = make_task(agency=agency, due="none")
    assert client_of(owner).get(f"/api/v1/duties/{task.duty_id}/periods").json() == [
        {"period": "", "words": "", "due_on": None, "tasks": 1, "done": 0, "overdue": 0}
    ]
