"""Clients of the API, each signed in with a token of its person; they accept any earlier change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from tests.factories import ACTOR, NOW
from tracker.core.enums import TokenScope
from tracker.core.models import User
from tracker.core.tokens import issue_token

ClientOf = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def fresh_throttle() -> None:
    """The throttle counts by person, and every test has a person 1."""
    cache.clear()


@pytest.fixture
def client_of() -> ClientOf:
    """`client_of(user, scope=…)`: a client with a token of that person."""

    def make(user: User, *, scope: TokenScope = TokenScope.WRITE) -> APIClient:
        issued = issue_token(user=user, name="thử", scope=scope, expires_at=None, actor=ACTOR, now=NOW)
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {issued.secret}", HTTP_IF_MATCH="*")

    return make
