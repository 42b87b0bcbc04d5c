"""Mails and what they lead to, in a real browser: on paper-wide and phone-wide screens, by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

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
from tests.reminders.helpers import at, html_of, look
from tests.web.browser import chromium
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import Event
from tracker.duties.models import Task
from tracker.reminders.urging import urge_task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG_WORDS = "nâng cao chất lượng công tác kiểm tra, giám sát, thi hành kỷ luật của Đảng " * 8
_SCRIPTS = Path(__file__).parent
_PALE_TEXTS = (_SCRIPTS / "pale_texts.js").read_text(encoding="utf-8")
_NAMELESS_FIELDS = (_SCRIPTS / "nameless_fields.js").read_text(encoding="utf-8")
_BEYOND = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, chromium() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield started


@pytest.fixture
def task() -> Task:
    """Long in every part, overdue, urged; mailed this morning beside one of every other group."""
    agency = make_agency("Ban Nội chính Tỉnh ủy")
    make_user("noichinh", agency=agency)
    document = make_document(number="109-NQ/TU", subject=LONG_WORDS)
    duty = make_duty(
        document=document,
        leads=(agency,),
        due="2026-11-10",
        due_text="chậm nhất " + "rất " * 20,
        action=LONG_WORDS,
    )
    task = make_task(agency=agency, duty=duty, state="returned")
    for due in ("2026-11-20", "2026-12-31", "2027-06-30", "none"):
        make_task(agency=agency, due=due)
    make_task(agency=agency, document=make_document(secrecy="Mật"))
    office = Actor(door=Door.WEB, user=make_registrar("vanphong"))
    urge_task(task, words=LONG_WORDS, actor=office, now=NOW)
    look(at(TODAY))
    return task


def _path(purpose: str) -> str:
    """The digest's link for the first task."""
    (digest,) = [m for m in mail.outbox if m.subject.startswith("[Nhắc việc]")]
    found = re.search(rf"http://127\.0\.0\.1:8000(/thu/{purpose}\S+)", str(digest.body))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("width", [600, 375])
def test_mails_fit_their_screen_and_can_be_read(browser: Browser, task: Task, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 700})
    kinds = set()
    for sent in mail.outbox:
        kinds.add(sent.subject[:9])
        page.set_content(html_of(sent))
        assert (page.evaluate(_BEYOND), page.evaluate(_PALE_TEXTS)) == (0, [])
    page.close()
    assert kinds == {"[Nhắc việ", "[Đôn đốc]"}


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_behind_links_fit_and_name_their_fields(
    browser: Browser, live_server: LiveServer, task: Task, width: int
) -> None:
    context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in (_path("bc"), _path("gh"), _path("nhip"), "/thu/khong-co/"):
        page.goto(path)
        problems = [*page.evaluate(_PALE_TEXTS), *page.evaluate(_NAMELESS_FIELDS)]
        assert (path, page.evaluate(_BEYOND), problems) == (path, 0, [])
    context.close()


def test_report_is_sent_from_the_mail_without_signing_in(
    browser: Browser, live_server: LiveServer, task: Task
) -> None:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 375, "height": 700})
    page = context.new_page()
    page.goto(_path("bc"))
    page.get_by_label("Kết quả thực hiện").fill("Đã bổ sung số liệu")
    page.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(page.get_by_role("status")).to_have_text("Đã báo cáo hoàn thành.")
    assert context.cookies() == []
    context.close()
    task.refresh_from_db()
    event = Event.objects.about(task).get(verb="task.reported")
    assert (task.state, event.door, event.actor.username if event.actor else "") == (
        "reported",
        Door.MAIL,
        "noichinh",
    )
