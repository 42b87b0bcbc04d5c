"""Dated deadlines: which of the times in a passage say by when something must be done.

A time counts with a lead (`trước`, `xong trong`, `vào` …) or where it stands alone as the whole of
a remark (`(quý II/2022)`, `Quý II/2022: …`). Everything else is a citation, a title or a
description (`extraction.md`, "These are not deadlines").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .expression import Core, DeadlineExpression, Kind, Unit, partial_code, point_code, yearly_code
from .leads import BEFORE, CLOSING, PART, Lead, lead_before
from .periods import is_periodic_apart
from .words import (
    CITED,
    DUE_VERBS,
    ENDS_WITH_PERIOD_NOUN,
    SENDING,
    STARTS_WITH_ACTION,
    clause_start,
)

_LIST_GAP = re.compile(r"\s?(?:,|và|hoặc|, và|/)\s?(?:(?:trước|trong|vào)\s)?")
_RANGE_GAP = re.compile(r"\s?(?:-|–|đến|đến hết|cho đến|tới)\s?")
_YEARLY_TAIL = re.compile(r"\s?,?\s?\(?(?:của\s|trong\s)?(?:h[ằàă]ng|mỗi)\snăm(?![a-zà-ỹđ])")
_MONTHLY_TAIL = re.compile(r"\s?,?\s?(?:của\s)?(?:h[ằàă]ng|mỗi)\stháng(?![a-zà-ỹđ])")
_QUARTERLY_TAIL = re.compile(
    r"\s?(?:của\s)?(?:tháng\s(?:cuối|đầu|giữa|thứ\s[a-zà-ỹđ]{2,4})\s(?:của\s)?)?(?:h[ằàă]ng\s|mỗi\s|các\s)?quý(?:\ssau)?"
    r"(?!\s?(?:[1-4]|[iv]+\b))"
)
_OPEN_END = re.compile(r"\s?(?:,\s?)?và\s(?:các|những)\snăm\s(?:tiếp theo|sau|kế tiếp)")
_UNTIL = re.compile(r"\s?(?:đến|tới|cho đến)\s")
# What is true of a thing at a time, not what must be done by it: `vụ việc phát sinh trước ngày …`.
_STATES = re.compile(
    r"(?:phát sinh|xảy ra|hiệu lực|tồn đọng|tồn tại|vi phạm|được ban hành|được cấp|được công nhận|được thành lập|được ký|"
    r"nghỉ hưu|sinh|có từ|hình thành|tuyển dụng|được giao|thành lập|đã có|được phê duyệt|sử dụng|tham gia|so với|hơn|bằng)\s?$"
)
_PAST = re.compile(
    r"(?<![a-zà-ỹđ])(?:đã|đều đã|từng|vừa qua)(?![a-zà-ỹđ])(?!\s(?:nêu|đề ra|chỉ ra|xác định|được|giao|ký|có|phê duyệt|đăng ký))"
)
_PAST_AFTER = re.compile(r"\s?,?\s?(?:[a-zà-ỹđ]{1,12}\s){0,6}(?:đã|đều|ước|đạt|vẫn|tăng|giảm)(?![a-zà-ỹđ])")
_TARGET_AFTER = re.compile(r"[^;.]{0,60}?(?:(?<![a-zà-ỹđ])(?:đạt|tỷ lệ|tỉ lệ)(?![a-zà-ỹđ])|[0-9]\s?%)")
_NEAR_PAST = re.compile(r"(?:gần|hồi|ngay từ|xảy ra)\s?$")
_BOUNDARY_BEFORE = re.compile(r"(?:^|[.;:(+•\n]|(?:^|\s)[-–*])\s{0,2}$")
_BOUNDARY_AFTER = re.compile(r"\s?(?:$|[.;:,)\n*|]|và\s|để\s)")
_LABELLED = re.compile(r"\s?[:)]|\s?,\s?")
_DONE_AFTER = re.compile(r"\s?,?\s?(?:[a-zà-ỹđ]{1,12}\s){0,3}đã(?![a-zà-ỹđ])")
_FINISHES = re.compile(r"(?<![a-zà-ỹđ])(?:hoàn thành|xong|hoàn tất)(?![a-zà-ỹđ])")
_STARTED = re.compile(r"(?:thực hiện|áp dụng|triển khai|vận hành|thí điểm|bắt đầu|hoạt động|thời gian)$")
_FACT_AFTER = re.compile(r"\s?,?\s?(?:[a-zà-ỹđ]{1,12}\s){0,4}có\s[0-9]")
_TARGET_BEFORE = re.compile(
    r"(?<![a-zà-ỹđ])(?:đạt|tăng|giảm|lên|tỷ lệ|tỉ lệ|tổng số|nâng tổng|quy mô)(?![a-zà-ỹđ])|[0-9]\s?%"
)
_PAUSE = re.compile(r"\s?[,:]")
_ONLY_WITHIN = frozenset({"trong", "các", "những", "là"}) | PART
_WORD_REACH = 40


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
    """`từ … đến …`, `quý I-II/2022`; and `trong tháng 6 và tháng 7/2021`, which names one stretch."""
    gaps = [low[one.end : two.start] for one, two in zip(chain, chain[1:], strict=False)]
    if _RANGE_GAP.fullmatch(gaps[-1]):
        return True
    within = "trong" in lead.words and not any("trong" in gap or "," in gap for gap in gaps)
    return within and not chain[0].is_whole and chain[-1].is_whole and len(chain) == 2


def _read_range(
    low: str, chain: Sequence[Core], lead: Lead, period: str, end: int
) -> Iterator[DeadlineExpression]:
    """The end of a stretch is its deadline; a stretch of years is a plan's period, not a deadline."""
    last = chain[-1]
    if last.unit is Unit.YEAR and not lead.is_anchor:
        return
    if not (lead.is_anchor or lead.is_start) or not last.is_whole or period:
        return
    if _is_past(low, lead.start, end) or (lead.is_start and last.unit is Unit.YEAR):
        return
    if lead.is_start and not lead.is_anchor and not _is_governed(low, lead.start, end):
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
    if _is_quoted(passage, core.start):
        return None
    if core.is_whole:
        return _read_whole(passage, low, core, lead)
    return _read_partial(low, core, lead)


