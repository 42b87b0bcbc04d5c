"""Tokens at the door: one answer for every token that does not open it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tests.factories import ACTOR, NOW, TODAY
from tracker.core.enums import TokenScope
from tracker.core.models import ApiToken, User
from tracker.core.tokens import issue_token, revoke_token

URL = "/api/v1/tasks"


def _bearer(secret: str) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")


def test_token_opens(client_of: ClientOf, owner: User) -> None:
    assert client_of(owner).get(URL).status_code == 200
    assert ApiToken.objects.get().last_used_on == TODAY


def test_session_opens(owner: User) -> None:
    client = APIClient()
    client.force_login(owner)
    assert client.get(URL).status_code == 200


def test_nobody_is_asked_to_sign_in(db: None) -> None:
    response = APIClient().get(URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("flaw", ["unknown", "revoked", "expired", "inactive", "not ascii", "empty"])
def test_token_that_does_not_open_gets_one_answer(owner: User, flaw: str) -> None:
    issued = issue_token(
        user=owner,
        name="thử",
        scope=TokenScope.WRITE,
        expires_at=NOW + timedelta(days=1),
        actor=ACTOR,
        now=NOW,
    )
    secret = {"unknown": "x" * 43, "not ascii": "khóa", "empty": ""}.get(flaw, issued.secret)
    if flaw == "revoked":
        assert revoke_token(issued.row, actor=ACTOR, now=NOW)
    elif flaw == "expired":
        ApiToken.objects.update(expires_at=NOW - timedelta(days=1))
    elif flaw == "inactive":
        User.objects.update(is_active=False)
    response = _bearer(secret).get(URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert response.json() == {
        "type": "urn:duty-tracker:problem:invalid_token",
        "title": "Chưa đăng nhập",
        "status": 401,
        "detail": "Khóa API không đúng, đã hết hạn hoặc đã bị thu hồi.",
        "code": "invalid_token",
    }


def test_use_is_noted_once_a_day(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    client.get(URL)
    ApiToken.objects.update(last_used_on=TODAY - timedelta(days=1))
    client.get(URL)
    assert ApiToken.objects.get().last_used_on == TODAY


def test_secret_is_not_kept(owner: User) -> None:
    issued = issue_token(user=owner, name="thử", scope=TokenScope.READ, expires_at=None, actor=ACTOR, now=NOW)
    kept = ApiToken.objects.filter(pk=issued.row.pk).values().get()
    assert issued.secret not in str(kept)
    assert len(issued.secret) >= 43
