"""A block of text folded into one readable line, with the way back to every letter's place.

Folded: white space and control characters to single spaces, Markdown emphasis and raised footnote
numbers out, the old accent placement (`Toà`, `uỷ`) to the new, loose hyphens (`chính trị- xã hội`,
`109- NQ/TU`), and the confusions that scanning leaves (`Tồ chức`, `chù trì`, `Qúy`, `l5/12`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.core.text import LOWER, new_accents, plain_letters
from tracker.extraction.finders.names import is_abbreviation

# A run of words parted by single spaces, or what is folded away: raised numbers, emphasis.
_WORD = r"[^\s*<¹²³⁰⁴-⁹\x00-\x1f\x7f-\x9f\u200b-\u200f\ufeff]+"
_TOKEN = re.compile(rf"<sup>[^<>]{{0,12}}</sup>|{_WORD}(?: {_WORD})*|<|\*+|[¹²³⁰⁴-⁹]+")
_FOLDED_AWAY = "*¹²³⁰⁴⁵⁶⁷⁸⁹"

# Confusions of scanning, wrong and right: each keeps its length, so that the map stays true.
_SCANNED = (("Tồ chức", "Tổ chức"), ("tồ chức", "tổ chức"), ("TỒ CHỨC", "TỔ CHỨC"), ("hù trì", "hủ trì"),
            ("hổi hợp", "hối hợp"), ("Qúy", "Quý"), ("qúy", "quý"))  # fmt: skip
# Blocks in capitals: what is shorter is a heading or an abbreviation.
_TITLE = 20
_WORD_IN_CAPITALS = re.compile(r"\w+")
_BEGINS_SENTENCE = re.compile(rf"(?:^|[.!?…:]\s)[{LOWER}]")
_SCANNED_ONE = re.compile(r"(?<=[\s(\d])[lI](?=\d?/[\dlI])|(?<=[\dlI]/)[lI](?=[\d/])")
_SCANNED_ZERO = re.compile(r"(?<=[\s(/])[Oo](?=\d/\d)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Folded `text`. `at(i)` is the place of letter `i` in the source. `seams` are the places in `text` where
    furniture was taken out: a quote stops there.
    """

    text: str
    seams: tuple[int, ...]
    _folded: tuple[int, ...]
    _source: tuple[int, ...]

    @property
    def plain(self) -> str:
        """The text in small letters without accents, letter for letter."""
        return plain_letters(self.text)

    def at(self, index: int) -> int:
        """The place in the source of the letter at `index`."""
        token = max(bisect_right(self._folded, index) - 1, 0)
        return self._source[token] + index - self._folded[token]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source that the letters `start`..`end` come from."""
        return self.at(start), self.at(end - 1) + 1


def fold_passage(source: str, pieces: Sequence[tuple[int, int]]) -> Passage:
    """Fold the stretches `pieces` of the source, in order, into one passage."""
    words: list[str] = []
    folded: list[int] = []
    places: list[int] = []
    seams: list[int] = []
    length, last_end = 0, -1
    for piece_start, piece_end in pieces:
        if words:
            seams.append(length)
        for match in _TOKEN.finditer(source, piece_start, piece_end):
            token = match.group()
            if token[0] in _FOLDED_AWAY or token.startswith("<sup>"):
                last_end = match.end() if last_end == match.start() else last_end
                continue
            if words and last_end != match.start() and not _tight(words[-1], token):
                words.append(" ")
                length += 1
            words.append(token)
            folded.append(length)
            places.append(match.start())
            length += len(token)
            last_end = match.end()
    text = _mend("".join(words))
    return Passage(text, tuple(seams), tuple(folded), tuple(places))


def _in_small_letters(text: str) -> str:
    """A block in capitals as it is written elsewhere; what looks like an abbreviation stays as it is."""
    small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    words = _WORD_IN_CAPITALS.sub(
        lambda found: found[0] if _is_short(found[0]) else small[slice(*found.span())], text
    )
    return _BEGINS_SENTENCE.sub(lambda found: found[0].upper(), words)


def _is_short(word: str) -> bool:
    return word == "TW" or is_abbreviation(word)


def _tight(before: str, token: str) -> bool:
    """`109- NQ/TU`, `14- 15%`: a document number or a range that a line break took apart."""
    return (
        before[-1] == "-"
        and len(before) > 1
        and before[-2].isdigit()
        and (token[0].isdigit() or token[:2].isupper())
    )


def _mend(text: str) -> str:
    text = new_accents(text)
    if text.isupper() and len(text) > _TITLE:
        text = _in_small_letters(text)
    for wrong, right in _SCANNED:
        if wrong in text:
            text = text.replace(wrong, right)
    if "/" in text:
        text = _SCANNED_ZERO.sub("0", _SCANNED_ONE.sub("1", text))
    return text
