"""The page of feeds: making, showing the address once, rotating, revoking; a single task's file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from tests.calendar_feed.makers import events_of, fetch, make_feed
from tests.factories import NOW, make_document, make_task
from tracker.agencies.models import Agency
from tracker.calendar_feed.models import Feed
from tracker.calendar_feed.services import note_fetch
from tracker.core.models import Event, User

_ADDRESS = re.compile(r">(https?://[^<]+/ical/[\w-]+\.ics)<")
_NEW = {"name": "Việc của Ban", "kind": "own", "component": "event"}


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_new_feed_is_shown_once_with_its_addresses_and_works(
    owner: User, agency: Agency, settings: Settings
) -> None:
    settings.SITE_URL = "https://viec.example.vn"
    make_task(agency=agency)
    client = _client(owner)
    response = client.post("/lich/", _NEW)
    page = response.content.decode()
    found = _ADDRESS.search(page)
    assert found is not None
    address = found[1]
    assert address.startswith("https://viec.example.vn/ical/")
    assert f'href="webcal{address.removeprefix("https")}"' in page
    assert 'src="data:image/svg+xml' in page
    assert len(events_of(fetch(address.removeprefix("https://viec.example.vn")))) == 1
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert _ADDRESS.search(client.get("/lich/").content.decode()) is None


def test_every_step_has_its_picture(owner: User) -> None:
    page = _client(owner).get("/lich/").content.decode()
    pictures = re.findall(r'src="/static/(web/calendar-\w+\.svg)#(buoc-\d)"', page)
    assert len(pictures) == len(set(pictures)) == 12  # four programs, three steps each
    for file, view in pictures:
        found = finders.find(file)
        assert isinstance(found, str)
        assert f'<view id="{view}"' in Path(found).read_text()


def test_steps_stand_beside_a_new_address_and_below_the_form_otherwise(owner: User) -> None:
    client = _client(owner)
    for page, is_first in ((client.post("/lich/", _NEW), True), (client.get("/lich/"), False)):
        text = page.content.decode()
        assert text.count('id="cach-dang-ky"') == 1
        assert (text.index('id="cach-dang-ky"') < text.index('id="lich-moi"')) is is_first


def test_page_lists_own_feeds_with_their_last_fetch(owner: User, colleague: User) -> None:
    feed, _path = make_feed(owner, "Lịch của tôi")
    make_feed(colleague, "Lịch người khác")
    note_fetch(feed, client="Google-Calendar-Importer", now=NOW)
    page = _client(owner).get("/lich/").content.decode()
    assert "Lịch của tôi" in page
    assert "09:00 16/11/2026 (Google Calendar)" in page
    assert "Lịch người khác" not in page


def test_page_takes_the_same_queries_for_one_feed_and_three(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = _client(owner)
    make_feed(owner, "1")
    client.get("/lich/")
    with CaptureQueriesContext(connection) as first:
        client.get("/lich/")
    make_feed(owner, "2", kind="all")
    make_feed(owner, "3", kind="all")
    with django_assert_num_queries(len(first)):
        client.get("/lich/")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Cần đặt tên cho lịch."),
        ({"name": "đã có"}, "Bạn đã có lịch tên «đã có»."),
        ({"kind": "document"}, "Lịch của một văn bản cần chọn văn bản đó."),
        ({"quarter": "1999-Q9"}, "Hãy chọn"),
    ],
)
def test_bad_feed_is_refused_beside_its_field(owner: User, fields: dict[str, str], words: str) -> None:
    make_feed(owner, "đã có")
    response = _client(owner).post("/lich/", _NEW | fields)
    assert response.status_code == 400
    if words != "Hãy chọn":  # Django's own words, in whatever translation it has
        assert words in response.content.decode()
    assert Feed.objects.count() == 1


def test_document_that_one_may_not_see_is_no_choice(outsider: User, agency: Agency) -> None:
    document = make_document()
    make_task(agency=agency, document=document)
    response = _client(outsider).post("/lich/", _NEW | {"kind": "document", "document": str(document.pk)})
    assert response.status_code == 400
    assert document.number not in response.content.decode()


def test_rotating_shows_the_new_address_and_closes_the_old(owner: User) -> None:
    feed, path = make_feed(owner)
    response = _client(owner).post(f"/lich/{feed.pk}/doi-dia-chi/")
    found = _ADDRESS.search(response.content.decode())
    assert found is not None
    assert Client().get(path).status_code == 404
    assert Client().get(found[1][found[1].index("/ical/") :]).status_code == 200


def test_revoking_closes_the_feed(owner: User) -> None:
    feed, path = make_feed(owner)
    response = _client(owner).post(f"/lich/{feed.pk}/thu-hoi/", follow=True)
    assert "Đã thu hồi lịch «Cơ quan tôi»" in response.content.decode()
    assert Client().get(path).status_code == 404
    assert _client(owner).post(f"/lich/{feed.pk}/thu-hoi/").status_code == 404


@pytest.mark.parametrize("action", ["doi-dia-chi", "thu-hoi"])
def test_colleagues_feed_does_not_exist(owner: User, colleague: User, action: str) -> None:
    feed, path = make_feed(owner)
    assert _client(colleague).post(f"/lich/{feed.pk}/{action}/").status_code == 404
    assert _client(owner).get(f"/lich/{feed.pk}/{action}/").status_code == 405
    assert Client().get(path).status_code == 200


def test_pages_ask_to_sign_in(db: None) -> None:
    assert Client().get("/lich/").status_code == 302
    assert Client().get("/viec/1/viec.ics").status_code == 302


def test_single_tasks_file(owner: User, outsider: User, agency: Agency) -> None:
    task = make_task(agency=agency)
    assert f'href="/viec/{task.pk}/viec.ics"' in _client(owner).get(f"/viec/{task.pk}/").content.decode()
    response = _client(owner).get(f"/viec/{task.pk}/viec.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="viec-{task.pk}.ics"'
    assert [str(event["UID"]) for event in events_of(response.content)] == [f"task-{task.pk}@127.0.0.1"]
    assert _client(outsider).get(f"/viec/{task.pk}/viec.ics").status_code == 404
    undated = make_task(agency=agency, due="none")
    assert _client(owner).get(f"/viec/{undated.pk}/viec.ics").status_code == 404


def test_issuing_by_page_names_the_person_and_the_door(owner: User) -> None:
    _client(owner).post("/lich/", _NEW)
    event = Event.objects.about(Feed.objects.get()).get()
    assert (event.verb, event.actor, event.door) == ("feed.issued", owner, "web")
