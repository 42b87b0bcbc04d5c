"""How far a deadline reaches, and what is left undated: the parts of a block as units of work.

`extraction.md`, "What one duty is", 1–4: each deadline is a duty of its own; it reaches "over the
actions of its own sentence back to the last `;`, comma-joined actions included", or the whole
sentence "where the deadline stands alone after it", or "the sentence before" where it is a sentence
of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tracker.extraction.finders.deadlines import DeadlineExpression, Kind
from tracker.extraction.finders.words import ACTION

# Words around a deadline that name no action of their own: the deadline stands alone.
_ALONE_BEFORE = re.compile(
    r"(?:thời gian(?:\s[^\W\d_]{1,8}){1,4}:\s?)?"
    r"(?:(?:thời gian|thời hạn|hạn|tiến độ|phấn đấu|tổ chức|ban hành|thực hiện|triển khai|xây dựng|"
    r"hoàn thành|hoàn tất|hoàn chỉnh|xong|chậm nhất|trước|là|và|việc|đồng thời)[\s:,(]{0,3}){0,7}",
    re.IGNORECASE,
)
_ALONE_MARK = re.compile(
    r"xong|hoàn thành|hoàn tất|thời gian|thời hạn|chậm nhất|tiến độ|ban hành|hạn", re.IGNORECASE
)
_CONCERNING = re.compile(r"\s(?:đối với|cho|ở)\s[^,;.()]{1,40}")
_ALONE_BETWEEN = re.compile(rf"(?:{_CONCERNING.pattern})?[\s,]{{1,3}}(?:và\s)?")
_ALONE_AFTER = re.compile(r"[)\s]{0,3}(?:(?:phải |cần )?(?:xong|hoàn thành|hoàn tất)[)\s]{0,3})?(?:$|[.,(])")
_JOINED = re.compile(r"[\s,]{0,2}(?:và|hoặc|,|/)?\s?(?:định kỳ |vào |trước )?")
_CUT = re.compile(r"(?:\s?,\s?(?:và\s)?|\s(?:và|đồng thời)\s)(?=\S)")
_CLOSING = re.compile(r"[)”\s]{0,3}")
_LEADS_ON = re.compile(r"\s?,\s|\s")
_BESIDE = re.compile(r"[)”\s]{0,3}(?P<cut>,?\s(?:và )?đồng thời,?\s)(?=\S)")
_TAIL = 60  # `… vào quý II/2023 để rút kinh nghiệm, tổng kết …`: a deadline's action may run on so far
_OPENERS = re.compile(
    r"(?:[\s,:(–-]|đồng thời|và|định kỳ|từ năm \d{4}|phấn đấu|riêng|cụ thể)*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Letters `start`..`end` of a passage that one deadline governs, or that have none."""

    start: int
    end: int
    deadline: DeadlineExpression | None
    rule: str


def stands_alone(text: str, start: int, end: int, deadlines: Sequence[DeadlineExpression]) -> bool:
    """Whether a part of a sentence says nothing but its deadline (`hoàn thành trong tháng 6/2021`).

    Or its deadlines, each for somebody (`hoàn thành trước ngày D đối với cấp xã, trước ngày E đối với …`).
    """
    if any(deadline.kind != Kind.POINT for deadline in deadlines):
        return False
    gaps = [text[one.end : two.start] for one, two in pairwise(deadlines)]
    before, last = text[start : deadlines[0].start], deadlines[-1]
    if not _ALONE_BEFORE.fullmatch(before) or not all(_ALONE_BETWEEN.fullmatch(gap) for gap in gaps):
        return False
    concerned = _CONCERNING.match(text, last.end, end) if gaps else None
    after = _ALONE_AFTER.match(text, concerned.end() if concerned else last.end, end)
    words = text[deadlines[0].start : last.end]
    return after is not None and bool(_ALONE_MARK.search(before + words + after.group()))


