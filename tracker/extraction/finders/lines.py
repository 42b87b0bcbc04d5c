"""The lines of a text, and which of them are page furniture rather than text.

`extraction.md`: "Not part of the text, wherever the page layout drops it: the *Nơi nhận* list (in
several documents it stands in the middle of the section), page numbers, running heads, tables of
contents, footnotes …". Furniture is taken out by line; what stood before and after it may still
be one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.core.text import fold_spaces, plain_letters

_BREAK = r"\n\r\v\f\x85\u2028\u2029"
# A text that lost its line breaks is cut into lines of bounded length, where it may be at a full stop.
_LINE = re.compile(rf"[^{_BREAK}]{{1,16000}}(?:[^{_BREAK}]{{0,2000}}?(?:(?<=[.;])(?=\s)|(?=[{_BREAK}])|$))?")
_DRESS = " \t\u00a0\u3000*#_|>"  # what Markdown and table pipes hang around a line

_PAGE_NUMBER = re.compile(r"(?:trang\s?)?[-–]?\s?\d{1,4}\s?[-–]?(?:\s?/\s?\d{1,4})?$", re.IGNORECASE)
_SHORT = 24
_ENTRY_LENGTH = 80
_TITLE_LENGTH = 160
_RULE = re.compile(r"[-_=*~·.|:\s\\]{2,}$|[_=*~·.|:\\]$")
_LOOSE = re.compile(r"\s\s|[^\S ]")
_RULE_LETTERS = "-_=~·.|:\\"
_FOOTNOTE = re.compile(r"(?:<sup>\d{1,3}</sup>|[¹²³⁰⁴-⁹]{1,3}|\[\^?\d{1,3}\]:)\s*\S")
_RECIPIENTS = re.compile(r"noi (?:nhan|gui)\s?:?")
_RECIPIENTS_IN_ROW = re.compile(r"(?:Nơi nhận|NƠI NHẬN)\s?:\s?[-–] [^|]{2,3000}\|")
_RECIPIENT = re.compile(r"[-–+•]|như (?:trên|điều)|lưu", re.IGNORECASE)
_RECIPIENT_TAIL = re.compile(r"\(?(?:để )?(?:báo cáo|b/c)[^\n]{0,20}\)?[,;.]?$|[,;]$", re.IGNORECASE)
_SIGNATURE = re.compile(r"(?:t\s?/\s?m|tm\s?\.|t\.m\.|kt\s?\.|k/t|tl\s?\.|t/l|tuq\s?\.)\s?[a-z]")
KINDS = {
    "NGHỊ QUYẾT": "nghi-quyet",
    "CHỈ THỊ": "chi-thi",
    "KẾT LUẬN": "ket-luan",
    "KẾ HOẠCH": "ke-hoach",
    "CHƯƠNG TRÌNH HÀNH ĐỘNG": "chuong-trinh-hanh-dong",
    "CHƯƠNG TRÌNH": "chuong-trinh",
    "BÁO CÁO": "bao-cao",
    "QUYẾT ĐỊNH": "quyet-dinh",
    "QUY ĐỊNH": "quy-dinh",
    "QUY CHẾ": "quy-che",
    "THÔNG BÁO": "thong-bao",
    "HƯỚNG DẪN": "huong-dan",
    "CÔNG VĂN": "cong-van",
    "CÔNG ĐIỆN": "cong-dien",
    "TỜ TRÌNH": "to-trinh",
    "ĐỀ ÁN": "de-an",
}
_KIND = re.compile(rf"({'|'.join(sorted(KINDS, key=len, reverse=True))})(?![\wÀ-ỹ])")
_AFTER_KIND = re.compile(r"\s{0,3}\*\*|\s{1,3}(?:CỦA|CHÍNH TRỊ|VỀ|V/v)(?![\wÀ-ỹ])")


class Line(NamedTuple):
    """A line with words. `start`..`end` leaves out the dress around it; `gap`: a blank line before."""

    start: int
    end: int
    text: str
    gap: bool
    indented: bool

    @property
    def folded(self) -> str:
        """The words parted by single spaces; most lines are so already."""
        return fold_spaces(self.text) if _LOOSE.search(self.text) else self.text

    @property
    def plain(self) -> str:
        """Folded, in small letters without accents, for comparison with fixed words."""
        return plain_letters(self.folded)


def split_lines(text: str) -> list[Line]:
    """The lines that hold anything but white space and dress (`*`, `#`, `|`)."""
    lines: list[Line] = []
    done = 0
    blank = True
    for match in _LINE.finditer(text):
        gap = match.start() - done
        blank = blank or (gap > 1 and (gap > 2 or text[done] != "\r"))  # noqa: PLR2004 - \r\n is one break
        raw = match.group()
        words = raw.strip(_DRESS)
        done = match.end()
        if not words or words.isspace():
            blank = True
            continue
        start = match.start() + raw.index(words[0])
        indented = raw[0] in " \t\u00a0"
        lines.append(Line(start, start + len(words), words, blank, indented))
        blank = False
    return lines


def title_kind(line: Line) -> str:
    """The kind of document that a title line names (`CHỈ THỊ`, `KẾT LUẬN**CỦA BAN …`), or nothing."""
    if len(line.text) > _TITLE_LENGTH or not line.text[0].isupper():
        return ""
    match = _KIND.match(line.folded)
    if not match:
        return ""
    rest = line.folded[match.end() :]
    return KINDS[match.group(1)] if not rest.strip(_DRESS) or _AFTER_KIND.match(rest) else ""


def is_signature(line: Line) -> bool:
    """`T/M TỈNH ỦY`, `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`."""
    return len(line.text) < _ENTRY_LENGTH and line.text[:2].isupper() and bool(_SIGNATURE.match(line.plain))


def furniture(lines: Sequence[Line]) -> list[bool]:
    """For each line of one document, whether it is page furniture."""
    marks = [_is_rule_or_number(line) for line in lines]
    index = 0
    while index < len(lines):
        length = _recipients(lines, index) or _title(lines, index) or _footnote(lines, index)
        for at in range(index, index + length):
            marks[at] = True
        index += max(length, 1)
    return marks


def recipient_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of the *Nơi nhận* lists, their headings left out."""
    index = 0
    while index < len(lines):
        length = _recipients(lines, index)
        yield from lines[index + 1 : index + length] if length > 1 else lines[index : index + length]
        index += max(length, 1)


