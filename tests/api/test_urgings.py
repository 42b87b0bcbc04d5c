"""Urging through the API: who may, once in four hours, and the same answer to a request that comes twice."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tests.factories import make_agency, make_task, make_user
from tracker.agencies.models import Agency
from tracker.core.enums import Door, TokenScope
from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.records import Urging

pytestmark = pytest.mark.django_db

WORDS = {"words": "Đề nghị báo cáo trước thứ Sáu."}


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    return make_task(agency=agency, due="2026-11-10")


def _urge(
    client: APIClient, task: Task, body: object = WORDS, **headers: str
) -> tuple[int, dict[str, object]]:
    response = client.post(f"/api/v1/tasks/{task.pk}/urgings", body, format="json", headers=headers)
    return response.status_code, response.json()


def test_registrar_urges_and_it_is_kept(
    client_of: ClientOf, registrar: User, task: Task, agency: Agency
) -> None:
    status, answer = _urge(client_of(registrar), task)
    urging = Urging.objects.get()
    assert status == 201
    assert {name: answer[name] for name in ("task", "agency", "urged_by", "words", "turn", "recipients")} == {
        "task": task.pk,
        "agency": agency.key,
        "urged_by": "van-phong",
        "words": WORDS["words"],
        "turn": 1,
        "recipients": ["chu-viec <chu-viec@example.vn>"],
    }
    assert Event.objects.get(pk=urging.event_id).door == Door.API


def test_monitor_urges_without_words(client_of: ClientOf, task: Task) -> None:
    monitoring = make_agency()
    task.duty.document.monitors.add(monitoring)
    assert _urge(client_of(make_user(agency=monitoring)), task, {})[0] == 201


def test_second_urging_is_refused_with_the_reason(client_of: ClientOf, registrar: User, task: Task) -> None:
    client = client_of(registrar)
    _urge(client, task)
    status, problem = _urge(client, task)
    assert (status, problem["code"]) == (409, "transition_not_allowed")
    assert "Mỗi việc chỉ đôn đốc một lần trong bốn giờ" in str(problem["detail"])


def test_request_that_comes_twice_urges_once(client_of: ClientOf, registrar: User, task: Task) -> None:
    client = client_of(registrar)
    first = _urge(client, task, **{"Idempotency-Key": "k-1"})
    assert _urge(client, task, **{"Idempotency-Key": "k-1"}) == first
    assert Urging.objects.count() == 1


def test_officer_may_not_and_outsider_finds_no_task(
    client_of: ClientOf, owner: User, outsider: User, task: Task
) -> None:
    status, problem = _urge(client_of(owner), task)
    assert (status, problem["code"]) == (403, "not_yours_to_urge")
    assert _urge(client_of(outsider), task)[0] == 404


def test_token_that_only_reads_does_not_urge(client_of: ClientOf, registrar: User, task: Task) -> None:
    assert _urge(client_of(registrar, scope=TokenScope.READ), task)[0] == 403
    assert not Urging.objects.exists()


@pytest.mark.parametrize("body", [{"words": "x" * 2001}, {"words": 7}, {"loi": "x"}, []])
def test_body_that_is_wrong_is_refused(
    client_of: ClientOf, registrar: User, task: Task, body: object
) -> None:
    assert _urge(client_of(registrar), task, body)[0] == 400
    assert not Urging.objects.exists()
