"""Urging from the pages: who is offered it, what it says, and a selection of a list."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOW, make_agency, make_task, make_user
from tests.web.conftest import ClientOf
from tests.web.reading import words_of
from tracker.agencies.models import Agency
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.records import Urging
from tracker.reminders.urging import urge_task

WORDS = "Đề nghị báo cáo trước thứ Sáu."
BUTTON = "Gửi thư đôn đốc"


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    return make_task(agency=agency, due="2026-11-10")


@pytest.fixture
def monitor(task: Task) -> User:
    monitoring = make_agency("Ủy ban Kiểm tra Tỉnh ủy")
    task.duty.document.monitors.add(monitoring)
    return make_user("theo-doi", agency=monitoring)


def _path(task: Task) -> str:
    return f"/viec/{task.pk}/don-doc/"


def test_registrar_urges_from_the_page_and_it_is_counted(
    client_of: ClientOf, registrar: User, task: Task
) -> None:
    client = client_of(registrar)
    before = words_of(client.get(f"/viec/{task.pk}/"))
    response = client.post(_path(task), {"words": WORDS}, follow=True)
    words = words_of(response)
    assert BUTTON in before
    assert "Đã đôn đốc 1 lần" not in before
    assert response.redirect_chain == [(f"/viec/{task.pk}/", 302)]
    assert "Đã đôn đốc Ban Nội chính Tỉnh ủy: thư cho 1 người nhận." in words
    assert "Đã đôn đốc 1 lần, gần nhất" in words
    assert f"van-phong đôn đốc Thư đến: chu-viec <chu-viec@example.vn> {WORDS}" in words
    assert (Urging.objects.get().words, Event.objects.about(task).get().door) == (WORDS, Door.WEB)


def test_monitor_urges_what_the_document_charges_them_with(
    client_of: ClientOf, monitor: User, task: Task
) -> None:
    client = client_of(monitor)
    assert BUTTON in words_of(client.get(f"/viec/{task.pk}/"))
    assert client.post(_path(task)).status_code == 302
    assert Urging.objects.get().urged_by == monitor


def test_second_urging_is_refused_beside_what_was_typed(
    client_of: ClientOf, registrar: User, monitor: User, task: Task
) -> None:
    client_of(monitor).post(_path(task))
    response = client_of(registrar).post(_path(task), {"words": WORDS})
    words = words_of(response)
    assert response.status_code == 409
    assert "Việc này vừa được theo-doi đôn đốc lúc" in words
    assert WORDS in words
    assert Urging.objects.count() == 1


def test_officer_is_told_that_the_task_was_urged_and_cannot_urge(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    urge_task(task, words=WORDS, actor=Actor(door=Door.WEB, user=registrar), now=NOW)
    client = client_of(owner)
    words = words_of(client.get(f"/viec/{task.pk}/"))
    assert "Đã đôn đốc 1 lần, gần nhất 09:00 16/11/2026." in words
    assert BUTTON not in words
    assert client.post(_path(task)).status_code == 404


def test_urging_is_not_there_for_outsiders_and_strangers(
    client_of: ClientOf, outsider: User, task: Task
) -> None:
    assert client_of(outsider).post(_path(task)).status_code == 404
    assert client_of(outsider).post("/viec/don-doc/", {"task": [task.pk]}).status_code == 404
    assert Client().post(_path(task))["Location"].startswith("/dang-nhap/")
    assert not Urging.objects.exists()


def test_urging_is_done_by_post_only(client_of: ClientOf, registrar: User, task: Task) -> None:
    client = client_of(registrar)
    assert client.get(_path(task))["Location"] == f"/viec/{task.pk}/"
    assert client.get("/viec/don-doc/").status_code == 405
    assert not Urging.objects.exists()


def test_done_task_is_not_offered(client_of: ClientOf, registrar: User, agency: Agency) -> None:
    done = make_task(agency=agency, state="confirmed", reported_on=NOW.date())
    assert BUTTON not in words_of(client_of(registrar).get(f"/viec/{done.pk}/"))


def test_selection_is_urged_each_with_its_answer(
    client_of: ClientOf, registrar: User, task: Task, agency: Agency
) -> None:
    other, nobody = make_task(agency=agency), make_task(agency=make_agency("Sở Xây dựng"))
    client = client_of(registrar)
    assert "Chọn việc số" in words_of(client.get("/viec/"))
    chosen = {"task": [task.pk, other.pk, nobody.pk, 9999, "x"], "words": WORDS, "next": "/viec/?han=overdue"}
    response = client.post("/viec/don-doc/", chosen, follow=True)
    words = words_of(response)
    assert response.redirect_chain == [("/viec/?han=overdue", 302)]
    assert "Đã đôn đốc 2 việc." in words
    assert f"Việc số {nobody.pk}: Không thể đôn đốc: Sở Xây dựng chưa có ai nhận được thư." in words
    assert list(Urging.objects.order_by("id").values_list("task", "words")) == [
        (task.pk, WORDS),
        (other.pk, WORDS),
    ]


def test_list_offers_a_monitor_only_what_they_may_urge(
    client_of: ClientOf, monitor: User, task: Task
) -> None:
    own = make_task(agency=monitor.agencies.get())
    page = client_of(monitor).get("/viec/").content.decode()
    assert f'value="{task.pk}"> Chọn' in page
    assert f'value="{own.pk}"> Chọn' not in page


def test_list_of_an_officer_offers_no_selection(client_of: ClientOf, owner: User, task: Task) -> None:
    assert "Chọn việc số" not in words_of(client_of(owner).get("/viec/"))


def test_words_that_are_too_long_are_refused(client_of: ClientOf, registrar: User, task: Task) -> None:
    client = client_of(registrar)
    assert client.post(_path(task), {"words": "x" * 2001}).status_code == 400
    client.post("/viec/don-doc/", {"task": [task.pk], "words": "x" * 2001})
    assert not Urging.objects.exists()


@pytest.mark.parametrize("count", [1, 5])
def test_list_with_urgings_takes_the_same_queries_for_1_and_5(
    client_of: ClientOf,
    registrar: User,
    agency: Agency,
    owner: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _turn in range(count):
        urge_task(make_task(agency=agency), actor=Actor(door=Door.WEB, user=registrar), now=NOW)
    client = client_of(registrar)
    with django_assert_num_queries(7):
        client.get("/viec/")
