"""The page of API tokens: issuing, showing the secret once, revoking."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from tests.factories import ACTOR, NOW
from tracker.core.enums import TokenScope
from tracker.core.models import ApiToken, Event, User
from tracker.core.tokens import issue_token

URL = "/khoa-api/"
NEW = {"name": "bảng điều khiển", "scope": "read", "days": "90"}
_SECRET = re.compile(r'spellcheck="false">([\w-]{43})<')


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _issue(user: User, name: str = "thử") -> ApiToken:
    expires_at = NOW + timedelta(days=1)
    return issue_token(
        user=user, name=name, scope=TokenScope.READ, expires_at=expires_at, actor=ACTOR, now=NOW
    ).row


def test_new_token_is_shown_once_and_opens(owner: User) -> None:
    client = _client(owner)
    response = client.post(URL, NEW)
    found = _SECRET.search(response.content.decode())
    assert found is not None
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert APIClient(HTTP_AUTHORIZATION=f"Bearer {found[1]}").get("/api/v1/me").status_code == 200
    page = client.get(URL).content.decode()
    assert "bảng điều khiển" in page
    assert _SECRET.search(page) is None
    assert Event.objects.get(verb="token.issued").door == "web"


@pytest.mark.parametrize(("name", "value"), [("name", " "), ("days", "0"), ("days", "366"), ("scope", "x")])
def test_bad_input_is_shown_at_its_field(owner: User, name: str, value: str) -> None:
    response = _client(owner).post(URL, {**NEW, name: value})
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [name]
    assert not ApiToken.objects.exists()


def test_person_sees_and_revokes_their_own_only(owner: User, colleague: User) -> None:
    own, other = _issue(owner, "khóa của tôi"), _issue(colleague, "khóa người khác")
    client = _client(owner)
    page = client.get(URL).content.decode()
    assert "khóa của tôi" in page
    assert "khóa người khác" not in page
    assert client.post(f"{URL}{other.pk}/thu-hoi/").status_code == 404
    assert client.post(f"{URL}{own.pk}/thu-hoi/").status_code == 302
    assert "khóa của tôi" not in client.get(URL).content.decode().partition("khoa-dang-dung")[2]
    assert set(ApiToken.objects.filter(revoked_at__isnull=True)) == {other}


def test_page_takes_the_same_queries_for_1_and_more_tokens(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = _client(owner)
    _issue(owner)
    client.get(URL)
    for _turn in range(2):
        with django_assert_num_queries(3):  # session, person, tokens
            client.get(URL)
        for _number in range(9):
            _issue(owner)


def test_nobody_is_sent_to_sign_in() -> None:
    assert Client().get(URL).status_code == 302
