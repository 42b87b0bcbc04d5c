"""Counting in the cache; and a cache that is away shuts nobody out."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from config import environment
from tests.calendar_feed.makers import make_feed
from tests.factories import ACTOR, NOW
from tracker.core.counting import count_one_more
from tracker.core.enums import TokenScope
from tracker.core.models import User
from tracker.core.tokens import issue_token

_NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def cache_is_away(settings: Settings) -> None:
    settings.CACHES = {"default": environment.cache_settings(_NOBODY)}


@pytest.fixture(params=["", "as the suite has it"])
def any_cache(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.CACHES = {"default": environment.cache_settings(request.param and django_settings.REDIS_URL)}


@pytest.mark.usefixtures("any_cache")
def test_counts_go_on_within_their_time() -> None:
    cache.delete("thu-dem")
    assert [count_one_more("thu-dem", seconds=60) for _turn in range(3)] == [1, 2, 3]
    cache.delete("thu-dem")
    assert count_one_more("thu-dem", seconds=60) == 1


def test_key_that_a_full_cache_threw_out_binds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def thrown_out(*_args: object) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", thrown_out)
    assert count_one_more("thu-dem", seconds=60) == 0


@pytest.mark.usefixtures("cache_is_away")
def test_without_the_cache_nothing_is_counted_and_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert [count_one_more("thu-dem", seconds=60) for _turn in range(2)] == [0, 0]
    assert "Exception ignored: Redis ConnectionError" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("cache_is_away")
def test_without_the_cache_people_sign_in_and_programs_go_on(owner: User) -> None:
    _feed, path = make_feed(owner)
    assert Client().get(path).status_code == 200
    token = issue_token(user=owner, name="thử", scope=TokenScope.READ, expires_at=None, actor=ACTOR, now=NOW)
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token.secret}"})
    assert answer.status_code == 200
    client = Client()
    wrong = client.post("/dang-nhap/", {"username": owner.username, "password": "đoán"})
    assert wrong.status_code == 200
    right = client.post("/dang-nhap/", {"username": owner.username, "password": "mat-khau-thu"})
    assert (right.status_code, right["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
