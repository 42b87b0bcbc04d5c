"""Tasks through the API: who sees them, how they are found, what a report does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tests.factories import TODAY, make_agency, make_document, make_duty, make_task, make_user
from tracker.agencies.models import Agency
from tracker.core.enums import OfficeRole, TokenScope
from tracker.core.models import Event, User
from tracker.duties.enums import WorkState
from tracker.duties.models import Task

URL = "/api/v1/tasks"


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency)


def _ids(client: APIClient, query: str = "") -> list[int]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["results"]]


def test_task_shows_everything(client_of: ClientOf, owner: User, agency: Agency) -> None:
    document = make_document(
        number="109-NQ/TU", issued_on=date(2026, 1, 15), text="Giao Ban Nội chính xây dựng kế hoạch."
    )
    other = make_agency("Sở Tài chính", key="so-tai-chinh")
    duty = make_duty(
        document=document,
        leads=(agency,),
        coordinators=(other, "các đơn vị liên quan"),
        due="2026-Q4",
        due_text="quý IV/2026",
        action="xây dựng kế hoạch",
        source_start=5,
        source_end=18,
    )
    task = make_task(agency=agency, duty=duty)
    shown = client_of(owner).get(f"{URL}/{task.pk}").json()
    assert shown == {
        "id": task.pk,
        "duty_id": duty.pk,
        "action": "xây dựng kế hoạch",
        "agency": {"key": agency.key, "name": "Ban Nội chính Tỉnh ủy"},
        "leads": [{"kind": "agency", "key": agency.key, "name": "Ban Nội chính Tỉnh ủy"}],
        "coordinators": [
            {"kind": "agency", "key": "so-tai-chinh", "name": "Sở Tài chính"},
            {"kind": "words", "key": None, "name": "các đơn vị liên quan"},
        ],
        "document": {
            "id": document.pk,
            "number": "109-NQ/TU",
            "kind": "nghi-quyet",
            "issued_on": "2026-01-15",
            "subject": "về một việc",
        },
        "clause": None,
        "source": {"words": "Ban Nội chính", "start": 5, "end": 18},
        "period": "",
        "deadline_words": "quý IV/2026",
        "precision": "quarter",
        "recurrence": "once",
        "due_on": "2026-12-31",
        "original_due_on": "2026-12-31",
        "due_quarter": "2026-Q4",
        "state": "not_started",
        "deadline_state": "in_time",
        "result": "open_in_time",
        "original_result": "open_in_time",
        "is_history": False,
        "needs_assignment": False,
        "reported_on": None,
        "report_note": "",
        "evidence_number": "",
        "late_reason": "",
        "percent": None,
        "stage": "",
        "difficulties": "",
        "proposals": "",
        "progress_on": None,
        "revision": 0,
        "created_at": "2026-11-16T09:00:00+07:00",
        "changed_at": "2026-11-16T09:00:00+07:00",
    }


def test_people_see_their_own_tasks(
    client_of: ClientOf, owner: User, colleague: User, outsider: User, registrar: User, task: Task
) -> None:
    theirs = make_task(agency=Agency.objects.get(posts__user=outsider))
    assert _ids(client_of(owner)) == [task.pk]
    assert _ids(client_of(colleague)) == [task.pk]
    assert _ids(client_of(outsider)) == [theirs.pk]
    assert _ids(client_of(registrar)) == [task.pk, theirs.pk]


def test_monitor_sees_the_documents_tasks_and_may_not_report(client_of: ClientOf, task: Task) -> None:
    monitoring = make_agency("Ủy ban Kiểm tra")
    task.duty.document.monitors.add(monitoring)
    client = client_of(make_user(agency=monitoring))
    assert _ids(client) == [task.pk]
    response = client.post(f"{URL}/{task.pk}/report", {"note": "xong"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "not_your_task")


def test_task_of_another_agency_is_as_one_that_does_not_exist(
    client_of: ClientOf, outsider: User, task: Task
) -> None:
    client = client_of(outsider)
    for method, suffix in (("get", ""), ("post", "/report")):
        theirs = getattr(client, method)(f"{URL}/{task.pk}{suffix}")
        nothing = getattr(client, method)(f"{URL}/{task.pk + 1000}{suffix}")
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content
        assert theirs.headers.items() == nothing.headers.items()


@pytest.mark.parametrize("address", ["abc", "9" * 30, "0", "-1", "1.5", "1/nothing"])
def test_address_without_a_task_is_a_problem(client_of: ClientOf, owner: User, address: str) -> None:
    response = client_of(owner).get(f"{URL}/{address}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_list_takes_the_same_queries_for_1_and_20_tasks(
    client_of: ClientOf, registrar: User, owner: User, task: Task, agency: Agency
) -> None:
    for person in (registrar, owner):
        client = client_of(person)
        client.get(URL)
        with CaptureQueriesContext(
            connection,
        ) as one:
            client.get(URL)
        for _number in range(19):
            make_task(agency=agency)
        with CaptureQueriesContext(connection) as twenty:
            assert len(_ids(client)) >= 20
        assert len(twenty) == len(one) == 5  # token, count, tasks, texts, bodies


@pytest.fixture
def mixed(agency: Agency) -> dict[str, Task]:
    """One task of each sort, all of one agency."""
    resolution = make_document(
        number="109-NQ/TU", subject="về phát triển du lịch", search_text="109-NQ/TU ve phat trien du lich"
    )
    return {
        "late": make_task(agency=agency, due="2026-10-31"),
        "soon": make_task(agency=agency, due="2026-11-20"),
        "later": make_task(agency=agency, due="2027-Q1", document=resolution),
        "none": make_task(agency=agency, due="none"),
        "history": make_task(agency=agency, due="2021-Q2", is_history=True),
        "reported": make_task(agency=agency, due="2026-11-30", state=WorkState.REPORTED, reported_on=TODAY),
        "reported late": make_task(
            agency=agency, due="2026-11-10", state=WorkState.CONFIRMED, reported_on=TODAY
        ),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"late", "soon", "later", "none", "history", "reported", "reported late"}),
        ("state=reported", {"reported"}),
        ("state=reported&state=confirmed", {"reported", "reported late"}),
        ("deadline_state=overdue", {"late", "reported late"}),
        ("deadline_state=due_soon", {"soon"}),
        ("deadline_state=no_deadline", {"none"}),
        ("deadline_state=history", {"history"}),
        ("result=done_on_time", {"reported"}),
        ("result=done_late", {"reported late"}),
        ("result=open_overdue", {"late"}),
        ("due_quarter=2027-Q1", {"later"}),
        ("due_before=2026-11-10", {"late", "history"}),
        ("due_from=2026-11-30&due_before=2026-12-01", {"reported"}),
        ("document=109-NQ/TU", {"later"}),
        ("is_history=true", {"history"}),
        ("is_history=false&due_before=2026-11-01", {"late"}),
        ("q=DU LỊCH phat trien", {"later"}),
        ("q=du lich khong-co-chu-nay", set()),
        ("changed_since=2026-11-17T00:00:00Z", set()),
        ("changed_since=8656-08-09T22:08:58%2B23:14", set()),
    ],
)
def test_filters(
    client_of: ClientOf, owner: User, mixed: dict[str, Task], query: str, found: set[str]
) -> None:
    names = {task.pk: name for name, task in mixed.items()}
    assert {names[pk] for pk in _ids(client_of(owner), query)} == found


def test_filter_by_agency_key(client_of: ClientOf, registrar: User, task: Task) -> None:
    other = make_task()
    client = client_of(registrar)
    assert _ids(client, f"agency={task.agency.key}") == [task.pk]
    assert set(_ids(client, f"agency={task.agency.key}&agency={other.agency.key}")) == {task.pk, other.pk}


def test_unknown_agency_is_named(client_of: ClientOf, registrar: User, task: Task) -> None:
    response = client_of(registrar).get(f"{URL}?agency={task.agency.key}&agency=khong-co&agency=a-a")
    assert (response.status_code, response.json()["code"]) == (422, "unknown_agency")
    assert response.json()["detail"] == "Danh mục không có cơ quan nào mang khóa a-a, khong-co."


def test_search_finds_the_action_without_accents(client_of: ClientOf, owner: User, agency: Agency) -> None:
    duty = make_duty(leads=(agency,), action="sơ kết Nghị quyết", search_text="so ket Nghi quyet")
    task = make_task(agency=agency, duty=duty)
    make_task(agency=agency)
    assert _ids(client_of(owner), "q=sơ kết") == _ids(client_of(owner), "q=SO KET") == [task.pk]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("agency=Ban Nội chính", "agency"),
        ("document=%20", "document"),
        ("changed_since=yesterday", "changed_since"),
        ("changed_since=0001-01-01T00:00:00%2B07:00", "changed_since"),
        ("is_history=null", "is_history"),
        ("is_history=true&is_history=false", "is_history"),
        ("due_before=2026-01-01&due_before=2026-02-01", "due_before"),
        ("state=xong", "state"),
        ("deadline_state=late", "deadline_state"),
        ("due_quarter=2026-Q5", "due_quarter"),
        ("due_quarter=Q4/2026", "due_quarter"),
        ("due_before=31/12/2026", "due_before"),
        ("due_before=2026-02-30", "due_before"),
        ("document_id=abc", "document_id"),
        ("document_id=99999999999999999999", "document_id"),
        ("ordering=agency", "ordering"),
        ("due_quater=2026-Q4", "due_quater"),
        ("due_quarter=", "due_quarter"),
        ("state=reported&state=", "state"),
        ("page=0", "page"),
        ("page=x", "page"),
        ("page_size=201", "page_size"),
        ("cursor=x", "cursor"),
        ("cursor=&page=x", "page"),
        ("q=%00", "q"),
    ],
)
def test_bad_parameter_is_refused_by_name(client_of: ClientOf, owner: User, query: str, field: str) -> None:
    response = client_of(owner).get(f"{URL}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["code"], problem["status"]) == ("invalid_input", 400)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_ordering_puts_tasks_without_a_deadline_last(
    client_of: ClientOf, owner: User, mixed: dict[str, Task]
) -> None:
    client = client_of(owner)
    rising, falling = _ids(client), _ids(client, "ordering=-due_on")
    assert rising[-1] == falling[-1] == mixed["none"].pk
    assert rising[:-1] == falling[-2::-1]
    assert _ids(client, "ordering=-id") == sorted(rising, reverse=True)


def test_pages_hold_every_task_once(client_of: ClientOf, owner: User, mixed: dict[str, Task]) -> None:
    client = client_of(owner)
    seen: list[int] = []
    url = f"{URL}?page_size=3"
    while url:
        page = client.get(url).json()
        assert page["count"] == 7
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert seen == _ids(client)
    last = client.get(f"{URL}?page_size=3&page=3").json()
    assert last["previous"].endswith(f"{URL}?page=2&page_size=3")
    assert client.get(f"{URL}?page_size=3&page=4").status_code == 404


def test_cursor_holds_every_task_once_while_tasks_are_added(
    client_of: ClientOf, owner: User, agency: Agency, mixed: dict[str, Task]
) -> None:
    client = client_of(owner)
    seen: list[int] = []
    url = f"{URL}?cursor=&page_size=3"
    while url:
        page = client.get(url).json()
        seen += [row["id"] for row in page["results"]]
        if len(seen) == 3:
            added = make_task(agency=agency, due="2020-01-01")
        url = page["next"]
    assert seen == [*sorted(task.pk for task in mixed.values()), added.pk]


def test_report_is_done_by_the_workflow(client_of: ClientOf, owner: User, task: Task) -> None:
    response = client_of(owner).post(
        f"{URL}/{task.pk}/report",
        {"note": "Đã ban hành kế hoạch", "evidence_number": "12-KH/BNC"},
        format="json",
    )
    assert response.status_code == 200
    shown = response.json()
    assert (shown["state"], shown["result"], shown["reported_on"]) == (
        "reported",
        "done_on_time",
        TODAY.isoformat(),
    )
    assert (shown["report_note"], shown["evidence_number"]) == ("Đã ban hành kế hoạch", "12-KH/BNC")
    assert shown["revision"] == 1
    event = Event.objects.about(task).get()
    assert (event.verb, event.door, event.actor, event.address) == (
        "task.reported",
        "api",
        owner,
        "127.0.0.1",
    )


def test_registrar_reports_in_the_agencys_place(client_of: ClientOf, registrar: User, task: Task) -> None:
    response = client_of(registrar).post(f"{URL}/{task.pk}/report", {"note": "xong"}, format="json")
    assert response.status_code == 200


@pytest.mark.parametrize("role", [OfficeRole.LEADER, OfficeRole.AUDITOR])
def test_who_only_sees_may_not_report(client_of: ClientOf, task: Task, role: OfficeRole) -> None:
    client = client_of(make_user(office_role=role))
    assert _ids(client) == [task.pk]
    response = client.post(f"{URL}/{task.pk}/report", {"note": "xong"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "not_your_task")
    assert not Event.objects.about(task).exists()


def test_auditor_changes_nothing_even_of_an_own_agency(client_of: ClientOf, task: Task) -> None:
    auditor = make_user(agency=task.agency, office_role=OfficeRole.AUDITOR)
    response = client_of(auditor).post(f"{URL}/{task.pk}/report", {"note": "xong"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "not_your_task")


def test_read_only_token_may_not_report(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner, scope=TokenScope.READ)
    assert _ids(client) == [task.pk]
    response = client.post(f"{URL}/{task.pk}/report", {"note": "xong"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "token_is_read_only")


def test_report_twice_is_a_conflict_with_the_reason(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    client.post(f"{URL}/{task.pk}/report", {"note": "xong"}, format="json")
    response = client.post(f"{URL}/{task.pk}/report", {"note": "xong"}, format="json")
    assert response.status_code == 409
    assert response.json() == {
        "type": "urn:duty-tracker:problem:transition_not_allowed",
        "title": "Không thực hiện được ở tình trạng hiện tại",
        "status": 409,
        "detail": "Không thể báo cáo hoàn thành: việc đã báo cáo, chờ xác nhận.",
        "code": "transition_not_allowed",
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "note"),
        ({"note": "  "}, "note"),
        ({"note": "x" * 10_001}, "note"),
        ({"note": "a\u0000b"}, "note"),
        ({"note": ["xong"]}, "note"),
        ({"note": None}, "note"),
        ({"note": 12}, "note"),
        ({"note": "xong", "evidence_number": "x" * 121}, "evidence_number"),
        (["xong"], ""),
    ],
)
def test_bad_report_is_refused_by_field(
    client_of: ClientOf, owner: User, task: Task, body: object, field: str
) -> None:
    response = client_of(owner).post(f"{URL}/{task.pk}/report", body, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    task.refresh_from_db()
    assert task.state == WorkState.NOT_STARTED


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "malformed_request"),
        ("note=xong", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    ],
)
def test_unreadable_report_is_a_problem(
    client_of: ClientOf, owner: User, task: Task, content: str, content_type: str, status: int, code: str
) -> None:
    response = client_of(owner).post(f"{URL}/{task.pk}/report", content, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "suffix"), [("put", ""), ("patch", ""), ("delete", ""), ("get", "/report")]
)
def test_state_is_never_changed_any_other_way(
    client_of: ClientOf, owner: User, task: Task, method: str, suffix: str
) -> None:
    response = getattr(client_of(owner), method)(
        f"{URL}/{task.pk}{suffix}", {"state": "confirmed"}, format="json"
    )
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"]


def test_deadline_state_moves_with_the_day(
    client_of: ClientOf, owner: User, task: Task, settings: Settings
) -> None:
    client = client_of(owner)
    assert client.get(f"{URL}/{task.pk}").json()["deadline_state"] == "in_time"
    settings.TRACKER_TODAY = date(2026, 12, 31) - timedelta(days=14)
    assert client.get(f"{URL}/{task.pk}").json()["deadline_state"] == "due_soon"
    settings.TRACKER_TODAY = date(2027, 1, 1)
    assert client.get(f"{URL}/{task.pk}").json()["deadline_state"] == "overdue"
