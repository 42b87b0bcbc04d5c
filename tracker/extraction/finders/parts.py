"""The parts of one sentence: between semicolons, inline lists, and where another body takes its turn.

`extraction.md`: a deadline reaches "back to the last `;`"; "An inline list `(1) … (5) …` that shares
one deadline is one duty"; "Where the acting body changes inside a block, a new duty begins".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.extraction.finders.bodies import BodyFinder
from tracker.extraction.finders.deadlines import DeadlineExpression
from tracker.extraction.finders.sentences import Span, split_parts
from tracker.extraction.finders.words import PREDICATE

_MEMBER = re.compile(r"(?:và )?\((?:\d{1,2}|i{1,3}|[a-zđ])\)\s")
_FIRST_MEMBER = re.compile(r"\((?:1|i|a)\)\s")
_CLOSES = re.compile(r"[\s)”.]{0,4}(?:/\.)?")
_AMONG = re.compile(r"(?P<pause>,\s)(?:trong đó,?|riêng)\s")
_AFTER_DEADLINE = re.compile(r"[)\s]{0,2}(?P<pause>,\s)")


def divide_sentence(
    finder: BodyFinder, start: int, stop: int, deadlines: Sequence[DeadlineExpression]
) -> list[Span]:
    """The parts of the sentence at letters `start`..`stop`; `deadlines` are those that stand in it."""
    text = finder.passage.text
    inside = [item for item in deadlines if item.start >= start]
    parts = split_parts(text, start, stop)
    if len(inside) == 1 and _CLOSES.fullmatch(text, inside[0].end, stop):
        parts = _with_lists_whole(text, parts)
    else:
        parts = _with_first_members_apart(text, parts, inside)
    return [turn for part in parts for turn in _turns(finder, *part, inside)]


def _with_lists_whole(text: str, parts: Sequence[Span]) -> list[Span]:
    """The members of an inline list joined, whose last one closes with the deadline that all share."""
    joined: list[Span] = []
    for part in parts:
        if joined and _MEMBER.match(text, *part) and _FIRST_MEMBER.search(text, *joined[-1]):
            joined[-1] = (joined[-1][0], part[1])
        else:
            joined.append(part)
    return joined


def _with_first_members_apart(
    text: str, parts: Sequence[Span], deadlines: Sequence[DeadlineExpression]
) -> list[Span]:
    """`… theo thứ tự sau: (1) … (xong trong năm 2021); (2) …`: the deadline is its member's alone."""
    divided: list[Span] = []
    for start, end in parts:
        first = _FIRST_MEMBER.search(text, start, end)
        is_dated = first and any(first.end() <= item.start < end for item in deadlines)
        colon = text.rfind(":", start, first.start()) if first and is_dated else -1
        if first and colon >= 0 and not text[colon + 1 : first.start()].strip():
            divided += [(start, colon), (first.start(), end)]
        else:
            divided.append((start, end))
    return divided


def _turns(finder: BodyFinder, start: int, end: int, deadlines: Sequence[DeadlineExpression]) -> list[Span]:
    """`Các sở lập kế hoạch, trong đó Sở X …`, `Sở X lập danh mục trong tháng 3/2026, Sở Y bố trí vốn …`.

    Another body acts from there on: after `trong đó`, or where a deadline has closed what was before.
    """
    text = finder.passage.text
    marks = [*_AMONG.finditer(text, start, end)]
    marks += [
        turn
        for item in deadlines
        if text[start : item.start].strip() and (turn := _AFTER_DEADLINE.match(text, item.end, end))
    ]
    turns: list[Span] = []
    for turn in sorted(marks, key=lambda mark: mark.start()):
        if turn.start() < start:
            continue
        bodies = finder.read_list(turn.end(), end)
        if bodies and bodies.is_known and PREDICATE.match(text, bodies.end + 1, end):
            turns.append((start, turn.start()))
            start = turn.end("pause")
    return [*turns, (start, end)]
