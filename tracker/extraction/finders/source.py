"""The text in composed form (NFC), with a map back to the offsets of the text that was given.

Most files are composed already, and the map is then the identity. A decomposed file (NFD, as some
scanners and Apple machines write) is composed letter by letter, so that every later step can rely
on one letter being one character.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field

# A letter and the marks that stand on it. Bounded: more than eight marks on a letter are noise.
_MARK = re.compile(r"[̀-ͯ]")
_CLUSTER = re.compile(r"[^̀-ͯ][̀-ͯ]{1,8}")


@dataclass(frozen=True, slots=True)
class Source:
    """`text` is composed; `original(i)` is the place of its character `i` in the text given."""

    text: str
    _composed: array[int] = field(default_factory=lambda: array("L"))
    _given: array[int] = field(default_factory=lambda: array("L"))

    def original(self, index: int) -> int:
        """The offset in the given text; for the end of a stretch pass the end, as for the start."""
        if not self._composed:
            return index
        at = bisect_right(self._composed, index) - 1
        if at < 0:
            return index
        return self._given[at] + (index - self._composed[at])


def compose(text: str) -> Source:
    """Compose a text; a composed text is returned as it is, at no cost."""
    if not _MARK.search(text):
        return Source(text)
    pieces: list[str] = []
    composed, given = array("L"), array("L")
    done = length = 0
    for match in _CLUSTER.finditer(text):
        letter = unicodedata.normalize("NFC", match.group())
        pieces += (text[done : match.start()], letter)
        length += match.start() - done + len(letter)
        done = match.end()
        composed.append(length)
        given.append(done)
    pieces.append(text[done:])
    return Source("".join(pieces), composed, given)
