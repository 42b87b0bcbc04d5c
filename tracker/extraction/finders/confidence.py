"""How sure a row is: the share of rows like it that a careful reader would write down the same.

The figures were set from the documents read by hand (the reference rows, and the readings kept
with the tests). A row above 0.9 can be accepted at a glance; one below deserves a second look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

# What each rule costs. A rule that is not named costs nothing.
_COSTS = {
    "lead-inherited": 0.02,
    "lead-demanded": 0.08,
    "lead-after-adverbial": 0.04,
    "deadline-opens-sentence": 0.02,
    "deadline-stands-alone": 0.01,
    "in-year": 0.06,
    "in-month": 0.02,
    "counted": 0.3,
    "from": 0.05,
}
_BASE = 0.97
_NO_LEAD, _UNKNOWN_LEAD, _SOME_UNKNOWN = 0.45, 0.7, 0.08
_OUTSIDE_SECTION, _AFTER_FIRST_SENTENCE, _MIXED, _CUT, _LONG = 0.1, 0.02, 0.04, 0.02, 0.03
_UNREAD_TIME, _BYGONE = 0.15, 0.15
_LONG_ACTION = 1500


def confidence_of(
    leads: Sequence[str],
    rules: Sequence[str],
    *,
    outside_section: bool = False,
    sentence: int = 0,
    length: int = 0,
    is_cut: bool = False,
    shares_part: bool = False,
    unread_time: bool = False,
    is_bygone: bool = False,
) -> float:
    """The confidence of a row, 0..1.

    `sentence` is the place in its block of the sentence it stands in, `is_cut` whether furniture
    breaks it, `shares_part` whether other deadlines stand in the same part of the sentence,
    `unread_time` whether an undated row holds words of a time, `is_bygone` whether the deadline lies
    before the document's own day.
    """
    known = [lead for lead in leads if not lead.startswith("other:")]
    if not leads:
        return _NO_LEAD
    sure = _BASE if known else _UNKNOWN_LEAD
    sure -= sum(_COSTS.get(rule, 0.0) for rule in rules)
    sure -= _SOME_UNKNOWN if known and len(known) < len(leads) else 0.0
    sure -= _OUTSIDE_SECTION if outside_section else 0.0
    sure -= (
        _AFTER_FIRST_SENTENCE if sentence and "lead-inherited" not in rules and "undated" in rules else 0.0
    )
    sure -= _MIXED if shares_part else 0.0
    sure -= _UNREAD_TIME if unread_time else 0.0
    sure -= _BYGONE if is_bygone else 0.0
    sure -= _CUT if is_cut else 0.0
    sure -= _LONG if length > _LONG_ACTION else 0.0
    return round(max(sure, 0.05), 2)


def lies_before(due: str, issued_on: date | None) -> bool:
    """Whether a coded deadline lies before a day: `văn bản ban hành trước ngày 01/01/2016` sets none."""
    code = due.removeprefix("from:").removeprefix("<")
    if issued_on is None or not code[:4].isdigit():
        return False
    if int(code[:4]) != issued_on.year or len(code) < len("YYYY-MM-DD"):
        return int(code[:4]) < issued_on.year
    return date.fromisoformat(code) < issued_on
