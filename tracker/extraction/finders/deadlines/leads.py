"""The words that stand directly before a time and make it a deadline (`trước`, `xong trong`, …)."""

from __future__ import annotations

import re
from dataclasses import dataclass

BEFORE = frozenset({"trước"})
"""Ends the day before: `trước ngày 15/01/2021`."""

CLOSING = frozenset(
    [
        "chậm nhất",
        "muộn nhất",
        "không muộn hơn",
        "không chậm hơn",
        "xong",
        "hoàn thành",
        "hoàn tất",
        "hết",
        "hạn chót",
        "hạn cuối",
        "hạn cuối cùng",
        "thời gian hoàn thành",
        "thời hạn hoàn thành",
        "hạn hoàn thành",
        "thời gian thực hiện",
        "thời hạn thực hiện",
        "thời gian",
        "thời hạn",
        "hạn",
        "thời gian dự kiến hoàn thành",
        "thời gian hoàn thành dự kiến",
        "tiến độ",
        "tiến độ hoàn thành",
        "lộ trình",
        "lộ trình thực hiện",
        "thời gian trình",
        "thời gian gửi",
        "thời gian ban hành",
        "thời gian báo cáo",
        "thời hạn trình",
        "thời hạn gửi",
        "thời hạn báo cáo",
    ]
)
"""Says that something ends then."""

WITHIN = frozenset({"trong", "ngay trong", "nội trong", "vào", "dự kiến", "vào dịp", "dịp"})
"""Says that something happens then."""

PART = frozenset(
    [
        "đầu",
        "giữa",
        "cuối",
        "nửa đầu",
        "nửa cuối",
        "thượng tuần",
        "trung tuần",
        "hạ tuần",
        "tuần đầu",
        "tuần cuối",
        "ngày cuối",
        "cuối cùng",
    ]
)
"""A part of the unit that follows: `cuối quý II/2023`. The unit named is what counts."""

STARTING = frozenset({"từ", "ngay từ", "kể từ", "bắt đầu từ", "bắt đầu"})
PERIODIC = frozenset({"định kỳ"})
SESSION = frozenset({"phiên họp", "kỳ họp", "phiên", "cuộc họp", "thường kỳ", "thường lệ", "hội nghị"})
"""A meeting that is held then: `tại phiên họp thường kỳ tháng 12 hằng năm`."""

UNTIL = frozenset({"đến", "tới", "cho đến", "từ nay đến"})
_NEUTRAL = UNTIL | frozenset({"là", "của", "các", "những", "khoảng", "thời điểm", "lúc"})
_WORDS = frozenset().union(BEFORE, CLOSING, WITHIN, PART, STARTING, PERIODIC, SESSION, _NEUTRAL)
_LONGEST = max(len(word.split()) for word in _WORDS)
# `từ ngày 15 tháng trước đến ngày 14`: the last month; but `hằng năm trước ngày 30/11`.
_PERIOD_BEFORE = ("tháng ", "quý ", "tuần ", "năm ", "kỳ ")
_HOUR = "giờ"
_CLOCK = re.compile(r"[0-9]{1,2}\s?(?:giờ|h|g)\s?(?:[0-9]{2}\s?(?:phút)?)?\s?,?\s?$")
_CLOCK_REACH = 20
_MOST_LEADS = 6
_REACH = 120
_TIME_LABEL = re.compile(r"(?<![a-zà-ỹđ])thời (?:gian|hạn)(?:\s[a-zà-ỹđ]{1,8}){1,4}$")
_GAP = " \t\n,:*_("
# `bước đầu năm`, `đứng đầu`, `so với trước`: the last syllable is a lead only by accident.
_FALSE_NEIGHBOURS = {
    "đầu": ("bước", "lần", "ban", "hàng", "dẫn", "đứng", "mở", "tháng"),
    "cuối": ("tháng",),
    "trước": ("so với", "như", "trách nhiệm", "tha tù", "cùng kỳ"),
    "hết": ("trước", "hầu"),
    "trong": ("bên", "sau"),
}


@dataclass(frozen=True, slots=True)
class Lead:
    """The lead words found, nearest first, and where the first of them (in the text) begins."""

    start: int
    words: frozenset[str]

    @property
    def is_before(self) -> bool:
        """`trước cuối quý II` is by the end of that quarter, `trước 10 giờ ngày 25` on that day."""
        return not BEFORE.isdisjoint(self.words) and (PART | {_HOUR}).isdisjoint(self.words)

    @property
    def is_anchor(self) -> bool:
        return not self.words.isdisjoint(BEFORE | CLOSING | WITHIN | PART)

    @property
    def is_start(self) -> bool:
        return not self.words.isdisjoint(STARTING)

    @property
    def is_periodic(self) -> bool:
        return not self.words.isdisjoint(PERIODIC)

    @property
    def is_session(self) -> bool:
        return not self.words.isdisjoint(SESSION)


def lead_before(low: str, place: int) -> Lead:
    """Walk left from `place` over lead words; neutral words at the far end are given back."""
    start, words = place, set[str]()
    clock = _CLOCK.search(low, max(0, place - _CLOCK_REACH), place)
    at = place
    if clock is not None:
        at = clock.start()
        words.add(_HOUR)
    for _ in range(_MOST_LEADS):
        word_start, word = _lead_ending_at(low, at)
        if not word or (words and word in BEFORE and low.endswith(_PERIOD_BEFORE, 0, word_start)):
            break
        at = word_start
        closes_part = word in UNTIL and not words.isdisjoint(PART | {"hết"})
        words.add(word)
        if word not in _NEUTRAL or closes_part:
            start = at
    return Lead(start, frozenset(words) if start < place else frozenset())


def _lead_ending_at(low: str, place: int) -> tuple[int, str]:
    """The longest lead word that ends at `place` (spaces and opening marks aside), with its start."""
    begin = max(0, place - _REACH)
    end = place
    while end > begin and low[end - 1] in _GAP:
        end -= 1
    gap = low[end:place]
    if ":" in gap and (label := _TIME_LABEL.search(low, begin, end)):
        return label.start(), "thời gian"
    window = low[begin:end]
    pieces = window.rsplit(" ", _LONGEST)[-_LONGEST:]
    for count in range(len(pieces), 0, -1):
        word = " ".join(pieces[-count:]).lstrip('(“"*_–-/')
        if word in _WORDS and _is_true(word, window) and _gap_allows(word, gap):
            return end - len(word), word
    return place, ""


def _gap_allows(word: str, gap: str) -> bool:
    """A comma may follow `định kỳ` (`định kỳ, tháng 7 hằng năm`) and labels take a colon; no others."""
    if "(" in gap or "," in gap:
        return word in PERIODIC
    if ":" in gap:
        return word in CLOSING
    return True


def _is_true(word: str, window: str) -> bool:
    neighbours = _FALSE_NEIGHBOURS.get(word)
    if neighbours is None:
        return True
    return not window[: -len(word)].rstrip().endswith(neighbours)
