"""Duties in labelled form: `Đơn vị chủ trì: … Cơ quan phối hợp: … Thời gian hoàn thành: …`.

The labels stand behind the action, in its own block or in blocks of their own (paragraphs, bullets
or letters under it), in any order; `Nhiệm vụ:` or `Nội dung:` may name the action too. Labels of
other things (`Sản phẩm:`, `Kinh phí:`) belong to the form and are passed over. The quote runs from
the action to the last label that counts, so that it holds the deadline's words; where page
furniture stands between, it holds the action alone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.core.text import fold_spaces
from tracker.extraction.finders.blocks import Block
from tracker.extraction.finders.forms import FormDuty, Span, heading_bodies, read_bodies, read_deadlines
from tracker.extraction.finders.names import NameIndex

_HAS_WORDS = re.compile(r"\w")
_BRACKETS = re.compile(r"\([^()]{0,40}\)")
_BOUNDARY = re.compile(r"[.;:)•+]|(?:^|(?<=\s))[-–](?=\s)")
_REACH = 72
_LONGEST_BLOCK = 8000  # what is longer is no form, but a text that lost its lines
_MARKER = 16
_WHO = "(?:đơn vị|cơ quan|tổ chức|bộ phận|cấp)"
_MORE = "(?: [a-zà-ỹđ,]{1,10}){0,4}"


class Label(StrEnum):
    """What a label names."""

    LEAD = "lead"
    COORDINATOR = "coordinator"
    TIME = "time"
    TASK = "task"
    OTHER = "other"


# Whole labels, small letters; in this order, since a body that works with others may also carry out.
_LABELS: tuple[tuple[Label, re.Pattern[str]], ...] = (
    (Label.COORDINATOR, re.compile(rf"(?:{_WHO} )?phối hợp{_MORE}")),
    (Label.LEAD, re.compile(rf"(?:{_WHO} )?(?:chủ trì|đầu mối){_MORE}")),
    (Label.LEAD, re.compile(rf"{_WHO} (?:được giao )?(?:thực hiện|chịu trách nhiệm|tham mưu){_MORE}")),
    (Label.TIME, re.compile(rf"(?:thời gian|thời hạn|tiến độ|hạn){_MORE}")),
    (Label.TASK, re.compile(rf"(?:nhiệm vụ|nội dung|công việc){_MORE}")),
    (
        Label.OTHER,
        re.compile(
            rf"(?:sản phẩm|kết quả|thành phần|kinh phí|nguồn|địa điểm|hình thức|cấp trình|đối tượng){_MORE}"
        ),
    ),
)


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
        leads = _leads(text, blocks, form, index)
        if leads:
            duties.extend(_form_duties(text, blocks, form, leads, index, issued_on))
            taken.update(form.places)
    return duties, taken


def _leads(text: str, blocks: Sequence[Block], form: _Form, index: NameIndex) -> tuple[str, ...]:
    """The bodies behind the label; without it those of the heading above, where only the time is told.

    `1.2. Sở Tài chính` … `- Mở lớp tập huấn.` … `Thời gian hoàn thành: Tháng 12/2025.`: "Sub-items
    under an item that names a body inherit that body".
    """
    if Label.LEAD in form.values:
        return read_bodies(index, text, form.values[Label.LEAD])
    if Label.TIME not in form.values or len(form.places) == 1:
        return ()
    parent = blocks[form.places[0]].parent
    while parent is not None:
        keys = heading_bodies(index, text, parent.pieces)
        if keys:
            return keys
        parent = parent.parent
    return ()


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
    found: list[tuple[Label, int, int]] = []
    if block.end - block.start > _LONGEST_BLOCK:
        return found
    colon = text.find(":", block.start, block.end)
    while colon >= 0:
        label = _label_before(text, colon, found[-1][2] if found else block.start)
        if label is not None:
            found.append((*label, min(colon + 1, block.end)))
        colon = text.find(":", colon + 1, block.end)
    return found


def _label_before(text: str, colon: int, start: int) -> tuple[Label, int] | None:
    """The label that a colon closes: the words back to a full stop, a dash or the block's beginning."""
    begin = max(start, colon - _REACH)
    window = _BRACKETS.sub(lambda found: " " * len(found[0]), text[begin:colon])
    cuts = [found.end() for found in _BOUNDARY.finditer(window)]
    cuts.append(window.rfind("\n") + 1)
    if begin == start:
        cuts.insert(0, 0)
    for cut in sorted(set(cuts[-2:] + cuts[:1]), reverse=True):
        words = fold_spaces(window[cut:]).strip("*_-– ").lower()
        label = next((label for label, pattern in _LABELS if pattern.fullmatch(words)), None)
        if label is not None:
            return label, begin + cut + len(window[cut:]) - len(window[cut:].lstrip(" \t\r\n*_-–"))
    return None


def _form_duties(
    text: str,
    blocks: Sequence[Block],
    form: _Form,
    leads: tuple[str, ...],
    index: NameIndex,
    issued_on: date | None,
) -> Iterator[FormDuty]:
    others = form.values.get(Label.COORDINATOR)
    coordinators = read_bodies(index, text, others) if others else ()
    coordinators = tuple(key for key in coordinators if key not in leads)
    start, end = _quote(text, blocks, form)
    time = form.values.get(Label.TIME)
    deadlines = read_deadlines(text, time, issued_on=issued_on) if time else ()
    if start >= end:
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
