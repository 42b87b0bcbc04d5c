"""What stands around a time: whether it says by when to act, or tells, describes, cites or aims."""

from __future__ import annotations

import re

from .expression import Core, Unit
from .leads import BEFORE, CLOSING, PART, UNTIL, Lead
from .words import (
    ACTIONS,
    BEGIN,
    CITED,
    DUE_VERBS,
    END,
    ENDS_WITH_PERIOD_NOUN,
    HOLDS_ACTION,
    SENDING,
    STARTS_WITH_ACTION,
    any_of,
    clause_end,
    clause_start,
)

_WORDS = r"(?:[a-zà-ỹđ]{1,12}\s)"
# What is true of a thing at a time, not what must be done by it: `vụ việc phát sinh trước ngày …`.
_STATES = re.compile(
    BEGIN
    + any_of(
        "phát sinh|xảy ra|hiệu lực|tồn tại|vi phạm|được ban hành|được cấp|được công nhận|được thành lập",
        "được ký|nghỉ hưu|sinh|có từ|hình thành|được giao|đã có|được phê duyệt|được tuyển dụng|so với|hơn",
        "gần|hồi|(?:các|những) (?:văn bản|quy định|nghị quyết|quyết định)(?: đã)? ban hành",
    )
    + r"\s?$"
)
_FIRST_TURN = re.compile(r"\(\s?(?:lần|kỳ|đợt) đầu(?: tiên)?\s$")  # `hằng tháng (lần đầu vào ngày …)`
# `các văn bản đã nêu`: a thing that is pointed at, not a fact that is told.
_POINTED_AT = r"(?!\s(?:nêu|đề ra|chỉ ra|xác định|được|giao|ký|có|phê duyệt|đăng ký))"
_PAST = re.compile(rf"{BEGIN}(?:đã|từng|vừa qua){END}{_POINTED_AT}")
_PAST_AFTER = re.compile(rf"\s?,?\s?{_WORDS}{{0,6}}(?:đã|đều|ước|đạt|vẫn|tăng|giảm){END}")
_DONE_AFTER = re.compile(rf"\s?,?\s?{_WORDS}{{0,3}}đã{END}")
_FACT_AFTER = re.compile(rf"\s?,?\s?{_WORDS}{{0,4}}có\s[0-9]")
_TARGET_AFTER = re.compile(rf"[^;.]{{0,60}}?(?:{BEGIN}(?:đạt|tỷ lệ|tỉ lệ){END}|[0-9]\s?%)")
_TARGET_BEFORE = re.compile(
    rf"{BEGIN}(?:đạt|tăng|giảm|lên|trở thành|được công nhận|tỷ lệ|tỉ lệ|tổng số|nâng tổng|quy mô){END}"
    r"|[0-9]\s?%"
)
_FINISHES = re.compile(rf"{BEGIN}(?:hoàn thành|xong|hoàn tất){END}")
_STARTED = re.compile(
    "(?:thực hiện|áp dụng|triển khai|vận hành|thí điểm|bắt đầu|hoạt động|thời gian|nhân rộng|chính thức)$"
)
# `Báo cáo giữa kỳ (năm 2028), tổng kết (năm 2030)`: the reviews of a plan, each with its year.
_ENDS_TERM = re.compile(rf"{BEGIN}(?:sơ kết|tổng kết|giữa kỳ|cuối kỳ){END}")
# `kiến trúc số (tháng 5/2026), trung tâm dữ liệu (năm 2027)`: a year in a row of bracketed times.
_BRACKETED_TIME = re.compile(r"\((?:tháng|quý)\s[^()]{1,20}\)")
_NARROW_TIME = re.compile(r"ngày|tháng|quý|/")
_BOUNDARY_BEFORE = re.compile(r"(?:^|[.;:(+•\n|]|(?:^|\s)[-–*])\s{0,2}$")
_BOUNDARY_AFTER = re.compile(r"\s?(?:$|[.;:,)\n*|]|và\s|để\s)")
_LABELLED = re.compile(r"\s?[:),]")
_PAUSE = re.compile(r"\s?[,:]")
# `dự án được phê duyệt chủ trương trước ngày …`: done to a thing by then, long ago or by others.
_PASSIVE = re.compile(
    rf"{BEGIN}được (?:phê duyệt|cấp|giao|công nhận|ban hành|ký|tuyển dụng|bổ nhiệm|thành lập|khởi công)\s"
)
_CANNOT = re.compile(rf"{BEGIN}(?:không có khả năng|không thể|chưa thể|chưa được){END}")
# What is not to be done has no day to do it by: `không tổ chức thi tuyển trong năm 2026`.
_FORBORNE = re.compile(rf"{BEGIN}không (?:được )?{ACTIONS}{END}")
_AND_ON = re.compile(r"\s?,?\s?và (?:những|các) tháng")
_MUST_AFTER = re.compile(rf"\s?,?\s?(?:cơ bản )?(?:hoàn thành|xong|phải|hoàn tất|kết thúc){END}")
_MUST_LATER = re.compile(rf"\s?,\s[^;.%]{{1,120}}?{BEGIN}(?:phải |cơ bản )?(?:hoàn thành|xong|hoàn tất){END}")
_UNTIL_BEFORE = re.compile(rf"{BEGIN}(?:đến|tới)\s(?:ngày\s)?$")
_ONLY_WITHIN = frozenset({"trong", "các", "những", "là"}) | PART
_WORD_REACH = 40
_CLAUSE_REACH = 120
_NAME_REACH = 200


