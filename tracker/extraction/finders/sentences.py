"""Sentences of a passage, and their parts between semicolons."""

from __future__ import annotations

import re
from bisect import bisect_left

from tracker.core.text import UPPER

Span = tuple[int, int]

_END = re.compile(rf"[.!?…](?:[”\")]{{0,2}})\s+(?=[“\"(]?[{UPPER}])")
_ABBREVIATED = re.compile(
    rf"(?:\b(?:TP|Tp|Q|P|TX|TT|Tr|v\.v|GS|TS|PGS|ThS|KT|TM|TL|Số|[{UPPER}])|\b[{UPPER}]\.[{UPPER}])\.$"
)
_LONGEST_ABBREVIATION = 8
_PARTS = re.compile(r";\s?")
_BRACKETS = re.compile(r"[()“”]")


def split_sentences(text: str, start: int = 0, stop: int | None = None) -> list[Span]:
    """The sentences of `text[start:stop]`: parted at full stops, not inside brackets or quotation marks."""
    stop = len(text) if stop is None else stop
    return _split(text, start, stop, _END, keep=True)


def split_parts(text: str, start: int, stop: int) -> list[Span]:
    """The parts of a sentence between semicolons, not inside brackets."""
    return _split(text, start, stop, _PARTS, keep=False)


def _split(text: str, start: int, stop: int, mark: re.Pattern[str], *, keep: bool) -> list[Span]:
    spans: list[Span] = []
    brackets = _outer_brackets(text, start, stop)
    begin = start
    for match in mark.finditer(text, start, stop):
        if _is_inside(brackets, match.start()) or (keep and _is_abbreviated(text, start, match.start())):
            continue
        end = match.start() + len(match.group().rstrip()) if keep else match.start()
        if text[begin:end].strip():
            spans.append((begin, end))
        begin = match.end()
    if text[begin:stop].strip():
        spans.append((begin, stop))
    return spans


def _is_abbreviated(text: str, start: int, at: int) -> bool:
    return bool(_ABBREVIATED.search(text, max(start, at - _LONGEST_ABBREVIATION), at + 1))


def _outer_brackets(text: str, start: int, stop: int) -> list[Span]:
    """The outermost closed pairs of brackets, in order; one that is never closed does not count."""
    pairs: list[Span] = []
    opened: list[int] = []
    for match in _BRACKETS.finditer(text, start, stop):
        if match.group() in "(“":
            opened.append(match.start())
        elif opened:
            first = opened.pop()
            while pairs and pairs[-1][0] > first:
                pairs.pop()
            pairs.append((first, match.start()))
    return pairs


def _is_inside(pairs: list[Span], at: int) -> bool:
    place = bisect_left(pairs, (at,)) - 1
    return place >= 0 and at < pairs[place][1]
