"""Requests for new deadlines through the API: asked, decided, taken back; deadlines moved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tests.duties.makers import PDF, a_file
from tests.factories import make_extension, make_task
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.duties.models import Extension, Task

ASK = {"new_due": "quý I/2027", "reason": "Chờ hướng dẫn"}


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency, due="2026-Q4", due_text="quý IV/2026")


def _ask(client: APIClient, task: Task, **fields: Any) -> Any:
    return client.post(f"/api/v1/tasks/{task.pk}/extensions", {**ASK, **fields}, format="json")


def test_agency_asks_and_the_office_grants(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    asked = _ask(client_of(owner), task)
    assert asked.status_code == 201, asked.json()
    shown = asked.json()
    assert (shown["status"], shown["asked_due_on"], shown["asked_words"]) == (
        "open",
        "2027-03-31",
        "quý I/2027",
    )
    office = client_of(registrar)
    assert office.get("/api/v1/extensions?status=open").json()["count"] == 1
    granted = office.post(f"/api/v1/extensions/{shown['id']}/grant", {"note": "đồng ý"}, format="json")
    assert granted.status_code == 200, granted.json()
    assert (granted.json()["status"], granted.json()["granted_due_on"]) == ("granted", "2027-03-31")
    now = client_of(owner).get(f"/api/v1/tasks/{task.pk}").json()
    assert (now["due_on"], now["original_due_on"], now["deadline_words"], now["due_quarter"]) == (
        "2027-03-31",
        "2026-12-31",
        "quý I/2027",
        "2027-Q1",
    )
    assert [event.door for event in Event.objects.about(task)] == ["api", "api"]


def test_office_grants_less(client_of: ClientOf, registrar: User, task: Task) -> None:
    extension = make_extension(task)
    url = f"/api/v1/extensions/{extension.pk}/grant"
    shown = client_of(registrar).post(url, {"new_due": "31/01/2027"}, format="json").json()
    assert (shown["status"], shown["granted_due_on"]) == ("granted_shorter", "2027-01-31")


def test_office_refuses_with_a_reason(client_of: ClientOf, registrar: User, task: Task) -> None:
    url = f"/api/v1/extensions/{make_extension(task).pk}/refusal"
    client = client_of(registrar)
    assert client.post(url, {}, format="json").status_code == 400
    shown = client.post(url, {"reason": "không thể chậm"}, format="json").json()
    assert (shown["status"], shown["decision_note"]) == ("refused", "không thể chậm")
    again = client.post(url, {"reason": "không thể chậm"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "transition_not_allowed")


def test_agency_takes_its_request_back(client_of: ClientOf, owner: User, task: Task) -> None:
    url = f"/api/v1/extensions/{make_extension(task).pk}/withdrawal"
    assert client_of(owner).post(url, {}, format="json").json()["status"] == "withdrawn"


@pytest.mark.parametrize(("address", "body"), [("grant", {}), ("refusal", {"reason": "x"})])
def test_only_the_office_decides(
    client_of: ClientOf, owner: User, task: Task, address: str, body: dict[str, str]
) -> None:
    extension = make_extension(task)
    response = client_of(owner).post(f"/api/v1/extensions/{extension.pk}/{address}", body, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "only_for_registrars")
    extension.refresh_from_db()
    assert extension.status == "open"


def test_monitor_sees_and_may_not_ask(client_of: ClientOf, outsider: User, task: Task) -> None:
    task.duty.document.monitors.add(Agency.objects.get(posts__user=outsider))
    extension = make_extension(task)
    client = client_of(outsider)
    assert client.get(f"/api/v1/extensions/{extension.pk}").status_code == 200
    assert _ask(client, task).json()["code"] == "not_your_task"
    response = client.post(f"/api/v1/extensions/{extension.pk}/withdrawal", {}, format="json")
    assert response.json()["code"] == "not_your_task"


@pytest.mark.parametrize(
    ("new_due", "words"),
    [
        ("khi nào xong", "Chưa hiểu"),
        ("2026-12-31", "phải sau hạn hiện nay"),
        ("hằng quý", "không chỉ ra một hạn"),
    ],
)
def test_deadline_of_no_use_is_refused_at_its_field(
    client_of: ClientOf, owner: User, task: Task, new_due: str, words: str
) -> None:
    response = _ask(client_of(owner), task, new_due=new_due)
    assert (response.status_code, response.json()["code"]) == (422, "unusable_deadline")
    assert [error["field"] for error in response.json()["errors"]] == ["new_due"]
    assert words in response.json()["detail"]
    assert not Extension.objects.exists()


def test_second_request_is_a_conflict(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    assert [_ask(client, task).status_code for _turn in range(2)] == [201, 409]


def test_request_twice_under_one_key_is_made_once(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    url = f"/api/v1/tasks/{task.pk}/extensions"
    answers = [
        client.post(url, {**ASK, "files": a_file()}, format="multipart", headers={"Idempotency-Key": "k"})
        for _turn in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"
    other = {**ASK, "files": a_file(content=PDF + b"\n")}
    response = client.post(url, other, format="multipart", headers={"Idempotency-Key": "k"})
    assert response.json()["code"] == "idempotency_key_reused"


def test_request_with_a_file(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    response = client.post(
        f"/api/v1/tasks/{task.pk}/extensions", {**ASK, "files": [a_file("cv.pdf")]}, format="multipart"
    )
    assert response.status_code == 201, response.json()
    (file,) = response.json()["evidence"]
    assert (file["name"], file["extension_id"]) == ("cv.pdf", response.json()["id"])


def test_request_needs_its_condition(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    stale = client.post(
        f"/api/v1/tasks/{task.pk}/extensions", ASK, format="json", headers={"If-Match": f'"{task.pk}.9"'}
    )
    assert stale.status_code == 412
    client.defaults.pop("HTTP_IF_MATCH")
    assert _ask(client, task).status_code == 428


def test_office_moves_a_deadline(client_of: ClientOf, registrar: User, task: Task) -> None:
    body = {"new_due": "2026-12-15", "reason": "Trung ương giục"}
    shown = client_of(registrar).post(f"/api/v1/tasks/{task.pk}/deadline", body, format="json").json()
    assert (shown["due_on"], shown["original_due_on"]) == ("2026-12-15", date(2026, 12, 31).isoformat())


def test_lists_take_the_same_queries_for_1_and_100_rows(
    client_of: ClientOf, registrar: User, agency: Agency, task: Task
) -> None:
    client = client_of(registrar)
    make_extension(task)
    counts = []
    for number in (0, 99):
        for _turn in range(number):
            make_extension(make_task(agency=agency))
        client.get("/api/v1/extensions")
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/extensions?page_size=200")
        counts.append(len(queries))
    assert counts == [4, 4]  # token, count, requests, files


def test_bad_file_with_a_request_is_said_as_of_the_file(client_of: ClientOf, owner: User, task: Task) -> None:
    fields = {"new_due": "31/03/2027", "reason": "chờ", "files": [a_file("a.exe")]}
    response = client_of(owner).post(f"/api/v1/tasks/{task.pk}/extensions", fields, format="multipart")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "unusable_file")
    assert problem["errors"][0]["field"] == "files"
    assert not Extension.objects.exists()


def test_unusable_deadline_is_said_at_its_field(client_of: ClientOf, owner: User, task: Task) -> None:
    problem = _ask(client_of(owner), task, new_due="hằng năm").json()
    assert (problem["status"], problem["code"]) == (422, "unusable_deadline")
    assert problem["errors"][0]["field"] == "new_due"