def divide_part(
    text: str,
    start: int,
    end: int,
    deadlines: Sequence[DeadlineExpression],
    *,
    opening: Sequence[DeadlineExpression] = (),
) -> list[Stretch]:
    """Divide one part of a sentence (no `;` in it) among its deadlines.

    A deadline at the head of its action governs what follows; any other what stands before it.
    `opening` are those that stand before the sentence's subject (`Hằng năm, Sở … báo cáo`).
    """
    if opening:
        return _divide_opened(text, start, end, deadlines, opening)
    if not deadlines:
        return [Stretch(start, end, None, "undated")]
    stretches: list[Stretch] = []
    begin, at = start, 0
    while at < len(deadlines):
        group = _same_action(text, deadlines, at)
        at += len(group)
        following = deadlines[at] if at < len(deadlines) else None
        heads = _heads_action(text, begin, group, end)
        cut = 0 if heads else _heads_later_action(text, begin, group, end)
        if cut:
            stretches.append(Stretch(begin, cut, None, "undated"))
            begin, heads = group[0].start, True
        if following is not None:
            stop = _boundary(text, group[-1], following, heads=heads)
        else:
            stop = end if heads else _tail_end(text, group[-1], end)
        rule = "deadline-heads-action" if heads else "deadline-ends-action"
        stretches += [Stretch(begin, stop, deadline, rule) for deadline in group]
        begin = _past_separator(text, stop, end)
    if begin < end:
        stretches.append(Stretch(begin, end, None, "undated"))
    return stretches


def _divide_opened(
    text: str,
    start: int,
    end: int,
    deadlines: Sequence[DeadlineExpression],
    opening: Sequence[DeadlineExpression],
) -> list[Stretch]:
    """The first action belongs to what opens the sentence; the rest is divided as ever."""
    stop = _boundary(text, replace(opening[-1], end=start), deadlines[0], heads=True) if deadlines else end
    opened = [Stretch(start, stop, deadline, "deadline-opens-sentence") for deadline in opening]
    rest = _past_separator(text, stop, end)
    return opened + (divide_part(text, rest, end, deadlines) if deadlines else [])


def _past_separator(text: str, at: int, end: int) -> int:
    separator = _CUT.match(text, at, end)
    return separator.end() if separator else at


def _tail_end(text: str, last: DeadlineExpression, end: int) -> int:
    """`… (xong trong tháng 7), đồng thời vận động …`: the action that runs beside is not reached."""
    beside = _BESIDE.match(text, last.end, end)
    return beside.start("cut") if beside else end


def _same_action(text: str, deadlines: Sequence[DeadlineExpression], at: int) -> list[DeadlineExpression]:
    """`định kỳ 6 tháng và hằng năm thực hiện đánh giá`: deadlines side by side share their action."""
    group = [deadlines[at]]
    for deadline in deadlines[at + 1 :]:
        joint = _JOINED.fullmatch(text, group[-1].end, deadline.start)
        if joint is None or (group[-1].kind != deadline.kind and "và" not in joint.group()):
            break
        group.append(deadline)
    return group


def _heads_action(text: str, begin: int, group: Sequence[DeadlineExpression], end: int) -> bool:
    if not _OPENERS.fullmatch(text, begin, group[0].start):
        return False
    return group[-1].end < end - 1 and bool(_LEADS_ON.match(text, group[-1].end, end))


def _heads_later_action(text: str, begin: int, group: Sequence[DeadlineExpression], end: int) -> int:
    """The place before `, hằng năm báo cáo …`: an action with its deadline at its head, after another."""
    first = group[0]
    lead = _LEADS_ON.match(text, group[-1].end, end)
    if lead is None or not ACTION.match(text, lead.end(), end):
        return 0
    if first.kind != Kind.RECURRING or _ALONE_MARK.match(text, first.start, first.end):
        return 0
    cuts = _CUT.finditer(text, begin, first.start + 1)
    return next((cut.start() for cut in cuts if cut.end() == first.start), 0)


def _boundary(text: str, last: DeadlineExpression, following: DeadlineExpression, *, heads: bool) -> int:
    """Where the action of one deadline ends and that of the next begins."""
    cuts = [cut for cut in _CUT.finditer(text, last.end, following.start + 1) if cut.end() <= following.start]
    if heads:
        actions = [cut for cut in cuts if ACTION.match(text, cut.end()) or cut.end() == following.start]
        return actions[-1].start() if actions else last.end
    closing = _CLOSING.match(text, last.end)
    after = closing.end() if closing else last.end
    near = next((cut.start() for cut in cuts if cut.start() <= after + _TAIL), 0)
    # `sớm bàn giao trong năm 2025 dự án …, báo cáo kết quả trước ngày …`: the object stands behind its time.
    return near or next((cut.start() for cut in cuts if ACTION.match(text, cut.end())), last.end)
