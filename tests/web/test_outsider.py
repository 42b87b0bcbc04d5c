"""Every page, as the address table has it: an outsider sees nothing and learns nothing.

The routes are walked, not listed: a new one that names no object here fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.calendar_feed.makers import make_feed
from tests.factories import (
    ACTOR,
    NOW,
    TODAY,
    make_agency,
    make_document,
    make_duty,
    make_evidence,
    make_extension,
    make_task,
)
from tracker.agencies.models import Agency, Succession
from tracker.calendar_feed.models import Feed
from tracker.core.enums import TokenScope
from tracker.core.events import record_event
from tracker.core.models import ApiToken, Event, User
from tracker.core.tokens import issue_token
from tracker.documents.models import Draft
from tracker.duties.models import Task
from tracker.reminders.models import Message, Recipient, Suppression
from tracker.web.urls import urlpatterns

SECRET = "chỉ-người-trong-cuộc"  # stands in every text of what the outsider may not see
NO_SUCH = 987654

# First words of a route with a number in it → the number or key of a row that the outsider may not see.
OBJECTS: dict[str, Callable[[Task], int | str]] = {
    "viec/": lambda task: task.pk,
    "van-ban/": lambda task: task.duty.document_id,
    "du-thao/": lambda _task: Draft.objects.get().pk,
    "can-phan-cong/": lambda task: task.duty.bodies.get(agency=None).pk,
    "thu-hong/dia-chi/": lambda _task: Suppression.objects.get().pk,
    "thu-hong/": lambda _task: Message.objects.get().pk,
    "minh-chung/": lambda task: task.evidence.get().pk,
    "nhiem-vu/": lambda task: task.duty_id,
    "co-quan/ke-thua/": lambda _task: Succession.objects.get().pk,
    "co-quan/": lambda task: task.agency.key,
    "lich/": lambda _task: Feed.objects.get().pk,
    "khoa-api/": lambda _task: ApiToken.objects.get().pk,
}
# Opened by the token of a mail, not by signing in: tested with the mails.
BY_TOKEN = "<str:token>"
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def _routes(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield from () if BY_TOKEN in route else (route,)


ROUTES = list(_routes(urlpatterns))
ROWS = [route for route in ROUTES if "<" in route]
PAGES = [route for route in ROUTES if "<" not in route]


@pytest.fixture
def hidden(owner: User, agency: Agency) -> Task:
    """A task with everything about it, all of another agency's."""
    issue_token(user=owner, name=SECRET, scope=TokenScope.READ, expires_at=None, actor=ACTOR, now=NOW)
    make_feed(owner, SECRET)
    recipient = Recipient.objects.create(user=owner)
    Message.objects.create(recipient=recipient, day=TODAY, due_at=NOW, state="failed", last_error=SECRET)
    Suppression.objects.create(address=owner.email, reason=SECRET, since=NOW)
    document = make_document(number=SECRET, subject=SECRET, text=f"Giao việc {SECRET}.")
    Draft.objects.create(
        document=document,
        fingerprint="x",
        ordinal=0,
        scope="section",
        action=SECRET,
        start=0,
        end=5,
        confidence=0.9,
        extractor_version="1",
    )
    duty = make_duty(document=document, leads=(agency, SECRET), due="2026-Q4", action=SECRET)
    Succession.objects.create(agency=make_agency(until=date(2025, 2, 28)), successor=agency)
    task = make_task(agency=agency, duty=duty, report_note=SECRET, id=876543)
    make_extension(task, reason=SECRET)
    make_evidence(task, name=SECRET)
    record_event(task, "task.opened", actor=ACTOR, now=NOW, note=SECRET)
    return task


@pytest.fixture
def stranger(outsider: User) -> Client:
    client = Client()
    client.force_login(outsider)
    client.get("/viec/")
    return client


def _ask(client: Client, method: str, address: str) -> tuple[HttpResponse, int]:
    with CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(address)
    return response, len(queries)


def _told(response: HttpResponse, number: int | str) -> tuple[int, str, str]:
    """Status, whereto, and the page without what differs every time."""
    page = _CSRF.sub("", response.content.decode())
    return response.status_code, response.get("Location", "").replace(str(number), "N"), page


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ROWS)
def test_hidden_row_is_as_one_that_does_not_exist(
    stranger: Client, hidden: Task, route: str, method: str
) -> None:
    """The same answer to the byte, after the same number of queries."""
    before = Event.objects.count()
    number = next(find(hidden) for start, find in OBJECTS.items() if route.startswith(start))
    address = "/" + route.replace("<int:pk>", "{}").replace("<slug:key>", "{}").replace("<slug:kind>", "{}")
    address = address.replace("/{}/{}/", "/{}/doi-ten/")
    assert "<" not in address, "name an object for this kind of number"
    theirs, asked = _ask(stranger, method, address.format(number))
    nothing, asked_for_nothing = _ask(stranger, method, address.format(NO_SUCH))
    assert _told(theirs, number) == _told(nothing, NO_SUCH)
    assert theirs.status_code in {302, 404, 405}
    assert asked == asked_for_nothing
    assert Event.objects.count() == before


@pytest.mark.parametrize("route", PAGES)
def test_page_holds_nothing_of_others(stranger: Client, hidden: Task, route: str) -> None:
    response = stranger.get(f"/{route}", {"q": SECRET})
    assert response.status_code in {200, 302, 404, 405}
    assert "Location" not in response or SECRET not in response["Location"]
    assert SECRET not in response.content.decode().replace(f'value="{SECRET}"', "")


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_is_sent_to_sign_in(hidden: Task, route: str) -> None:
    number = next((find(hidden) for start, find in OBJECTS.items() if route.startswith(start)), 0)
    for part in ("<int:pk>", "<slug:key>", "<slug:kind>"):
        route = route.replace(part, str(number))
    response = Client().get(f"/{route}")
    assert SECRET not in response.content.decode()
    assert response.status_code in {302, 405} or route == "dang-nhap/"


def test_walk_finds_the_routes() -> None:
    """A walk that finds nothing would pass."""
    assert len(ROWS) >= 15
    assert len(PAGES) >= 10
