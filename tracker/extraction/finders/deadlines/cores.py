"""Calendar times as they are written, wherever they stand: days, months, quarters, halves, years.

Every pattern is a run of bounded pieces (no nested repetition), so that its cost is linear in the
text. The text is lower case (`lowered`), of the same length as the passage.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator

from .expression import Core, Unit

_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_YEAR_TAIL = rf"(?:\s?,?\s?(?:của\s)?năm\s{{0,2}}|\s?[/.–-]\s?|\s?,?\s)(?P<year>{_YEAR})(?!\s?/\s?[a-zđ])"
_YEARLY_TAIL = r"\s?(?:h[ằàă]ng|mỗi)\snăm"
_MONTH_WORDS = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_MONTH_NUMBERS = {word: number for number, word in enumerate(_MONTH_WORDS, start=1)} | {
    "giêng": 1,
    "chạp": 12,
}
_MONTH = (
    r"(?:1[0-2]|0?[1-9])(?![0-9])|mười\s(?:hai|một)\b|mười\b|giêng\b|hai\b|ba\b|tư\b|sáu\b|bảy\b|tám\b|chín\b"
)
# Scanned quarters come as `lI`, `Il`, `11`: a run of strokes is a Roman number.
_QUARTER = r"(?:[il1]v|[il1]{1,3}|[2-4])(?![0-9a-zà-ỹ])|một\b|hai\b|ba\b|bốn\b|tư\b"
_QUARTER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4}
_LIST = r"\s?(?:,|và|hoặc|-|–|đến)\s?"

# Every pattern begins with a letter or a digit of its own, which the engine finds fast; what must
# not stand before it is looked at afterwards (`_stands_free`).
_DAY_REST = (
    r"(?P<day>[0-3]?[0-9])(?![0-9])(?:\s?[/.–-]\s?|\s?tháng\s?)(?P<month>1[0-2]|0?[1-9])(?![0-9])"
    rf"(?:{_YEAR_TAIL})?(?!\s?[/%])(?!,[0-9])"
)
_WORDED_DAY_PATTERN = re.compile(rf"ngày\s?(?:m[ồù]ng\s?)?{_DAY_REST}")
_BARE_DAY_PATTERN = re.compile(rf"(?=[0-9]){_DAY_REST}")
_MONTH_DAY_PATTERN = re.compile(
    r"ngày\s?(?:m[ồù]ng\s?)?(?P<day>[0-3]?[0-9])(?![0-9]|\s?[/.–-]\s?[0-9]|\s?tháng\s?[0-9]|\s?%)"
)
_MONTH_PATTERN = re.compile(
    rf"tháng\s?(?P<first>{_MONTH})(?:{_LIST}(?P<second>(?:1[0-2]|0?[1-9])(?![0-9]))"
    rf"(?=\s?/\s?(?:19|20)|\snăm\s(?:19|20)|{_YEARLY_TAIL}))?(?:{_YEAR_TAIL})?"
)
_BARE_MONTH_PATTERN = re.compile(rf"[0-9]{{1,2}}(?=\s?/\s?(?:19|20))\s?/\s?(?P<year>{_YEAR})(?!\s?[/%-])")
_QUARTER_PATTERN = re.compile(
    rf"q(?:u[ýíyi]|[úu][yi])\s?(?P<first>{_QUARTER})(?:{_LIST}(?P<second>{_QUARTER})"
    rf"(?=\s?[/.–-]\s?(?:19|20)|,?\snăm\s(?:19|20)|{_YEARLY_TAIL}))?(?:{_YEAR_TAIL})?"
)
_HALF_PATTERN = re.compile(
    rf"(?:tháng|nửa)\s(?P<which>đầu|cuối)\s(?:của\s)?năm(?:\s{{0,2}}(?P<year>{_YEAR}))?(?!\s[a-z]{{0,9}}kỳ)"
)
_MONTHS_BEFORE = re.compile(r"(?<![0-9a-zà-ỹđ])(?P<months>1[01]|0?[1-9]|sáu)\s$")
_YEAR_PATTERN = re.compile(
    rf"năm\s{{0,2}}(?P<first>{_YEAR})(?P<rest>(?:\s?(?:-|–|,|và)\s?{_YEAR}){{0,4}})(?!\s?/)"
)
_DIGIT = re.compile("[0-9]")
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_SEASON_PATTERN = re.compile(
    r"(?P<which>cuối|giữa|đầu)\snăm\b(?!\s(?:19|20)[0-9]{2}|\s(?:học|trước|ngoái|nay|sau))"
)
_LONGEST_MONTH = 31
_HALF_YEAR, _YEAR_MONTHS = 6, 12
_SEASON_MONTHS = {"đầu": 1, "giữa": 6, "cuối": 12}


def lowered(passage: str) -> str:
    """Lower case that never changes the length, so that offsets hold (`İ` would become two)."""
    low = passage.lower()
    if len(low) == len(passage):
        return low
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in passage)


def find_cores(low: str) -> list[Core]:
    """All times in lower-case text, in order, none inside another."""
    found = sorted(_all_cores(low), key=lambda core: (core.start, -core.end))
    cores: list[Core] = []
    for core in found:
        if not cores or core.start >= cores[-1].end:
            cores.append(core)
    return cores


def _all_cores(low: str) -> Iterator[Core]:
    if _DIGIT.search(low):
        yield from _days(low)
    if "tháng" in low or "/" in low:
        yield from _months(low)
    if "qu" in low or "qú" in low:
        yield from _quarters(low)
    if "năm" in low:
        yield from _halves(low)
        yield from _years(low)


def _days(low: str) -> Iterator[Core]:
    for pattern, worded in ((_WORDED_DAY_PATTERN, True), (_BARE_DAY_PATTERN, False)):
        for found in pattern.finditer(low):
            day, month, year = int(found["day"]), int(found["month"]), _year(found)
            exists = 1 <= day <= monthrange(year or 2000, month)[1]
            if exists and _stands_free(low, found.start(), "/.,-"):
                yield Core(found.start(), found.end(), Unit.DAY, day, month, year, worded=worded)
    for found in _MONTH_DAY_PATTERN.finditer(low):
        if 1 <= int(found["day"]) <= _LONGEST_MONTH and _stands_free(low, found.start()):
            yield Core(found.start(), found.end(), Unit.MONTH_DAY, int(found["day"]))


def _stands_free(low: str, start: int, barred: str = "") -> bool:
    """No letter or digit stands at once before, and none of the marks that go on with a number."""
    before = low[start - 1 : start]
    return not before or not (before.isalnum() or before in barred)


def _months(low: str) -> Iterator[Core]:
    for found in _MONTH_PATTERN.finditer(low):
        # `trong 3 tháng 1 lần`: a number before makes it a stretch of months.
        counted = low[max(0, found.start() - 2) : found.start()].strip()[-1:].isdigit()
        if not counted and _stands_free(low, found.start()):
            yield from _listed(found, Unit.MONTH, _month_number)
    for found in _BARE_MONTH_PATTERN.finditer(low):
        number = int(found[0].split("/", 1)[0])
        before = low[max(0, found.start() - 2) : found.start()].rstrip()
        if 1 <= number <= _YEAR_MONTHS and not before.endswith((*"0123456789/.,-",)):
            yield Core(found.start(), found.end(), Unit.MONTH, number, year=_year(found), worded=False)


def _quarters(low: str) -> Iterator[Core]:
    for found in _QUARTER_PATTERN.finditer(low):
        if _stands_free(low, found.start()):
            yield from _listed(found, Unit.QUARTER, _quarter_number)


def _listed(found: re.Match[str], unit: Unit, number: Callable[[str], int]) -> Iterator[Core]:
    """`quý I` and `II/2022` of `quý I-II/2022`: two cores, the year at the second."""
    if found["second"] is None:
        yield Core(found.start(), found.end(), unit, number(found["first"]), year=_year(found))
        return
    yield Core(found.start(), found.end("first"), unit, number(found["first"]))
    yield Core(found.start("second"), found.end(), unit, number(found["second"]), year=_year(found))


def _halves(low: str) -> Iterator[Core]:
    """`6 tháng đầu năm`, and `9 tháng đầu năm 2026`, which ends with September."""
    for found in _HALF_PATTERN.finditer(low):
        start, count = found.start(), _HALF_YEAR
        if low.startswith("tháng", start):
            before = _MONTHS_BEFORE.search(low, max(0, start - 5), start)
            if before is None:
                continue
            start = before.start()
            count = _HALF_YEAR if before["months"] == "sáu" else int(before["months"])
        is_first = found["which"] == "đầu"
        if count == _HALF_YEAR:
            yield Core(start, found.end(), Unit.HALF, 1 if is_first else 2, year=_year(found))
        elif found["year"]:
            yield Core(start, found.end(), Unit.MONTH, count if is_first else _YEAR_MONTHS, year=_year(found))


def _years(low: str) -> Iterator[Core]:
    for found in _YEAR_PATTERN.finditer(low):
        if not _stands_free(low, found.start()):
            continue
        for place in _FOUR_DIGITS.finditer(low, found.start("first"), found.end()):
            start = found.start() if place.start() == found.start("first") else place.start()
            yield Core(start, place.end(), Unit.YEAR, int(place[0]), year=int(place[0]))
    for found in _SEASON_PATTERN.finditer(low):
        if _stands_free(low, found.start()):
            yield Core(found.start(), found.end(), Unit.SEASON, _SEASON_MONTHS[found["which"]])


def _year(found: re.Match[str]) -> int:
    return int(found["year"] or 0)


def _month_number(written: str) -> int:
    return int(written) if written[0].isdecimal() else _MONTH_NUMBERS[" ".join(written.split())]


def _quarter_number(written: str) -> int:
    if written in _QUARTER_WORDS:
        return _QUARTER_WORDS[written]
    if written in {"2", "3", "4"}:
        return int(written)
    return 4 if written.endswith("v") else len(written)
