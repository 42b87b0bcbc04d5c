"""Dated deadlines: which of the times in a passage say by when something must be done.

A time counts with a lead (`trước`, `xong trong`, `vào` …) or where it stands alone as the whole of
a remark (`(quý II/2022)`, `Quý II/2022: …`). Everything else is a citation, a title or a
description (`extraction.md`, "These are not deadlines").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .context import bare_rule, is_described, is_governed, is_past, is_quoted, starts_duty, tells_target
from .expression import Core, DeadlineExpression, Kind, Unit, partial_code, point_code, yearly_code
from .leads import CLOSING, PART, Lead, lead_before
from .periods import is_periodic_apart

_LIST_GAP = re.compile(r"\s?(?:,|và|hoặc|, và|/)\s?(?:(?:trước|trong|vào|đầu|giữa|cuối)\s)?")
_RANGE_GAP = re.compile(r"\s?(?:-|–|đến|đến hết|cho đến|tới)\s?")
_YEARLY_TAIL = re.compile(r"\s?,?\s?\(?(?:của\s|trong\s)?(?:h[ằàă]ng|mỗi)\snăm(?![a-zà-ỹđ])")
_MONTHLY_TAIL = re.compile(r"\s?,?\s?(?:của\s)?(?:h[ằàă]ng|mỗi)\stháng(?![a-zà-ỹđ])")
_QUARTERLY_TAIL = re.compile(
    r"\s?(?:của\s)?(?:tháng\s(?:cuối|đầu|giữa|thứ\s[a-zà-ỹđ]{2,4})\s(?:của\s)?)?"
    r"(?:h[ằàă]ng\s|mỗi\s|các\s)?quý(?:\ssau)?(?!\s?(?:[1-4]|[iv]+\b))"
)
# What a report counts, not when something is to be done: `số liệu tính từ ngày … đến ngày …`.
_COUNTED = re.compile(r"(?:tính|chốt|số liệu|kỳ báo cáo|thời kỳ)\s$")
_OPEN_END = re.compile(r"\s?(?:,\s?)?và\s(?:các|những)\snăm\s(?:tiếp theo|sau|kế tiếp)")
_UNTIL = re.compile(r"\s?(?:đến|tới|cho đến)\s")


def find_points(passage: str, low: str, cores: Sequence[Core]) -> Iterator[DeadlineExpression]:
    """Point, start and partial deadlines, and those that recur on a day or month (`yearly:12`)."""
    for chain in _chains(low, cores):
        yield from _read_chain(passage, low, chain)


def _chains(low: str, cores: Sequence[Core]) -> Iterator[list[Core]]:
    """Times that are listed together share their lead, their year and their period."""
    chain: list[Core] = []
    for core in cores:
        gap = low[chain[-1].end : core.start] if chain else ""
        if chain and not (_LIST_GAP.fullmatch(gap) or _RANGE_GAP.fullmatch(gap)):
            yield chain
            chain = []
        chain.append(core)
    if chain:
        yield chain


def _read_chain(passage: str, low: str, chain: list[Core]) -> Iterator[DeadlineExpression]:
    lead = lead_before(low, chain[0].start)
    period, end = _tail(low, chain)
    if len(chain) > 1 and _is_range(low, chain, lead):
        yield from _read_range(low, chain, lead, period, end)
        return
    chain = _with_shared_year(chain)
    for place, core in enumerate(chain):
        own = lead_before(low, core.start) if place else lead
        shared = own if own.words else Lead(core.start, lead.words)
        expression_end = end if place == len(chain) - 1 else core.end
        expression = _read_one(passage, low, core, shared, period, expression_end)
        if expression is not None:
            yield expression


def _is_range(low: str, chain: Sequence[Core], lead: Lead) -> bool:
    """`từ … đến …`, `quý I-II/2022`, `cuối tháng 6, đầu tháng 7`, `trong tháng 6 và tháng 7/2021`."""
    gaps = [low[one.end : two.start] for one, two in pairwise(chain)]
    if _RANGE_GAP.fullmatch(gaps[-1]) or ("cuối" in lead.words and gaps[-1].endswith("đầu ")):
        return True
    names_stretch = "trong" in lead.words or any(word.startswith("thời gian") for word in lead.words)
    within = names_stretch and not any("trong" in gap for gap in gaps)
    return within and len(gaps) == 1 and not chain[0].is_whole and chain[-1].is_whole


def _read_range(
    low: str, chain: Sequence[Core], lead: Lead, period: str, end: int
) -> Iterator[DeadlineExpression]:
    """The end of a stretch is its deadline; a stretch of years is a plan's period, not a deadline."""
    last = chain[-1]
    if last.unit is Unit.YEAR and not lead.is_anchor:
        return
    if not (lead.is_anchor or lead.is_start) or not last.is_whole or period:
        return
    if is_past(low, lead.start, end) or (lead.is_start and last.unit is Unit.YEAR):
        return
    if lead.is_start and not lead.is_anchor and not is_governed(low, lead.start, end):
        return
    if _COUNTED.search(low, max(0, lead.start - 20), lead.start):
        return
    yield DeadlineExpression(lead.start, end, point_code(last, before=False), Kind.POINT, "range-end")


