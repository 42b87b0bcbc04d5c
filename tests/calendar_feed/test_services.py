"""Feeds are made, rotated and revoked; the token is seen once and never kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.calendar_feed.makers import make_feed
from tests.factories import ACTOR, NOW, make_document, make_task
from tracker.agencies.models import Agency
from tracker.calendar_feed.models import Feed
from tracker.calendar_feed.queries import feed_by_token, feeds_of
from tracker.calendar_feed.services import issue_feed, note_fetch, revoke_feed, rotate_feed
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.models import Event, User


def test_token_has_256_bits_and_is_nowhere_in_the_database(owner: User) -> None:
    feed, token = issue_feed(user=owner, name="Cơ quan tôi", actor=ACTOR, now=NOW)
    assert len(token) >= 43  # 256 bits, six to a letter
    assert feed_by_token(token) == feed
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            assert token not in repr(cursor.fetchall())


def test_issuing_is_recorded(owner: User) -> None:
    feed, _path = make_feed(owner)
    assert [event.verb for event in Event.objects.about(feed)] == ["feed.issued"]


def test_rotating_gives_another_address_and_forgets_who_fetched(owner: User) -> None:
    feed, token = issue_feed(user=owner, name="Cơ quan tôi", actor=ACTOR, now=NOW)
    note_fetch(feed, client="Thunderbird", now=NOW)
    rotated, other = rotate_feed(feed, actor=ACTOR, now=NOW)
    assert feed_by_token(token) is None
    assert feed_by_token(other) == feed
    assert (rotated.last_fetched_at, rotated.last_client) == (None, "")


def test_revoked_feed_frees_its_name_and_cannot_come_back(owner: User) -> None:
    feed, _path = make_feed(owner)
    revoke_feed(feed, actor=ACTOR, now=NOW)
    assert list(feeds_of(owner)) == []
    make_feed(owner)
    for action in (revoke_feed, rotate_feed):
        with pytest.raises(TransitionError):
            action(feed, actor=ACTOR, now=NOW)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " \x00 "}, "name"),
        ({"name": "a" * 121}, "name"),
        ({"name": "đã có"}, "name"),
        ({"quarter": "2026-Q5"}, "quarter"),
        ({"kind": "document"}, "document"),
        ({"kind": "document", "document_id": 0}, "document"),
        ({"kind": "own", "document_id": 1}, "document"),
    ],
)
def test_bad_feed_is_refused_with_its_field(owner: User, fields: dict[str, object], field: str) -> None:
    make_feed(owner, "đã có")
    with pytest.raises(InvalidInputError) as refusal:
        issue_feed(**{"user": owner, "name": "mới", "actor": ACTOR, "now": NOW, **fields})  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert Feed.objects.count() == 1


def test_feed_of_a_document_that_one_may_not_see_is_refused(outsider: User, agency: Agency) -> None:
    document = make_document()
    make_task(agency=agency, document=document)
    with pytest.raises(InvalidInputError):
        make_feed(outsider, kind="document", document_id=document.pk)


def test_same_client_is_noted_once_in_five_minutes(owner: User) -> None:
    feed, _path = make_feed(owner)
    assert note_fetch(feed, client="Thunderbird", now=NOW)
    feed.refresh_from_db()
    assert not note_fetch(feed, client="Thunderbird", now=NOW + timedelta(minutes=4))
    assert note_fetch(feed, client="Google", now=NOW + timedelta(minutes=4))
    feed.refresh_from_db()
    assert note_fetch(feed, client="Google", now=NOW + timedelta(minutes=10))
