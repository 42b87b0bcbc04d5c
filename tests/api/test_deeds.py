"""What is done to tasks through the API: who may, under which condition, and only once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from rest_framework.throttling import UserRateThrottle

from tests.api.conftest import ClientOf
from tests.factories import NOW, TODAY, make_agency, make_task
from tracker.agencies.models import Agency
from tracker.core.enums import TokenScope
from tracker.core.models import Event, KeptAnswer, User
from tracker.duties.enums import WorkState
from tracker.duties.models import Task

URL = "/api/v1/tasks"
REPORTED: dict[str, Any] = {"state": WorkState.REPORTED, "reported_on": TODAY}

# Sub-resource, body, the state before, the state after, and whether it is the office's.
DEEDS: list[tuple[str, dict[str, Any], dict[str, Any], str, bool]] = [
    ("start", {}, {}, "in_progress", False),
    ("progress", {"percent": 40}, {}, "in_progress", False),
    ("report", {"note": "xong"}, {}, "reported", False),
    ("report-withdrawal", {"note": "nhầm"}, REPORTED, "in_progress", False),
    ("confirmation", {}, REPORTED, "confirmed", True),
    ("return", {"reason": "thiếu minh chứng"}, REPORTED, "returned", True),
    ("withdrawal", {"reason": "không còn phù hợp"}, {}, "withdrawn", True),
    ("restoration", {"reason": "rút nhầm"}, {"state": "withdrawn"}, "not_started", True),
    ("deadline", {"new_due": "quý I/2027", "reason": "lùi"}, {}, "not_started", True),
    ("assignment", {"agency": "so-moi"}, {"needs_assignment": True}, "not_started", True),
    (
        "reassignment",
        {"agency": "so-moi", "reason": "đổi việc"},
        REPORTED | {"state": WorkState.RETURNED},
        "not_started",
        True,
    ),
    ("tracking", {}, {"due": "2026-10-31", "is_history": True}, "not_started", True),
]
each_deed = pytest.mark.parametrize(
    ("address", "body", "before", "after", "is_for_registrar"), DEEDS, ids=[deed[0] for deed in DEEDS]
)


@pytest.fixture(autouse=True)
def other_agency(db: None) -> Agency:
    """Whom a task may be given to."""
    return make_agency("Sở mới", key="so-moi")


def _post(client: APIClient, task: Task, address: str, body: Any = None, **headers: str) -> Any:
    return client.post(f"{URL}/{task.pk}/{address}", body or {}, format="json", headers=headers or None)


@each_deed
def test_deed_is_done_by_whose_it_is(
    client_of: ClientOf,
    owner: User,
    colleague: User,
    registrar: User,
    agency: Agency,
    address: str,
    body: dict[str, Any],
    before: dict[str, Any],
    after: str,
    is_for_registrar: bool,
) -> None:
    people = [registrar] if is_for_registrar else [owner, colleague, registrar]
    for person in people:
        task = make_task(agency=agency, **before)
        response = _post(client_of(person), task, address, body)
        assert response.status_code == 200, response.json()
        assert (response.json()["state"], response.json()["is_history"]) == (after, False)
        assert response["ETag"] == f'"{task.pk}.1"'
        event = Event.objects.about(task).get()
        assert (event.actor, event.door) == (person, "api")


@each_deed
def test_deed_is_refused_to_who_sees_but_may_not(
    client_of: ClientOf,
    owner: User,
    agency: Agency,
    address: str,
    body: dict[str, Any],
    before: dict[str, Any],
    after: str,
    is_for_registrar: bool,
) -> None:
    task = make_task(agency=agency, **before)
    leader = User.objects.create(username="lanh-dao", office_role="leader")
    response = _post(client_of(leader), task, address, body)
    assert response.status_code == 403
    assert response.json()["code"] == ("only_for_registrars" if is_for_registrar else "not_your_task")
    assert not Event.objects.about(task).exists()


@each_deed
def test_outsider_learns_nothing_from_a_deed(
    client_of: ClientOf,
    outsider: User,
    agency: Agency,
    address: str,
    body: dict[str, Any],
    before: dict[str, Any],
    after: str,
    is_for_registrar: bool,
) -> None:
    task = make_task(agency=agency, **before)
    client = client_of(outsider)
    theirs = _post(client, task, address, body)
    nothing = client.post(f"{URL}/{task.pk + 1000}/{address}", body, format="json")
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content


@each_deed
def test_deed_needs_its_condition_and_a_token_that_writes(
    client_of: ClientOf,
    registrar: User,
    agency: Agency,
    address: str,
    body: dict[str, Any],
    before: dict[str, Any],
    after: str,
    is_for_registrar: bool,
) -> None:
    task = make_task(agency=agency, revision=3, **before)
    client = client_of(registrar)
    for condition, status, code in (
        ("", 428, "if_match_required"),
        (f'"{task.pk}.2"', 412, "changed_meanwhile"),
        (f'W/"{task.pk}.3"', 412, "changed_meanwhile"),
        ("nonsense", 400, "invalid_input"),
    ):
        response = _post(client, task, address, body, **{"If-Match": condition})
        assert (response.status_code, response.json()["code"]) == (status, code)
    response = _post(client_of(registrar, scope=TokenScope.READ), task, address, body)
    assert (response.status_code, response.json()["code"]) == (403, "token_is_read_only")
    assert not Event.objects.about(task).exists()
    response = _post(client, task, address, body, **{"If-Match": f'"1.1", "{task.pk}.3"'})
    assert (response.status_code, response["ETag"]) == (200, f'"{task.pk}.4"')


@each_deed
def test_deed_that_the_state_does_not_allow_is_a_conflict(
    client_of: ClientOf,
    registrar: User,
    agency: Agency,
    address: str,
    body: dict[str, Any],
    before: dict[str, Any],
    after: str,
    is_for_registrar: bool,
) -> None:
    state = WorkState.NOT_STARTED if address == "restoration" else WorkState.WITHDRAWN
    task = make_task(agency=agency, state=state)
    response = _post(client_of(registrar), task, address, body)
    assert (response.status_code, response.json()["code"]) == (409, "transition_not_allowed")


def test_etag_of_what_was_read_opens_the_deed(client_of: ClientOf, owner: User, agency: Agency) -> None:
    client, task = client_of(owner), make_task(agency=agency)
    tag = client.get(f"{URL}/{task.pk}")["ETag"]
    assert _post(client, task, "start", **{"If-Match": tag}).status_code == 200
    assert _post(client, task, "report", {"note": "xong"}, **{"If-Match": tag}).status_code == 412


@pytest.mark.parametrize("address", ["return", "withdrawal"])
def test_reason_is_required(client_of: ClientOf, registrar: User, agency: Agency, address: str) -> None:
    task = make_task(agency=agency, **REPORTED)
    for body in ({}, {"reason": "  "}, {"reason": None}):
        response = _post(client_of(registrar), task, address, body)
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == ["reason"]


def test_unknown_member_is_refused(client_of: ClientOf, owner: User, agency: Agency) -> None:
    task = make_task(agency=agency)
    response = _post(client_of(owner), task, "report", {"note": "xong", "evidence": "1-BC"})
    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": "evidence", "message": "Không có trường này."}]


def test_same_key_is_done_once_and_answered_alike(client_of: ClientOf, owner: User, agency: Agency) -> None:
    client, task = client_of(owner), make_task(agency=agency)
    first = _post(client, task, "report", {"note": "xong"}, **{"Idempotency-Key": "k1"})
    again = _post(client, task, "report", {"note": "xong"}, **{"Idempotency-Key": "k1"})
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first["ETag"] == again["ETag"]
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert Event.objects.about(task).count() == 1


def test_same_key_with_another_request_is_refused(client_of: ClientOf, owner: User, agency: Agency) -> None:
    client, task, other = client_of(owner), make_task(agency=agency), make_task(agency=agency)
    key = {"Idempotency-Key": "k1"}
    _post(client, task, "report", {"note": "xong"}, **key)
    for wanted, body in ((task, {"note": "khác"}), (other, {"note": "xong"})):
        response = _post(client, wanted, "report", body, **key)
        assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


def test_refused_request_may_be_sent_again_under_its_key(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    client, task = client_of(owner), make_task(agency=agency, **REPORTED)
    key = {"Idempotency-Key": "k1"}
    assert _post(client, task, "report", {"note": "xong"}, **key).status_code == 409
    assert not KeptAnswer.objects.exists()
    Task.objects.update(state=WorkState.RETURNED, reported_on=None)
    assert _post(client, task, "report", {"note": "xong"}, **key).status_code == 200


def test_key_belongs_to_its_person(client_of: ClientOf, owner: User, colleague: User, agency: Agency) -> None:
    task, other = make_task(agency=agency), make_task(agency=agency)
    key = {"Idempotency-Key": "k1"}
    assert _post(client_of(owner), task, "report", {"note": "xong"}, **key).status_code == 200
    assert _post(client_of(colleague), other, "report", {"note": "xong"}, **key).status_code == 200


def test_key_is_forgotten_after_a_week(client_of: ClientOf, owner: User, agency: Agency) -> None:
    client, task, other = client_of(owner), make_task(agency=agency), make_task(agency=agency)
    _post(client, task, "report", {"note": "xong"}, **{"Idempotency-Key": "k1"})
    KeptAnswer.objects.update(created_at=NOW - timedelta(days=8))
    assert _post(client, other, "report", {"note": "xong"}, **{"Idempotency-Key": "k1"}).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 129, "kh\xf3a"])
def test_bad_key_is_refused(client_of: ClientOf, owner: User, agency: Agency, key: str) -> None:
    task = make_task(agency=agency)
    response = _post(client_of(owner), task, "start", **{"Idempotency-Key": key})
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["Idempotency-Key"]


def test_many_reports_get_one_answer_each(
    client_of: ClientOf, owner: User, outsider: User, agency: Agency
) -> None:
    good = [make_task(agency=agency) for _number in range(2)]
    done = make_task(agency=agency, **REPORTED)
    moved = make_task(agency=agency, revision=2)
    theirs = make_task(agency=Agency.objects.get(posts__user=outsider))
    reports: list[dict[str, Any]] = [{"id": task.pk, "note": "xong"} for task in (*good, done, theirs)]
    reports += [
        {"id": moved.pk, "note": "xong", "revision": 1},
        {"id": 10**9, "note": "xong"},
        {"id": moved.pk, "note": " "},
    ]
    response = client_of(owner).post(f"{URL}/reports", {"reports": reports}, format="json")
    assert response.status_code == 200
    shown = response.json()
    assert (shown["done"], shown["refused"]) == (2, 5)
    assert [answer["id"] for answer in shown["answers"]] == [report["id"] for report in reports]
    assert [answer["status"] for answer in shown["answers"]] == [200, 200, 409, 404, 412, 404, 400]
    assert [answer["task"]["state"] for answer in shown["answers"][:2]] == ["reported", "reported"]
    assert shown["answers"][3]["problem"] == shown["answers"][5]["problem"]
    assert shown["answers"][3]["problem"]["code"] == "not_found"
    theirs.refresh_from_db()
    moved.refresh_from_db()
    assert {theirs.state, moved.state} == {WorkState.NOT_STARTED}


def test_many_reports_under_one_key_are_done_once(client_of: ClientOf, owner: User, agency: Agency) -> None:
    task, done = make_task(agency=agency), make_task(agency=agency, **REPORTED)
    body = {"reports": [{"id": task.pk, "note": "xong"}, {"id": done.pk, "note": "xong"}]}
    answers = [
        client_of(owner).post(f"{URL}/reports", body, format="json", headers={"Idempotency-Key": "k1"}).json()
        for _turn in range(2)
    ]
    assert answers[0] == answers[1]
    assert (answers[0]["done"], answers[0]["refused"]) == (1, 1)
    assert Event.objects.about(task).count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reports"),
        ({"reports": []}, "reports"),
        ({"reports": [{"note": "xong"}]}, "reports.0.id"),
        ({"reports": [{"id": 1, "note": "xong"}] * 101}, "reports"),
        ({"reports": [{"id": 0, "note": "xong"}]}, "reports.0.id"),
        ({"reports": [{"id": 1, "state": "confirmed"}]}, "reports.0.state"),
    ],
)
def test_bad_list_of_reports_is_refused_by_field(
    client_of: ClientOf, owner: User, body: dict[str, Any], field: str
) -> None:
    response = client_of(owner).post(f"{URL}/reports", body, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_record_of_a_task_tells_who_did_what(
    client_of: ClientOf, owner: User, outsider: User, registrar: User, agency: Agency
) -> None:
    task = make_task(agency=agency)
    client = client_of(owner)
    _post(client, task, "report", {"note": "xong"})
    _post(client_of(registrar), task, "return", {"reason": "thiếu"})
    shown = client.get(f"{URL}/{task.pk}/events").json()
    assert [event["verb"] for event in shown["results"]] == ["task.reported", "task.returned"]
    assert shown["results"][0]["actor"] == owner.full_name
    assert shown["results"][1]["note"] == "thiếu"
    assert "address" not in shown["results"][0]
    other = client_of(outsider)
    theirs, nothing = other.get(f"{URL}/{task.pk}/events"), other.get(f"{URL}/999999/events")
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content


def test_record_takes_the_same_queries_for_1_and_20_events(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    task = make_task(agency=agency)
    client = client_of(owner)
    counts = []
    for _turn in range(2):
        for _number in range(10):
            _post(client, task, "report", {"note": "xong"})
            _post(client, task, "report-withdrawal")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}/{task.pk}/events")
        counts.append(len(queries))
    assert counts == [4, 4]  # token, task, count, events with their actors


def test_too_many_requests_are_told_when_to_come_back(
    client_of: ClientOf, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/minute"})
    client = client_of(owner)
    responses = [client.get("/api/v1/me") for _turn in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert responses[2].json()["code"] == "too_many_requests"
    assert 1 <= int(responses[2]["Retry-After"]) <= 61
