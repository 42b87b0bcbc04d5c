"""The registry's names as an automaton, and where they stand in a passage.

Names are compared as runs of plain words: small letters without accents, no hyphens or commas,
abbreviations written out (`UBND` → `Ủy ban nhân dân`), so that `Toà án`, `Tòa án`, `TOÀ ÁN`,
`tổ chức chính trị- xã hội` and `HĐND` all meet their names. The longest name wins: `Đảng đoàn Ủy ban
MTTQ` is never `Ủy ban MTTQ`, nor `Ban Thường vụ Tỉnh đoàn` `Tỉnh đoàn`.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

import ahocorasick

from tracker.core.text import fold_spaces, new_accents, plain_letters
from tracker.extraction.finders.spellings import initials, same_words, spellings, without_place
from tracker.extraction.registry import Registry

# Abbreviations of the state and Party system, written out wherever they stand.
_ABBREVIATIONS = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc",
    "ubkt": "uy ban kiem tra",
    "btv": "ban thuong vu",
    "bch": "ban chap hanh",
    "bcs": "ban can su",
    "bcsd": "ban can su dang",
    "tand": "toa an nhan dan",
    "tandtc": "toa an nhan dan toi cao",
    "vksnd": "vien kiem sat nhan dan",
    "vksndtc": "vien kiem sat nhan dan toi cao",
    "lhpn": "lien hiep phu nu",
    "ldld": "lien doan lao dong",
    "ccb": "cuu chien binh",
    "bhxh": "bao hiem xa hoi",
    "chqs": "chi huy quan su",
    "bchqs": "bo chi huy quan su",
    "gd": "giao duc",
    "dt": "dao tao",
    "gddt": "giao duc va dao tao",
    "khcn": "khoa hoc va cong nghe",
    "khdt": "ke hoach va dau tu",
    "tnmt": "tai nguyen va moi truong",
    "nnmt": "nong nghiep va moi truong",
    "ldtbxh": "lao dong thuong binh va xa hoi",
    "ldtb": "lao dong thuong binh",
    "xh": "xa hoi",
    "tttt": "thong tin va truyen thong",
    "vhttdl": "van hoa the thao va du lich",
    "kcn": "khu cong nghiep",
    "ctxh": "chinh tri xa hoi",
    "tu": "tinh uy",
    "bcd": "ban chi dao",
    "qlkcn": "quan ly cac khu cong nghiep",
}
_CAPITALS_ONLY = {"tu": "TU", "dt": "ĐT", "gd": "GD", "xh": "XH"}  # `TƯ PHÁP` holds no Tỉnh ủy
_WORD = re.compile(
    r"(?<!\w)(?!cua(?!\w))\w+|&"
)  # `của` is left out of names and of what is compared with them
_LONGEST_ABBREVIATION = 8
# A name's last syllable that begins another word: `cấp ủy viên`, `các Bộ trưởng`, `các bộ phận`.
_GOES_ON: dict[str, frozenset[str]] = {
    "uy": frozenset({"vien"}),
    "bo": frozenset({"truong", "phan", "may", "luat", "mon", "tieu"}),
    "so": frozenset({"huu"}),
    "nganh": frozenset({"nghe", "hang"}),
    "xa": frozenset({"hoi"}),
}
_WRITTEN_OUT = frozenset({*_ABBREVIATIONS, "&"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name at letters `start`..`end` of a passage, and the body's key."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """The compared words of a passage, and the letters each of them comes from."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def compare_words(text: str, plain: str) -> Words:
    """The words of a text as names are compared: abbreviations and synonyms written out."""
    found = [match.span() for match in _WORD.finditer(plain)]
    words = [plain[start:end] for start, end in found]
    if not _WRITTEN_OUT.isdisjoint(words):
        words, found = _written_out(words, found, text)
    starts, ends = zip(*found, strict=True) if found else ((), ())
    return Words(words, list(starts), list(ends))


def _written_out(
    words: list[str], found: list[tuple[int, int]], text: str
) -> tuple[list[str], list[tuple[int, int]]]:
    """The words with abbreviations taken apart; each part keeps the place of the whole."""
    all_words: list[str] = []
    places: list[tuple[int, int]] = []
    for word, place in zip(words, found, strict=True):
        parts = _expand(word, text[slice(*place)]) if word in _WRITTEN_OUT else (word,)
        all_words += parts
        places += (place,) * len(parts)
    return all_words, places


