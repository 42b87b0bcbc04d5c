"""The smallest marked blocks of a document: numbered items, bullets, unmarked paragraphs.

`extraction.md`: "The unit is the smallest marked block: a numbered item, a bullet, or an unmarked
paragraph." Lines are joined to blocks over hard wraps, page breaks and furniture; a number at the
start of a wrapped line (`… trong năm⏎2021. Rà soát …`) does not begin a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.core.text import LOWER, UPPER
from tracker.extraction.finders.lines import Line, title_kind

_DRESS = r"[\s*_#]{0,6}"
_NUMBERED = re.compile(
    rf"(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}|\d{{1,2}}(?={_DRESS}[.)/]|{_DRESS}-{_DRESS}[{UPPER}]))"
    rf"{_DRESS}[.)/:-]?{_DRESS}(?=[^\s\d%/]|$)"
)
_ARTICLE = re.compile(rf"Điều{_DRESS}\s(?P<number>\d{{1,3}}){_DRESS}[.:]?{_DRESS}")
_ROMAN = re.compile(rf"(?P<number>[IVX][IVXivx]{{0,5}}){_DRESS}[-.)/:]{_DRESS}(?=\S|$)")
_CAPITAL = re.compile(rf"(?P<number>[A-HĐ]){_DRESS}[.)/-]{_DRESS}(?=[{UPPER}])")
_LETTER = re.compile(
    rf"(?P<number>[a-zđ]|[a-z]\.\d){_DRESS}\){_DRESS}(?=\S)|(?P<dotted>[a-zđ])\.\s{{1,3}}(?=[{UPPER}])"
)
_BRACKETED = re.compile(rf"\((?P<number>\d{{1,2}}|[a-zđ])\){_DRESS}(?=\S)")
_BULLET = re.compile(rf"(?P<number>[-–—•+·∙●▪➢✓])(?![-–—\d]){_DRESS}(?=\S|$)")
# One of these stands in every deadline; looking for them is cheaper than the pattern below.
_CALENDAR = (
    *("tháng", "Tháng", "quý", "quí", "Quý", "Quí", "ngày", "Ngày", "tuần", "cuối năm", "đầu năm"),
    *("ằng năm", "hàng năm", "năm 20", "năm  20", "/20", "năm\n", "hàng\nnăm", "ằng\nnăm", "/năm"),
)
# Words that may tell a deadline: cheap enough to run over whole documents.
_TIME = re.compile(
    r"(?:[Xx]ong|[Hh]oàn thành|[Tt]rước|[Cc]hậm nhất|[Tt]rong|[Vv]ào|[Hh]ết|[Cc]uối|[Đđ]ầu|[Đđ]ịnh kỳ|"
    r"[Gg]iữa|họp|lệ|[Kk]ể từ|gian|hạn)[\s:]"
    r"\s?(?:[^\s,;.]{1,8}\s{1,2}){0,3}(?:ngày|tháng|[Qq]u[ýí]|năm|\d{1,2}/)|[Hh][ằà]ng\s(?:năm|quý|tháng|tuần)"
    r"|\slần(?:[\s,.;/]|$)|/(?:tuần|tháng|quý|năm)[\s,.;)]"
)
_ENDS_BLOCK = re.compile(r"[.;:!?…/][)”\"'*\s]{0,4}$")
_ENDS_SENTENCE = re.compile(r"[.:!?…][)”\"'*\s]{0,4}$")
# The heading of what has been, in a conclusion or a notice: nobody is charged under it.
_RETROSPECT = re.compile(
    (
        r"[\s*_]{0,4}(?:về )?(?:đánh giá (?:chung|tình hình|kết quả)|"
        r"(?:tình hình,? )?kết quả (?:đạt được|thực hiện)|tình hình (?:chung|thực hiện|và kết quả)|"
        r"(?:một số )?(?:tồn tại|hạn chế|ưu điểm|nguyên nhân))"
    ).replace(" ", r"\s{1,4}"),
    re.IGNORECASE,
)
_RANKS = {
    "article": 0,
    "capital": 1,
    "roman": 2,
    "number": 3,
    "letter": 20,
    "bracketed": 25,
    "bullet": 30,
    "paragraph": 50,
}
_LONGEST_BLOCK = 20_000
_WIDE = 40  # a hard-wrapped text has lines at least this long
_FAR_FROM_MARGIN = 0.6
_AFTER_LETTER = (")", ".", "*", " ")
_INITIALS = 3
_HEAD = 70  # an item that only names a body, with its bullets under it
_UNWRAPPED = 200  # nobody wraps so late: every line is a paragraph
_LONG = 130  # and none longer than this


@dataclass(slots=True)
class Block:
    """A marked block. `pieces` are its stretches of text without the marker; `parent` holds it.

    `path` is the clause path of `extraction.md` (`5.1`, `4/2`, `2/p2`); `ordinal` counts the
    paragraphs (or bullets) before it under the same item.
    """

    kind: str
    rank: int
    mark: str
    path: str
    parent: Block | None
    pieces: list[tuple[int, int]]
    lines: list[int] = field(default_factory=list)
    bullets: int = 0
    paragraphs: int = 1
    capitals: bool = False

    @property
    def start(self) -> int:
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        return self.pieces[-1][1]


def find_blocks(lines: Sequence[Line], dropped: Sequence[bool], *, base: str = "") -> list[Block]:
    """The blocks of some lines, in order. `base` is the path of the heading that holds them (`8`)."""
    builder = _Builder(lines, base)
    previous: int | None = None
    for index, line in enumerate(lines):
        if dropped[index]:
            continue
        builder.add(index, line, previous)
        previous = index
    return builder.blocks


def may_be_dated(source: str, block: Block) -> bool:
    """Whether a block has words that may tell a deadline, or leads in to blocks that may."""
    if source.startswith(":", block.end - 1):
        return True
    text = source[block.start : block.end]
    return any(word in text for word in _CALENDAR) and bool(_TIME.search(text))


def with_items_above(block: Block) -> Iterator[Block]:
    """A block and the items that hold it, innermost first."""
    above: Block | None = block
    while above is not None:
        yield above
        above = above.parent


def tells_what_was(source: str, block: Block) -> bool:
    """Whether a block stands under a heading like `I. ĐÁNH GIÁ CHUNG`, `1. Về tình hình thực hiện`."""
    return any(
        _RETROSPECT.match(source, item.start, min(item.end, item.start + _HEAD))
        for item in with_items_above(block)
        if item.kind in ("roman", "capital", "number")
    )


def read_marker(text: str) -> tuple[str, str, int] | None:
    """The marker that a line begins with: its kind, its number, the length of its words."""
    if text[0] in LOWER and text[1:2] not in _AFTER_LETTER:
        return None
    for kind, pattern in (
        ("article", _ARTICLE),
        ("number", _NUMBERED),
        ("roman", _ROMAN),
        ("capital", _CAPITAL),
        ("letter", _LETTER),
        ("bracketed", _BRACKETED),
        ("bullet", _BULLET),
    ):
        match = pattern.match(text)
        if match:
            return kind, match["number"] or match["dotted"], match.end()
    return None


class _Builder:
    """Joins lines to blocks and keeps the open items, outermost first."""

    def __init__(self, lines: Sequence[Line], base: str) -> None:
        self.lines = lines
        self.base = base
        self.blocks: list[Block] = []
        self.open: list[Block] = []
        self.count = 0
        widths = sorted(len(line.text) for line in lines)
        self.width = widths[len(widths) * 9 // 10] if widths else 0

    def add(self, index: int, line: Line, previous: int | None) -> None:
        before = self.lines[previous] if previous is not None else None
        if (before is not None and before.text.endswith("./.")) or title_kind(line):
            self.open.clear()  # what follows a decision (its plan, its annex) is no item of it
        parted = line.gap or previous is None or previous != index - 1
        marker = read_marker(line.text)
        if marker and self._may_begin(marker, line, before, parted):
            self._begin(index, line, marker)
        elif before is None or self._is_new_paragraph(line, before, parted) or self._is_full():
            self._paragraph(index, line)
        else:
            self._continue(index, line, joined=previous == index - 1)

    def _is_full(self) -> bool:
        """No block of a directive is this long; a text that lost its breaks must not become one."""
        if not self.blocks:
            return False
        pieces = self.blocks[-1].pieces
        return pieces[-1][1] - pieces[0][0] > _LONGEST_BLOCK

    def _may_begin(self, marker: tuple[str, str, int], line: Line, before: Line | None, parted: bool) -> bool:
        """A marker begins a block after a blank line or a full stop, not inside a wrapped sentence."""
        if marker[0] == "bracketed" and not line.gap:
            return False  # `(2)` of an inline list that the wrap brought to the head of a line
        if before is None or _ENDS_BLOCK.search(before.text):
            return True
        rest = line.text[marker[2] :].lstrip("*_ ")
        upper = marker[0] in ("letter", "article") or not rest[:1].islower()
        above = self.blocks[-1]
        if marker[0] == "bullet" and not parted:
            heads = above.kind not in ("paragraph", "bullet") and len(above.lines) == 1
            return upper and heads and len(before.text) < _HEAD
        return upper and (parted or above.capitals or len(before.text) < self.width * _FAR_FROM_MARGIN)

    def _is_new_paragraph(self, line: Line, before: Line, parted: bool) -> bool:
        """Whether an unmarked line begins a paragraph.

        After a blank line, unless the sentence runs on (a page break inside it); without one, where
        the line before stopped short of the margin though this line's first word had room there.
        """
        if self.blocks[-1].pieces[-1][0] >= self.blocks[-1].pieces[-1][1]:
            return False  # a marker alone on its line: this is its text
        small = line.text[:1] in LOWER
        if self.blocks and self.blocks[-1].capitals:
            return not line.text.isupper() or parted
        if self._runs_on(before):
            return False
        if parted:
            return (
                not small
                if not _ENDS_BLOCK.search(before.text) and not line.gap
                else bool(_ENDS_BLOCK.search(before.text) or not small)
            )
        if self.width > _UNWRAPPED and not small:
            return True
        room = len(before.text) + 1 + len(line.text.split(" ", 1)[0]) < self.width * 0.93
        return self.width >= _WIDE and room and not small and bool(_ENDS_SENTENCE.search(before.text))

    def _runs_on(self, before: Line) -> bool:
        """A full line of a hard-wrapped text that ends in the middle of a sentence (a page break follows)."""
        full = self.width >= _WIDE and len(before.text) > self.width * 0.8 and len(before.text) < _LONG
        return full and (before.text[-1].isalnum() or before.text[-1] == ",") and not self.blocks[-1].capitals

    def _begin(self, index: int, line: Line, marker: tuple[str, str, int]) -> None:
        kind, number, length = marker
        rank = _RANKS[kind] + (number.count(".") if kind == "number" else 0)
        if kind == "bullet":
            rank = self._bullet_rank(number)
        while self.open and self.open[-1].rank >= rank:
            self.open.pop()
        parent = self.open[-1] if self.open else None
        path = self._path(kind, number, parent)
        start = min(line.start + length, line.end)
        block = Block(kind, rank, number, path, parent, [(start, line.end)], [index])
        block.capitals = _is_capitals(line.text[length:])
        self.blocks.append(block)
        self.open.append(block)

    def _bullet_rank(self, mark: str) -> int:
        """`-` under `+` or `+` under `-`: the mark first met under an item is the outer one."""
        mark = "-" if mark in "–—" else mark
        for block in self.open:
            if block.kind == "bullet" and ("-" if block.mark in "–—" else block.mark) == mark:
                return block.rank
        inner = [block.rank for block in self.open if block.kind == "bullet"]
        return max(inner) + 1 if inner else _RANKS["bullet"]

    def _path(self, kind: str, number: str, parent: Block | None) -> str:
        if kind == "bullet":
            if parent is None:
                self.count += 1
                return "/".join(filter(None, (self.base, str(self.count))))
            parent.bullets += 1
            return "/".join(filter(None, (parent.path, str(parent.bullets))))
        if kind in ("letter", "bracketed") and parent is not None:
            return "/".join(filter(None, (parent.path, number)))
        roman = next((block.path for block in self.open if block.kind == "roman"), "")
        return f"{roman}.{number}" if roman and kind == "number" else number

    def _paragraph(self, index: int, line: Line) -> None:
        while self.open and self.open[-1].kind in ("bullet", "letter", "bracketed"):
            self.open.pop()
        parent = self.open[-1] if self.open else None
        path = "end"
        if parent is not None and not parent.capitals:
            parent.paragraphs += not self._is_mere_head(parent)
            path = f"{parent.path}/p{parent.paragraphs}" if parent.paragraphs > 1 else parent.path
        block = Block("paragraph", _RANKS["paragraph"], "", path, parent, [(line.start, line.end)], [index])
        block.capitals = _is_capitals(line.text)
        self.blocks.append(block)

    def _is_mere_head(self, item: Block) -> bool:
        """Whether an item so far only names its body: the first paragraph under it is the item itself."""
        text = self.lines[item.lines[0]].text
        short = len(item.lines) == 1 and len(text) < _HEAD and not _ENDS_SENTENCE.search(text.rstrip(":"))
        first = item.paragraphs == 1 and not item.bullets and self.blocks[-1] is item
        return short and first and item.kind == "number"

    def _continue(self, index: int, line: Line, *, joined: bool) -> None:
        block = self.blocks[-1]
        if block.pieces and joined:
            block.pieces[-1] = (block.pieces[-1][0], line.end)
        else:
            block.pieces.append((line.start, line.end))
        block.lines.append(index)


def _is_capitals(text: str) -> bool:
    return text.isupper() and sum(letter.isalpha() for letter in text) > _INITIALS
