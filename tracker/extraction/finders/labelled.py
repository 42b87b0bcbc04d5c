"""Duties in labelled form: `Đơn vị chủ trì: … Cơ quan phối hợp: … Thời gian hoàn thành: …`.

The labels stand behind the action, in its own block or in blocks of their own (paragraphs, bullets
or letters under it), in any order; `Nhiệm vụ:` or `Nội dung:` may name the action too. Labels of
other things (`Sản phẩm:`, `Kinh phí:`) belong to the form and are passed over. The quote runs from
the action to the last label that counts, so that it holds the deadline's words; where page
furniture stands between, it holds the action alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.extraction.finders.blocks import Block
from tracker.extraction.finders.forms import FormDuty, Span, fold_cell, read_bodies, read_deadlines
from tracker.extraction.finders.names import NameIndex
import itertools

_END = r"[\s*_]{0,6}:[\s*_]{0,6}"
_MORE = r"(?:\s{1,3}(?!chủ|phối)[a-zà-ỹđ,]{1,10}){0,4}"
_WHO = r"(?:đơn\s{1,3}vị|cơ\s{1,3}quan|tổ\s{1,3}chức|bộ\s{1,3}phận|cấp)"
_LABEL = re.compile(
    rf"(?:(?P<lead>(?:{_WHO}\s{{1,3}})?(?:chủ\s{{1,3}}trì|đầu\s{{1,3}}mối)|{_WHO}\s{{1,3}}(?:được\s{{1,3}}giao\s{{1,3}})?"
    rf"(?:thực\s{{1,3}}hiện|chịu\s{{1,3}}trách\s{{1,3}}nhiệm|tham\s{{1,3}}mưu)){_MORE}"
    rf"|(?P<coordinator>(?:{_WHO}\s{{1,3}})?phối\s{{1,3}}hợp){_MORE}"
    rf"|(?P<time>(?:thời\s{{1,3}}(?:gian|hạn)|tiến\s{{1,3}}độ|hạn)){_MORE}"
    rf"|(?P<task>nhiệm\s{{1,3}}vụ|nội\s{{1,3}}dung|công\s{{1,3}}việc){_MORE}"
    rf"|(?P<other>sản\s{{1,3}}phẩm|kết\s{{1,3}}quả|thành\s{{1,3}}phần|kinh\s{{1,3}}phí|nguồn|địa\s{{1,3}}điểm|hình\s{{1,3}}thức"
    rf"|cấp\s{{1,3}}trình|đối\s{{1,3}}tượng){_MORE}){_END}",
    re.IGNORECASE,
)
_STANDS_FIRST = re.compile(r"(?:^|[.;:)•\n]|[-–+])[\s*_(]{0,6}$")
_NEARBY = 24
_MARKER = 16
_HAS_WORDS = re.compile(r"\w")


class Label(StrEnum):
    """What a label names."""

    LEAD = "lead"
    COORDINATOR = "coordinator"
    TIME = "time"
    TASK = "task"
    OTHER = "other"


@dataclass(slots=True)
class _Form:
    """An action with the labels met so far."""

    clause: str
    action: Span
    places: list[int]
    is_open: bool = False
    values: dict[Label, Span] = field(default_factory=dict)
    end: int = -1


def labelled_duties(
    text: str, blocks: Sequence[Block], index: NameIndex, *, issued_on: date | None = None
) -> tuple[list[FormDuty], set[int]]:
    """The duties of labelled forms among some blocks, and the places in `blocks` of what they took.

    Undated forms come too, with `due` `none`: whether they count is for the scope to say. A block
    that is taken must not be read as a sentence again.
    """
    duties: list[FormDuty] = []
    taken: set[int] = set()
    for form in _forms(text, blocks):
        if Label.LEAD in form.values:
            duties.extend(_form_duties(text, blocks, form, index, issued_on))
            taken.update(form.places)
    return duties, taken


def _forms(text: str, blocks: Sequence[Block]) -> Iterator[_Form]:
    form: _Form | None = None
    for place, block in enumerate(blocks):
        labels = _labels(text, block)
        head = (block.start, labels[0][1] if labels else block.end)
        if _HAS_WORDS.search(text, *head):
            if form is not None and form.is_open and not labels:
                _extend(form, place, block)
                continue
            if form is not None:
                yield form
            form = _Form(block.path, head, [place])
        elif form is not None and labels:
            form.places.append(place)
        for number, (label, _, value_start) in enumerate(labels):
            value_end = labels[number + 1][1] if number + 1 < len(labels) else block.end
            begun = _fill(form, label, (value_start, value_end), block, place)
            if begun is not form and form is not None:
                yield form
            form = begun
    if form is not None:
        yield form


def _fill(form: _Form | None, label: Label, value: Span, block: Block, place: int) -> _Form | None:
    """Put a label's words into the form; a new form begins with a task, or with a second lead."""
    if label is Label.TASK:
        return _Form(block.path, value, [place], is_open=True)
    if form is None:
        return None
    form.is_open = False
    if label is Label.OTHER or value[0] >= value[1]:
        return form
    if label in form.values and label is Label.LEAD:
        form = _Form(form.clause, form.action, [*form.places, place])
    form.values.setdefault(label, value)
    form.end = max(form.end, value[1])
    return form


def _extend(form: _Form, place: int, block: Block) -> None:
    """Bullets under `Nhiệm vụ:` go on with the action."""
    form.action = (min(form.action[0], block.start), block.end)
    form.places.append(place)


def _labels(text: str, block: Block) -> list[tuple[Label, int, int]]:
    """The labels of a block: what each names, where it begins, where its value begins."""
    if text.find(":", block.start, block.end) < 0:
        return []
    found: list[tuple[Label, int, int]] = []
    for match in _LABEL.finditer(text, block.start, block.end):
        before = text[max(block.start, match.start() - _NEARBY) : match.start()]
        if match.lastgroup is not None and _STANDS_FIRST.search(before):
            found.append((Label(match.lastgroup), match.start(), match.end()))
    return found


def _form_duties(
    text: str, blocks: Sequence[Block], form: _Form, index: NameIndex, issued_on: date | None
) -> Iterator[FormDuty]:
    leads = read_bodies(index, fold_cell(text, form.values[Label.LEAD]))
    others = form.values.get(Label.COORDINATOR)
    coordinators = read_bodies(index, fold_cell(text, others)) if others else ()
    coordinators = tuple(key for key in coordinators if key not in leads)
    start, end = _quote(text, blocks, form)
    time = form.values.get(Label.TIME)
    deadlines = read_deadlines(text, time, issued_on=issued_on) if time else ()
    if not leads or start >= end:
        return
    if not deadlines:
        yield FormDuty(form.clause, leads, coordinators, "none", start, end, -1, -1, ("labelled",))
    for deadline in deadlines:
        rules = ("labelled", f"deadline:{deadline.rule}")
        yield FormDuty(
            form.clause, leads, coordinators, deadline.due, start, end, deadline.start, deadline.end, rules
        )


def _quote(text: str, blocks: Sequence[Block], form: _Form) -> Span:
    """From the action to the last label, unbroken; else the action alone."""
    start, end = _trimmed(text, *form.action)
    last = form.end
    pieces = [piece for place in sorted(set(form.places)) for piece in blocks[place].pieces]
    inside = [piece for piece in pieces if piece[0] < last and piece[1] > start]
    whole = all(two[0] - one[1] <= _MARKER for one, two in itertools.pairwise(inside))
    return _trimmed(text, start, max(end, last)) if whole and last > end else (start, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    inner = words.strip(" \t\r\n*_")
    begin = start + words.find(inner)
    return begin, begin + len(inner)