def _is_rule_or_number(line: Line) -> bool:
    if line.text[0] in _RULE_LETTERS and _RULE.match(line.text):
        return True
    return len(line.text) <= _SHORT and bool(_PAGE_NUMBER.match(line.text))


def _recipients(lines: Sequence[Line], index: int) -> int:
    """The length of a *Nơi nhận* list that begins here: its heading and the dashes under it.

    The list ends at the first line that is neither a dash nor the rest of one; where it
    stands in the middle of a section, the next item begins with a number or a new paragraph.
    """
    first = lines[index]
    if _RECIPIENTS_IN_ROW.match(first.text):
        return 1
    if first.text[0] not in "Nn" or len(first.text) > 60 or not _RECIPIENTS.match(first.plain):  # noqa: PLR2004
        return 0
    length = 1
    while index + length < len(lines):
        line, before = lines[index + length], lines[index + length - 1]
        entry = bool(_RECIPIENT.match(line.text) or _RECIPIENT_TAIL.match(line.text))
        short = len(line.text) < _ENTRY_LENGTH
        rest = short and not line.gap and length > 1 and before.text.rstrip()[-1:] not in ".;"
        if (not entry and not rest) or is_signature(line):
            break
        length += 1
    return length


def _title(lines: Sequence[Line], index: int) -> int:
    """The length of a title block dropped into the text: the kind, the issuer, the subject, a rule.

    A collected volume keeps the title of each document at the foot of its first page.
    """
    if not title_kind(lines[index]):
        return 0
    for length in range(1, min(12, len(lines) - index)):
        text = lines[index + length].text
        if len(text) > _TITLE_LENGTH or "|" in text:
            break  # text, or a table: its `|---|---|` is no rule under a title
        if _RULE.match(text):
            return length + 1
    return 0


def _footnote(lines: Sequence[Line], index: int) -> int:
    """The length of a footnote: a line that begins with a raised number, to the next blank line."""
    line = lines[index]
    if not line.gap or not _FOOTNOTE.match(line.text):
        return 0
    length = 1
    while index + length < len(lines) and not lines[index + length].gap:
        length += 1
    return length
