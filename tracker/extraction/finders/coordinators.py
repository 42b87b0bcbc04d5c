"""Who takes part: the bodies named after `phối hợp với`, or after a bare `phối hợp`.

`extraction.md`, "Coordinators": named at the head of a block they belong to every duty of the block
with the same leads, in the middle to their own sentence; "Read `phối hợp với Z` as it stands".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.extraction.finders.bodies import BodyFinder

_COORDINATION = re.compile(
    r"(?<![\wÀ-ỹ])phối (?:hợp|(?=với))(?:,? (?:chặt chẽ|thường xuyên|đồng bộ|tốt|kịp thời|hiệu quả|"
    r"có hiệu quả))?"
    r"(?P<with>,? ?(?:cùng với|với|cùng))?\s",
    re.IGNORECASE,
)
_NOT_COORDINATION = re.compile(
    r"(?:quy chế|chương trình|cơ chế|công tác|sự|việc|kế hoạch|hoạt động|trách nhiệm|quan hệ|tinh thần|"
    r"thỏa thuận|quy trình|"
    r"hình thức|nội dung|đơn vị|cơ quan|mô hình|nghị quyết liên tịch|quy định)\s$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"[\s,:]*(?:(?:có trách nhiệm|theo chức năng, nhiệm vụ|theo chức năng|chủ động|tích cực|"
    r"là cơ quan thường trực|là cơ quan đầu mối|"
    r"là đầu mối|làm đầu mối|trực tiếp)[\s,]{0,2}){0,3}chủ trì\s?(?:,|và)?\s$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Coordination:
    """Bodies named after `phối hợp với` at letter `start`; `leading`: `chủ trì, phối hợp với` at the head."""

    keys: tuple[str, ...]
    start: int
    end: int
    leading: bool


def read_coordinations(finder: BodyFinder, start: int, stop: int) -> list[Coordination]:
    """The bodies named after `phối hợp với` (or a bare `phối hợp`) in letters `start`..`stop`.

    "The name of a programme (`quy chế phối hợp với …`) names no coordinator."
    """
    text = finder.passage.text
    found: list[Coordination] = []
    for match in _COORDINATION.finditer(text, start, stop):
        if _NOT_COORDINATION.search(text, max(start, match.start() - 24), match.start()):
            continue
        bodies = finder.read_list(match.end(), stop)
        if bodies is None or (
            not match["with"] and not bodies.is_known and not text.startswith("các ", match.end())
        ):
            continue
        leading = bool(_LEADING.match(text[start : match.start()]))
        found.append(Coordination(bodies.keys, match.start(), bodies.end, leading))
    return found