def is_described(low: str, core: Core, lead: Lead) -> bool:
    """The time describes what stands before it: `vụ việc phát sinh trước ngày …`, `nhiệm vụ trong năm …`."""
    before = low[max(0, lead.start - _WORD_REACH) : lead.start]
    if (
        _STATES.search(before)
        or _FIRST_TURN.search(before)
        or ("hết" in lead.words and _FACT_AFTER.match(low, core.end))
    ):
        return True
    clause = low[clause_start(low, lead.start) : lead.start]
    if _CANNOT.search(clause) or _FORBORNE.search(clause) or _AND_ON.match(low, core.end):
        return True
    if _FINISHES.search(clause):
        return False
    if not lead.words.isdisjoint(UNTIL) and not _FINISHES.search(low, core.end, core.end + _CLAUSE_REACH):
        return tells_target(low, core.end)
    if core.unit is not Unit.YEAR or not lead.words.isdisjoint(BEFORE | CLOSING):
        return lead.is_before and _PASSIVE.search(clause) is not None
    names_period = ENDS_WITH_PERIOD_NOUN.search(before) is not None and lead.words <= _ONLY_WITHIN
    names_period = names_period and DUE_VERBS.search(clause) is None
    return names_period or _TARGET_BEFORE.search(clause) is not None


def is_past(low: str, start: int, end: int) -> bool:
    """What has been done is no duty: `đã hoàn thành trong năm 2020`, `trong tháng 6/2021 đã …`."""
    clause = low[clause_start(low, start) : start]
    return _PAST.search(clause) is not None or _DONE_AFTER.match(low, end) is not None


def is_quoted(passage: str, place: int) -> bool:
    """Inside quotation marks stands a name: “Tháng cao điểm năm 2025”."""
    opened = passage.rfind("“", max(0, place - _NAME_REACH), place)
    if opened < 0 or passage.find("”", opened, place) >= 0:
        return False
    return passage.find("”", place, place + _NAME_REACH) >= 0


def is_governed(low: str, start: int, end: int) -> bool:
    """`Từ ngày … đến ngày …` at the head of a clause needs an action behind it, else it narrates."""
    begin = clause_start(low, start)
    if low[begin:start].strip():
        return True
    if low.startswith("(", max(0, begin - 1)) and HOLDS_ACTION.search(
        low[clause_start(low, begin - 1) : begin]
    ):
        return True  # `triển khai đợt cao điểm (từ ngày … đến ngày …)`
    if low.startswith(",", max(0, begin - 1)) and _BOUNDARY_AFTER.match(low, end):
        return HOLDS_ACTION.search(low[clause_start(low, begin - 1, ";.") : begin]) is not None
    return STARTS_WITH_ACTION.match(low[end : end + _WORD_REACH].lstrip(" ,:)")) is not None


