"""English pages for whoever chose them; nobody else, and nothing but pages."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import translation

from tests.calendar_feed.makers import fetch, make_feed, titles_of
from tests.catalogue import english_may_follow
from tests.factories import (
    NOW,
    TODAY,
    make_agency,
    make_document,
    make_duty,
    make_registrar,
    make_task,
    make_user,
)
from tests.web.reading import context_of
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.duties import workflow
from tracker.templatetags.duty_words import days_from

_LETTERS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_VIETNAMESE = re.compile(f"[{_LETTERS}]", re.IGNORECASE)
# What a calendar program's own buttons say and words of documents («…»), a quarter, the way back.
_MEANT = re.compile(r"<(?:button|option)[^>]*>Tiếng Việt</|«[^»]*»|\bquý [IV]+/\d{4}", re.IGNORECASE)


def _english(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.post("/ngon-ngu/", {"language": "en"})
    return client


def test_choice_is_kept_and_taken_back(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    assert "Việc của tôi" in client.get("/lich/").content.decode()
    answer = client.post("/ngon-ngu/", {"language": "en"}, headers={"Referer": "http://testserver/lich/"})
    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/lich/")
    page = client.get("/lich/")
    assert (page["Content-Language"], '<html lang="en">' in page.content.decode()) == ("en", True)
    assert "Make a calendar" in page.content.decode()
    client.post("/ngon-ngu/", {"language": "vi"})
    assert "Tạo lịch mới" in client.get("/lich/").content.decode()


def test_choice_leads_nowhere_else(db: None) -> None:
    answer = Client().post("/ngon-ngu/", {"language": "en", "next": "https://example.com/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("chosen", ["fr", "en-x", "", "../en"])
def test_unknown_language_is_vietnamese(owner: User, chosen: str) -> None:
    client = Client()
    client.force_login(owner)
    client.cookies["django_language"] = chosen
    assert client.get("/lich/")["Content-Language"] == "vi"


def test_answer_to_a_form_offers_no_choice(owner: User) -> None:
    """Its address cannot be asked for again."""
    client = Client()
    client.force_login(owner)
    page = client.post("/lich/", {"name": "a", "kind": "own", "component": "event"}).content.decode()
    assert ("/ngon-ngu/" in page, "/ngon-ngu/" in client.get("/lich/").content.decode()) == (False, True)


def test_calendar_and_api_do_not_follow_the_choice(owner: User) -> None:
    make_task(agency=owner.agencies.get())
    client = _english(owner)
    _feed, path = make_feed(owner)
    assert titles_of(client.get(path).content) == titles_of(fetch(path))
    problem = client.get("/api/v1/tasks/0/").json()
    assert problem["title"] == "Không tìm thấy"


def test_english_pages_take_days_as_vietnamese_ones_do(registrar: User) -> None:
    """The first of October, not the tenth of January."""
    found = _english(registrar).get("/bao-cao/", {"ngay": "01/10/2026"})
    assert context_of(found)["report"].day == date(2026, 10, 1)


@pytest.fixture
def plain(db: None) -> dict[str, int]:
    """A document, a draft and tasks that are written without a Vietnamese letter; their numbers."""
    agency = make_agency("Body A")
    document = make_document(number="1-NQ", subject="On a subject", issuer="Committee", text="Text.")
    duty = make_duty(leads=(agency,), document=document, due="2026-12-31", due_text="31/12/2026", action="do")
    task = make_task(agency=agency, duty=duty)
    late = make_task(agency=agency, duty=make_duty(leads=(agency,), due="2026-10-01", action="do"))
    done = make_task(agency=agency, duty=make_duty(leads=(agency,), due="2026-12-01", action="do"))
    for number, one in enumerate((late, done)):
        one.duty.document.number, one.duty.document.subject = f"{number}-CT", "On another subject"
        one.duty.document.save()
    officer = make_user("officer", agency=agency)
    make_registrar("registrar")
    make_feed(officer, "My calendar", only="open", has_alarms=True)
    workflow.report_task(done, note="done", today=TODAY, actor=Actor(door=Door.WEB, user=officer), now=NOW)
    return {"document": document.pk, "task": task.pk, "late": late.pk, "done": done.pk}


@english_may_follow
@pytest.mark.parametrize("who", ["officer", "registrar"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/viec-cua-toi/",
        "/tong-quan/",
        "/viec/",
        "/viec/?q=xyz",
        "/viec/{task}/",
        "/viec/{late}/",
        "/viec/{done}/",
        "/van-ban/",
        "/van-ban/{document}/",
        "/van-ban/{document}/toan-van/",
        "/van-ban/nap/",
        "/viec/{late}/nhac/",
        "/thu-nhac/",
        "/gia-han/",
        "/can-phan-cong/",
        "/lich/",
        "/mat-khau/",
        "/khong-co/",
    ],
)
def test_english_page_has_no_vietnamese_word(plain: dict[str, int], who: str, path: str) -> None:
    client = _english(User.objects.get(username=who))
    page = client.get(path.format(**plain), follow=True).content.decode()
    assert '<html lang="en">' in page
    page = _MEANT.sub("", html.unescape(page))
    assert [line.strip() for line in page.splitlines() if _VIETNAMESE.search(line)] == []


def test_sign_in_page_is_english_too(db: None) -> None:
    client = Client()
    client.post("/ngon-ngu/", {"language": "en"})
    page = client.post("/dang-nhap/", {"username": "x", "password": "y"}).content.decode()
    assert "The user name or password is not right." in page


@pytest.mark.parametrize(("days", "words"), [(1, "1 day left"), (2, "2 days left"), (-1, "1 day overdue")])
def test_english_counts_one_day_and_many(days: int, words: str) -> None:
    with translation.override("en"):
        assert days_from(TODAY + timedelta(days=days), TODAY) == words
