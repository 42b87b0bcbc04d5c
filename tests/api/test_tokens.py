"""A person's own tokens: issued after signing in, never by another token; shown once; revoked at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tracker.core.models import ApiToken, Event, User

URL = "/api/v1/me/tokens"


def _signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def test_person_issues_a_token_that_opens(owner: User) -> None:
    body = {"name": " trục liên thông ", "scope": "write", "days": 30}
    response = _signed_in(owner).post(URL, body, format="json")
    assert response.status_code == 201
    shown = response.json()
    row = ApiToken.objects.get()
    assert (row.user, row.name, row.scope) == (owner, "trục liên thông", "write")
    assert row.expires_at is not None
    assert timedelta(days=29, hours=23) < row.expires_at - row.created_at <= timedelta(days=30)
    program = APIClient(HTTP_AUTHORIZATION=f"Bearer {shown['secret']}")
    assert program.get("/api/v1/me").json()["token"]["name"] == "trục liên thông"
    assert Event.objects.get(verb="token.issued").door == "api"


def test_secret_is_shown_once(owner: User) -> None:
    client = _signed_in(owner)
    issued = client.post(URL, {"name": "thử"}, format="json").json()
    listed = client.get(URL).json()["results"]
    assert listed == [{name: value for name, value in issued.items() if name != "secret"}]
    assert issued["secret"] not in client.get(f"{URL}/{issued['id']}").content.decode()


def test_token_issues_no_token(client_of: ClientOf, owner: User) -> None:
    """Else whoever gets hold of one would never be locked out again."""
    response = client_of(owner).post(URL, {"name": "thử"}, format="json")
    assert (response.status_code, response.json()["code"]) == (403, "sign_in_required")
    assert ApiToken.objects.count() == 1


def test_revoked_token_opens_no_more(client_of: ClientOf, owner: User) -> None:
    program = client_of(owner)
    token = ApiToken.objects.get()
    client = _signed_in(owner)
    for _turn in range(2):
        assert client.delete(f"{URL}/{token.pk}").status_code == 204
    assert program.get("/api/v1/me").status_code == 401
    assert client.get(f"{URL}/{token.pk}").json()["revoked_at"] is not None
    assert Event.objects.filter(verb="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "thử", "days": 0}, "days"),
        ({"name": "thử", "days": 366}, "days"),
        ({"name": "thử", "scope": "admin"}, "scope"),
        ({"name": "thử", "user": 1}, "user"),
        ({"name": "x" * 81}, "name"),
    ],
)
def test_bad_input_is_refused_by_field(owner: User, body: dict[str, Any], field: str) -> None:
    response = _signed_in(owner).post(URL, body, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not ApiToken.objects.exists()


def test_session_needs_its_csrf_token(owner: User) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post(URL, {"name": "thử"}, format="json").status_code == 403
