"""Recurring deadlines with no day of their own: `hằng năm`, `định kỳ 6 tháng`, `01 lần/quý`.

The hard part is `báo cáo hằng năm` (a thing) beside `hằng năm báo cáo` (to be done every year): a
period that only describes a noun is not a deadline (`extraction.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .expression import DeadlineExpression, Kind
from .words import (
    ACTIONS,
    BEGIN,
    ENDS_WITH_PERIOD_NOUN,
    HOLDS_ACTION,
    HOLDS_PERIOD_NOUN,
    STARTS_WITH_ACTION,
    any_of,
    clause_end,
    clause_start,
)
from .words import (
    END as _WORD_END,
)

_UNITS = {"tuần": "weekly", "tháng": "monthly", "quý": "quarterly", "năm": "yearly"}
_SEASONS = {"đầu": "yearly:01", "giữa": "yearly:06", "cuối": "yearly:12"}
_BY_MONTHS = {1: "monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}
_PER_UNIT = {
    ("năm", 2): "half-yearly",
    ("năm", 4): "quarterly",
    ("năm", 12): "monthly",
    ("quý", 3): "monthly",
}
_NUMBER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "mười hai": 12}
_NUMBER = r"(?:0?[1-9]|1[0-2]|một|hai|ba|bốn|sáu|mười hai)"

_EVERY = re.compile(
    rf"(?<![a-zà-ỹđ])(?P<word>h[ằàă]ng|mỗi|từng)\s(?P<unit>năm|quý|tháng|tuần){_WORD_END}(?!\s[0-9]{{4}})"
)
_EVERY_WORDS = ("ng năm", "ng quý", "ng tháng", "ng tuần", "mỗi ")
_TIMES = re.compile(
    rf"(?<![0-9a-zà-ỹđ])(?P<times>{_NUMBER})\s(?:lần|(?:kỳ|buổi|cuộc|đợt|lớp)(?=\s?/))\s?(?:/|mỗi|trong|một)\s?(?:một\s|0?1\s)?"
    rf"(?P<unit>năm|quý|tháng|tuần){_WORD_END}"
)
_ONCE_IN = re.compile(
    rf"(?<![0-9a-zà-ỹđ])(?:mỗi\s)?(?:(?P<number>{_NUMBER})\s)?(?P<unit>năm|quý|tháng|tuần)"
    rf"\s?(?:/\s?(?:0?1\s)?|một\s|mỗi\s|0?1\s)lần{_WORD_END}"
)
_PERIODIC = re.compile(r"(?<![a-zà-ỹđ])định kỳ(?P<gap>\s?[,(]?\s?(?:vào\s|theo\s)?)")
_ITEM = re.compile(
    rf"(?:(?:h[ằàă]ng|mỗi)\s)?(?:(?P<number>{_NUMBER})\s)?(?P<unit>năm|quý|tháng|tuần){_WORD_END}"
    r"(?!\s?[0-9]|\s(?:đầu|cuối)\s|\s(?:học|trước|sau|tiếp)|\s?(?:i{1,3}|iv)\b)"
)
_SEASON_ITEM = re.compile(rf"(?P<season>cuối|giữa|đầu)\s(?P<unit>năm|quý|tháng){_WORD_END}(?!\s[0-9])")
_AND = re.compile(r"\s?(?:,\s?và|,|và|hoặc|/)\s?")
_COUNT_AFTER = re.compile(
    rf"\s?,?\s?(?:(?:ít nhất|tối thiểu|không quá)\s)?(?:là\s)?(?P<times>{_NUMBER})\slần{_WORD_END}(?!\s?/)"
)

_OPENING = ",;.:(–-•+\n*"
_LONGEST_LIST = 5
_LEAD_INS = re.compile(
    rf"(?:{BEGIN}(?:và|đồng thời|định kỳ|phấn đấu|thường xuyên|trong đó|riêng|theo đó|hoặc|tổ chức"
    r"|thực hiện|chế độ|duy trì)\s?){1,5}$"
)
_NEGATED = re.compile(rf"{BEGIN}không (?:nhất thiết|bắt buộc|phải|cần)\s$")
_NOT_DUTY_AFTER = re.compile(
    r"\s?,?\s?(?:đều|đã|đạt|tăng|giảm|chỉ|và cả|và giai đoạn|gắn|(?:tỷ|tỉ)\slệ|tốc độ|năng suất|của|cho)"
    + _WORD_END
)
_GOVERNS_AFTER = re.compile(rf"\s?,|\s?{ACTIONS}{_WORD_END}")
_TARGET = re.compile(r"[0-9]\s?%")
_LIST_OF_TERMS = re.compile(
    r"(?:nhiệm kỳ|toàn kh[óo][áa]|giai đoạn|5 năm|năm năm|dài hạn|trung hạn)\s?[,và\s]{1,4}$"
)
_REPORTS_TO = re.compile(
    rf"{BEGIN}(?:báo cáo|gửi|tổng hợp){_WORD_END}[^,;.]{{0,120}}{BEGIN}(?:về|với|gửi|lên)\s[^,;.]{{2,80}}$"
)
_REPORTS_BODY = re.compile(r"(?<![a-zà-ỹđA-ZĐ])[Bb]áo cáo\s[A-ZĐÀ-Ỵ][^,;.]{2,60}$")
_DONE_EVERY = any_of(
    "báo cáo|họp|kiểm tra|đánh giá|rà soát|cập nhật|sơ kết|kiểm điểm|đối thoại|công bố|công khai",
    "tổ chức|thực hiện|tiến hành|giám sát|thông báo|tự kiểm tra|đăng ký",
)
_VERB_BEFORE = re.compile(rf"{BEGIN}{_DONE_EVERY}\s?$")
_THING_BEFORE = re.compile(
    BEGIN
    + any_of(
        "các|những|trong|vào|của|bản|tại|một|theo|qua|dự thảo|nội dung|việc|về|để|chế độ|công tác|kết quả",
        "quy trình|đợt",
    )
    + rf"\s{_DONE_EVERY}\s?$"
)
# `vào chương trình kiểm tra, giám sát hằng năm`: verbs that are listed behind a noun are things too.
_LISTED_THINGS = re.compile(
    BEGIN
    + any_of("chương trình|kế hoạch|công tác|nội dung|kết quả|việc|quy trình|chế độ|hoạt động|đợt|các|những")
    + rf"\s{_DONE_EVERY}(?:(?:,| và)\s{_DONE_EVERY}){{1,3}}\s?$"
)
_ON_A_DAY = re.compile(rf"{BEGIN}(?:thứ\s(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)\s$")
_AT_AN_END = re.compile(r"(?:^|[,;.:(]\s?|vào\s)(?P<season>đầu|giữa|cuối)\s$")
_LOOSE_PERIODIC = re.compile(r"(?<![a-zà-ỹđ])định kỳ(?![a-zà-ỹđ])")
_ATTRIBUTE_PERIODIC = re.compile(
    r"(?:sinh hoạt|sinh hoạt chi bộ|đảng bộ|chi bộ|khen thưởng|đảng viên|sức khỏe|sức khoẻ)\s?$"
)


def find_periods(passage: str, low: str) -> Iterator[DeadlineExpression]:
    """Recurring deadlines, in no order; some may lie inside a dated one (the caller removes them)."""
    taken: list[tuple[int, int]] = []
    if "định kỳ" in low:
        for found in _PERIODIC.finditer(low):
            yield from _keep(taken, _periodic(low, found))
    if " lần" in low or "/lần" in low or "/tuần" in low or "/tháng" in low or "/quý" in low or "/năm" in low:
        for pattern in (_ONCE_IN, _TIMES):
            for found in pattern.finditer(low):
                yield from _keep(taken, _counted(low, found))
    refused = -1
    if not any(word in low for word in _EVERY_WORDS):
        return
    for found in _EVERY.finditer(low):
        if any(start <= found.start() < end for start, end in taken):
            continue
        # A list of describing periods goes on as it begins: `công tác toàn khóa, hằng năm, hằng tháng`.
        goes_on = refused >= 0 and _AND.fullmatch(low, refused, found.start()) is not None
        expressions = [] if goes_on else _every(passage, low, found)
        refused = -1 if expressions else found.end()
        yield from _keep(taken, expressions)


def _keep(taken: list[tuple[int, int]], found: Sequence[DeadlineExpression]) -> Iterator[DeadlineExpression]:
    for expression in found:
        taken.append((expression.start, expression.end))
        yield expression


def _periodic(low: str, found: re.Match[str]) -> list[DeadlineExpression]:
    """`định kỳ 6 tháng và hằng năm`: each period of the list is a deadline of its own."""
    if _ATTRIBUTE_PERIODIC.search(low[max(0, found.start() - 30) : found.start()]):
        return []
    items = _items(low, found.end())
    if not items or ("(" in found["gap"] and not low[items[-1][1] :].lstrip().startswith((")", ","))):
        return []
    first = found.start()
    expressions = []
    for place, (start, end, due) in enumerate(items):
        begin = first if place == 0 else start
        expressions.append(DeadlineExpression(begin, end, due, Kind.RECURRING, "periodic"))
    return expressions


def _items(low: str, place: int) -> list[tuple[int, int, str]]:
    """The periods listed from `place` on, with their places."""
    items: list[tuple[int, int, str]] = []
    while len(items) < _LONGEST_LIST:
        start = place
        if items:
            joint = _AND.match(low, place)
            if joint is None:
                break
            start = joint.end()
        item = _ITEM.match(low, start)
        due = _item_code(item) if item else ""
        season = None if due else _SEASON_ITEM.match(low, start)
        if season is not None:
            item, due = season, _season_code(season)
        if item is None or not due:
            break
        place = item.end()
        items.append((start, place, due))
    if items:
        counted = _COUNT_AFTER.match(low, items[-1][1])
        if counted is not None:
            items[-1] = (items[-1][0], counted.end(), items[-1][2])
    return items


def _item_code(item: re.Match[str]) -> str:
    return _period_code(_number(item["number"] or "1"), item["unit"])


def _season_code(season: re.Match[str]) -> str:
    if season["unit"] == "năm":
        return _SEASONS[season["season"]]
    return _UNITS[season["unit"]]


def _period_code(number: int, unit: str) -> str:
    """`6 tháng` → `half-yearly`; nothing for turns that have no code (`2 năm`, `10 tháng`)."""
    months = {"tháng": 1, "quý": 3, "năm": 12}.get(unit)
    if months is None:
        return "weekly" if number == 1 else ""
    return _BY_MONTHS.get(number * months, "")


def _number(written: str) -> int:
    return _NUMBER_WORDS[written] if written in _NUMBER_WORDS else int(written)


def _counted(low: str, found: re.Match[str]) -> list[DeadlineExpression]:
    """`01 lần/quý`, `6 tháng một lần`."""
    groups = found.groupdict()
    if "times" in groups:
        times = _number(found["times"])
        due = _PER_UNIT.get((found["unit"], times), _UNITS[found["unit"]])
    else:
        due = _period_code(_number(found["number"] or "1"), found["unit"])
    if not due or _ATTRIBUTE_PERIODIC.search(low[max(0, found.start() - 30) : found.start()]):
        return []
    return [DeadlineExpression(found.start(), found.end(), due, Kind.RECURRING, "counted")]


def _every(passage: str, low: str, found: re.Match[str]) -> list[DeadlineExpression]:
    at_end = _AT_AN_END.search(low[max(0, found.start() - 10) : found.start()])
    if at_end is not None:
        start = found.start() - len(at_end["season"]) - 1
        due = _SEASONS[at_end["season"]] if found["unit"] == "năm" else _UNITS[found["unit"]]
        return [DeadlineExpression(start, found.end(), due, Kind.RECURRING, "every-end")]
    rule = _every_rule(passage, low, found)
    if not rule:
        return []
    items = _items(low, found.start()) or [(found.start(), found.end(), _UNITS[found["unit"]])]
    start, end, due = items[0]
    counted = _COUNT_AFTER.match(low, end)
    if counted is not None:
        due = _PER_UNIT.get((found["unit"], _number(counted["times"])), due)
        items[0] = (start, counted.end(), due)
    return [DeadlineExpression(start, end, due, Kind.RECURRING, rule) for start, end, due in items]


def _every_rule(passage: str, low: str, found: re.Match[str]) -> str:
    """Whether `hằng năm` says how often to act (the rule's id) or describes a noun (nothing)."""
    start, end = found.span()
    clause = low[clause_start(low, start, _OPENING) : start].lstrip()
    if (
        _NEGATED.search(low[max(0, start - 30) : start])
        or _NOT_DUTY_AFTER.match(low, end)
        or _LIST_OF_TERMS.search(low[max(0, start - 30) : start])
    ):
        return ""
    if _ON_A_DAY.search(clause) or (found["word"] in {"mỗi", "từng"} and _COUNT_AFTER.match(low, end)):
        return "every-counted"
    lead_in = _LEAD_INS.search(clause)
    subject = clause[: lead_in.start()] if lead_in else clause
    if not subject.strip() and (found["word"] in {"hằng", "hàng"} or _GOVERNS_AFTER.match(low, end)):
        return _first_rule(low, start, end)
    if is_periodic_apart(low, start):
        return "periodic-apart"
    if STARTS_WITH_ACTION.match(low, end) and not HOLDS_PERIOD_NOUN.search(subject):
        return "every-verb"
    return _trailing_rule(passage, low, start, end, clause)


def _first_rule(low: str, start: int, end: int) -> str:
    """At the head of a clause a period governs what follows, unless a target follows."""
    rest = low[end : clause_end(low, end, ";.\n")]
    if _TARGET.search(rest[:160]) and not STARTS_WITH_ACTION.match(rest.lstrip(" ,")):
        return ""
    is_last_of_list = not rest.strip(" )") and low[:start].rstrip().endswith(",")
    return "" if is_last_of_list else "every-first"


def is_periodic_apart(low: str, start: int) -> bool:
    """`định kỳ báo cáo kết quả … hằng năm`: the period of a `định kỳ` that has none beside it."""
    begin = clause_start(low, start, ";.\n")
    place = -1
    for found in _LOOSE_PERIODIC.finditer(low, begin, start):
        place = found.end()
    if place < 0 or _ATTRIBUTE_PERIODIC.search(low[max(0, place - 40) : place - 7]):
        return False
    between = low[place:start]
    return not _items(low, place + 1) and STARTS_WITH_ACTION.match(between) is not None


def _trailing_rule(passage: str, low: str, start: int, end: int, clause: str) -> str:
    """Behind its verb: `báo cáo Thường trực Tỉnh ủy hằng quý`, but not `kế hoạch hằng năm`."""
    if ENDS_WITH_PERIOD_NOUN.search(clause):
        return ""
    ends = clause_end(low, end) - end <= 1 or low[end : end + 2].strip() in {")", "."}
    is_yearly = low.startswith("năm", end - len("năm"))  # what is yearly mostly describes a plan
    attribute = _ATTRIBUTE_PERIODIC.search(clause.rstrip().removesuffix("định kỳ"))
    is_each = low.startswith("từng", start)  # `kế hoạch chi tiết từng tháng, từng dự án`
    if ends and not is_yearly and not is_each and not attribute and HOLDS_ACTION.search(clause):
        return "ends-every"  # `Cập nhật giá vật liệu hằng tháng.`
    if ends and (_REPORTS_TO.search(clause) or _REPORTS_BODY.search(passage[start - len(clause) : start])):
        return "report-every"
    if (
        _VERB_BEFORE.search(clause)
        and not _LISTED_THINGS.search(low[max(0, start - 80) : start])
        and not _THING_BEFORE.search(clause)
        and not HOLDS_PERIOD_NOUN.search(clause)
    ):
        return "verb-every"
    return ""
