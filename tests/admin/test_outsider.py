"""Every address of the administration site, walked: who is no registrar on the staff learns nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.test_pages import make_everything
from tests.factories import make_user
from tracker.admin.site import site
from tracker.agencies.models import Agency
from tracker.core.enums import OfficeRole
from tracker.core.models import User

# Signing in and out, and the words of the date pickers: the same for everybody.
OPEN = {"login", "logout", "jsi18n"}
NO_SUCH = "987654"


def _routes(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route)
        elif pattern.name not in OPEN:
            yield route


ROUTES = sorted(set(_routes(site.urls[0])))


def _address(route: str, number: str) -> str:
    for part in ("<path:object_id>", "<id>", "<path:content_type_id>", "<int:object_id>", "<int:pk>"):
        route = route.replace(part, number)
    route = route.replace("^(?P<app_label>tracker)/$", "tracker/").replace(
        "(?P<url>.*)$", f"khong-co/{number}"
    )
    assert not set(route) & set("<>^$()"), f"say how to call {route}"
    return f"/admin/{route}"


@pytest.fixture(params=["officer", "officer on the staff", "auditor on the staff", "leader on the staff"])
def person(request: pytest.FixtureRequest, agency: Agency) -> User:
    return {
        "officer": lambda: make_user(agency=agency),
        "officer on the staff": lambda: make_user(agency=agency, is_staff=True),
        "auditor on the staff": lambda: make_user(office_role=OfficeRole.AUDITOR, is_staff=True),
        "leader on the staff": lambda: make_user(office_role=OfficeRole.LEADER, is_staff=True),
    }[request.param]()


def test_every_address_answers_alike_whatever_exists(person: User) -> None:
    """All of them in one test: the rows are made once."""
    make_everything()
    client = Client()
    client.force_login(person)
    login = reverse("admin:login")
    for route in ROUTES:
        for number in ("1", NO_SUCH):
            for method in (client.get, client.post):
                response = method(_address(route, number))
                assert (response.status_code, response["Location"].partition("?")[0]) == (302, login), route
                assert response.content == b""


def test_walk_finds_the_routes() -> None:
    assert len(ROUTES) > 150
