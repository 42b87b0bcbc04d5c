"""What was not read of a document: every entry is a question to the person who reviews."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.core.text import fold_spaces
from tracker.extraction.finders.blocks import Block
from tracker.extraction.finders.lines import Line, recipient_lines
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.passages import Passage as Folded
from tracker.extraction.finders.passages import fold_passage
from tracker.extraction.finders.readings import BlockReading
from tracker.extraction.finders.source import Source
from tracker.extraction.types import Coverage, ExtractedDuty, Passage, Scope

_LONGEST_DEADLINE = 1000
_FEW_WORDS = 4  # a shorter block is a heading


@dataclass(slots=True)
class CoverageAccount:
    """Collects what blocks hold beside their duties; `close` gives the account."""

    text: str
    source: Source
    index: NameIndex
    blocks: list[Passage] = field(default_factory=list)
    deadlines: list[tuple[int, int]] = field(default_factory=list)
    named: dict[str, None] = field(default_factory=dict)

    def add_block(self, block: Block, passage: Folded, reading: BlockReading, scope: Scope) -> None:
        """Note a block that was read. One that only heads others has no duty of its own to miss."""
        if scope is Scope.BODY:
            return
        heads = reading.head_only or reading.leads_in or reading.circulates or block.capitals
        short = passage.text.count(" ") < _FEW_WORDS
        policy = scope is Scope.DIRECTIVE and not reading.bodies and not reading.deadlines
        if not reading.units and not heads and not short and not policy:
            self.blocks.append(self._passage(block.start, block.end))
        self.deadlines += [passage.span(item.start, item.end) for item in reading.deadlines]
        self.named.update(dict.fromkeys(reading.bodies))

    def close(self, duties: Sequence[ExtractedDuty], lines: Sequence[Line]) -> Coverage:
        """The account, once all duties of the document are known."""
        charged = {key for duty in duties for key in (*duty.leads, *duty.coordinators)}
        held = sorted((duty.due_start, duty.due_end) for duty in duties if duty.due_start >= 0)
        recipients = self._recipients(lines)
        return Coverage(
            blocks_without_duty=tuple(self.blocks),
            deadlines_without_duty=tuple(
                self._passage(start, end)
                for start, end in self.deadlines
                if not self._is_held(start, end, held)
            ),
            bodies_without_duty=tuple(key for key in self.named if key not in charged),
            recipients_without_duty=tuple(key for key in recipients if key not in charged),
        )

    def _is_held(self, start: int, end: int, held: Sequence[tuple[int, int]]) -> bool:
        """Whether a duty's deadline meets this one; deadlines are short, so that few come in question."""
        first, last = self.source.original(start), self.source.original(end)
        near = held[bisect_left(held, (first - _LONGEST_DEADLINE,)) : bisect_left(held, (last,))]
        return any(first < due_end for _, due_end in near)

    def _passage(self, start: int, end: int) -> Passage:
        first, last = self.source.original(start), self.source.original(end)
        return Passage(first, last, fold_spaces(self.text[first:last]))

    def _recipients(self, lines: Sequence[Line]) -> list[str]:
        """The bodies of the *Nơi nhận* lists, each once."""
        passage = fold_passage(self.source.text, [(line.start, line.end) for line in recipient_lines(lines)])
        return list(dict.fromkeys(self.index.outermost(passage.text, passage.plain)))
