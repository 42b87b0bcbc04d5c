"""How sure a row is."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.extraction.finders.confidence import confidence_of, lies_before

SURE = 0.9


def test_a_plain_assignment_is_sure() -> None:
    assert confidence_of(["so-yt"], ["lead-subject", "undated"]) > SURE


def test_doubts_add_up() -> None:
    plain = confidence_of(["so-yt"], ["lead-subject"])
    assert confidence_of(["so-yt", "other:ngành"], ["lead-subject"]) < plain
    assert confidence_of(["so-yt"], ["lead-subject"], outside_section=True) < SURE
    assert confidence_of(["so-yt"], ["lead-subject", "counted"]) < SURE
    assert confidence_of(["so-yt"], ["lead-subject", "undated"], unread_time=True) < SURE
    assert confidence_of(["so-yt"], ["lead-subject", "before-day"], is_bygone=True) < SURE


def test_unknown_and_missing_leads_are_never_sure() -> None:
    unknown = confidence_of(["other:Sở Lạ"], ["lead-assigned"])
    assert confidence_of([], ["undated"]) < unknown < SURE


@pytest.mark.parametrize(
    ("due", "bygone"),
    [
        ("<2016-01-01", True),
        ("2026-03-01", True),
        ("<2026-03-05", True),
        ("2026-03-06", False),
        ("2026-03", False),
        ("2025-Q4", True),
        ("from:2025-07-01", True),
        ("yearly:<11-30", False),
        ("none", False),
    ],
)
def test_deadlines_before_the_documents_day(due: str, *, bygone: bool) -> None:
    assert lies_before(due, date(2026, 3, 6)) is bygone
    assert not lies_before(due, None)