def starts_duty(low: str, start: int, end: int) -> bool:
    """Whether `từ năm 2022` says from when to act: after `thực hiện`, a label, or at the head."""
    clause = low[clause_start(low, start) : start].rstrip()
    if clause:
        return _STARTED.search(clause) is not None or _starts_then(low, clause, start, end)
    if low[max(0, start - 3) : start].rstrip().endswith(":"):
        return True
    rest = low[end : end + _CLAUSE_REACH].lstrip(" ")
    if not rest.startswith(","):
        return STARTS_WITH_ACTION.match(rest) is not None
    return HOLDS_ACTION.search(rest[1 : clause_end(rest, 1)]) is not None


def _starts_then(low: str, clause: str, start: int, end: int) -> bool:
    """`mở chuyên mục tuyên truyền từ ngày 01/7/2026`: an action that begins then; no year, no state."""
    if not HOLDS_ACTION.search(clause) or not _BOUNDARY_AFTER.match(low, end):
        return False
    is_narrow = _NARROW_TIME.search(low, start, end) is not None
    return is_narrow and not _STATES.search(clause) and not _PASSIVE.search(clause + " ")


def tells_target(low: str, end: int) -> bool:
    """`đến ngày 31/12 hằng năm tỷ lệ nợ thuế dưới 5%`: an aim of the policy part."""
    return _TARGET_AFTER.match(low, end) is not None


def bare_rule(low: str, core: Core, lead: Lead) -> str:
    """The rule by which a time with no lead is a deadline all the same, or nothing."""
    if _PAST_AFTER.match(low, core.end):
        return ""
    clause = low[clause_start(low, core.start) : core.start]
    until = core.unit is not Unit.YEAR and _UNTIL_BEFORE.search(clause)
    if until and (_MUST_AFTER.match(low, core.end) or _MUST_LATER.match(low, core.end)):
        return f"until-{core.unit.value}"
    if not core.worded:
        return ""
    match core.unit:
        case Unit.DAY:
            return _bare_day_rule(low, core, clause)
        case Unit.YEAR:
            return _bare_year_rule(low, core)
        case _:
            return _bare_stretch_rule(low, core, lead, clause)


def _bare_day_rule(low: str, core: Core, clause: str) -> str:
    if _stands_first(low, core):
        return "first-day" if _acts_after(low, core.end) else ""
    return "sent-day" if _is_sent(low, core, clause) else ""


def _bare_stretch_rule(low: str, core: Core, lead: Lead, clause: str) -> str:
    if _stands_first(low, core) and (
        _LABELLED.match(low, core.end) or STARTS_WITH_ACTION.match(low, core.end)
    ):
        return f"first-{core.unit.value}"
    if lead.is_session and (DUE_VERBS.search(clause) or SENDING.search(clause)):
        return f"session-{core.unit.value}"
    is_governed_here = DUE_VERBS.search(clause) and not ENDS_WITH_PERIOD_NOUN.search(clause)
    return f"governed-{core.unit.value}" if is_governed_here and _BOUNDARY_AFTER.match(low, core.end) else ""


def _bare_year_rule(low: str, core: Core) -> str:
    if _stands_first(low, core) and _acts_after(low, core.end):
        return "first-year"
    opened = core.start - 1
    is_bracketed = low.startswith("(", max(0, opened)) and low.startswith(")", core.end)
    if not is_bracketed:
        return ""
    is_review = _ENDS_TERM.search(low[clause_start(low, opened) : opened]) is not None
    in_row = _BRACKETED_TIME.search(low, max(0, opened - _NAME_REACH), opened) is not None
    return "bracketed-year" if is_review or in_row else ""


def _is_sent(low: str, core: Core, clause: str) -> bool:
    """`báo cáo Tỉnh ủy ngày 15/11/2021`: a day with a verb of sending, and no document that it dates."""
    if SENDING.search(clause) is None or CITED.search(clause) is not None:
        return False
    return _BOUNDARY_AFTER.match(low, core.end) is not None


def _stands_first(low: str, core: Core) -> bool:
    return _BOUNDARY_BEFORE.search(low[max(0, core.start - 4) : core.start]) is not None


def _acts_after(low: str, end: int) -> bool:
    paused = _PAUSE.match(low, end)
    return paused is not None and STARTS_WITH_ACTION.match(low, paused.end()) is not None
