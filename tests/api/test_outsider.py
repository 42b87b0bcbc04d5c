"""Every route of the API, as the address table has it: an outsider sees nothing and learns nothing.

The routes are walked, not listed: a new one that names no object here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tests.factories import (
    ACTOR,
    NOW,
    make_document,
    make_duty,
    make_evidence,
    make_extension,
    make_task,
    make_webhook,
)
from tracker.agencies.models import Agency
from tracker.api.urls import urlpatterns
from tracker.core.enums import TokenScope
from tracker.core.events import record_event
from tracker.core.models import Event, User
from tracker.core.tokens import issue_token
from tracker.documents.models import Clause
from tracker.duties.models import Task
from tracker.webhooks.models import Webhook

SECRET = "chỉ-người-trong-cuộc"  # stands in every text of what the outsider may not see
PUBLIC = ("agencies/<slug:key>",)  # the registry is open to everyone who signs in
NO_SUCH = 987654

# First words of a route with a number in it → the number of a row that the outsider may not see.
OBJECTS: dict[str, Callable[[Task], int]] = {
    "tasks/": lambda task: task.pk,
    "documents/": lambda task: task.duty.document_id,
    "duties/": lambda task: task.duty_id,
    "events/": lambda task: Event.objects.about(task).get().pk,
    "extensions/": lambda task: task.extensions.get().pk,
    "evidence/": lambda task: task.evidence.get().pk,
    "webhooks/": lambda _task: Webhook.objects.get().pk,
    "me/tokens/": lambda _task: User.objects.get(username="chu-viec").api_tokens.get().pk,
}
# What is sent where an empty object would say nothing about the row.
BODIES: dict[str, Callable[[int], Any]] = {
    "tasks/reports": lambda pk: {"reports": [{"id": pk, "note": "xong"}]},
}


def _routes() -> Iterator[Any]:
    """Route and method of everything that the address table answers, apart from the 404 at its end."""
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        methods = getattr(pattern.callback, "actions", None) or _handlers(pattern.callback)
        if route != "^":
            yield from (pytest.param(route, method, id=f"{method} {route}") for method in methods)


def _handlers(view: Any) -> list[str]:
    return [name for name in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, name)]


ROUTES = list(_routes())
ROWS = [one for one in ROUTES if "<" in one.values[0] and one.values[0] not in PUBLIC]
LISTS = [one for one in ROUTES if "<" not in one.values[0]]


@pytest.fixture
def hidden(owner: User, agency: Agency) -> Task:
    """A task with everything about it, all of another agency's."""
    make_webhook(owner, name=SECRET)
    issue_token(user=owner, name=SECRET, scope=TokenScope.READ, expires_at=None, actor=ACTOR, now=NOW)
    document = make_document(number=SECRET, subject=SECRET, text=f"Giao việc {SECRET}.")
    clause = Clause.objects.create(document=document, ordinal=0, path="1", start=0, end=10)
    duty = make_duty(document=document, clause=clause, leads=(agency,), due="2026-Q4", action=SECRET)
    task = make_task(agency=agency, duty=duty, report_note=SECRET, id=876543)
    make_extension(task, reason=SECRET)
    make_evidence(task, name=SECRET)
    record_event(task, "task.opened", actor=ACTOR, now=NOW, note=SECRET)
    return task


@pytest.fixture
def stranger(client_of: ClientOf, outsider: User) -> APIClient:
    client = client_of(outsider)
    client.get("/api/v1/me")
    return client


def _ask(client: APIClient, method: str, address: str, body: Any = None) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(address, body or {}, format=None if method == "get" else "json")
    return response, len(queries)


@pytest.mark.parametrize(("route", "method"), ROWS)
def test_hidden_row_is_as_one_that_does_not_exist(
    stranger: APIClient, hidden: Task, route: str, method: str
) -> None:
    """The same answer to the byte, after the same number of queries."""
    before = Event.objects.count()
    number = next(find(hidden) for start, find in OBJECTS.items() if route.startswith(start))
    address = "/api/v1/" + route.replace("<int:pk>", "{}")
    assert "<" not in address, "name an object for this kind of number"
    theirs, asked = _ask(stranger, method, address.format(number))
    nothing, asked_for_nothing = _ask(stranger, method, address.format(NO_SUCH))
    assert theirs.status_code == nothing.status_code == 404
    assert theirs.content == nothing.content
    assert theirs.headers.items() == nothing.headers.items()
    assert asked == asked_for_nothing
    assert Event.objects.count() == before


@pytest.mark.parametrize(("route", "method"), LISTS)
def test_list_holds_nothing_of_others(stranger: APIClient, hidden: Task, route: str, method: str) -> None:
    body = BODIES.get(route)
    response, _asked = _ask(stranger, method, f"/api/v1/{route}", body and body(hidden.pk))
    assert response.status_code in {200, 201, 400, 403}
    assert SECRET not in response.content.decode()
    if body is not None:
        nothing, _asked = _ask(stranger, method, f"/api/v1/{route}", body(NO_SUCH))
        assert response.content.decode().replace(str(hidden.pk), str(NO_SUCH)) == nothing.content.decode()


@pytest.mark.parametrize("query", ["tasks?q={}", "documents?q={}", "duties?q={}", "documents?number={}"])
def test_search_finds_nothing_of_others(stranger: APIClient, hidden: Task, query: str) -> None:
    assert stranger.get(f"/api/v1/{query.format(SECRET)}").json()["count"] == 0


@pytest.mark.parametrize(("route", "method"), [*ROWS, *LISTS])
def test_nobody_is_asked_to_sign_in(hidden: Task, route: str, method: str) -> None:
    number = next((find(hidden) for start, find in OBJECTS.items() if route.startswith(start)), 0)
    response, _asked = _ask(APIClient(), method, "/api/v1/" + route.replace("<int:pk>", str(number)))
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_walk_finds_the_routes() -> None:
    """A walk that finds nothing would pass."""
    assert len(ROWS) >= 16
    assert len(LISTS) >= 10
