"""Sentences of a passage, and their parts between semicolons."""

from __future__ import annotations

import re
from bisect import bisect_left

from tracker.core.text import UPPER

_END = re.compile(rf"[.!?…](?:[”\")]{{0,2}})\s+(?=[“\"(]?[{UPPER}])")
_ABBREVIATED = re.compile(
    rf"(?:\b(?:TP|Tp|Q|P|TX|TT|Tr|v\.v|GS|TS|PGS|ThS|KT|TM|TL|Số|[{UPPER}])|\b[{UPPER}]\.[{UPPER}])\.$"
)
_BRACKETS = re.compile(r"[()“”]")


def split_sentences(text: str, start: int = 0, stop: int | None = None) -> list[tuple[int, int]]:
    """The sentences of `text[start:stop]`: parted at full stops, not inside brackets or quotation marks."""
    stop = len(text) if stop is None else stop
    return _split(text, start, stop, _END, keep=True)


def split_parts(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """The parts of a sentence between semicolons, not inside brackets."""
    return _split(text, start, stop, re.compile(r";\s?"), keep=False)


def _split(text: str, start: int, stop: int, mark: re.Pattern[str], *, keep: bool) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    depths = _depths(text, start, stop)
    begin = start
    for match in mark.finditer(text, start, stop):
        if _depth_at(depths, match.start()) or (
            keep and _ABBREVIATED.search(text, max(start, match.start() - 8), match.start() + 1)
        ):
            continue
        end = match.start() + len(match.group().rstrip()) if keep else match.start()
        if text[begin:end].strip():
            spans.append((begin, end))
        begin = match.end()
    if text[begin:stop].strip():
        spans.append((begin, stop))
    return spans


def _depths(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Closed pairs of brackets, the outermost only, in order; one that is never closed does not count."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in _BRACKETS.finditer(text, start, stop):
        if match.group() in "(“":
            opened.append(match.start())
        elif opened:
            begin = opened.pop()
            while pairs and pairs[-1][0] > begin:
                pairs.pop()
            pairs.append((begin, match.start()))
    return pairs


def _depth_at(pairs: list[tuple[int, int]], at: int) -> bool:
    """Whether a pair is open at `at`; the pairs stand apart, so that the nearest one decides."""
    place = bisect_left(pairs, (at,)) - 1
    return place >= 0 and at < pairs[place][1]
