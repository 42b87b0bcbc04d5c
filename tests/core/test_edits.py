"""Corrections by hand: what the record keeps of them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import ACTOR, NOW, make_agency
from tracker.agencies.models import Agency
from tracker.core.edits import record_lists, save_edited
from tracker.core.models import Event

pytestmark = pytest.mark.django_db


def test_what_changed_is_recorded_with_what_was() -> None:
    agency = make_agency("Ban cũ")
    agency.name, agency.until = "Ban mới", date(2026, 12, 31)
    assert save_edited(agency, ["name", "until"], actor=ACTOR, now=NOW)
    assert Agency.objects.get().name == "Ban mới"
    event = Event.objects.get()
    assert (event.verb, event.before, event.after) == (
        "agency.changed",
        {"name": "Ban cũ", "until": None},
        {"name": "Ban mới", "until": "2026-12-31"},
    )


def test_nothing_changed_is_nothing_recorded() -> None:
    agency = make_agency()
    assert not save_edited(agency, ["name"], actor=ACTOR, now=NOW)
    record_lists(agency, {"post": ["a"]}, {"post": ["a"]}, actor=ACTOR, now=NOW)
    assert not Event.objects.exists()


def test_new_row_is_recorded_as_created() -> None:
    agency = Agency(key="so-moi", name="Sở Mới", kind="state")
    assert save_edited(agency, ["key", "name"], actor=ACTOR, now=NOW)
    assert Event.objects.get().after == {"key": "so-moi", "name": "Sở Mới"}
