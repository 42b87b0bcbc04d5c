"""Why a person was told of a task: the answer for programs."""

from __future__ import annotations

import pytest

from tests.api.conftest import ClientOf
from tests.factories import TODAY, make_task
from tests.reminders.helpers import at, look
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    task = make_task(agency=agency, due="2026-12-31")
    look(at(TODAY))
    return task


def test_own_reminders_are_told(client_of: ClientOf, owner: User, task: Task) -> None:
    answer = client_of(owner).get(f"/api/v1/tasks/{task.pk}/reminders").json()
    assert (answer["task"], answer["user"], answer["lanes"]) == (task.pk, owner.username, ["deadline"])
    assert answer["reasons"] == []
    assert answer["past"] == [
        {
            "day": "2026-11-16",
            "step": "new",
            "lane": "new",
            "words": "việc mới giao",
            "due_on": "2026-12-31",
            "state": "sent",
            "reason": "",
            "planned_at": "2026-11-16T09:00:00+07:00",
            "sent_at": "2026-11-16T09:00:00+07:00",
            "address": owner.email,
        }
    ]
    assert answer["coming"][0] == {
        "day": "2026-12-01",
        "step": "before-30",
        "lane": "deadline",
        "words": "trước hạn 30 ngày",
    }


def test_registrar_asks_about_anybody(
    client_of: ClientOf, registrar: User, outsider: User, task: Task
) -> None:
    answer = client_of(registrar).get(f"/api/v1/tasks/{task.pk}/reminders?user={outsider.username}").json()
    assert (answer["user"], [reason["code"] for reason in answer["reasons"]]) == (
        outsider.username,
        ["not_recipient"],
    )


@pytest.mark.parametrize("name", ["dong-nghiep", "khong-co"])
def test_nobody_else_asks_about_others(
    client_of: ClientOf, owner: User, colleague: User, task: Task, name: str
) -> None:
    response = client_of(owner).get(f"/api/v1/tasks/{task.pk}/reminders?user={name}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_registrar_who_asks_about_nobody_finds_nobody(
    client_of: ClientOf, registrar: User, task: Task
) -> None:
    assert client_of(registrar).get(f"/api/v1/tasks/{task.pk}/reminders?user=khong-co").status_code == 404


def test_unknown_parameter_is_refused(client_of: ClientOf, owner: User, task: Task) -> None:
    response = client_of(owner).get(f"/api/v1/tasks/{task.pk}/reminders?nguoi=x")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
