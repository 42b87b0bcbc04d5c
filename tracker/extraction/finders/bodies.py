"""Lists of bodies in a passage: taken apart, shared endings handed round, unknown names kept.

`extraction.md`, "Bodies": "Lists are taken apart …"; "A shared ending belongs to each"; "a body that
it lacks is `other:<as written>`".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from tracker.core.text import UPPER, plain_letters
from tracker.extraction.finders.names import Name, NameIndex, Words, compare_words, outermost
from tracker.extraction.finders.passages import Passage
from tracker.extraction.finders.spellings import same_words
from tracker.extraction.finders.words import KIND, PREDICATE, SEPARATOR

_UNKNOWN_LENGTH = 160
_LONGEST_NAME = 240
_NAME_END = re.compile(r"[,;:.()“”\"]|\s(?:và|hoặc|cùng(?! cấp)|với|về|của các|do|từ|đối với|trên địa bàn)\s")
# A block that is a name: `Viện Nghiên cứu phát triển Thành phố`, `Trung tâm Hỗ trợ đầu tư tỉnh`.
_NAME_ENDS_BLOCK = re.compile(
    r"\s(?:phát triển|quản lý|đầu tư|đào tạo|bảo vệ|bồi dưỡng|hỗ trợ|ứng dụng|kiểm tra|giám sát)"
    rf"(?:\s[\wÀ-ỹ]+){{0,3}}\s(?:[{UPPER}][\wÀ-ỹ]*|tỉnh)(?:\s[\wÀ-ỹ]+){{0,2}}"
)
_BRACKETED = re.compile(r"\s?\([^()]{0,160}\)")
_LEVELS = re.compile(
    r"\s(?:cùng cấp|đồng cấp|các cấp|và tương đương|từ tỉnh (?:đến|tới) (?:cơ sở|cấp xã|huyện|xã)|"
    r"(?:từ )?cấp (?:tỉnh|huyện|xã|cơ sở)(?:(?:,| và| đến) cấp [\wÀ-ỹ]+){0,3})(?![\wÀ-ỹ])"
)
_QUALIFIED = re.compile(
    r"\s(?:trên địa bàn|ở các cấp|ở địa phương|ở cơ sở|được phân công|được giao|có liên quan|liên quan|"
    r"trực thuộc|thuộc|(?:nơi )?có(?! (?:biện pháp|giải pháp|hình thức|kế hoạch|nhiệm vụ|trách nhiệm|văn bản|"
    r"thể|phương án|báo cáo|định hướng|đủ|chủ trương)))(?![\wÀ-ỹ])"
)
_PROPER = re.compile(
    r"(?:\s[A-ZĐÁÀẢÃẠÂẤẦẨẪẬĂẮẰẲẴẶÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ]\w{0,7}){1,4}"
)
_OTHER_LEVEL = re.compile(r"\s(?:cấp trên|cấp dưới)(?![\wÀ-ỹ])")
_SAME_LEVEL = re.compile(r"\s(?:cùng cấp|đồng cấp)(?![\wÀ-ỹ])")
_PERSONS = re.compile(
    r"other:(?:các |từng |mỗi )?(?:người đứng \S+|cấp trưởng|lãnh đạo|thủ trưởng|bí thư|chủ tịch)\s\S",
    re.IGNORECASE,
)
# `Ban Thường vụ các huyện ủy, thành ủy`: what stands before a committee goes with those listed after it.
_OF_COMMITTEES = re.compile(r"other:\S.{0,120}\s(?:huyện|thành|thị|quận|tỉnh)\sủy$", re.IGNORECASE)
_COMMITTEE = re.compile(r"(?:huyện|thành|thị|quận|tỉnh|đảng)\sủy(?![\wÀ-ỹ])")
_COLON_LIST = re.compile(r"\s?:\s(?=[^\W\d_])")
_GENERIC = re.compile(
    r"(?:cơ quan|đơn vị|tổ chức|sở|ban|bộ|ngành|địa phương)(?:,|\s(?:có )?liên quan|$)", re.IGNORECASE
)
_PLURAL = re.compile(r"(?:các|những)\s", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:các )?(?:thủ trưởng|giám đốc|chủ tịch|bộ trưởng|bí thư|người đứng đầu|trưởng)(?![\wÀ-ỹ])",
    re.IGNORECASE,
)
_DETERMINED = re.compile(r"(?:các|từng|mỗi|những) ")
_TAIL_WORDS = 4
_NAME_WORDS = 10


@dataclass(frozen=True, slots=True)
class Member:
    """One body of a list, at letters `start`..`end`; `key` is a registry key or `other:…`."""

    start: int
    end: int
    key: str

    @property
    def is_known(self) -> bool:
        return not self.key.startswith("other:")


@dataclass(frozen=True, slots=True)
class BodyList:
    """A list of bodies at letters `start`..`end`."""

    members: tuple[Member, ...]
    start: int
    end: int

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(member.key for member in self.members))

    @property
    def is_known(self) -> bool:
        return any(member.is_known for member in self.members)


@dataclass(slots=True)
class _Head:
    """The first words of a list's members, where only one of them says it; `colon`: said before all."""

    words: str = ""
    colon: bool = False