def is_abbreviation(written: str) -> bool:
    """Whether a word, as it is written, is short for a body's or a field's name: `UBND`, not `tu`."""
    word = plain_letters(written)
    is_meant = _CAPITALS_ONLY.get(word, written) == written and not written.islower()
    return is_meant and word in _ABBREVIATIONS


def _expand(word: str, written: str) -> list[str]:
    if word == "&":
        return ["va"]
    return _ABBREVIATIONS[word].split(" ") if is_abbreviation(written) else [word]


class NameIndex:
    """All names of a registry, ready to be found in any number of passages."""

    def __init__(self, registry: Registry) -> None:
        self._keys: dict[str, str] = {}
        self._accents: dict[str, set[str]] = {}
        self.open_keys = frozenset(key for key, entry in registry.collectives.items() if entry.is_open)
        self.collective_keys = frozenset(registry.collectives)
        for name, key in registry.names():
            self._add(name, key)
        self._add_spellings(registry)
        self._automaton = ahocorasick.Automaton()
        for words in self._keys:
            self._automaton.add_word(f" {words} ", words)
        if self._keys:
            self._automaton.make_automaton()

    def _add(self, name: str, key: str) -> None:
        words = _compared(name)
        if not words:
            return
        self._keys.setdefault(words, key)
        if words.count(" ") <= 1:
            self._accents.setdefault(words, set()).add(new_accents(fold_spaces(name).lower()))

    def _add_spellings(self, registry: Registry) -> None:
        """Other spellings of the names; the names themselves come first, and a doubtful one stays out."""
        meant: dict[str, set[str]] = {}
        for name, key in registry.names():
            for form in itertools.chain(
                spellings(_compared(name)),
                map(_compared, initials(name)),
                map(_compared, without_place(name)),
            ):
                meant.setdefault(form, set()).add(key)
        for form, keys in meant.items():
            if len(keys) == 1:
                self._keys.setdefault(form, *keys)

    def key_of(self, words: str) -> str | None:
        """The key of a name given in compared words, as far as a name is written in full."""
        return self._keys.get(words)

    def find(self, text: str, words: Words) -> dict[int, Name]:
        """The longest name at every letter of a passage at which a name begins."""
        if not self._keys:
            return {}
        joined, places = _joined(words.words)
        found: dict[int, Name] = {}
        for end, name in self._automaton.iter(joined):
            first = bisect_left(places, end - len(name))
            last = first + name.count(" ")
            start, stop = words.starts[first], words.ends[last]
            if first and words.starts[first - 1] == start:
                continue
            if last + 1 < len(words.words) and words.words[last + 1] in _GOES_ON.get(words.words[last], ()):
                continue
            if not self._accents_agree(name, text[start:stop]):
                continue
            if start not in found or found[start].end < stop:
                found[start] = Name(start, stop, self._keys[name])
        return found

    def outermost(self, text: str, plain: str) -> list[str]:
        """The keys of the names in a text, in order; a name inside a longer one does not count."""
        return outermost(self.find(text, compare_words(text, plain)))

    def _accents_agree(self, name: str, written: str) -> bool:
        """A short name is taken only with its own accents: `đang đoàn` is not `đảng đoàn`."""
        known = self._accents.get(name)
        if known is None:
            return True
        small = new_accents(fold_spaces(written).lower())
        return small in known or plain_letters(small) == small or self._is_abbreviation(written)

    @staticmethod
    def _is_abbreviation(written: str) -> bool:
        return written.isupper() and len(written) <= _LONGEST_ABBREVIATION


def outermost(names: Mapping[int, Name]) -> list[str]:
    """The keys of the names that stand in no longer one, in order."""
    keys: list[str] = []
    done = -1
    for start, name in sorted(names.items()):
        if start >= done:
            keys.append(name.key)
            done = name.end
    return keys


def _joined(words: list[str]) -> tuple[str, list[int]]:
    """The words between spaces, and the place of each word's first letter."""
    places = list(accumulate([len(word) + 1 for word in words], initial=1))
    return f" {' '.join(words)} ", places[:-1]


def _compared(name: str) -> str:
    folded = fold_spaces(name)
    return same_words(" ".join(compare_words(folded, plain_letters(folded)).words))
