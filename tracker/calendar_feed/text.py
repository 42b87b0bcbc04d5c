"""Text that is safe in a calendar: whatever a document held, every client can read what comes out."""

from __future__ import annotations

import re
import unicodedata

# What some parsers take for the end of a line, beside CR LF: U+2028 would end a line in theirs, not in ours.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters but the newline, surrogates, non-characters, and marks that turn text about.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff\u202a-\u202e\u2066-\u2069]"
)
_BLANKS = re.compile(r"[ \t]+")


def safe_text(text: str) -> str:
    """The text without characters that break calendars; lines end in `\\n`, letters are composed."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _UNSAFE.sub("", text)).strip()


def one_line(text: str, *, longest: int | None = None) -> str:
    """Safe text on one line, cut at a word with `…` where it is longer than `longest` characters."""
    line = _BLANKS.sub(" ", safe_text(text).replace("\n", " ")).strip()
    if longest is None or len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return cut[: cut.rfind(" ")] + "…" if " " in cut[longest // 2 :] else cut + "…"


def sentence_start(text: str) -> str:
    """With a capital first letter: deadlines stand in the middle of a sentence in the source."""
    return text[:1].upper() + text[1:]
