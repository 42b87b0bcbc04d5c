"""Browsers in which a person has signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tracker.core.models import User

ClientOf = Callable[[User], Client]


@pytest.fixture
def client_of() -> ClientOf:
    """`client_of(user)`: a client signed in as that person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
