"""Annex tables: each row with a body and a task is a duty.

`| TT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành |`, the columns in any
order and in words near these. Two shapes are read: Markdown with one line a row, and the shape
that converters leave, with every cell on lines of its own between lines that hold a bare pipe.

A row's clause is `PL/<row>`, counted over the tables of the document from 1, group headings (`I`,
`Nhóm giải pháp về …`) left out. Its quote is the task's cell. An annex stands outside the section,
so its rows are `body` where the document has the heading, else `directive` (`extraction.md`, "Which
text is read"); undated rows come too, since there each row is an assignment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from tracker.core.text import fold_spaces, plain_letters
from tracker.extraction.finders.forms import FormDuty, Span, read_bodies, read_deadlines
from tracker.extraction.finders.names import NameIndex

_MOST_COLUMNS = 14
_LONGEST_HEADING = 120
_LEAD_HEADING = re.compile(
    r"(?:ch[ủù]\s{1,3}trì|thực\s{1,3}hiện|trách\s{1,3}nhiệm|đầu\s{1,3}mối|tham\s{1,3}mưu|phân\s{1,3}công|phụ\s{1,3}trách)[^|]{0,60}\|",
    re.IGNORECASE,
)
_DRESS = " \t\n\r*_#\u00a0"
_RULE_CELL = re.compile(r"\s{0,8}:?-{1,200}:?\s{0,8}")
_ORDINAL = re.compile(
    r"[\s*_(]{0,8}(?:\d{1,3}(?:\.\d{1,3}){0,3}|[ivxlcIVXLC]{1,6}|[a-zđ]|[A-ZĐ])[\s*_.)]{0,8}"
)
_TABLE_END = re.compile(r"[ \t]{0,8}\r?\n[ \t]{0,8}\r?\n")
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")


class Column(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TASK = "task"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    TIME = "time"
    OTHER = "other"


# In this order: `Cơ quan phối hợp thực hiện` is no lead, `Kết quả thực hiện` no task.
_HEADINGS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    (Column.NUMBER, re.compile(r"^(?:so )?(?:stt|tt|thu tu)\b")),
    (
        Column.TIME,
        re.compile(
            r"thoi (?:gian|han|diem)|han (?:hoan|chot|cuoi)|tien do|ky han|ngay hoan thanh"
            r"|^(?:du kien )?hoan thanh|\bhan\b"
        ),
    ),
    (
        Column.OTHER,
        re.compile(r"ket qua|san pham|kinh phi|ghi chu|cap trinh|cap ban hanh|nguon|can cu|noi nhan"),
    ),
    (
        Column.LEAD,
        re.compile(
            r"chu tri|dau moi|(?:co quan|don vi|bo phan|to chuc).*(?:thuc hien|tham muu)"
            r"|trach nhiem|phan cong|phu trach"
        ),
    ),
    (Column.COORDINATOR, re.compile(r"phoi hop")),
    (
        Column.TASK,
        re.compile(
            r"nhiem vu|noi dung|cong viec|giai phap|hoat dong|ten (?:de an|chuong trinh|van ban)|de an"
        ),
    ),
)


_SPANNING = (Column.NUMBER, Column.LEAD, Column.COORDINATOR, Column.TIME)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, by column; a column that the row lacks is missing."""

    cells: dict[Column, Span]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of assignments at `start`..`end` of the source."""

    start: int
    end: int
    rows: tuple[Row, ...]


def find_tables(text: str, start: int, end: int) -> list[Table]:
    """The tables of assignments in `text[start:end]`, in order."""
    tables: list[Table] = []
    if text.find("|", start, end) < 0:
        return tables
    at = start
    while True:
        found = _LEAD_HEADING.search(text, at, end)
        if found is None:
            return tables
        table = _table_at(text, found.end() - 1, at, end)
        if table is not None:
            tables.append(table)
        at = max(found.end(), table.end if table else 0)


def table_duties(
    text: str, tables: Sequence[Table], index: NameIndex, *, issued_on: date | None = None
) -> list[FormDuty]:
    """The duties of a document's tables. A row with several deadlines gives one duty for each."""
    duties: list[FormDuty] = []
    number = 0
    for table in tables:
        above: dict[Column, Span] = {}
        for row in table.rows:
            cells = _with_spanned(row.cells, above)
            if Column.TASK not in cells or Column.LEAD not in cells:
                continue
            above = cells
            number += 1
            rule = _row_rule(row.cells, cells)
            duties.extend(_row_duties(text, cells, index, f"PL/{number}", rule, issued_on))
    return duties


