"""One document: which part of it is read, and its blocks turned into rows."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.core.text import fold_spaces, plain_letters
from tracker.extraction.finders.blocks import (
    Block,
    find_blocks,
    may_be_dated,
    tells_what_was,
    with_items_above,
)
from tracker.extraction.finders.confidence import confidence_of, lies_before
from tracker.extraction.finders.coverage import CoverageAccount
from tracker.extraction.finders.deadlines import find_deadlines, tells_unread_time
from tracker.extraction.finders.documents import DocumentHead
from tracker.extraction.finders.duties import read_block
from tracker.extraction.finders.forms import FormDuty
from tracker.extraction.finders.labelled import labelled_duties
from tracker.extraction.finders.lines import Line, furniture
from tracker.extraction.finders.names import NameIndex, compare_words
from tracker.extraction.finders.passages import Passage, fold_passage
from tracker.extraction.finders.readings import BlockReading, Setting, Unit
from tracker.extraction.finders.sections import Section, find_section, text_end
from tracker.extraction.finders.source import Source
from tracker.extraction.finders.tables import Table, find_tables, table_duties
from tracker.extraction.types import ExtractedClause, ExtractedDocument, ExtractedDuty, Scope

_DEADLINE_ALONE = 100  # a paragraph that only tells a time is shorter
_FEW_LETTERS = 12  # less is no quote
_REPORTS = frozenset({"bao-cao"})


class DocumentReader:
    """Reads one document of a text: which part of it, block after block."""

    def __init__(
        self, text: str, source: Source, lines: Sequence[Line], head: DocumentHead, index: NameIndex
    ) -> None:
        self.text = text
        self.source = source
        self.lines = lines
        self.head = head
        self.index = index
        self.issuers = self._issuers()
        self.account = CoverageAccount(text, source, index)
        self.clauses: list[ExtractedClause] = []
        self.duties: list[ExtractedDuty] = []
        self._passages: dict[int, Passage] = {}
        self.work_above: ExtractedDuty | None = None  # undated work that ends the block above

    def read(self) -> ExtractedDocument:
        """The document with its clauses, its duties and its coverage account."""
        if self.head.kind not in _REPORTS:
            self._read_parts()
        start, end = (self.lines[0].start, self.lines[-1].end) if self.lines else (0, 0)
        return ExtractedDocument(
            number=self.head.number,
            kind=self.head.kind,
            issuer=self.head.issuer,
            issued_on=self.head.issued_on,
            subject=self.head.subject,
            secrecy=self.head.secrecy,
            start=self.source.original(start),
            end=self.source.original(end),
            clauses=tuple(self.clauses),
            duties=tuple(self.duties),
            coverage=self.account.close(self.duties, self.lines),
        )

    def _read_parts(self) -> None:
        """Read the section and the dated assignments before it; without one, the directive's items."""
        dropped = furniture(self.lines)
        tables = self._tables(dropped)
        section = find_section(self.lines, dropped)
        scope = Scope.SECTION if section else Scope.DIRECTIVE
        if section is None:
            section = Section(-1, 0, text_end(self.lines, dropped), "")
        else:
            before = find_blocks(self.lines[: section.heading], dropped[: section.heading])
            self._read_blocks(before, Scope.BODY)
        inside = slice(section.first, section.last)
        blocks = find_blocks(self.lines[inside], dropped[inside], base=section.base)
        self._read_blocks(_without_preamble(blocks) if scope is Scope.DIRECTIVE else blocks, scope)
        self._read_tables(tables, section, scope)

    def _issuers(self) -> frozenset[str]:
        """The keys of the bodies that issue the document: what they `giao`, others do."""
        named = fold_spaces(self.head.issuer)
        found = self.index.find(named, compare_words(named, plain_letters(named)))
        return frozenset(name.key for name in found.values())

    def _read_blocks(self, blocks: Sequence[Block], scope: Scope) -> None:
        """Read some blocks. Before the section only those that may be dated assignments are read:

        "a block before it that names the body that must act and carries an explicit deadline".
        """
        readings: dict[int, BlockReading] = {}
        self._passages.clear()  # keyed by identity: only as long as these blocks live
        dated = self._dated(blocks) if scope is Scope.BODY else None
        last_item = max((at for at, block in enumerate(blocks) if block.kind != "paragraph"), default=-1)
        forms, labelled = labelled_duties(self.source.text, blocks, self.index, issued_on=self.head.issued_on)
        self._add_forms((form for form in forms if scope is not Scope.BODY or form.due != "none"), scope)
        for at, block in enumerate(blocks):
            known = len(self.duties)
            if at not in labelled and (dated is None or id(block) in dated):
                self._read_block(block, readings, scope, closes=at > last_item)
            if len(self.duties) > known or (scope is not Scope.BODY and at not in labelled):
                self.clauses.append(self._clause(block))

    def _read_block(
        self, block: Block, readings: dict[int, BlockReading], scope: Scope, *, closes: bool
    ) -> None:
        """Read one block; `closes`: it stands after the last item."""
        passage = self._passage(block)
        above = _item_above(block, readings)
        setting = Setting(self.index, self.issuers, self.head.issued_on).under(above)
        told = scope is Scope.DIRECTIVE and tells_what_was(self.source.text, block)
        reading = readings[id(block)] = BlockReading() if told else read_block(passage, setting)
        self.account.add_block(block, passage, reading, scope)
        if block.kind == "paragraph" and reading.head_leads:
            _hand_up(readings.get(id(block.parent)), reading)
            block.path = "end" if closes else block.path
        shared = Counter(unit.sentence for unit in reading.units if unit.deadline is not None)
        found = [
            self._duty(unit, passage, block, scope, shares_sentence=shared[unit.sentence] > 1)
            for unit in reading.units
        ]
        if reading.only_deadline and len(found) == 1 and self._date_work_above(found[0], scope):
            return
        self.work_above = found[-1] if found and found[-1].due == "none" else None
        self.duties += [duty for duty in found if scope is not Scope.BODY or _is_dated(duty)]

    def _date_work_above(self, deadline: ExtractedDuty, scope: Scope) -> bool:
        """Give the deadline of a paragraph of its own to the undated work of the block above.

        "A deadline that is a sentence of its own … reaches the sentence before."
        """
        work, self.work_above = self.work_above, None
        if work is None or work.leads != deadline.leads:
            return False
        dated = replace(
            work,
            due=deadline.due,
            end=deadline.end,
            quote=fold_spaces(self.text[work.start : deadline.end]),
            due_text=deadline.due_text,
            due_start=deadline.due_start,
            due_end=deadline.due_end,
            confidence=min(work.confidence, deadline.confidence),
            rules=tuple(dict.fromkeys((*work.rules[:-1], "deadline-stands-alone", *deadline.rules[-1:]))),
        )
        if self.duties and self.duties[-1] is work:
            self.duties.pop()
        self.duties += [dated] if scope is not Scope.BODY or _is_dated(dated) else []
        return True

    def _dated(self, blocks: Sequence[Block]) -> set[int]:
        """The ids of the blocks that hold a deadline, and of the items above them, which may say who acts."""
        source = self.source.text
        likely = [at for at, block in enumerate(blocks) if may_be_dated(source, block)]
        dated = [at for at in likely if find_deadlines(self._passage(blocks[at]).text)]
        alone = [at for at in dated if at and blocks[at].end - blocks[at].start < _DEADLINE_ALONE]
        chosen = (blocks[at] for at in (*dated, *(at - 1 for at in alone)))
        return {id(item) for block in chosen for item in with_items_above(block)}

    def _passage(self, block: Block) -> Passage:
        """A block as one folded line; kept, since dated blocks are looked at twice."""
        passage = self._passages.get(id(block))
        if passage is None:
            passage = self._passages[id(block)] = fold_passage(self.source.text, block.pieces)
        return passage

    def _clause(self, block: Block) -> ExtractedClause:
        return ExtractedClause(block.path, self.source.original(block.start), self.source.original(block.end))

    def _tables(self, dropped: list[bool]) -> list[Table]:
        """The tables of assignments; their lines are taken out, since they are read by columns."""
        if not self.lines:
            return []
        tables = find_tables(self.source.text, self.lines[0].start, self.lines[-1].end)
        for table in tables:
            first = bisect_left(self.lines, table.start, key=lambda line: line.end)
            last = bisect_left(self.lines, table.end, key=lambda line: line.start)
            dropped[first:last] = [True] * (last - first)
        return tables

    def _read_tables(self, tables: Sequence[Table], section: Section, scope: Scope) -> None:
        """Rows of an annex stand outside the section, those of a table inside it belong to it."""
        first, last = self.lines[section.first].start, self.lines[section.last - 1].end
        for form in table_duties(self.source.text, tables, self.index, issued_on=self.head.issued_on):
            inside = scope is not Scope.SECTION or first <= form.start < last
            self._add_forms([form], scope if inside else Scope.BODY)

    def _add_forms(self, forms: Iterable[FormDuty], scope: Scope) -> None:
        """The duties of forms; a form, or a row of a table, is a clause of its own."""
        for form in forms:
            duty = form.as_duty(self.text, self.source, document=self.head.number, scope=scope)
            self.duties.append(duty)
            place = ExtractedClause(duty.clause, duty.start, duty.end)
            if place not in self.clauses[-1:]:  # two deadlines, one clause
                self.clauses.append(place)

    def _duty(
        self, unit: Unit, passage: Passage, block: Block, scope: Scope, *, shares_sentence: bool
    ) -> ExtractedDuty:
        first, last = _unbroken(unit, passage)
        start, end = self._place(passage, first, last)
        due_start, due_end = -1, -1
        if unit.deadline is not None:
            due_start, due_end = self._place(passage, unit.deadline.start, unit.deadline.end)
        return ExtractedDuty(
            document=self.head.number,
            scope=scope,
            clause=block.path,
            leads=unit.leads,
            coordinators=tuple(key for key in unit.coordinators if key not in unit.leads),
            due=unit.deadline.due if unit.deadline else "none",
            quote=fold_spaces(self.text[start:end]),
            start=start,
            end=end,
            due_text=fold_spaces(self.text[due_start:due_end]) if unit.deadline else "",
            due_start=due_start,
            due_end=due_end,
            confidence=confidence_of(
                unit.leads,
                unit.rules,
                outside_section=scope is Scope.BODY,
                sentence=unit.sentence,
                length=unit.end - unit.start,
                is_cut=last - first < unit.end - unit.start,
                shares_part=shares_sentence,
                is_bygone=unit.deadline is not None and lies_before(unit.deadline.due, self.head.issued_on),
                unread_time=unit.deadline is None and tells_unread_time(passage.text[unit.start : unit.end]),
            ),
            rules=unit.rules,
        )

    def _place(self, passage: Passage, start: int, end: int) -> tuple[int, int]:
        """The place in the given text of letters `start`..`end` of a passage."""
        first, last = passage.span(start, end)
        return self.source.original(first), self.source.original(last)


