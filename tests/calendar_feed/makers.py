"""What the calendar's tests share: a feed made through its service, its address, its events read back."""

from __future__ import annotations

from typing import Any

from django.test import Client
from icalendar import Calendar

from tests.factories import ACTOR, NOW
from tracker.calendar_feed.models import Feed
from tracker.calendar_feed.services import issue_feed
from tracker.core.models import User


def make_feed(user: User, name: str = "Cơ quan tôi", **fields: Any) -> tuple[Feed, str]:
    """A feed with the path of its address."""
    feed, token = issue_feed(user=user, name=name, actor=ACTOR, now=NOW, **fields)
    return feed, f"/ical/{token}.ics"


def fetch(path: str, **headers: str) -> bytes:
    """The bytes of a feed that answers 200."""
    response = Client().get(path, headers=headers)
    assert response.status_code == 200
    return response.content


def events_of(body: bytes, kind: str = "VEVENT") -> list[Any]:
    return list(Calendar.from_ical(body).walk(kind))


def titles_of(body: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in events_of(body)]