class BodyFinder:
    """Reads lists of bodies in one passage."""

    def __init__(self, index: NameIndex, passage: Passage) -> None:
        self.index = index
        self.passage = passage
        self.words: Words = compare_words(passage.text, passage.plain)
        self.names: dict[int, Name] = index.find(passage.text, self.words)
        self._starts = sorted(self.names)

    def outermost_keys(self) -> list[str]:
        """The keys of all bodies named in the passage; a name inside a longer one does not count."""
        return outermost(self.names)

    def is_inside_name(self, at: int) -> bool:
        """Whether a longer name spans letter `at`: `thành ủy` of `văn phòng tỉnh ủy, thành ủy`."""
        first = bisect_left(self._starts, at - _LONGEST_NAME)
        near = self._starts[first : bisect_left(self._starts, at)]
        return any(at < self.names[start].end for start in near)

    def read_list(self, start: int, stop: int) -> BodyList | None:
        """The list of bodies that begins at letter `start`, read to `stop` at the most."""
        members: list[Member] = []
        head = _Head()
        at = end = start
        while member := self._next_member(at, stop, members, head):
            if members and self._belongs_to_person(members[-1], member):
                first = members.pop().start
                member = Member(first, member.end, f"other:{self.passage.text[first : member.end]}")
            colon = _COLON_LIST.match(self.passage.text, member.end, stop)
            if colon and not member.is_known and _PLURAL.match(self.passage.text, member.start):
                head = _Head(_PLURAL.sub("", self.passage.text[member.start : member.end]), colon=True)
                if self._next_member(colon.end(), stop, [member], head):
                    at = colon.end()
                    continue
            members.append(member)
            end = self._after(member.end, stop)
            separator = SEPARATOR.match(self.passage.text, end, stop)
            if separator is None:
                break
            at = separator.end()
        return BodyList(tuple(self._share_endings(members)), start, end) if members else None

    def _next_member(self, at: int, stop: int, members: list[Member], head: _Head) -> Member | None:
        """A further member of a list: on its own, or with the head of the list before it.

        `các Đảng ủy: Chính phủ; Quốc hội` are the Đảng ủy of each; so are `Thủ trưởng cơ quan ngang bộ,
        cơ quan thuộc Chính phủ` persons, both, and `Sở Nội vụ, Tài chính` two departments.
        """
        if head.colon:
            return self._under_colon(at, stop, head.words)
        if not members:
            return self._member(at, stop)
        before = self.passage.text[members[-1].start : members[-1].end]
        if office := _OFFICE.match(before):
            return self._shared_head(at, stop, office.group()) or self._member(at, stop)
        member = self._member(at, stop)
        if member is not None:
            head.words = ""
            return member
        head.words = head.words or before.split(" ", 1)[0]
        return self._shared_head(at, stop, head.words)

    def _under_colon(self, at: int, stop: int, head: str) -> Member | None:
        """`các Đảng ủy: Chính phủ; Bộ Tư pháp` are Đảng ủy, known or not; `các cơ quan: Sở Y tế` is not."""
        shared = self._shared_head(at, stop, head)
        if shared is not None:
            return shared
        member = self._member(at, stop)
        is_itself = member is not None and member.is_known
        if is_itself and (_GENERIC.match(head) or self.passage.text[at].islower()):
            return member
        if is_itself and same_words(head.lower()) == same_words(
            self.passage.text[at : at + len(head)].lower()
        ):
            return member
        return self._capitals(at, stop, head) or member

    def _member(self, at: int, stop: int) -> Member | None:
        name = self.names.get(at)
        text = self.passage.text
        if name is not None and name.end <= stop and not self._runs_on(name, stop):
            if _OTHER_LEVEL.match(text, name.end) or (
                _SAME_LEVEL.match(text, name.end) and name.key not in self.index.open_keys
            ):
                return self._unknown(at, stop)
            same = _SAME_LEVEL.match(text, name.end)
            end = same.end() if same else name.end
            return Member(at, self._proper_end(end, stop), name.key)
        return self._unknown(at, stop)

    def _proper_end(self, end: int, stop: int) -> int:
        """Past a place's name behind a body's (`tỉnh Sơn La`); no verb, and no body of its own, follows."""
        proper = _PROPER.match(self.passage.text, end, stop)
        if not proper or end + 1 in self.names or PREDICATE.match(self.passage.text, end + 1):
            return end
        return proper.end()

    def _belongs_to_person(self, before: Member, member: Member) -> bool:
        """`Người đứng đầu cấp ủy đảng, chính quyền các cấp` are persons at large, not the authorities.

        Nor is `Ban Thường vụ các huyện ủy, thành ủy` a Ban Thường vụ and the committees of towns.
        """
        if before.is_known or not self.passage.text[member.start].islower():
            return False
        if _OF_COMMITTEES.match(before.key) and _COMMITTEE.match(self.passage.text, member.start):
            return True
        if not _PERSONS.match(before.key):
            return False
        return member.key in self.index.collective_keys and not _DETERMINED.match(
            self.passage.text, member.start
        )

    def _runs_on(self, name: Name, stop: int) -> bool:
        """`Đảng đoàn Hội Nông dân`, `Huyện ủy Đông Anh`: one body, not the collective `đảng đoàn`.

        But `UBND các xã, phường, đặc khu Cồn Cỏ` are all of a list, whose last place is named.
        """
        if "," in self.passage.text[name.start : name.end]:
            return False
        return name.key in self.index.collective_keys and self._proper_end(name.end, stop) > name.end

    def _unknown(self, at: int, stop: int) -> Member | None:
        """A body that the registry lacks: from a kind noun to a separator or a predicate."""
        kind = KIND.match(self.passage.text, at, stop)
        if kind is None:
            return None
        limit = min(stop, at + _UNKNOWN_LENGTH)
        end = self._unknown_end(kind.end(), limit)
        words = self.passage.text[at:end].strip()
        return Member(at, at + len(words), f"other:{words}") if words else None

    def _unknown_end(self, at: int, limit: int) -> int:
        text = self.passage.text
        mark = _NAME_END.search(text, at, limit)
        end = mark.start() if mark else limit
        space = text.find(" ", at, end)
        while 0 <= space < end:
            if PREDICATE.match(text, space + 1, end) and not text[space + 1].isupper():
                return len(text) if limit == len(text) and _NAME_ENDS_BLOCK.fullmatch(text, space) else space
            space = text.find(" ", space + 1, end)
        return end

    def _capitals(self, at: int, stop: int, head: str) -> Member | None:
        """An unknown name under a heading: capitals up to the next separator."""
        if not self.passage.text[at : at + 1].isupper() or PREDICATE.match(self.passage.text, at, stop):
            return None
        end = self._unknown_end(at, min(stop, at + _UNKNOWN_LENGTH))
        return Member(at, end, f"other:{head} {self.passage.text[at:end]}") if end > at else None

    def _shared_head(self, at: int, stop: int, head: str) -> Member | None:
        """`Sở Nội vụ, Tài chính`: the first word of the member before belongs to this one too."""
        first = self._word_at(at)
        if first is None or not head:
            return None
        words = self.words.words
        for count in range(min(_NAME_WORDS, len(words) - first), 0, -1):
            if self.words.ends[first + count - 1] > stop:
                continue
            key = self.index.key_of(
                same_words(" ".join((*self._plain_words(head), *words[first : first + count])))
            )
            if key is not None:
                return Member(at, self.words.ends[first + count - 1], key)
        return None

    def _word_at(self, at: int) -> int | None:
        place = bisect_left(self.words.starts, at)
        return place if place < len(self.words.starts) and self.words.starts[place] == at else None

    @staticmethod
    def _plain_words(text: str) -> list[str]:
        return compare_words(text, plain_letters(text)).words

    def _after(self, end: int, stop: int) -> int:
        """Past what only describes the body: `(qua …)`, `có liên quan`, `từ cấp huyện`."""
        text = self.passage.text
        for pattern in (_LEVELS, _BRACKETED, _QUALIFIED, _BRACKETED):
            match = pattern.match(text, end, stop)
            if match and pattern is _QUALIFIED:
                end = self._unknown_end(match.end(), min(stop, match.end() + 60))
            elif match:
                end = match.end()
        return end

    def _share_endings(self, members: list[Member]) -> list[Member]:
        """Hand the ending of each member to the one before, where a body of that name exists.

        `Mặt trận Tổ quốc và các tổ chức chính trị - xã hội các cấp` is the Front of all levels.
        """
        shared = list(members)
        tails: list[tuple[str, ...]] = []
        for at in range(len(shared) - 1, -1, -1):
            member = shared[at]
            words = same_words(" ".join(self._plain_words(self.passage.text[member.start : member.end])))
            for tail in tails:
                key = self.index.key_of(f"{words} {' '.join(tail)}")
                if key is not None:
                    shared[at] = member = replace(member, key=key)
                    words = f"{words} {' '.join(tail)}"
                    break
            parts = words.split(" ")
            tails = [tuple(parts[-count:]) for count in range(min(_TAIL_WORDS, len(parts) - 1), 0, -1)]
        return shared
