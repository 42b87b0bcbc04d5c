"""Deadlines whose parts stand apart in a sentence: `Hằng năm, …, gửi báo cáo … trước ngày 30/11`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from .expression import DeadlineExpression, Kind, yearly_code

_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZĐÀ-Ỵ])|\n")
_CLOSE_GAP = re.compile(r"[\s,:(]{0,3}(?:vào\s)?")
_YEARLY = re.compile(r"(?:h[ằàă]ng|mỗi)\snăm(?![a-zà-ỹđ])", re.IGNORECASE)
_HEADING_YEAR = re.compile(
    r"(?:^|[,;.(:]\s?)(?:riêng |trong )?năm (?P<year>20\d\d),?\s[^,;.()]{0,60}$", re.IGNORECASE
)
_CLAUSE_REACH = 90
_PART_END = re.compile(rf";|{_SENTENCE_END.pattern}")
_PART_REACH = 300
_COARSE = frozenset({"yearly", "half-yearly", "quarterly"})


def join_recurring(
    expressions: Sequence[DeadlineExpression], passage: str = ""
) -> tuple[DeadlineExpression, ...]:
    """Give partial dates the period of their sentence: `yearly` and `<11-30` → `yearly:<11-30`.

    The joined deadline has the place of its date (of both, where they touch), and the bare period
    goes, since both are one duty. Several dates share one period (`trước ngày 15/6 và trước ngày
    15/12 hằng năm`). `passage`, where it is given, keeps apart what a full stop parts, and leaves
    the period standing where a `;` parts it from the date: what stands before a `;` is not
    reached. A start beside a period (`Từ năm 2022, … hằng năm`) only says when the turns begin,
    and goes. Partial dates with no period are given back as they are.
    """
    joined: list[DeadlineExpression] = []
    for sentence in _sentences(expressions, passage):
        joined.extend(_join_sentence(sentence, passage))
    return tuple(joined)


def with_year(expression: DeadlineExpression, issued_on: date) -> DeadlineExpression:
    """A partial date read as its first coming after the document's own day; others unchanged.

    `trước ngày 30/6` in a directive of 12 March 2021 is `<2021-06-30`. A day of the month alone
    (`trước ngày 25`) is left partial.
    """
    if expression.kind != Kind.PARTIAL:
        return expression
    before, code = expression.due.startswith("<"), expression.due.removeprefix("<")
    mark = "<" if before else ""
    if code.startswith(("--Q", "--H")):
        last_month = int(code[3]) * (3 if code[2] == "Q" else 6)
        year = issued_on.year + (last_month < issued_on.month)
        return replace(expression, due=f"{year}{code[1:]}", kind=Kind.POINT)
    if code.startswith("--"):
        year = issued_on.year + (int(code[2:]) < issued_on.month)
        return replace(expression, due=f"{year}{code[1:]}", kind=Kind.POINT)
    if len(code) != len("MM-DD"):
        return expression
    month, day = int(code[:2]), int(code[3:])
    year = issued_on.year + ((month, day) < (issued_on.month, issued_on.day))
    return replace(expression, due=f"{mark}{year}-{code}", kind=Kind.POINT)


def _sentences(expressions: Sequence[DeadlineExpression], passage: str) -> list[list[DeadlineExpression]]:
    sentences: list[list[DeadlineExpression]] = []
    for expression in expressions:
        previous = sentences[-1][-1] if sentences else None
        if previous is None or _SENTENCE_END.search(
            passage, previous.end, max(previous.end, expression.start)
        ):
            sentences.append([])
        sentences[-1].append(expression)
    return sentences


def _join_sentence(sentence: Sequence[DeadlineExpression], passage: str) -> list[DeadlineExpression]:
    used: set[int] = set()
    joined: list[DeadlineExpression] = []
    for expression in sentence:
        if (own := _in_its_year(expression, passage)) is not None:
            joined.append(own)
            continue
        period = _period_for(expression, sentence) if expression.kind == Kind.PARTIAL else None
        if period is None:
            joined.append(_in_a_yearly_part(expression, passage) or _with_year_beside(expression, sentence))
            continue
        if ";" not in passage[min(period.end, expression.end) : max(period.start, expression.start)]:
            used.add(period.start)
        joined.append(_joined(expression, period, passage))
    used |= {item.start for item in joined if _is_told_closer(item, joined, passage)}
    return [item for item in joined if not _is_absorbed(item, joined, used)]


def _is_told_closer(item: DeadlineExpression, joined: Sequence[DeadlineExpression], passage: str) -> bool:
    """`Định kỳ hằng năm, … vào tháng 12 hằng năm`: the turn and its day are one duty."""
    return any(
        other.due.startswith(f"{item.due}:") and ";" not in passage[item.end : other.start]
        for other in joined
        if other.start >= item.end
    )


def _period_for(
    partial: DeadlineExpression, sentence: Sequence[DeadlineExpression]
) -> DeadlineExpression | None:
    """The nearest period before the date that can bear it, else the nearest behind it."""
    day_only = len(partial.due.removeprefix("<")) == len("DD")
    bearing = [
        other
        for other in sentence
        if other.kind == Kind.RECURRING
        and (other.due in {"monthly", "quarterly"} if day_only else _bears_dates(other.due))
    ]
    before = [other for other in bearing if other.end <= partial.start]
    return before[-1] if before else next(iter(bearing), None)


def _bears_dates(due: str) -> bool:
    return due in _COARSE or due.startswith("yearly:")


def _in_its_year(expression: DeadlineExpression, passage: str) -> DeadlineExpression | None:
    """`(riêng năm 2026 báo cáo trước ngày 30/9)`: the year that heads the clause of the date."""
    if expression.kind != Kind.PARTIAL:
        return None
    year = _HEADING_YEAR.search(passage, max(0, expression.start - _CLAUSE_REACH), expression.start)
    return with_year(expression, date(int(year["year"]), 1, 1)) if year else None


def _in_a_yearly_part(expression: DeadlineExpression, passage: str) -> DeadlineExpression | None:
    """`tổng hợp kết quả kiểm tra hằng năm, báo cáo trong tháng 12`: what comes every year, its date too."""
    if expression.kind != Kind.PARTIAL or len(expression.due.removeprefix("<")) == len("DD"):
        return None
    begin = max(0, expression.start - _PART_REACH)
    for end in _PART_END.finditer(passage, begin, expression.start):
        begin = end.end()
    if not _YEARLY.search(passage, begin, expression.start):
        return None
    return replace(expression, due=yearly_code(expression.due), kind=Kind.RECURRING, rule="joined")


def _with_year_beside(
    expression: DeadlineExpression, sentence: Sequence[DeadlineExpression]
) -> DeadlineExpression:
    """`trong quý III, báo cáo trong quý IV/2025`: the year that the next date of the sentence has."""
    if expression.kind != Kind.PARTIAL:
        return expression
    after = next(
        (other for other in sentence if other.start > expression.start and other.kind == Kind.POINT), None
    )
    year = int(after.due.removeprefix("<")[:4]) if after is not None else 0
    return with_year(expression, date(year, 1, 1)) if year else expression


def _joined(partial: DeadlineExpression, period: DeadlineExpression, passage: str) -> DeadlineExpression:
    day_only = len(partial.due.removeprefix("<")) == len("DD")
    due = f"{period.due}:{partial.due}" if day_only else yearly_code(partial.due)
    start = partial.start
    if passage and period.end <= start and _CLOSE_GAP.fullmatch(passage, period.end, start):
        start = period.start
    return DeadlineExpression(start, partial.end, due, Kind.RECURRING, "joined")


def _is_absorbed(item: DeadlineExpression, joined: Sequence[DeadlineExpression], used: set[int]) -> bool:
    if item.kind == Kind.START:
        return any(other.kind == Kind.RECURRING for other in joined)
    return item.kind == Kind.RECURRING and item.start in used and ":" not in item.due
