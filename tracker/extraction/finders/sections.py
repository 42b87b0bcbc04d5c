"""Which part of a document is read: the *Tổ chức thực hiện* section, or a directive's items.

`extraction.md`, "Which text is read": a heading *Tổ chức thực hiện* of any numbering and case,
"everything under that heading, down to the signature"; without one, the directive's own items.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.core.text import fold_spaces
from tracker.extraction.finders.blocks import read_marker
from tracker.extraction.finders.lines import Line, is_signature

_HEADING = re.compile(r"to chuc (?:trien khai |chi dao )?(?:va )?thuc hien(?: \w{1,12}){0,6}\s?[:.]?$")
_FIRST_WORDS = re.compile(r"t[oôổồ]\s{1,4}ch[uứư]c", re.IGNORECASE)
_PART = re.compile(r"Phần (?:thứ )?[\wÀ-ỹ]{1,5}[.:]?\s")
_ANNEX = re.compile(r"(?:PHỤ LỤC|Phụ lục|BIỂU MẪU|MẪU SỐ|DANH MỤC)(?:\s(?:[IVX\d]{1,5}|SỐ|KÈM|số)|\s?[:.]?$)")
_LONGEST_HEADING = 90
_CLOSING_MARKS = ("./.", "./")
_BARE = re.compile(r"to chuc (?:trien khai )?thuc hien\s?[:.]?$")


@dataclass(frozen=True, slots=True)
class Section:
    """Lines `first`..`last` under the heading; `base` is the heading's number where it is arabic (`8`)."""

    heading: int
    first: int
    last: int
    base: str


def find_section(lines: Sequence[Line], dropped: Sequence[bool]) -> Section | None:
    """The section of the last heading that has text under it, also in a plan that a decision encloses."""
    for index in range(len(lines) - 1, -1, -1):
        if dropped[index]:
            continue
        length = _heading(lines, index)
        if not length:
            continue
        end = text_end(lines, dropped, index + length)
        if index + length < end:
            marker = read_marker(lines[index].text)
            base = marker[1] if marker and marker[0] == "number" else ""
            return Section(index, index + length, end, base)
    return None


def text_end(lines: Sequence[Line], dropped: Sequence[bool], first: int = 0) -> int:
    """The line after the last of a document's own text that begins at line `first`.

    The text ends before its signature or an annex, or with the closing mark `./.`, after which
    only the sentence about circulation may follow.
    """
    for index in range(first, len(lines)):
        line = lines[index]
        if not dropped[index] and (is_signature(line) or _ANNEX.match(line.folded)):
            return index
        if line.text.endswith(_CLOSING_MARKS):
            return index + 1
    return len(lines)


def _heading(lines: Sequence[Line], index: int) -> int:
    """The number of lines of a heading that begins here: one, or two where it is wrapped."""
    line = lines[index]
    if len(line.text) > _LONGEST_HEADING or not _FIRST_WORDS.search(line.text):
        return 0
    if _is_heading(line.folded, line.plain, emphatic=line.gap):
        return 1
    following = lines[index + 1] if index + 1 < len(lines) else None
    if following is not None and not following.gap and len(following.text) < _LONGEST_HEADING:
        joined = fold_spaces(f"{line.text} {following.text}").replace("*", "")
        if _is_heading(
            joined, fold_spaces(f"{line.plain} {following.plain}").replace("*", ""), emphatic=line.gap
        ):
            return 2
    return 0


def _is_heading(text: str, plain: str, *, emphatic: bool) -> bool:
    marker = read_marker(text)
    if marker and marker[0] == "bullet":
        return False
    part = _PART.match(text)
    length = marker[2] if marker else part.end() if part else 0
    words, small = text[length:].strip("*_# "), plain[length:].strip("*_# ")
    if not words or not words[0].isupper():
        return False
    if _BARE.match(small):
        return bool(marker or part) or emphatic or words.isupper()
    return bool(_HEADING.match(small)) and words.isupper()
