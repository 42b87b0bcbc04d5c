"""The own profile, the figures, and choosing fields."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tests.factories import TODAY, make_agency, make_document, make_duty, make_task
from tracker.agencies.models import Agency
from tracker.core.enums import TokenScope
from tracker.core.models import User
from tracker.documents.models import Clause
from tracker.duties.enums import WorkState


def test_profile_tells_who_and_what_the_token_may(client_of: ClientOf, owner: User, agency: Agency) -> None:
    assert client_of(owner, scope=TokenScope.READ).get("/api/v1/me").json() == {
        "username": "chu-viec",
        "full_name": "chu-viec",
        "email": "chu-viec@example.vn",
        "office_role": None,
        "sees_all": False,
        "posts": [{"agency": {"key": agency.key, "name": "Ban Nội chính Tỉnh ủy"}, "role": "officer"}],
        "token": {"name": "thử", "scope": "read", "expires_at": None},
    }


def test_profile_of_a_session_has_no_token(registrar: User) -> None:
    client = APIClient()
    client.force_login(registrar)
    shown = client.get("/api/v1/me").json()
    assert (shown["office_role"], shown["sees_all"], shown["token"]) == ("registrar", True, None)


def _make_figures(agency: Agency) -> None:
    make_task(agency=agency, due="2026-10-31")
    make_task(agency=agency, due="2026-11-20")
    make_task(agency=agency, due="2026-11-30", state=WorkState.REPORTED, reported_on=TODAY)
    make_task(agency=agency, due="none")
    make_task(agency=agency, due="2020-Q1", is_history=True)


def test_figures_add_up(client_of: ClientOf, owner: User, agency: Agency) -> None:
    _make_figures(agency)
    make_task()
    shown = client_of(owner).get("/api/v1/statistics").json()
    assert shown["day"] == TODAY.isoformat()
    assert shown["total"] == {
        "tasks": 5,
        "state": {
            "not_started": 4,
            "in_progress": 0,
            "reported": 1,
            "confirmed": 0,
            "returned": 0,
            "withdrawn": 0,
        },
        "deadline_state": {"no_deadline": 1, "in_time": 1, "due_soon": 1, "overdue": 1, "history": 1},
        "result": {"done_on_time": 1, "done_late": 0, "open_in_time": 1, "open_overdue": 1},
    }
    assert shown["agencies"] == [
        {"agency": {"key": agency.key, "name": "Ban Nội chính Tỉnh ủy"}, **shown["total"]}
    ]


def test_figures_of_documents_and_quarters_add_up(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    document = make_document(issued_on=TODAY)
    for due in ("2026-10-31", "2027-Q1"):
        make_task(agency=agency, duty=make_duty(document=document, leads=(agency,), due=due))
    make_task(agency=agency, due="none")
    shown = client_of(registrar).get("/api/v1/statistics").json()
    documents = [(row["document"]["number"], row["tasks"]) for row in shown["documents"]]
    assert documents[0] == (document.number, 2)
    assert sum(number for _name, number in documents) == shown["total"]["tasks"] == 3
    quarters = [
        (row["due_quarter"], row["tasks"], row["result"]["open_overdue"]) for row in shown["quarters"]
    ]
    assert quarters == [("2026-Q4", 1, 1), ("2027-Q1", 1, 0)]


def test_figures_take_the_filters_of_the_list(client_of: ClientOf, registrar: User, agency: Agency) -> None:
    _make_figures(agency)
    other = make_task(due="2026-12-31")
    client = client_of(registrar)
    assert client.get("/api/v1/statistics?due_quarter=2026-Q4").json()["total"]["tasks"] == 4
    shown = client.get(f"/api/v1/statistics?agency={other.agency.key}").json()
    assert [row["agency"]["key"] for row in shown["agencies"]] == [other.agency.key]
    assert client.get("/api/v1/statistics?due_quarter=Q4").status_code == 400
    assert client.get("/api/v1/statistics?page=2").status_code == 400


def test_figures_of_an_outsider_are_the_outsiders(
    client_of: ClientOf, outsider: User, agency: Agency
) -> None:
    _make_figures(agency)
    shown = client_of(outsider).get("/api/v1/statistics").json()
    assert [shown["total"]["tasks"], shown["agencies"], shown["documents"]] == [0, [], []]


def test_figures_take_the_same_queries_for_1_and_20_agencies(client_of: ClientOf, registrar: User) -> None:
    client = client_of(registrar)
    client.get("/api/v1/me")
    counts = []
    for number in (1, 19):
        for _turn in range(number):
            make_task()
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/statistics")
        counts.append(len(queries))
    assert counts == [5, 5]  # token, figures, agencies, documents, what waits for an agency


def test_task_that_waits_for_an_agency_is_counted_apart(client_of: ClientOf, registrar: User) -> None:
    make_task(needs_assignment=True)
    shown = client_of(registrar).get("/api/v1/statistics").json()
    assert (shown["needs_assignment"], shown["total"]["tasks"], shown["agencies"]) == (1, 0, [])


@pytest.mark.parametrize("resource", ["tasks", "duties", "documents"])
def test_fields_are_chosen(client_of: ClientOf, owner: User, agency: Agency, resource: str) -> None:
    make_task(agency=agency)
    client = client_of(owner)
    rows = client.get(f"/api/v1/{resource}?fields=id").json()["results"]
    assert [set(row) for row in rows] == [{"id"}]
    pk = rows[0]["id"]
    assert set(client.get(f"/api/v1/{resource}/{pk}?fields=id").json()) == {"id"}
    assert client.get(f"/api/v1/{resource}/{pk}?fields=").status_code == 400


def test_unknown_field_is_refused_even_where_there_are_no_rows(client_of: ClientOf, owner: User) -> None:
    response = client_of(owner).get("/api/v1/tasks?fields=id,password")
    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": "fields", "message": "Không có trường này: password."}]


def test_clauses_come_with_their_text(
    client_of: ClientOf, owner: User, outsider: User, agency: Agency
) -> None:
    document = make_document(text="Giao Ban Nội chính. Giao Sở Y tế.")
    for ordinal, (start, end) in enumerate([(0, 19), (20, 33)]):
        Clause.objects.create(document=document, ordinal=ordinal, path=str(ordinal + 1), start=start, end=end)
    make_task(agency=agency, duty=make_duty(document=document, leads=(agency,)))
    url = f"/api/v1/documents/{document.pk}/clauses"
    shown = client_of(owner).get(url).json()["results"]
    assert [(clause["path"], clause["text"]) for clause in shown] == [
        ("1", "Giao Ban Nội chính."),
        ("2", "Giao Sở Y tế."),
    ]
    assert client_of(outsider).get(url).status_code == 404


def test_agencies_choose_fields_too(client_of: ClientOf, owner: User) -> None:
    make_agency(key="a-a")
    assert client_of(owner).get("/api/v1/agencies/a-a?fields=key,name").json().keys() == {"key", "name"}