def _with_shared_year(chain: Sequence[Core]) -> list[Core]:
    year = chain[-1].year
    shared = []
    for core in chain:
        if core.year or not year or core.unit in {Unit.MONTH_DAY, Unit.SEASON}:
            shared.append(core)
        else:
            shared.append(Core(core.start, core.end, core.unit, core.number, core.month, year, core.worded))
    return shared


def _tail(low: str, chain: Sequence[Core]) -> tuple[str, int]:
    """The period that follows the last time (`hằng năm`), and where the words end."""
    last = chain[-1]
    if last.is_whole:
        return "", last.end
    if last.unit is Unit.MONTH_DAY:
        for period, pattern in (("monthly", _MONTHLY_TAIL), ("quarterly", _QUARTERLY_TAIL)):
            found = pattern.match(low, last.end)
            if found:
                return period, found.end()
        return "", last.end
    found = _YEARLY_TAIL.match(low, last.end)
    return ("yearly", found.end()) if found else ("", last.end)


def _read_one(
    passage: str, low: str, core: Core, lead: Lead, period: str, end: int
) -> DeadlineExpression | None:
    if period and not core.is_whole:
        return _read_recurring(low, core, lead, period, end)
    if is_quoted(passage, core.start):
        return None
    if core.is_whole:
        return _read_whole(low, core, lead)
    return _read_partial(low, core, lead)


def _read_recurring(low: str, core: Core, lead: Lead, period: str, end: int) -> DeadlineExpression | None:
    """A yearless time with its period beside it: `trước ngày 30/11 hằng năm`."""
    if core.unit is Unit.DAY and not core.worded and not lead.is_anchor:
        return None
    is_until = "đến" in lead.words or _UNTIL.search(low, max(0, lead.start - 5), lead.start)
    if is_until and tells_target(low, end):
        return None
    partial = partial_code(core, before=lead.is_before)
    due = yearly_code(partial) if period == "yearly" else f"{period}:{partial}"
    return DeadlineExpression(lead.start, end, due, Kind.RECURRING, f"{period}-on")


def _read_partial(low: str, core: Core, lead: Lead) -> DeadlineExpression | None:
    """A yearless time with a lead; `định kỳ tháng 12` recurs every year by itself."""
    if lead.is_periodic or (
        lead.is_anchor and core.unit is not Unit.MONTH_DAY and is_periodic_apart(low, lead.start)
    ):
        if core.unit is Unit.MONTH_DAY:
            due = f"monthly:{partial_code(core, before=lead.is_before)}"
        else:
            due = yearly_code(partial_code(core, before=lead.is_before))
        return DeadlineExpression(lead.start, core.end, due, Kind.RECURRING, "periodic-on")
    if not lead.is_anchor and not (lead.is_session and core.unit is Unit.MONTH):
        return None
    if not core.worded and not lead.is_before:
        return None
    if core.unit in {Unit.SEASON, Unit.HALF} and (lead.words <= PART or "vào dịp" in lead.words):
        return None
    if is_described(low, core, lead) or is_past(low, lead.start, core.end):
        return None
    due = partial_code(core, before=lead.is_before)
    return DeadlineExpression(lead.start, core.end, due, Kind.PARTIAL, f"partial-{core.unit.value}")


def _read_whole(low: str, core: Core, lead: Lead) -> DeadlineExpression | None:
    if _OPEN_END.match(low, core.end) and lead.is_anchor:
        return DeadlineExpression(
            lead.start, core.end, f"from:{point_code(core, before=False)}", Kind.START, "open-end"
        )
    if lead.is_start:
        return _read_start(low, core, lead)
    if lead.is_anchor:
        if is_described(low, core, lead) or is_past(low, lead.start, core.end):
            return None
        due = point_code(core, before=lead.is_before)
        return DeadlineExpression(lead.start, core.end, due, Kind.POINT, _point_rule(core, lead))
    rule = bare_rule(low, core, lead)
    if not rule:
        return None
    return DeadlineExpression(lead.start, core.end, point_code(core, before=False), Kind.POINT, rule)


def _point_rule(core: Core, lead: Lead) -> str:
    if lead.is_before:
        return f"before-{core.unit.value}"
    if not lead.words.isdisjoint(CLOSING):
        return f"by-{core.unit.value}"
    return f"in-{core.unit.value}"


def _read_start(low: str, core: Core, lead: Lead) -> DeadlineExpression | None:
    """`thực hiện từ năm 2022`: a start, no end; `từ năm 2021 đến nay` tells what has been."""
    if _UNTIL.match(low, core.end) or is_past(low, lead.start, core.end):
        return None
    is_labelled = not lead.words.isdisjoint(CLOSING)
    if not is_labelled and not starts_duty(low, lead.start, core.end):
        return None
    return DeadlineExpression(
        lead.start, core.end, f"from:{point_code(core, before=False)}", Kind.START, "from"
    )
