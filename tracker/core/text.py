"""Text folding that more than one part needs: accents off, white space folded. No Django here.

Vietnamese letters are stripped through one table, so that a text in composed form (NFC) keeps
its length: position `i` of the plain text is position `i` of the text itself.
"""

from __future__ import annotations

import re
import unicodedata

_BASES = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng


def _accent_table() -> dict[int, str]:
    """Every composed Vietnamese letter with the plain letter of the same case."""
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for base in _BASES:
        plain = unicodedata.normalize("NFD", base)[0]
        table[ord(base)] = plain
        for tone in _TONES:
            composed = unicodedata.normalize("NFC", base + tone)
            if len(composed) == 1:
                table[ord(composed)] = plain
    return table


_ACCENTS = _accent_table()
_PLAIN = {
    **{ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{k: v.lower() for k, v in _ACCENTS.items()},
}


# `oà`, `uỷ` at the end of a syllable: the tone stands on the second vowel (`quý` is no such case).
_OLD_ACCENT = re.compile(r"(?<![qQ])([oOuU])([àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ])(?![\wÀ-ỹ])")
_TONED_FIRST = {"o": "òóỏõọ", "u": "ùúủũụ"}
_TONED_SECOND = "àáảãạ", "èéẻẽẹ", "ỳýỷỹỵ"

# For character classes: the letters lie scattered over the code points, so that no range will do.
UPPER = "".join(sorted({*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *(chr(c) for c in _ACCENTS if chr(c).isupper())}))
LOWER = UPPER.lower()


def without_accents(text: str) -> str:
    """The text with plain letters: `Tỉnh ủy` → `Tinh uy`. Case is kept; any form (NFC, NFD) is read."""
    return unicodedata.normalize("NFC", text).translate(_ACCENTS)


def plain_letters(text: str) -> str:
    """Small plain letters of a composed (NFC) text, each in its own place: `Đảng ủy` → `dang uy`."""
    return text.translate(_PLAIN)


def new_accents(text: str) -> str:
    """The old accent placement brought to the new, letter for letter: `Toà án, thuỷ` → `Tòa án, thủy`."""
    return _OLD_ACCENT.sub(_moved_accent, text)


def _moved_accent(match: re.Match[str]) -> str:
    first, second = match.groups()
    row = next(row for row in _TONED_SECOND if second.lower() in row)
    toned = _TONED_FIRST[first.lower()][row.index(second.lower())]
    plain = plain_letters(second)
    return (toned.upper() if first.isupper() else toned) + (plain.upper() if second.isupper() else plain)


def fold_spaces(text: str) -> str:
    """White space folded to single spaces, none at the ends."""
    return " ".join(text.split())


def slug(text: str) -> str:
    """The unaccented slug of a name: `Chương trình hành động` → `chuong-trinh-hanh-dong`."""
    letters = plain_letters(unicodedata.normalize("NFC", text))
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in letters).split())
