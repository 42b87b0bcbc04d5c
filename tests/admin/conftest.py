"""A registrar at the administration site."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_registrar
from tracker.core.models import User


@pytest.fixture
def clerk(db: None) -> User:
    """A registrar with a place on the staff."""
    return make_registrar("quan-tri", is_staff=True)


@pytest.fixture
def staff(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client
