"""The first page: own tasks by deadline; who is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import TODAY, make_agency, make_document, make_registrar, make_task, make_user
from tests.web.conftest import ClientOf
from tests.web.reading import context_of, words_of
from tracker.agencies.models import Agency, Post
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db


def _due(agency: Agency, days: int, **fields: Any) -> Task:
    """A task due so many days from today."""
    day = TODAY + timedelta(days=days)
    return make_task(agency=agency, due=day.isoformat(), due_text=f"trước {day:%d/%m}", **fields)


def test_home_groups_open_tasks_by_deadline(client_of: ClientOf, owner: User, agency: Agency) -> None:
    late, soon, later = _due(agency, -12), _due(agency, 3), _due(agency, 60)
    undated = make_task(agency=agency, due="none", due_text="")
    response = client_of(owner).get("/")
    groups = [(group.state, group.total, group.tasks) for group in context_of(response)["groups"]]
    assert groups == [
        ("overdue", 1, [late]),
        ("due_soon", 1, [soon]),
        ("in_time", 1, [later]),
        ("no_deadline", 1, [undated]),
    ]


def test_home_shows_a_deadline_in_its_own_words_with_its_day(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    make_task(agency=agency, due="2026-Q3", due_text="trong quý III/2026")
    assert "trong quý III/2026 hạn 30/09/2026 quá hạn 47 ngày" in words_of(client_of(owner).get("/"))


def test_home_shows_nothing_of_another_agency(client_of: ClientOf, outsider: User, agency: Agency) -> None:
    task = _due(agency, 3)
    response = client_of(outsider).get("/")
    assert task.duty.document.number not in words_of(response)
    assert context_of(response)["figures"].open == 0


@pytest.mark.parametrize(
    ("shelf", "fields"),
    [
        ("cho-xac-nhan", {"state": "reported", "reported_on": TODAY}),
        ("da-xong", {"state": "confirmed", "reported_on": TODAY}),
        ("lich-su", {"is_history": True}),
    ],
)
def test_home_keeps_what_is_not_to_do_apart_and_counts_it(
    client_of: ClientOf, owner: User, agency: Agency, shelf: str, fields: dict[str, Any]
) -> None:
    to_do, apart = _due(agency, 3), _due(agency, -3, **fields)
    client = client_of(owner)
    first, second = client.get("/"), client.get(f"/viec-cua-toi/?xem={shelf}")
    assert [task for group in context_of(first)["groups"] for task in group.tasks] == [to_do]
    assert list(context_of(second)["page"]) == [apart]
    counts = {tab.shelf.value: tab.count for tab in context_of(first)["tabs"]}
    assert counts == {"can-lam": 1, "cho-xac-nhan": 0, "da-xong": 0, "lich-su": 0} | {shelf: 1}


def test_home_of_several_agencies_shows_all_and_filters_by_one(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    second = make_agency("Văn phòng Tỉnh ủy")
    Post.objects.create(user=owner, agency=second, role="officer")
    tasks = [_due(agency, 3), _due(second, 4)]
    client = client_of(owner)
    all_of_them, one = client.get("/"), client.get("/", {"co_quan": second.key})
    assert list(context_of(all_of_them)["page"]) == tasks
    assert list(context_of(one)["page"]) == tasks[1:]


def test_home_ignores_a_filter_by_an_agency_of_others(
    client_of: ClientOf, outsider: User, agency: Agency
) -> None:
    _due(agency, 3)
    response = client_of(outsider).get("/", {"co_quan": agency.key})
    assert (context_of(response)["agency"], list(context_of(response)["page"])) == (None, [])


def test_home_finds_words_without_accents(client_of: ClientOf, owner: User, agency: Agency) -> None:
    found = make_task(agency=agency, document=make_document(number="77-NQ/TU", search_text="77-NQ/TU rung"))
    make_task(agency=agency)
    assert list(context_of(client_of(owner).get("/", {"tim": "rừng"}))["page"]) == [found]


def test_home_without_an_agency_says_what_to_do(client_of: ClientOf) -> None:
    assert "chưa gắn với cơ quan nào" in words_of(client_of(make_user()).get("/"))


@pytest.mark.parametrize("count", [1, 5])
def test_home_queries_are_fixed(
    client_of: ClientOf,
    owner: User,
    agency: Agency,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for days in range(count):
        _due(agency, days)
    client = client_of(owner)
    with django_assert_num_queries(10):
        client.get("/")


def test_overview_counts_by_agency_the_latest_first(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    late = make_agency("Sở Xây dựng")
    _due(late, -10)
    _due(late, -20)
    _due(agency, 2)
    _due(agency, 2, state="reported", reported_on=TODAY)
    _due(agency, -9, is_history=True)
    _due(agency, -9, state="withdrawn")
    rows = context_of(client_of(registrar).get("/"))["rows"]
    assert [(a, s.overdue, s.due_soon, s.reported, s.confirmed) for a, s in rows] == [
        (late, 2, 0, 0, 0),
        (agency, 0, 1, 1, 0),
    ]
    assert rows[0][1].oldest_overdue_on == TODAY - timedelta(days=20)


def test_overview_figures_lead_to_lists_of_as_many(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    _due(agency, -10)
    _due(agency, -10, state="reported", reported_on=TODAY)
    client = client_of(registrar)
    overdue = client.get("/viec/", {"co_quan": agency.key, "han": "overdue"})
    reported = client.get("/viec/", {"co_quan": agency.key, "tinh_trang": "reported"})
    assert [context_of(page)["page"].paginator.count for page in (overdue, reported)] == [1, 1]


def test_overview_is_the_first_page_of_a_leader(client_of: ClientOf) -> None:
    leader = make_user(office_role=OfficeRole.LEADER)
    assert "Ai đang chậm" in words_of(client_of(leader).get("/"))


def test_overview_of_a_monitor_counts_the_monitored_documents_once(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    second = make_agency()
    Post.objects.create(user=owner, agency=second, role="officer")
    document, other = make_document(), make_agency("Sở Y tế")
    document.monitors.add(agency, second)
    make_task(agency=other, document=document)
    make_task(agency=make_agency())
    rows = context_of(client_of(owner).get("/tong-quan/"))["rows"]
    assert [(row_agency, figures.in_time) for row_agency, figures in rows] == [(other, 1)]


@pytest.mark.parametrize("count", [1, 5])
def test_overview_queries_are_fixed(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(count):
        make_task()
    client = client_of(registrar)
    with django_assert_num_queries(7):
        client.get("/")


@pytest.mark.parametrize("count", [1, 5])
def test_task_list_queries_are_fixed(
    client_of: ClientOf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    registrar = make_registrar()
    for _turn in range(count):
        make_task()
    client = client_of(registrar)
    with django_assert_num_queries(7):
        client.get("/viec/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"late", "soon", "reported", "undated"}),
        ({"han": "overdue"}, {"late"}),
        ({"han": "due_soon"}, {"soon"}),
        ({"han": "no_deadline"}, {"undated"}),
        ({"han": "history"}, {"history"}),
        ({"tinh_trang": "reported"}, {"reported"}),
        ({"tinh_trang": "withdrawn"}, {"withdrawn"}),
        ({"tinh_trang": "reported", "han": "overdue"}, {"reported"}),
        ({"tinh_trang": "not_started", "han": "due_soon"}, {"soon"}),
        ({"quy": "2026-Q3"}, {"late"}),
    ],
)
def test_task_list_filters(
    client_of: ClientOf, owner: User, agency: Agency, query: dict[str, str], found: set[str]
) -> None:
    tasks = {
        "late": make_task(agency=agency, due="2026-09-30"),
        "soon": _due(agency, 3),
        "reported": _due(agency, -9, state="reported", reported_on=TODAY),
        "undated": make_task(agency=agency, due="none", due_text=""),
        "history": make_task(agency=agency, due="2020-12-31", is_history=True),
        "withdrawn": _due(agency, 3, state="withdrawn"),
    }
    page = context_of(client_of(owner).get("/viec/", query))["page"]
    assert {name for name, task in tasks.items() if task in page.object_list} == found


def test_task_list_filters_by_document_and_duty(client_of: ClientOf, owner: User, agency: Agency) -> None:
    task = make_task(agency=agency)
    make_task(agency=agency)
    client = client_of(owner)
    for query in ({"van_ban": task.duty.document_id}, {"nhiem_vu": task.duty_id}):
        assert list(context_of(client.get("/viec/", query))["page"]) == [task]


def test_task_list_names_a_filter_that_it_cannot_read_and_keeps_the_rest(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    task = make_task(agency=agency, due="2026-Q4")
    make_task(agency=agency, due="2027-Q1", state="in_progress")
    response = client_of(owner).get("/viec/", {"quy": "quý bốn", "tinh_trang": "not_started"})
    assert "Quý ghi như 2026-Q4." in words_of(response)
    assert list(context_of(response)["page"]) == [task]


@pytest.mark.parametrize("path", ["/", "/viec/", "/viec-cua-toi/", "/tong-quan/", "/van-ban/", "/viec/1/"])
def test_pages_ask_strangers_to_sign_in(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/dang-nhap/?next={path}")