def _without_preamble(blocks: Sequence[Block]) -> list[Block]:
    """A directive is read from its first numbered item on; what stands before gives the reasons."""
    first = next((at for at, block in enumerate(blocks) if block.kind not in ("paragraph", "bullet")), None)
    if first is None:
        first = next((at for at, block in enumerate(blocks) if block.kind == "bullet"), 0)
    return list(blocks[first:])


def _is_dated(duty: ExtractedDuty) -> bool:
    """Whether a duty outside the section is an assignment: somebody known is to act by a time."""
    return duty.due != "none" and any(not key.startswith("other:") for key in duty.leads)


def _hand_up(parent: BlockReading | None, reading: BlockReading) -> None:
    """A lead-in that names its bodies and ends with a colon speaks for the items that follow it."""
    if parent is not None and reading.leads_in:
        parent.head_leads, parent.head_coordinators = reading.head_leads, reading.head_coordinators
        parent.names_nobody, parent.leads_in = False, True


def _item_above(block: Block, readings: dict[int, BlockReading]) -> BlockReading | None:
    """The reading of the nearest item above that names its bodies at its head; none if one names nobody."""
    parent = block.parent
    while parent is not None:
        reading = readings.get(id(parent))
        if reading is None or reading.names_nobody:
            return None
        if reading.head_leads:
            return reading
        parent = parent.parent
    return None


def _unbroken(unit: Unit, passage: Passage) -> tuple[int, int]:
    """The letters to be quoted: up to the first seam, or the stretch that holds the deadline."""
    seams = passage.seams[bisect_left(passage.seams, unit.start + 1) : bisect_left(passage.seams, unit.end)]
    pieces = list(itertools.pairwise([unit.start, *seams, unit.end]))
    if unit.deadline is not None:
        pieces = [piece for piece in pieces if piece[0] <= unit.deadline.start < piece[1]] or pieces
    start, end = next((piece for piece in pieces if piece[1] - piece[0] > _FEW_LETTERS), pieces[0])
    while start < end - 1 and passage.text[start] == " ":
        start += 1
    while end > start + 1 and passage.text[end - 1] == " ":
        end -= 1
    return start, end