def _read_recurring(low: str, core: Core, lead: Lead, period: str, end: int) -> DeadlineExpression | None:
    """A yearless time with its period beside it: `trước ngày 30/11 hằng năm`."""
    if core.unit is Unit.DAY and not core.worded and not lead.is_anchor:
        return None
    if "đến" in lead.words or _UNTIL.search(low, max(0, lead.start - 5), lead.start):
        if _TARGET_AFTER.match(low, end):
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
    if core.unit in {Unit.SEASON, Unit.HALF} and lead.words <= PART:
        return None
    if _is_described(low, core, lead) or _is_past(low, lead.start, core.end):
        return None
    due = partial_code(core, before=lead.is_before)
    return DeadlineExpression(lead.start, core.end, due, Kind.PARTIAL, f"partial-{core.unit.value}")


def _read_whole(passage: str, low: str, core: Core, lead: Lead) -> DeadlineExpression | None:
    if _OPEN_END.match(low, core.end) and lead.is_anchor:
        return DeadlineExpression(
            lead.start, core.end, f"from:{point_code(core, before=False)}", Kind.START, "open-end"
        )
    if lead.is_start:
        return _read_start(low, core, lead)
    if lead.is_anchor:
        if _is_described(low, core, lead) or _is_past(low, lead.start, core.end):
            return None
        due = point_code(core, before=lead.is_before)
        return DeadlineExpression(lead.start, core.end, due, Kind.POINT, _point_rule(core, lead))
    rule = _bare_rule(passage, low, core, lead)
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
    if _UNTIL.match(low, core.end) or _is_past(low, lead.start, core.end):
        return None
    before = low[clause_start(low, lead.start) : lead.start].rstrip()
    stands_first = not before and STARTS_WITH_ACTION.match(low[core.end : core.end + 30].lstrip(" ,"))
    governed = _STARTED.search(before)
    labelled = low[: lead.start].rstrip().endswith(":") and not before
    if not (stands_first or governed or labelled):
        return None
    return DeadlineExpression(
        lead.start, core.end, f"from:{point_code(core, before=False)}", Kind.START, "from"
    )


