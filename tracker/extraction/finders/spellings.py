"""Other ways in which a body's name is written, by rules of the language.

Names come as plain words (`so van hoa the thao va du lich`); every spelling given back is again a
run of plain words. A spelling that two bodies share belongs to neither: `NameIndex` sees to that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from tracker.core.text import UPPER, fold_spaces, plain_letters

# Words that are the same body in the Party's usage.
_SAME = (
    ("uy vien ban chap hanh dang bo tinh", "tinh uy vien"),
    ("doan the chinh tri xa hoi", "to chuc chinh tri xa hoi"),
    ("doan the", "to chuc chinh tri xa hoi"),
    ("mat tran to quoc viet nam", "mat tran to quoc"),
)
# Places of one level, which are listed in any order, and not always all: `các phường, xã, đặc khu`.
_LEVELS = (("xa", "phuong", "thi tran", "dac khu"), ("huyen", "quan", "thi xa", "thanh pho"))
_LEVEL_LISTS = tuple(
    re.compile(rf"\b(?:{'|'.join(level)})(?: (?:va )?(?:{'|'.join(level)})\b){{1,3}}") for level in _LEVELS
)
_ABBREVIATED_HEAD = re.compile(r"(?P<head>Sở|Bộ)\s(?P<rest>.{1,80})")
_OF_PLACE = re.compile(
    rf"(?P<body>.{{2,100}}?\s(?P<level>tỉnh|thành phố|Thành phố)|Tỉnh ủy|Thành ủy)"
    rf"(?:\s[{UPPER}]\w{{0,7}}){{1,4}}"
)
_GROUPS = re.compile(r"\s?[,–-]\s?|\s(?=[vV]à\s)")
_ARTICLE = re.compile(r"\bcac (?!cap$|cap (?!uy)|huyen$|tinh$)")


def same_words(words: str) -> str:
    """Synonyms of the Party's usage put into one form (`đoàn thể` → `tổ chức chính trị - xã hội`)."""
    padded = f" {words} "
    for written, meant in _SAME:
        padded = padded.replace(f" {written} ", f" {meant} ")
    return padded.strip()


def spellings(words: str) -> Iterator[str]:
    """The spellings of a name given in compared words, the name itself first."""
    forms = [words]
    for rule in (_without_articles, _committees, _related, _without_and, _levels, _synonyms):
        forms = list(dict.fromkeys(itertools.chain(forms, *(rule(form) for form in forms))))
    yield from forms


def initials(name: str) -> Iterator[str]:
    """`Sở Văn hóa, Thể thao và Du lịch` → `Sở VHTTDL`, `Sở VHTT VA DL`, `Sở VH TT VA DL`, to be compared."""
    match = _ABBREVIATED_HEAD.match(fold_spaces(name))
    if match is None:
        return
    groups = [_letters(group) for group in _GROUPS.split(match["rest"])]
    tail = [group.removeprefix("+") for group in groups if group]
    if sum(map(len, tail)) < 3 or not all(tail):  # noqa: PLR2004 - `Sở YT` may be anything
        return
    head = match["head"]
    last = "VA " + tail[-1] if groups[-1].startswith("+") else tail[-1]
    yield f"{head} {''.join(tail)}"
    if len(tail) > 1:
        yield f"{head} {''.join(tail[:-1])} {last}"
        yield f"{head} {' '.join(tail[:-1])} {last}"


def without_place(name: str) -> Iterator[str]:
    """`UBND tỉnh Nghệ An` → `UBND tỉnh`, `Sở Y tế tỉnh Nghệ An` → `Sở Y tế`: in its own province."""
    match = _OF_PLACE.fullmatch(fold_spaces(name))
    if match:
        yield match["body"]
        if match["body"].startswith("Sở "):
            yield match["body"].removesuffix(match["level"]).strip()


def _letters(group: str) -> str:
    """The first letters of a group's words; a `+` stands for the `và` before it."""
    words = plain_letters(group).split()
    mark, words = ("+", words[1:]) if words[:1] == ["va"] else ("", words)
    return mark + "".join(word[0] for word in words if word[0].isalnum()).upper()


def _without_articles(words: str) -> Iterable[str]:
    """`các` before a list or inside it may be left out (`người đứng đầu cơ quan, đơn vị`)."""
    bare = _ARTICLE.sub("", words).strip()
    return [bare] if " " in bare else []


def _committees(words: str) -> Iterator[str]:
    """`cấp ủy, tổ chức đảng` is said as either, with or without `các cấp`; `ban, cơ quan tham mưu`."""
    if "cap uy to chuc dang" in words:
        party = words.replace("cap uy to chuc dang", "to chuc dang")
        yield party
        yield from (f"{form} cac cap" for form in (words, party) if not form.endswith("cap"))
    if "co quan tham muu" in words:
        yield words.replace("co quan tham muu", "ban co quan tham muu")


def _related(words: str) -> Iterator[str]:
    """`các cơ quan liên quan` and `các cơ quan có liên quan`."""
    if words.endswith(" lien quan"):
        bare = words.removesuffix(" lien quan")
        yield f"{bare.removesuffix(' co')} lien quan" if bare.endswith(" co") else f"{bare} co lien quan"


def _without_and(words: str) -> Iterator[str]:
    """`Sở Văn hóa Thể thao Du lịch`: the `và` inside a long name may be left out."""
    bare = words.replace(" va ", " ")
    if bare != words and bare.count(" ") >= 3:  # noqa: PLR2004 - `đảng và nhà nước` is two things
        yield bare


def _levels(words: str) -> Iterator[str]:
    """Places of one level in any order: `UBND các xã, phường`, `UBND các phường, xã, đặc khu`."""
    for level, pattern in zip(_LEVELS, _LEVEL_LISTS, strict=True):
        found = pattern.search(words)
        if found is None:
            continue
        for count in range(2, len(level) + 1):
            for order in itertools.permutations(level, count):
                before, after = words[: found.start()], words[found.end() :]
                yield f"{before}{' '.join(order)}{after}"
                yield f"{before}{' '.join(order[:-1])} va {order[-1]}{after}"


def _synonyms(words: str) -> Iterator[str]:
    for written, meant in _SAME:
        if f" {meant} " in f" {words} ":
            yield f" {words} ".replace(f" {meant} ", f" {written} ").strip()
