"""One passage in, its deadlines out: the grammar's parts put together."""

from __future__ import annotations

import re
from dataclasses import replace

from .cores import find_cores, lowered
from .expression import DeadlineExpression, Kind
from .periods import find_periods
from .points import find_points

_TRIGGERS = ("năm", "tháng", "quý", "ngày", "tuần", "trước", "20")
_QUARTER = re.compile(r"(?<![a-zà-ỹđ])(?:quí|qúy|qúi)(?![a-zà-ỹđ])")  # of one length
_LABEL = "thời gian hoàn thành: "
_YEAR_ALONE = re.compile(r"\s{0,3}(?:20[0-9]{2}\s{0,3}[-–]\s{0,3})?(20[0-9]{2})\s{0,3}\.?\s{0,3}")
_PERIOD_OF_A_PLAN = re.compile(r"\s{0,3}giai đoạn|\s{0,3}nhiệm kỳ")


def find_deadlines(passage: str) -> tuple[DeadlineExpression, ...]:
    """The deadlines of a passage of folded text (a block or a sentence), in order, not overlapping.

    Tolerant of case and spacing. What is not a deadline (citations, titles, targets, periods that
    describe a noun) is not given; a date without its year is given as partial (`join_recurring`).
    """
    low = _QUARTER.sub("quý", lowered(passage))
    if not any(trigger in low for trigger in _TRIGGERS):
        return ()
    found = [*find_points(passage, low, find_cores(low)), *find_periods(passage, low)]
    found.sort(key=lambda expression: (expression.start, -expression.end))
    kept: list[DeadlineExpression] = []
    for expression in found:
        if not kept or expression.start >= kept[-1].end:
            kept.append(expression)
        elif expression.end > kept[-1].end and expression.start > kept[-1].start:
            kept[-1] = _wider(kept[-1], expression)
    return tuple(kept)


def read_deadline_cell(cell: str) -> tuple[DeadlineExpression, ...]:
    """The deadlines of words known to tell a time: `Quý IV/2025`, `12/2025`, `2025 - 2030`, `Hằng năm`."""
    alone = _YEAR_ALONE.fullmatch(cell)
    if alone is not None:
        return (
            DeadlineExpression(
                len(cell) - len(cell.lstrip()), alone.end(1), alone[1], Kind.POINT, "cell-year"
            ),
        )
    if _PERIOD_OF_A_PLAN.match(lowered(cell)):
        return ()
    shift = len(_LABEL)
    return tuple(
        replace(expression, start=max(0, expression.start - shift), end=expression.end - shift)
        for expression in find_deadlines(_LABEL + cell)
        if expression.end > shift
    )


def _wider(first: DeadlineExpression, second: DeadlineExpression) -> DeadlineExpression:
    """Two readings that overlap: the one that says more (a day beside its period) is kept."""
    keep = second if len(second.due) > len(first.due) else first
    return replace(keep, start=first.start, end=max(first.end, second.end))
