"""Who leads and who takes part: subjects of sentences, and bodies named after `phối hợp với`.

`extraction.md`: "The lead is the body that the sentence makes answerable: in `Ban cán sự đảng UBND
tỉnh chỉ đạo UBND tỉnh xây dựng kế hoạch` it is `ban-can-su-dang-ubnd-tinh`. A body that only receives
a report, or that is being directed, is neither a lead nor a coordinator."
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tracker.extraction.finders.bodies import BodyFinder, BodyList, Member
from tracker.extraction.finders.words import KIND, PREDICATE

_OPENER = re.compile(
    r"(?:đồng thời|bên cạnh đó|ngoài ra|trước mắt|riêng|trong đó|theo đó|cùng với đó|qua đó|do đó|vì vậy|"
    r"hai là|một là|ba là|"
    r"và)(?![\wÀ-ỹ])[,:]?\s{0,2}(?:,\s)?",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r"(?:(?:trách nhiệm|nhiệm vụ|phần việc)(?: cụ thể)? (?:của|thuộc)|đối với)\s", re.IGNORECASE
)
_ASSIGN = re.compile(
    r"(?:giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|phân công|đề nghị|yêu cầu|do)\s", re.IGNORECASE
)
_CHARGE = re.compile(r"(?:giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|phân công)\s", re.IGNORECASE)
_DEMAND = re.compile(
    r"\s?(?P<verb>yêu cầu|đề nghị|giao nhiệm vụ cho|giao cho|giao|phân công)\s", re.IGNORECASE
)
_DEMANDS = re.compile(r"\syêu cầu\s")
_ASSIGNING = ("giao", "giao cho", "giao nhiệm vụ cho")
_SPEECH = re.compile(
    r"\s(?:kêu gọi|kết luận|thống nhất|đánh giá|ghi nhận|biểu dương|quyết nghị|quyết định ban hành|"
    r"ban hành|nhận thấy|tin tưởng)(?![\wÀ-ỹ])",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"(?:nhận được|kể từ|bắt đầu từ|căn cứ|trên cơ sở|theo(?! dõi)|từ(?! chối)|trường hợp|nếu|để|"
    r"trong quá trình|trong|"
    r"sau khi|"
    r"trước khi|khi|hằng|hàng|định kỳ|trước|chậm nhất|quá trình|"
    r"với|thông qua|thời gian|đối với|về|nhằm|ngay sau|sau|tại|vào|đến|cuối|mỗi|qua|cùng với|"
    r"(?:một|hai|ba|bốn|năm|\d{1,2}) (?:năm|tháng|quý|tuần)|"
    r"bên cạnh|ngoài)(?![\wÀ-ỹ])",
    re.IGNORECASE,
)
_REJECTED = re.compile(
    r"\s(?:của|về|và|với|bằng|như|hoặc|hay|cho|đến|tới|ban hành (?:nghị quyết|kế hoạch|chỉ thị) (?:số|"
    r"về))(?![\wÀ-ỹ])"
)
_COLON = re.compile(r"\s{0,2}[:–-]\s{0,2}")
_GAP = re.compile(r"[\s,]{1,2}")
_ASIDE = re.compile(
    r"\s?,\s(?:nhất là|trước hết là|đặc biệt là)[^,;.:]{0,80}?(?=\s(?:nêu cao|phải|cần|có|tăng|chịu|tập))",
    re.IGNORECASE,
)
_TIME_OPENER = re.compile(
    r"(?:hằng|hàng|định kỳ|trước|chậm nhất|mỗi|vào|đến|cuối|kể từ|bắt đầu từ|từ ngày|từ năm|"
    r"trong năm|trong quý|trong tháng)\s",
    re.IGNORECASE,
)
_BARE_NOUN = re.compile(r"(?:,|\svà)\s(?P<noun>[\wÀ-ỹ]+(?:\s(?!và\s)[\wÀ-ỹ]+){0,5})")
_LEADS = re.compile(r"lãnh đạo\s")  # what somebody does who acts already; else `Lãnh đạo UBND …` are persons
_BARE_NOUNS = 4
_COLON_MARK = re.compile(r":\s")
_PAUSE = re.compile(
    r"[,:]\s(?:thì\s)?|\sthì\s|(?<!\bvề)(?<!\btheo)(?<!\bviệc)\s(?=(?:đề nghị|giao)\s)", re.IGNORECASE
)
_TOPIC = re.compile(r"(?:về|đối với|liên quan đến)\s", re.IGNORECASE)
_OWN_ACTION = re.compile(
    r"(?:chủ trì|phối hợp|tham mưu|xây dựng|chủ động|tổ chức|hướng dẫn|chỉ đạo|triển khai|ban hành|"
    r"báo cáo|tổng hợp|rà soát|đề xuất|"
    r"tiếp tục|tăng cường|đẩy mạnh|thực hiện)(?![\wÀ-ỹ])",
    re.IGNORECASE,
)
# `Đề án … do Sở … chủ trì`, `…, giao Sở … tham mưu`, `… (Sở … chủ trì; hoàn thành trong quý III)`.
_BY = re.compile(r"(?<=[\s(])(?:do|giao)\s|\((?=[A-ZĐ])", re.IGNORECASE)
_CARRIES_OUT = re.compile(
    r"\s(?:chủ trì|làm chủ đầu tư|chịu trách nhiệm|đảm nhiệm|tham mưu|thực hiện|làm đầu mối)(?![\wÀ-ỹ])"
)
# `Báo cáo được Sở … tổng hợp`, not what was done (`đã được …`) nor what another decides (`được … phê duyệt`).
_UNDERGOES = re.compile(r"(?<!\bđã)(?<!\bvừa)\s(?:sẽ )?được\s(?:giao cho |giao )?")
_HANDLES = re.compile(rf"{_CARRIES_OUT.pattern}|\s(?:tổng hợp|xây dựng|lập|tổ chức|triển khai)(?![\wÀ-ỹ])")
# `tình hình mới đòi hỏi Công an tỉnh phải …`
_COMPELS = re.compile(r"\sđòi hỏi\s")
_MUST = re.compile(r"\s(?:cần )?phải(?![\wÀ-ỹ])")
_TOGETHER_WITH = re.compile(r"cùng với\s", re.IGNORECASE)
_DETERMINED = re.compile(
    r"(?:các|từng|mỗi|người|toàn thể|cơ quan chủ trì|đơn vị chủ trì|chủ đầu tư) ", re.IGNORECASE
)
_NARRATIVE = re.compile(
    r"(?:đã|đang|luôn|còn(?! (?:có trách nhiệm|phải))|chưa|vẫn|(?:phải |sẽ )?bị|được đánh giá|"
    r"là(?! (?:cơ quan|đơn vị|đầu mối|thường trực)))(?![\wÀ-ỹ])",
    re.IGNORECASE,
)
_ADVERBIAL_REACH = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """The bodies that a sentence makes answerable; the predicate begins at letter `end`.

    `bodies` is None for a sentence that speaks for its issuer and charges nobody in particular.
    """

    bodies: BodyList | None
    end: int
    rule: str

    @property
    def keys(self) -> tuple[str, ...]:
        return self.bodies.keys if self.bodies else ()


def read_subject(
    finder: BodyFinder, start: int, stop: int, issuers: frozenset[str], *, continued: bool = False
) -> Subject | None:
    """The subject of the sentence (or part of one) at letters `start`..`stop`, if it names bodies.

    `continued`: somebody acts already in this block; what is then demanded (`yêu cầu các cơ quan
    báo cáo`) is an action of theirs.
    """
    text = finder.passage.text
    opener = _OPENER.match(text, start, stop)
    at = opener.end() if opener else start
    assign = (_CHARGE if continued else _ASSIGN).match(text, at, stop)
    if assign and (bodies := finder.read_list(assign.end(), stop)):
        rule = (
            "lead-demanded" if assign.group().strip().lower() in ("yêu cầu", "đề nghị") else "lead-assigned"
        )
        return Subject(bodies, _past_colon(text, bodies.end, stop), rule)
    if heading := _HEADED.match(text, at, stop):
        bodies = finder.read_list(heading.end(), stop)
        if bodies and (bodies.end >= stop or _COLON.match(text, bodies.end, stop)):
            return Subject(bodies, _past_colon(text, bodies.end, stop), "lead-heads-block")
    bodies = None if continued and _LEADS.match(text, at, stop) else finder.read_list(at, stop)
    if bodies is not None:
        return _judged(finder, bodies, stop, issuers)
    if _ADVERBIAL.match(text, at, stop):
        subject = _after_adverbial(finder, at, stop, issuers, continued=continued)
        if subject is not None:
            return subject
    return None if continued else _passive(finder, at, stop)


def _passive(finder: BodyFinder, start: int, stop: int) -> Subject | None:
    """Who acts stands behind the work: after `do`, `được` or `đòi hỏi`."""
    limit = min(stop, start + _ADVERBIAL_REACH)
    # `Đề án … do Sở … chủ trì xây dựng`: the whole sentence is the work.
    if by := _acting_behind(finder, _BY, _CARRIES_OUT, (start, limit, stop)):
        return Subject(by, start, "lead-passive")
    if by := _acting_behind(finder, _UNDERGOES, _HANDLES, (start, limit, stop)):
        return Subject(by, start, "lead-passive")
    if by := _acting_behind(finder, _COMPELS, _MUST, (start, limit, stop)):
        return Subject(by, by.end, "lead-demanded")
    return None


def _acting_behind(
    finder: BodyFinder, mark: re.Pattern[str], deed: re.Pattern[str], reach: tuple[int, int, int]
) -> BodyList | None:
    """The bodies between a mark and a deed; the mark is looked for from `reach[0]` to `reach[1]`."""
    start, limit, stop = reach
    for found in mark.finditer(finder.passage.text, start, limit):
        bodies = finder.read_list(found.end(), stop)
        if bodies is not None and deed.match(finder.passage.text, bodies.end, stop):
            return bodies
    return None


def _judged(
    finder: BodyFinder, bodies: BodyList, stop: int, issuers: frozenset[str], *, strict: bool = False
) -> Subject | None:
    """Whether a list of bodies at the head of a sentence is its subject, and of what kind."""
    text = finder.passage.text
    if spoken := _spoken_by_issuer(finder, bodies, stop, issuers):
        return spoken
    colon = _COLON.match(text, bodies.end, stop)
    if colon or bodies.end >= stop:
        return Subject(bodies, colon.end() if colon else bodies.end, "lead-heads-block")
    aside = _ASIDE.match(text, bodies.end, stop)
    end = aside.end() if aside else bodies.end if strict else _past_bare_nouns(text, bodies.end, stop)
    following = _GAP.match(text, end, stop)
    if following is None:
        return None
    if _NARRATIVE.match(text, following.end(), stop):
        return Subject(None, following.end(), "narrative")
    unlikely = strict or not bodies.is_known or "," in following.group() or _REJECTED.match(text, end, stop)
    if unlikely and not PREDICATE.match(text, following.end(), stop):
        return None
    return Subject(bodies, following.end(), "lead-subject")


def _spoken_by_issuer(
    finder: BodyFinder, bodies: BodyList, stop: int, issuers: frozenset[str]
) -> Subject | None:
    """`Ban Thường vụ Tỉnh ủy giao Sở …`: what the issuer says charges others, or nobody."""
    text = finder.passage.text
    demand = _DEMAND.match(text, bodies.end, stop)
    superior = demand is not None and not bodies.is_known and demand["verb"].lower() in _ASSIGNING
    superior = superior or _hands_on(finder, demand, stop)
    unknown = not issuers and len(bodies.members) == 1 and _DEMANDS.match(text, bodies.end, stop)
    if not superior and not unknown and not set(bodies.keys) <= issuers:
        return None
    charged = finder.read_list(demand.end(), stop) if demand else None
    if demand and charged:
        rule = "lead-demanded" if demand["verb"].lower() in ("yêu cầu", "đề nghị") else "lead-assigned"
        return Subject(charged, _past_colon(text, charged.end, stop), rule)
    if superior:
        return None  # `UBND cấp trên giao chỉ tiêu …` charges nobody else
    if demand:
        return Subject(None, demand.end(), "issuer-speaks")
    return Subject(None, bodies.end, "issuer-speaks") if _SPEECH.match(text, bodies.end, stop) else None


def _hands_on(finder: BodyFinder, demand: re.Match[str] | None, stop: int) -> bool:
    """`Chủ tịch UBND tỉnh giao Sở Nội vụ chủ trì …`: who is given the work to lead it answers for it."""
    if demand is None or demand["verb"].lower() not in _ASSIGNING:
        return False
    charged = finder.read_list(demand.end(), stop)
    return (
        charged is not None
        and charged.is_known
        and bool(_CARRIES_OUT.match(finder.passage.text, charged.end, stop))
    )


def _past_bare_nouns(text: str, at: int, stop: int) -> int:
    """Past list members that name no kind of body (`cán bộ, đảng viên cần`, `thuế, hải quan tăng cường`)."""
    end = at
    for _ in range(_BARE_NOUNS):
        item = _BARE_NOUN.match(text, end, stop)
        if item is None or PREDICATE.match(text, item.start("noun"), stop):
            return at
        for space in re.finditer(" ", text[item.start("noun") : item.end()]):
            place = item.start("noun") + space.start()
            if PREDICATE.match(text, place + 1, stop):
                return place
        end = item.end()
        if PREDICATE.match(text, end + 1, stop):
            return end
    return at


def _names_somebody(text: str, bodies: BodyList) -> bool:
    """An unknown body after an opening phrase: with a capital or an article, else it is a mere noun."""
    return text[bodies.start].isupper() or bool(_DETERMINED.match(text, bodies.start))


def _after_adverbial(
    finder: BodyFinder, at: int, stop: int, issuers: frozenset[str], *, continued: bool
) -> Subject | None:
    """`Căn cứ Chỉ thị này, Ban … xây dựng`: the subject stands after an opening phrase and a comma."""
    text = finder.passage.text
    limit = min(stop, at + _ADVERBIAL_REACH)
    if _TOPIC.match(text, at, stop) and (subject := _after_topic(finder, at, limit, stop, issuers)):
        return subject
    timed = bool(_TIME_OPENER.match(text, at, stop))
    for mark in _PAUSE.finditer(text, at, limit):
        following = mark.end()
        if finder.is_inside_name(following):
            continue
        assign = _ASSIGN.match(text, following, stop)
        if assign and continued and not _CHARGE.match(text, following, stop):
            return None
        bodies = finder.read_list(assign.end() if assign else following, stop)
        if bodies is not None and _goes_on(text, bodies, mark.start()):
            continue
        if bodies is not None and (bodies.is_known or assign or _names_somebody(text, bodies)):
            subject = _judged(finder, bodies, stop, issuers, strict=True)
            if subject is not None and bodies.end < stop:
                if subject.bodies is None:
                    return subject
                beside = _beside(finder, at, mark.start()) if not assign else ()
                bodies = replace(subject.bodies, members=(*beside, *subject.bodies.members))
                return replace(subject, bodies=bodies, rule="lead-after-adverbial")
        elif _OWN_ACTION.match(text, following, stop) or (
            timed and PREDICATE.match(text, following, stop) and not _ADVERBIAL.match(text, following, stop)
        ):
            return None
    return None


def _beside(finder: BodyFinder, at: int, pause: int) -> tuple[Member, ...]:
    """`Cùng với Sở Y tế, Sở Giáo dục … tổ chức`: who stands before the comma acts as well."""
    together = _TOGETHER_WITH.match(finder.passage.text, at, pause)
    bodies = finder.read_list(together.end(), pause) if together else None
    return bodies.members if bodies is not None and bodies.is_known and bodies.end == pause else ()


def _after_topic(
    finder: BodyFinder, at: int, limit: int, stop: int, issuers: frozenset[str]
) -> Subject | None:
    """`Về đề nghị Chính phủ …: giao Bộ Tài chính …`: what stands before the colon is only the topic."""
    text = finder.passage.text
    for colon in _COLON_MARK.finditer(text, at, limit):
        assign = _ASSIGN.match(text, colon.end(), stop)
        bodies = finder.read_list(assign.end() if assign else colon.end(), stop)
        subject = _judged(finder, bodies, stop, issuers, strict=True) if bodies else None
        if bodies and subject and subject.bodies and bodies.end < stop:
            return replace(subject, rule="lead-after-adverbial")
    return None


def _goes_on(text: str, bodies: BodyList, pause: int) -> bool:
    """`phù hợp với đơn vị, địa phương, chú trọng …`: a bare noun after its like goes on with a list."""
    if not text[bodies.start].islower() or _DETERMINED.match(text, bodies.start):
        return False
    words = text[max(0, pause - 40) : pause].split(" ")
    return any(KIND.fullmatch(" ".join(words[-count:])) for count in (1, 2, 3))


def _past_colon(text: str, at: int, stop: int) -> int:
    colon = _COLON.match(text, at, stop)
    return colon.end() if colon else at
