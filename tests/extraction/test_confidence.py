"""How sure a row is."""

from __future__ import annotations

from tracker.extraction.finders.confidence import confidence_of

SURE = 0.9


def test_a_plain_assignment_is_sure() -> None:
    assert confidence_of(["so-yt"], ["lead-subject", "undated"]) > SURE


def test_doubts_add_up() -> None:
    plain = confidence_of(["so-yt"], ["lead-subject"])
    assert confidence_of(["so-yt", "other:ngành"], ["lead-subject"]) < plain
    assert confidence_of(["so-yt"], ["lead-subject"], outside_section=True) < SURE
    assert confidence_of(["so-yt"], ["lead-subject", "counted"]) < SURE
    assert confidence_of(["so-yt"], ["lead-subject", "undated"], unread_time=True) < SURE


def test_unknown_and_missing_leads_are_never_sure() -> None:
    unknown = confidence_of(["other:Sở Lạ"], ["lead-assigned"])
    assert confidence_of([], ["undated"]) < unknown < SURE