def _with_spanned(cells: dict[Column, Span], above: dict[Column, Span]) -> dict[Column, Span]:
    """A cell that spans several rows is written once, and the rows below take it over.

    A row with a task and a time takes over its lead; one whose number spans too, all that it lacks.
    """
    if Column.TASK not in cells:
        return cells
    spanned = {column: above[column] for column in _SPANNING if column in above}
    if Column.NUMBER not in cells and Column.NUMBER in spanned:
        return {**spanned, **cells}
    if Column.LEAD in cells or Column.TIME not in cells or Column.LEAD not in spanned:
        return cells
    return {**cells, Column.LEAD: spanned[Column.LEAD]}


def _row_rule(written: dict[Column, Span], cells: dict[Column, Span]) -> str:
    """What the row's time is read by: its own cell, one that spans from above, or none."""
    if Column.TIME in written:
        return "table-row"
    return "table-row-spanned" if Column.TIME in cells else "table-row-untimed"


def _row_duties(
    text: str, cells: dict[Column, Span], index: NameIndex, clause: str, rule: str, issued_on: date | None
) -> Iterator[FormDuty]:
    leads = read_bodies(index, text, cells[Column.LEAD])
    others = cells.get(Column.COORDINATOR)
    coordinators = read_bodies(index, text, others) if others else ()
    coordinators = tuple(key for key in coordinators if key not in leads)
    start, end = cells[Column.TASK]
    time = cells.get(Column.TIME)
    deadlines = read_deadlines(text, time, issued_on=issued_on) if time else ()
    if not deadlines:
        yield FormDuty(clause, leads, coordinators, "none", start, end, -1, -1, (rule,))
    for deadline in deadlines:
        rules = (rule, f"deadline:{deadline.rule}")
        yield FormDuty(
            clause, leads, coordinators, deadline.due, start, end, deadline.start, deadline.end, rules
        )


def _table_at(text: str, pipe: int, start: int, end: int) -> Table | None:
    """The table whose heading of the lead column ends at `pipe`, or nothing."""
    pipes = _heading_pipes(text, pipe, start, end)
    headings = [_heading(text[one + 1 : two]) for one, two in pairwise(pipes)]
    if Column.TASK not in headings or Column.LEAD not in headings:
        return None
    if not {Column.TIME, Column.COORDINATOR} & set(headings):
        return None
    if _is_one_line(text, pipes):
        rows, table_end = _line_rows(text, pipes[-1], end, headings)
    else:
        rows, table_end = _cell_rows(text, pipes[-1], end, headings)
    return Table(pipes[0], table_end, tuple(rows))


def _heading_pipes(text: str, pipe: int, start: int, end: int) -> list[int]:
    """The pipes around the headings, from the one that opens the row to the one that closes it."""
    pipes = [pipe]
    while len(pipes) < _MOST_COLUMNS:
        before = text.rfind("|", max(start, pipes[0] - _LONGEST_HEADING), pipes[0])
        if before < 0 or not text[before + 1 : pipes[0]].strip(_DRESS):
            break
        pipes.insert(0, before)
    while len(pipes) < _MOST_COLUMNS:
        after = text.find("|", pipes[-1] + 1, min(end, pipes[-1] + _LONGEST_HEADING))
        if after < 0 or not text[pipes[-1] + 1 : after].strip(_DRESS):
            break
        pipes.append(after)
    return pipes


