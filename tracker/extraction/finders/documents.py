"""The documents of a text: a single directive, or a collected volume of forty.

A document begins at its heading: the state's or the Party's name (`ĐẢNG CỘNG SẢN VIỆT NAM`,
`CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM`) beside a line `Số 109-NQ/TU`. A table of contents cites numbers
too (`Nghị quyết số 109-NQ/TU ngày …`), but without a heading, and yields no document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.text import LOWER, UPPER, fold_spaces
from tracker.extraction.finders.lines import Line, title_kind

_STATE = re.compile(r"(?:ĐẢNG CỘNG SẢN|CỘNG H[ÒO][AÀ] X[ÃA] HỘI|CỘNG HÒA X[ÃA] HỘI)(?![\wÀ-ỹ])")
_NUMBER = re.compile(
    r"S[ốỐ]\s{0,2}:?\s{0,3}(?P<count>\d{1,5}[a-zA-Z]?)\s{0,2}[-/–]\s?"
    r"(?P<symbol>(?:(?:19|"
    r"20)\d\d\s?/\s?)?[A-ZĐ][A-Za-zĐđ&]{0,9}(?:\s?[-/–.]\s?[A-ZĐ][A-Za-zĐđ&0-9]{0,14}){0,4})"
)
_ANY_NUMBER = re.compile(rf"(?<![\w]){_NUMBER.pattern}")
_BLANK_NUMBER = re.compile(r"S[ốỐ]\s{0,2}:?\s{0,12}[-/.…_]")
_SYMBOL_KINDS = {
    "NQ": "nghi-quyet",
    "CT": "chi-thi",
    "KL": "ket-luan",
    "KH": "ke-hoach",
    "CTR": "chuong-trinh-hanh-dong",
    "CTRHĐ": "chuong-trinh-hanh-dong",
    "BC": "bao-cao",
    "QĐ": "quyet-dinh",
    "QĐI": "quy-dinh",
    "QC": "quy-che",
    "TB": "thong-bao",
    "HD": "huong-dan",
    "CV": "cong-van",
    "CĐ": "cong-dien",
    "TTR": "to-trinh",
    "ĐA": "de-an",
}
# A place before it, so that a cited date does not count. Scanning parts digits: `tháng 0 6`.
_DATE = re.compile(
    rf"[{UPPER}][\w.]{{0,12}}\s?,\s?ngày\s{{0,3}}(?P<day>[0-3]?\s?\d)(?:\s{{0,3}}tháng\s{{0,3}}|\s?/\s?)"
    r"(?P<month>[01]?\s?\d)(?:\s{0,3}năm\s{0,3}|\s?/\s?)(?P<year>(?:19|20)\d\d)"
)
_SECRECY = re.compile(r"(TUYỆT MẬT|TỐI MẬT|MẬT)\W{0,3}$")
_ISSUER = re.compile(rf"CỦA ((?:BAN|TỈNH|THÀNH|HUYỆN|THƯỜNG|ỦY|UỶ|BỘ|HỘI|THỦ|CHỦ|CHÍNH)[^{LOWER}*]{{2,80}})")
_OF_ISSUER = re.compile(rf"^CỦA [^{LOWER}]{{2,80}}?\s(?=[Vv]ề|[{LOWER}])")
_SUBJECT_END = re.compile(
    r"(?:Căn cứ|Thực hiện|Trong|Ngày|Sau|Để|Tại|Năm|Nhằm|Điều|Từ ngày|[IVX]{1,4}[-.])[\s,]"
)
_ITEM = re.compile(r"(?:[IVX]{1,5}|[A-H]|\d{1,2})\s?[-.)]")
_HEADING_REACH = 14
_HEADING_LENGTH = 60
_HEADING_LINE = 160
_SUBJECT_LENGTH = 400
_LEVELS = frozenset({"tỉnh", "thành", "phố", "huyện", "thị", "xã", "phường"})
_SMALL = frozenset({"của", "và", "các", "vụ", "hành", "nhân", "dân", "bộ", "kiểm", "tra"})


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """What the heading of one document says, and which lines belong to the document."""

    number: str
    kind: str
    issuer: str
    issued_on: date | None
    subject: str
    secrecy: str
    first: int
    last: int


def find_documents(lines: Sequence[Line], *, name: str) -> list[DocumentHead]:
    """The documents of a text, in order. A text without any heading is one document named `name`."""
    if not lines:
        return []
    starts = list(_headings(lines))
    if not starts or (starts[0][0] > 0 and _stands_alone(lines[: starts[0][0]])):
        starts.insert(0, (0, "" if starts else _loose_number(lines)))
    ends = [first for first, _ in starts[1:]] + [len(lines)]
    contents = lines[: starts[0][0]]
    return [
        _read_head(lines, first, last, number or name, contents)
        for (first, number), last in zip(starts, ends, strict=True)
    ]


def _headings(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """The first line and the number of every heading: a number line near the state's name."""
    done = -1
    for index, line in enumerate(lines):
        if not _STATE.match(line.text) or len(line.text) > _HEADING_LENGTH or index <= done:
            continue
        low, high = max(done + 1, index - _HEADING_REACH), min(len(lines), index + _HEADING_REACH)
        numbered = [
            at for at in range(low, high) if _number(lines[at]) or _BLANK_NUMBER.match(lines[at].text)
        ]
        if not numbered:
            continue
        nearest = min(numbered, key=lambda at: abs(at - index))
        first = min(nearest, index)
        while first > low and _belongs_to_heading(lines[first - 1]):
            first -= 1
        done = max(nearest, index)
        yield first, _number(lines[nearest])


def _number(line: Line) -> str:
    match = _NUMBER.match(line.text)
    return _printed(match) if match else ""