def _is_governed(low: str, start: int, end: int) -> bool:
    """`Từ ngày … đến ngày …` at the head of a clause needs an action behind it, else it narrates."""
    before = low[clause_start(low, start) : start].strip()
    return bool(before) or STARTS_WITH_ACTION.match(low[end : end + 30].lstrip(" ,:")) is not None


def _bare_rule(passage: str, low: str, core: Core, lead: Lead) -> str:
    """The rule by which a time with no lead is a deadline all the same, or nothing."""
    if not core.worded or _PAST_AFTER.match(low, core.end):
        return ""
    clause = low[clause_start(low, core.start) : core.start]
    if core.unit is Unit.DAY:
        sent = SENDING.search(clause) and not CITED.search(clause)
        return "sent-day" if sent and _BOUNDARY_AFTER.match(low, core.end) else ""
    stands_first = _BOUNDARY_BEFORE.search(low[max(0, core.start - 4) : core.start]) is not None
    if core.unit is Unit.YEAR:
        found = _PAUSE.match(low, core.end)
        acts = found and STARTS_WITH_ACTION.match(low, found.end())
        return "first-year" if stands_first and acts else ""
    if stands_first and (_LABELLED.match(low, core.end) or STARTS_WITH_ACTION.match(low, core.end)):
        return f"first-{core.unit.value}"
    if lead.is_session and DUE_VERBS.search(clause):
        return f"session-{core.unit.value}"
    if ENDS_WITH_PERIOD_NOUN.search(clause) or not DUE_VERBS.search(clause):
        return ""
    return f"governed-{core.unit.value}" if _BOUNDARY_AFTER.match(low, core.end) else ""


def _is_described(low: str, core: Core, lead: Lead) -> bool:
    """The time describes what stands before it: `vụ việc phát sinh trước ngày …`, `nhiệm vụ trong năm …`."""
    before = low[max(0, lead.start - _WORD_REACH) : lead.start]
    if _STATES.search(before) or _NEAR_PAST.search(before):
        return True
    if "hết" in lead.words and _FACT_AFTER.match(low, core.end):
        return True
    if core.unit is not Unit.YEAR or not lead.words.isdisjoint(BEFORE | CLOSING):
        return False
    clause = low[clause_start(low, lead.start) : lead.start]
    if _TARGET_BEFORE.search(clause) and not _FINISHES.search(clause):
        return True
    return (
        _FINISHES.search(clause) is None
        and ENDS_WITH_PERIOD_NOUN.search(before) is not None
        and lead.words <= _ONLY_WITHIN
    )


def _is_past(low: str, start: int, end: int) -> bool:
    """What has been done is no duty: `đã hoàn thành trong năm 2020`, `trong tháng 6/2021 đã …`."""
    clause = low[clause_start(low, start) : start]
    if _PAST.search(clause):
        return True
    return _DONE_AFTER.match(low, end) is not None


def _is_quoted(passage: str, place: int) -> bool:
    """Inside quotation marks stands a name: “Tháng cao điểm năm 2025”."""
    opened = passage.rfind("“", max(0, place - 200), place)
    return opened >= 0 and passage.find("”", opened, place) < 0 and passage.find("”", place, place + 200) >= 0
