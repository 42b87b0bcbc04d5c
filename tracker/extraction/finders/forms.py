"""What tables and labelled forms have in common: their rows, and how their words are read.

A form names each part by a column or a label, so that nothing has to be guessed from the sentence:
the words under *Cơ quan chủ trì* are bodies, those under *Thời gian hoàn thành* tell a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.text import fold_spaces
from tracker.extraction.finders.bodies import BodyFinder
from tracker.extraction.finders.deadlines import (
    DeadlineExpression,
    Kind,
    join_recurring,
    read_deadline_cell,
    with_year,
)
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.passages import fold_passage
from tracker.extraction.finders.source import Source
from tracker.extraction.finders.words import KIND
from tracker.extraction.types import ExtractedDuty, Scope

Span = tuple[int, int]

_LINE_BREAK = re.compile(r"<br\s{0,2}/?>", re.IGNORECASE)
_LOOSE = " .,;:-–—*_/"
_PART_END = re.compile(r"[,;]|\svà\s")
_HEADING_REST = re.compile(r"[\s*_]{0,4}(?:$|[-–(:.;])")
_LONGEST_HEADING = 240
_LONGEST_NAME = 160
_LONGEST_CELL = 1500  # what is longer is no list of bodies
# A form says what is what; only a name that the registry lacks leaves a doubt.
# So does a row of a table that has no time of its own: it may stand in another column, or above.
_SURE, _DOUBTED, _UNKNOWN_LEAD = 0.95, 0.88, 0.7
_DOUBTED_RULES = frozenset({"table-row-spanned", "table-row-untimed"})


@dataclass(frozen=True, slots=True)
class FormDuty:
    """One row of a form. Offsets are those of the composed source; -1 where there is no deadline."""

    clause: str
    leads: tuple[str, ...]
    coordinators: tuple[str, ...]
    due: str
    start: int
    end: int
    due_start: int
    due_end: int
    rules: tuple[str, ...]

    def as_duty(self, given: str, source: Source, *, document: str, scope: Scope) -> ExtractedDuty:
        """The row as a duty of a document; `given` is the text before it was composed."""
        start, end = source.original(self.start), source.original(self.end)
        due_start, due_end = -1, -1
        if self.due_start >= 0:
            due_start, due_end = source.original(self.due_start), source.original(self.due_end)
        return ExtractedDuty(
            document=document,
            scope=scope,
            clause=self.clause,
            leads=self.leads,
            coordinators=self.coordinators,
            due=self.due,
            quote=fold_spaces(given[start:end]),
            start=start,
            end=end,
            due_text=fold_spaces(given[due_start:due_end]) if due_start >= 0 else "",
            due_start=due_start,
            due_end=due_end,
            confidence=self._confidence(),
            rules=self.rules,
        )

    def _confidence(self) -> float:
        if not self.leads or any(key.startswith("other:") for key in self.leads):
            return _UNKNOWN_LEAD
        return _SURE if _DOUBTED_RULES.isdisjoint(self.rules) else _DOUBTED


@dataclass(frozen=True, slots=True)
class FormDeadline:
    """A coded deadline with its place in the source."""

    due: str
    start: int
    end: int
    rule: str


def read_bodies(index: NameIndex, text: str, cell: Span) -> tuple[str, ...]:
    """The registry keys of the bodies that a cell lists; what no registry knows is `other:…`.

    A cell holds names and nothing else, so an unknown name runs to the next comma, whatever words
    it has (`Viện Nghiên cứu phát triển`, `Sở Giáo dục và Đào tạo`).
    """
    keys: list[str] = []
    for piece in _parts(text, (cell[0], min(cell[1], cell[0] + _LONGEST_CELL))):
        _read_names(BodyFinder(index, fold_passage(text, [piece])), keys)
    return tuple(dict.fromkeys(keys))


def heading_bodies(index: NameIndex, text: str, pieces: Sequence[Span]) -> tuple[str, ...]:
    """The bodies that a heading consists of (`1.2. Sở Tài chính - Cơ quan thường trực`), if it does."""
    if pieces[-1][1] - pieces[0][0] > _LONGEST_HEADING:
        return ()
    passage = fold_passage(text, pieces)
    finder = BodyFinder(index, passage)
    bodies = finder.read_list(0, len(passage.text))
    if bodies is None or not bodies.is_known or not _HEADING_REST.match(passage.text, bodies.end):
        return ()
    return bodies.keys


def _read_names(finder: BodyFinder, keys: list[str]) -> None:
    text = finder.passage.text
    stop = len(text.rstrip(_LOOSE))
    at = _skip(text, 0, stop)
    while at < stop:
        known, end = _known_bodies(finder, at, stop)
        keys.extend(known)
        if not known:
            end = _part_end(finder, at, stop)
            _add_unknown(keys, text[at:end].strip(_LOOSE)[:_LONGEST_NAME])
        at = _skip(text, max(end, at + 1), stop)


def read_deadlines(text: str, cell: Span, *, issued_on: date | None = None) -> tuple[FormDeadline, ...]:
    """The deadlines of a cell. `Dự kiến … (chậm nhất …)` is the latter: an intention binds nobody."""
    passage = fold_passage(text, _parts(text, cell))
    expressions = join_recurring(read_deadline_cell(passage.text), passage.text)
    if issued_on is not None:
        expressions = tuple(with_year(expression, issued_on) for expression in expressions)
    expressions = tuple(expression for expression in expressions if expression.kind != Kind.PARTIAL)
    return tuple(
        FormDeadline(expression.due, *passage.span(expression.start, expression.end), expression.rule)
        for expression in _binding(passage.text, expressions)
    )


def _parts(text: str, cell: Span) -> list[Span]:
    """A cell taken apart at HTML line breaks."""
    parts: list[Span] = []
    begin = cell[0]
    for found in _LINE_BREAK.finditer(text, *cell):
        parts.append((begin, found.start()))
        begin = found.end()
    return [*parts, (begin, cell[1])]


def _binding(text: str, expressions: Sequence[DeadlineExpression]) -> Sequence[DeadlineExpression]:
    words = [text[expression.start : expression.end].lower() for expression in expressions]
    if not any("chậm nhất" in word or "muộn nhất" in word for word in words):
        return expressions
    return [
        expression
        for place, expression in enumerate(expressions)
        if "dự kiến" not in text[max(0, expression.start - 10) : expression.end].lower()
        or "nhất" in words[place]
    ]


def _skip(text: str, at: int, stop: int) -> int:
    while at < stop and (text[at] in _LOOSE or text.startswith("và ", at)):
        at += 3 if text.startswith("và ", at) else 1
    return min(at, stop)


def _known_bodies(finder: BodyFinder, at: int, stop: int) -> tuple[list[str], int]:
    """The known bodies at the head of the list that begins here, and where they and their words end."""
    bodies = finder.read_list(at, stop)
    keys: list[str] = []
    end = at
    for member in bodies.members if bodies is not None else ():
        if not member.is_known:
            return keys, end
        keys.append(member.key)
        end = member.end
    return keys, _described_end(finder, end, stop) if keys else at


def _described_end(finder: BodyFinder, at: int, stop: int) -> int:
    """Past words that describe the last body (`có liên quan`), to the next separator or name."""
    end = _part_end(finder, at, stop)
    return next((name for name in sorted(finder.names) if at < name < end), end)


def _part_end(finder: BodyFinder, at: int, stop: int) -> int:
    """The end of a name: a comma, or an `và` with another body behind it."""
    text = finder.passage.text
    for found in _PART_END.finditer(text, at + 1, stop):
        if text[found.start()] in ",;" or found.end() in finder.names or KIND.match(text, found.end(), stop):
            return found.start()
    return stop


def _add_unknown(keys: list[str], words: str) -> None:
    """`UBND xã, phường, đặc khu` and `các cơ quan, đơn vị, địa phương` are one body each, not three."""
    if not words:
        return
    goes_on = words[0].islower() and not words.startswith(("các ", "những ", "ủy ban"))
    if goes_on and keys and keys[-1].startswith("other:"):
        keys[-1] = f"{keys[-1]}, {words}"
    else:
        keys.append(f"other:{words}")
