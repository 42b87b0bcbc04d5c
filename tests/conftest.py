"""Fixtures shared by all tests: a fixed day, and three standing people (owner, colleague, outsider)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from config.celery import app as celery_app
from tests.factories import TODAY, make_agency, make_registrar, make_user
from tracker.agencies.models import Agency
from tracker.core.models import User


@pytest.fixture(autouse=True)
def fixed_installation(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed day, files in a folder of the test's own, quick password hashes, tasks in process."""
    settings.TRACKER_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Also where REDIS_URL names a broker: no test leaves work behind in it.
    monkeypatch.setitem(celery_app.conf, "task_always_eager", True)


@pytest.fixture
def agency(db: None) -> Agency:
    """The agency that owns the tasks under test."""
    return make_agency("Ban Nội chính Tỉnh ủy")


@pytest.fixture
def owner(agency: Agency) -> User:
    """An officer of the agency."""
    return make_user("chu-viec", agency=agency)


@pytest.fixture
def colleague(agency: Agency) -> User:
    """Another officer of the same agency."""
    return make_user("dong-nghiep", agency=agency)


@pytest.fixture
def outsider(db: None) -> User:
    """An officer of another agency."""
    return make_user("nguoi-ngoai", agency=make_agency("Sở Y tế"))


@pytest.fixture
def registrar(db: None) -> User:
    """A registrar of the office, who sees everything."""
    return make_registrar("van-phong")
