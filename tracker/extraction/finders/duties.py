"""The duties of one block: sentences → parts → units of work → rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.extraction.finders.bodies import BodyFinder
from tracker.extraction.finders.coordinators import Coordination, read_coordinations
from tracker.extraction.finders.deadlines import DeadlineExpression, find_deadlines, join_recurring, with_year
from tracker.extraction.finders.parts import divide_sentence
from tracker.extraction.finders.passages import Passage
from tracker.extraction.finders.reach import Stretch, divide_part, stands_alone
from tracker.extraction.finders.readings import BlockReading, Setting, Unit
from tracker.extraction.finders.roles import Subject, read_subject
from tracker.extraction.finders.sentences import split_sentences

_CIRCULATION = re.compile(
    r"(?:[\wÀ-ỹ]+ ){1,4}(?:này )?(?:được )?phổ biến(?:, [\wÀ-ỹ ]{2,30})? (?:đến|tới)|"
    r".{0,80}có hiệu lực (?:kể )?từ ngày|"
    r".{0,60}trân trọng (?:thông báo|báo cáo)|trên đây là ",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(r"(?:sau|sau đây|như sau|cụ thể|dưới đây)\s?:\s?$")
# The closing formula that invites whoever meets difficulties to report them.
_DIFFICULTIES = re.compile(
    r"(?:trong )?quá trình (?:tổ chức |triển khai )*thực hiện[^.;]{0,60}(?:khó khăn|vướng mắc|phát sinh)",
    re.IGNORECASE,
)
_DIRECTS = re.compile(r"(?:chỉ đạo|lãnh đạo)\s?:\s?$", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"cấp ủy|chính quyền|các cấp|các ngành|hệ thống chính trị|cơ quan, đơn vị|toàn thể", re.IGNORECASE
)
_LAST_WORDS = re.compile(r"trong đó,? (?:cần )?tập trung[^;]{0,120}:\s?$")
_SHORT_LEAD_IN = 9
_LONGEST = 8000  # a longer sentence is no sentence: a table or a broken file


def read_block(passage: Passage, setting: Setting) -> BlockReading:
    """Read one block."""
    return _BlockReader(passage, setting).read()


class _BlockReader:
    def __init__(self, passage: Passage, setting: Setting) -> None:
        self.passage = passage
        self.text = passage.text
        self.setting = setting
        self.finder = BodyFinder(setting.index, passage)
        self.reading = BlockReading()
        self.leads = setting.leads
        self.head_coordinators: dict[tuple[str, ...], tuple[str, ...]] = {}
        if setting.leads and setting.coordinators:
            self.head_coordinators[setting.leads] = setting.coordinators
        self.lead_rule = "lead-inherited" if setting.leads else ""

    def read(self) -> BlockReading:
        for number, (start, end) in enumerate(split_sentences(self.text)):
            if _CIRCULATION.match(self.text, start, end):
                self.reading.circulates = True
            elif end - start <= _LONGEST:
                self._read_sentence(number, start, end)
        self.reading.leads_in = self.text.rstrip().endswith(":")
        if self.reading.leads_in and self.leads:
            self.reading.head_leads = self.leads  # the sentence that leads in speaks for the items below
        self.reading.directs = bool(_DIRECTS.search(self.text))
        self.reading.units = merge_undated(self.reading.units)
        self.reading.bodies = self.finder.outermost_keys()
        return self.reading

    def _read_sentence(self, number: int, start: int, end: int) -> None:
        deadlines = self._deadlines(start, end)
        self.reading.deadlines += deadlines
        continued = bool(self.leads) and bool(self.reading.units)
        subject = read_subject(self.finder, start, end, self.setting.issuers, continued=continued)
        if subject is None and number == 0 and _DIFFICULTIES.match(self.text, start, end):
            return
        if self.setting.directed and number == 0:
            subject = None  # `UBND tỉnh chỉ đạo:` – who is named below is being directed
        begin = self._take(subject, number, start, end)
        if begin >= end:
            self.reading.head_only = number == 0
            return
        first_unit = len(self.reading.units)
        named: tuple[str, ...] = ()
        for at, (part_start, part_end) in enumerate(divide_sentence(self.finder, begin, end, deadlines)):
            own = part_start
            if at:
                inner = read_subject(
                    self.finder, part_start, part_end, self.setting.issuers, continued=bool(self.leads)
                )
                own = self._take(inner, number, part_start, part_end)
                if inner is not None:
                    named = ()
                if own >= part_end:
                    continue
            inside = [item for item in deadlines if own <= item.start < part_end]
            opening = self._opening(deadlines, part_start if at else start, own)
            named = self._read_part(
                number, (own, part_end), inside, opening, first_unit, named, is_first=number == 0 and at == 0
            )

    def _opening(
        self, deadlines: Sequence[DeadlineExpression], start: int, own: int
    ) -> list[DeadlineExpression]:
        """The deadlines before a subject that are its own: not those of a body named before them.

        `Căn cứ đề xuất của Sở A trước ngày 31/3, Sở B …`: by then A proposes.
        """
        opening = [item for item in deadlines if start <= item.start < own]
        return [item for item in opening if not self._is_anothers(item, start)]

    def _is_anothers(self, item: DeadlineExpression, start: int) -> bool:
        """Whether a body is named in the same clause before a deadline."""
        clause = item.start
        while clause > start and (self.text[clause - 1] not in ",;:(" or self.finder.is_inside_name(clause)):
            clause -= 1
            if clause in self.finder.names:
                return True
        return False

    def _deadlines(self, start: int, end: int) -> list[DeadlineExpression]:
        sentence = self.text[start:end]
        found = join_recurring(find_deadlines(sentence), sentence)
        if self.setting.issued_on is not None:
            found = tuple(with_year(item, self.setting.issued_on) for item in found)
        return [
            replace(item, start=item.start + start, end=item.end + start)
            for item in found
            if item.kind != "partial"
        ]

    def _take(self, subject: Subject | None, number: int, start: int, end: int) -> int:
        """Make a subject the acting body; returns where its predicate begins."""
        if subject is None:
            return start
        if subject.rule == "narrative":
            return end
        if subject.bodies is None or (subject.rule == "lead-demanded" and self._is_everybody(subject, end)):
            self.leads, self.lead_rule = (), ""
            self.reading.names_nobody = True
            return end if self._ends_in_colon(end) else subject.end
        self.leads, self.lead_rule = subject.keys, subject.rule
        if number == 0 and not self.reading.units and not self.reading.head_leads:
            self.reading.head_leads = subject.keys
        return subject.end

    def _ends_in_colon(self, end: int) -> bool:
        return self.text[max(0, end - 2) : end].rstrip().endswith(":")

    def _is_everybody(self, subject: Subject, end: int) -> bool:
        """A lead-in that addresses everybody "names nobody: nothing inherits from it"."""
        if subject.bodies is None or not self._ends_in_colon(end):
            return subject.bodies is None
        words = self.text[subject.bodies.start : subject.bodies.end]
        return bool(_EVERYBODY.search(words)) or not subject.bodies.is_known

    def _read_part(
        self,
        number: int,
        part: tuple[int, int],
        inside: Sequence[DeadlineExpression],
        opening: Sequence[DeadlineExpression],
        first_unit: int,
        named: tuple[str, ...],
        *,
        is_first: bool,
    ) -> tuple[str, ...]:
        """Units of one part of a sentence; returns the coordinators that reach on in the sentence."""
        start = part[0]
        end = self._without_lead_in(*part)
        coordinations = read_coordinations(self.finder, start, end)
        if is_first and coordinations and self.leads and self._only_leads_in(start, end, coordinations):
            self.reading.head_coordinators = _joined(*(item.keys for item in coordinations))
            return named
        if is_first and coordinations and coordinations[0].leading and self.leads:
            self.head_coordinators[self.leads] = coordinations[0].keys
            if self.leads in (self.reading.head_leads, self.setting.leads):
                self.reading.head_coordinators = coordinations[0].keys
        alone = bool(inside) and not opening and stands_alone(self.text, start, end, inside)
        if alone and self._reach_back(number, end, inside, first_unit):
            return named
        self.reading.only_deadline = alone and len(inside) == 1 and number == 0 and is_first
        for stretch in divide_part(self.text, start, end, inside, opening=opening):
            named = _joined(named, self._named_in(coordinations, stretch))
            self._add(number, stretch, named)
        return named

    def _without_lead_in(self, start: int, end: int) -> int:
        match = _LAST_WORDS.search(self.text, start, end)
        return match.start() if match else end

    @staticmethod
    def _named_in(coordinations: Iterable[Coordination], stretch: Stretch) -> tuple[str, ...]:
        return _joined(*(item.keys for item in coordinations if stretch.start <= item.start < stretch.end))

    def _add(self, number: int, stretch: Stretch, named: tuple[str, ...]) -> None:
        start, end = _trimmed(self.text, stretch.start, stretch.end)
        if end <= start or (not self.leads and stretch.deadline is None):
            return
        if stretch.deadline is None and self._only_leads_in(start, stretch.end):
            return
        coordinators = _joined(self.head_coordinators.get(self.leads, ()), named)
        rules = tuple(
            filter(None, (self.lead_rule, stretch.rule, stretch.deadline.rule if stretch.deadline else ""))
        )
        self.reading.units.append(Unit(start, end, self.leads, coordinators, stretch.deadline, rules, number))

    def _only_leads_in(self, start: int, end: int, coordinations: Sequence[Coordination] = ()) -> bool:
        """`chỉ đạo:`, `thực hiện các nhiệm vụ sau:`: the work itself stands in the items below."""
        words = self.text[start:end].rstrip()
        if not words.endswith(":"):
            return False
        named = sum(self.text.count(" ", item.start, min(item.end, end)) for item in coordinations)
        return bool(_LEAD_IN.search(words)) or words.count(" ") - named < _SHORT_LEAD_IN

    def _reach_back(
        self, number: int, end: int, deadlines: Sequence[DeadlineExpression], first_unit: int
    ) -> bool:
        """Give deadlines that stand alone to the undated work before them.

        "unless the deadline stands alone after it …: then it reaches the whole sentence. A deadline
        that is a sentence of its own … reaches the sentence before."
        """
        units = self.reading.units
        sentence = number if len(units) > first_unit else units[-1].sentence if units else -1
        first = len(units)
        while first and _same_work(units[first - 1], sentence, self.leads):
            first -= 1
        reached = units[first:]
        if not reached:
            return False
        coordinators = _joined(*(unit.coordinators for unit in reached))
        stop = _trimmed(self.text, deadlines[0].start, end)[1]
        units[first:] = [
            replace(
                reached[0],
                end=stop,
                coordinators=coordinators,
                deadline=deadline,
                rules=tuple(dict.fromkeys((*reached[0].rules[:-1], "deadline-stands-alone", deadline.rule))),
                sentence=number,
            )
            for deadline in deadlines
        ]
        return True


def _same_work(unit: Unit, sentence: int, leads: tuple[str, ...]) -> bool:
    """Whether a unit is undated work of a sentence and its bodies."""
    return unit.sentence == sentence and unit.deadline is None and unit.leads == leads


def merge_undated(units: Sequence[Unit]) -> list[Unit]:
    """ "All the actions of the block that have no deadline, with the same lead bodies, are one duty." """
    merged: list[Unit] = []
    undated: dict[tuple[str, ...], int] = {}
    for unit in units:
        if unit.deadline is not None or unit.leads not in undated:
            if unit.deadline is None:
                undated[unit.leads] = len(merged)
            merged.append(unit)
            continue
        at = undated[unit.leads]
        before = merged[at]
        merged[at] = replace(
            before,
            end=max(before.end, unit.end),
            coordinators=_joined(before.coordinators, unit.coordinators),
            rules=tuple(dict.fromkeys((*before.rules, *unit.rules))),
        )
    return merged


def _joined(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for group in groups for key in group))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without separators at either end."""
    while start < end and text[start] in " ,;:.–-+/":
        start += 1
    while end > start and text[end - 1] in " ,;:/":
        end -= 1
    return start, end
