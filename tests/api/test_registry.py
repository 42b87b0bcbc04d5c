"""Documents, duties and agencies through the API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import ClientOf
from tests.factories import make_agency, make_document, make_duty, make_task
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.models import Task


@pytest.fixture
def task(agency: Agency) -> Task:
    document = make_document(
        number="109-NQ/TU",
        subject="về du lịch",
        search_text="109-NQ/TU ve du lich",
        text="Giao Ban Nội chính.",
    )
    duty = make_duty(
        document=document,
        leads=(agency,),
        due="yearly:12",
        due_text="hằng năm",
        source_start=5,
        source_end=18,
    )
    return make_task(agency=agency, duty=duty, period="2026")


@pytest.mark.parametrize("resource", ["documents", "duties"])
def test_only_who_sees_a_task_sees_its_document_and_duty(
    client_of: ClientOf,
    owner: User,
    colleague: User,
    outsider: User,
    registrar: User,
    task: Task,
    resource: str,
) -> None:
    pk = {"documents": task.duty.document_id, "duties": task.duty_id}[resource]
    url = f"/api/v1/{resource}"
    for person in (owner, colleague, registrar):
        assert [row["id"] for row in client_of(person).get(url).json()["results"]] == [pk]
        assert client_of(person).get(f"{url}/{pk}").json()["id"] == pk
    client = client_of(outsider)
    assert client.get(url).json()["results"] == []
    theirs, nothing = client.get(f"{url}/{pk}"), client.get(f"{url}/{pk + 1000}")
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content


def test_duty_shows_what_the_document_says(client_of: ClientOf, owner: User, task: Task) -> None:
    shown = client_of(owner).get(f"/api/v1/duties/{task.duty_id}").json()
    assert (shown["deadline_words"], shown["due_code"], shown["due_on"]) == ("hằng năm", "yearly:12", None)
    assert shown["source"] == {"words": "Ban Nội chính", "start": 5, "end": 18}
    assert shown["leads"] == [{"kind": "agency", "key": task.agency.key, "name": "Ban Nội chính Tỉnh ủy"}]
    assert shown["document"]["number"] == "109-NQ/TU"


def test_recurring_task_names_its_period(client_of: ClientOf, owner: User, task: Task) -> None:
    shown = client_of(owner).get(f"/api/v1/tasks/{task.pk}").json()
    assert (shown["period"], shown["recurrence"]) == ("2026", "yearly")
    assert shown["deadline_words"] == task.deadline_words


def test_document_shows_its_monitors(client_of: ClientOf, owner: User, task: Task) -> None:
    task.duty.document.monitors.add(make_agency("Ủy ban Kiểm tra", key="ubkt"))
    shown = client_of(owner).get(f"/api/v1/documents/{task.duty.document_id}").json()
    assert shown["monitors"] == [{"key": "ubkt", "name": "Ủy ban Kiểm tra"}]
    assert (shown["number"], shown["kind"], shown["status"]) == ("109-NQ/TU", "nghi-quyet", "published")


def test_agencies_are_public_to_who_signs_in_but_not_their_mail(client_of: ClientOf, outsider: User) -> None:
    make_agency("Ban Nội chính Tỉnh ủy", key="ban-noi-chinh", email="bnc@example.vn", aliases=["BNC"])
    client = client_of(outsider)
    assert client.get("/api/v1/agencies/ban-noi-chinh").json() == {
        "key": "ban-noi-chinh",
        "name": "Ban Nội chính Tỉnh ủy",
        "kind": "party-advisory",
        "aliases": ["BNC"],
        "since": None,
        "until": None,
    }
    assert client.get("/api/v1/agencies/khong-co").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("documents?q=DU LICH", 1),
        ("documents?q=y tế", 0),
        ("documents?number=109-NQ/TU&kind=nghi-quyet", 1),
        ("documents?issued_before=2026-01-15", 0),
        ("documents?status=loaded&status=published", 1),
        ("duties?recurrence=yearly", 1),
        ("duties?document=109-NQ/TU&q=du lịch", 1),
        ("duties?due_quarter=2026-Q4", 0),
        ("agencies?q=noi chinh", 1),
        ("agencies?existing=false", 0),
        ("agencies?kind=state", 0),
    ],
)
def test_filters(client_of: ClientOf, owner: User, task: Task, query: str, count: int) -> None:
    response = client_of(owner).get(f"/api/v1/{query}")
    assert response.status_code == 200, response.json()
    assert response.json()["count"] == count


@pytest.mark.parametrize("query", ["documents?state=x", "duties?recurrence=daily", "agencies?ordering=name"])
def test_bad_parameter_is_refused(client_of: ClientOf, owner: User, query: str) -> None:
    assert client_of(owner).get(f"/api/v1/{query}").status_code == 400


@pytest.mark.parametrize(("resource", "queries"), [("documents", 4), ("duties", 5), ("agencies", 3)])
def test_lists_take_the_same_queries_for_1_and_20_rows(
    client_of: ClientOf, registrar: User, task: Task, resource: str, queries: int
) -> None:
    client = client_of(registrar)
    url = f"/api/v1/{resource}"
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _number in range(19):
        make_task().duty.document.monitors.add(make_agency())
    with CaptureQueriesContext(connection) as twenty:
        assert len(client.get(url).json()["results"]) >= 20
    assert len(one) == len(twenty) == queries


def test_front_page_leads_to_everything(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    links = client.get("/api/v1/").json()
    for name in ("tasks", "documents", "duties", "agencies", "docs"):
        assert client.get(links[name]).status_code == 200


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_address_that_is_none_answers_with_a_problem(client_of: ClientOf, owner: User, method: str) -> None:
    response = getattr(client_of(owner), method)("/api/v1/nothing/here")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("address", ["khong-co", "tasks/x", "extensions/%0A/grant", "tasks/%0d%0a"])
def test_address_that_is_none_is_answered_as_a_problem(
    client_of: ClientOf, owner: User, address: str
) -> None:
    answer = client_of(owner).get(f"/api/v1/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
