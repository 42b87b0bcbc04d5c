"""The people who do something to a task, as actors."""

from __future__ import annotations

import pytest

from tests.factories import make_task
from tracker.agencies.models import Agency
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.duties.models import Task


@pytest.fixture
def task(agency: Agency) -> Task:
    """Due on the last day of 2026; today is 16 November."""
    return make_task(agency=agency)


@pytest.fixture
def officer(owner: User) -> Actor:
    return Actor(door=Door.WEB, user=owner)


@pytest.fixture
def office(registrar: User) -> Actor:
    return Actor(door=Door.WEB, user=registrar)