def _heading(words: str) -> Column:
    plain = plain_letters(fold_spaces(words.replace("*", "").replace("_", " ")))
    for column, pattern in _HEADINGS:
        if pattern.search(plain):
            return column
    return Column.OTHER


def _is_one_line(text: str, pipes: Sequence[int]) -> bool:
    """Markdown proper has the pipes of a row on one line; converters give each a line of its own."""
    return "\n" not in text[pipes[0] : pipes[1]] or "\n" not in text[pipes[-2] : pipes[-1]]


def _line_rows(text: str, at: int, end: int, headings: Sequence[Column]) -> tuple[list[Row], int]:
    """One line a row; a line without a pipe in front runs on from the row above."""
    rows: list[Row] = []
    row_start = -1
    at = _line_end(text, at, end)
    last = at
    while at < end:
        begin, stop = at + 1, _line_end(text, at + 1, end)
        line = text[begin:stop].strip()
        if not line:
            break
        if line.startswith("|"):
            rows.extend(_line_row(text, row_start, last, headings))
            row_start = begin
        elif row_start < 0:
            break
        at = last = stop
    rows.extend(_line_row(text, row_start, last, headings))
    return rows, last


def _line_end(text: str, at: int, end: int) -> int:
    found = text.find("\n", at, end)
    return end if found < 0 else found


def _line_row(text: str, start: int, end: int, headings: Sequence[Column]) -> Iterator[Row]:
    if start < 0:
        return
    pipes = [found.start() for found in _UNESCAPED_PIPE.finditer(text, start, end)][: len(headings) + 1]
    cells = [(one + 1, two) for one, two in zip(pipes, [*pipes[1:], end], strict=True)]
    if cells and not any(_RULE_CELL.fullmatch(text, *cell) for cell in cells[:2]):
        yield Row(_by_column(text, cells, headings))


def _cell_rows(text: str, at: int, end: int, headings: Sequence[Column]) -> tuple[list[Row], int]:
    """A cell between any two pipes; what parts the rows is a second pipe at once after the first."""
    rows: list[Row] = []
    row: list[Span] = []
    while not _TABLE_END.match(text, at + 1, end):
        after = text.find("|", at + 1, end)
        if after < 0:
            if end - at < _LONGEST_HEADING:
                row.append((at + 1, end))  # the last pipe was taken for a line's dress
            break
        cell = (at + 1, after)
        if text[at + 1 : after].strip(_DRESS) or not _ends_row(text, row, after, end, headings):
            row.append(cell)
        else:
            rows.append(Row(_by_column(text, _shifted(text, row, headings), headings)))
            row = []
        at = after
    if row:
        rows.append(Row(_by_column(text, _shifted(text, row, headings), headings)))
    return rows, at + 1


def _ends_row(text: str, row: Sequence[Span], after: int, end: int, headings: Sequence[Column]) -> bool:
    """An empty cell, or the seam of two rows: full rows end, and a number begins the next one."""
    if len(row) >= len(headings) or not row:
        return True
    following = text.find("|", after + 1, min(end, after + _LONGEST_HEADING))
    return following >= 0 and _ORDINAL.fullmatch(text, after + 1, following) is not None


def _shifted(text: str, row: Sequence[Span], headings: Sequence[Column]) -> list[Span]:
    """A row under a number that spans several rows has no cell for it."""
    cells = list(row)
    if cells and headings[0] is Column.NUMBER and not _ORDINAL.fullmatch(text, *cells[0]):
        cells.insert(0, (cells[0][0], cells[0][0]))
    return cells


def _by_column(text: str, cells: Sequence[Span], headings: Sequence[Column]) -> dict[Column, Span]:
    """The cells that hold words, by column; the first column of a kind counts."""
    found: dict[Column, Span] = {}
    for column, (start, end) in zip(headings, cells, strict=False):
        words = text[start:end]
        inner = words.strip(_DRESS)
        if column not in found and any(letter.isalnum() for letter in inner):
            begin = start + words.index(inner)
            found[column] = (begin, begin + len(inner))
    return found