def _printed(match: re.Match[str]) -> str:
    """The number as printed, without spaces."""
    return re.sub(r"\s", "", f"{match['count']}{_joint(match)}{match['symbol']}").replace("–", "-")


def _loose_number(lines: Sequence[Line]) -> str:
    """The number in a heading that a table or narrow lines took apart, or that stands under the title."""
    title = next((at for at, line in enumerate(lines[:40]) if title_kind(line)), 0)
    heading = (
        " ".join(line.text for line in lines[:title] if line.start != 0).replace("*", " ").replace("|", " ")
    )
    match = _ANY_NUMBER.search(heading)
    if match is None:
        match = next(filter(None, (_NUMBER.match(line.text) for line in lines[:_HEADING_REACH])), None)
    return _printed(match) if match else ""


def _joint(match: re.Match[str]) -> str:
    return match.string[match.end("count") : match.start("symbol")]


def _belongs_to_heading(line: Line) -> bool:
    """An issuer line over the number: capitals only (`TỈNH ỦY BẮC GIANG`), never a page number."""
    text = line.text
    return (
        len(text) < _HEADING_LENGTH
        and text.upper() == text
        and (text[0].isalpha() or text.strip("-_* ") == "")
    )


def _stands_alone(lines: Sequence[Line]) -> bool:
    """Whether what stands before the first heading is a document: it has a title, not only a list."""
    return any(title_kind(line) for line in lines[:8])


def _read_head(
    lines: Sequence[Line], first: int, last: int, number: str, contents: Sequence[Line]
) -> DocumentHead:
    own = lines[first:last]
    title = next((at for at, line in enumerate(own[:400]) if title_kind(line)), None)
    symbol = re.split(r"\d+[a-z]?[-/]", number, maxsplit=1)[-1]
    kind = next((k for part in re.split(r"[-/.]", symbol) if (k := _SYMBOL_KINDS.get(part.upper()))), "")
    kind = kind if _NUMBER.match("Số " + number) else ""
    if title is not None:
        kind = kind or title_kind(own[title])
    return DocumentHead(
        number=number,
        kind=kind,
        issuer=_issuer(own, title),
        issued_on=_issued_on(own),
        subject=_subject(own, title) or _listed_subject(contents, number),
        secrecy=next((m.group(1).lower() for line in own[:14] if (m := _SECRECY.match(line.text))), ""),
        first=first,
        last=last,
    )


def _issued_on(own: Sequence[Line]) -> date | None:
    """The day beside the place (`Sông Lam, ngày 03 tháng 4 năm 2024`), above the document's own text."""
    heading: list[str] = []
    for line in own[: _HEADING_REACH + 4]:
        if len(line.text) > _HEADING_LINE or _SUBJECT_END.match(line.text):
            break
        heading.append(line.text)
    match = _DATE.search(fold_spaces(" ".join(heading)).replace("*", ""))
    if not match:
        return None
    day, month, year = (int(match[part].replace(" ", "")) for part in ("day", "month", "year"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _issuer(own: Sequence[Line], title: int | None) -> str:
    """`CỦA BAN THƯỜNG VỤ TỈNH ỦY` beside or under the title, else the body over the number."""
    if title is not None:
        beside = own[title].text
        under = own[title + 1].text if title + 1 < len(own) else ""
        match = _ISSUER.search(beside) or _ISSUER.match(under)
        if match:
            return _as_name(match.group(1))
    heading: list[str] = []
    for line in own[:6]:
        own_text = _STATE.match(line.text) or _ITEM.match(line.text) or not line.text[0].isalpha()
        if own_text or not _belongs_to_heading(line):
            break
        heading.append(line.text)
    is_heading = heading and len(own) > len(heading) and not title_kind(own[0])
    return _as_name(" ".join(heading[:3])) if is_heading else ""


def _as_name(capitals: str) -> str:
    """`BAN THƯỜNG VỤ TỈNH ỦY` → `Ban Thường vụ Tỉnh ủy`; `TỈNH` is a name only before `ỦY`."""
    words = fold_spaces(capitals.replace("*", "").replace("UỶ", "ỦY")).strip(" -:.").lower().split(" ")
    named: list[str] = []
    for at, word in enumerate(words):
        ends_name = word == "ủy" or (word == "ban" and named[-1:] == ["Ủy"])
        is_level = word in _LEVELS and words[at + 1 : at + 2] != ["ủy"]
        small = word in _SMALL or ends_name or is_level
        named.append(word if at and small else word.capitalize())
    return " ".join(named)


def _subject(own: Sequence[Line], title: int | None) -> str:
    """The words under the title: `về …`, or capitals to the next paragraph."""
    if title is None:
        return ""
    inline = re.split(r"\*{2,}", own[title].text)
    found = [part for part in inline[1:] if part.strip()]
    for at in range(title + 1, min(title + 12, len(own))):
        text = own[at].text
        if re.match(r"[-_*=]{3,}$", text) or _SUBJECT_END.match(text) or len(text) > _SUBJECT_LENGTH:
            break
        if found and own[at].gap and own[at].text[:1].isupper() and not own[at].text.isupper():
            break
        found.append(text)
    words = fold_spaces(" ".join(found).replace("*", ""))
    return _OF_ISSUER.sub("", words)[:500].strip(" -")


def _listed_subject(contents: Sequence[Line], number: str) -> str:
    """The subject that the volume's table of contents gives for a number."""
    at = next((i for i, line in enumerate(contents) if number in line.text), None)
    if at is None:
        return ""
    found: list[str] = []
    for line in contents[at : at + 9]:
        if found and line.gap:
            break
        if found or line.text.startswith("Về "):
            found.append(line.text)
    return fold_spaces(" ".join(found))[:500]
