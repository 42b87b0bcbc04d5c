"""What extraction gives back: plain, frozen values; no Django, no database, no clock.

All offsets count characters of the text that was given to `extract_text`, before any folding:
`text[start:end]` is the passage itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Scope(StrEnum):
    """Which part of a document a duty was read from (`extraction.md`, "Which text is read")."""

    SECTION = "section"
    DIRECTIVE = "directive"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class ExtractedClause:
    """One marked block (khoản, mục) of the text that was read.

    `path` is the item's own number or path, e.g. `5.1`, `4/2`, `2/p2`, `end`, `PL/3`. A path may
    repeat within a document (two unmarked closing paragraphs are both `end`).
    """

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ExtractedDuty:
    """One row of `extraction.md`.

    `leads` and `coordinators` hold registry keys, or `other:<as written>`. `due` is the coded
    deadline (`<2021-01-15`, `2023-Q2`, `yearly:12`, `none`, …). `quote` is `text[start:end]` with
    white space folded. `due_text` holds the deadline's words, folded likewise, or is empty; its
    place is `due_start`..`due_end`, or -1 for both where there is none. `confidence` lies in
    0..1. `rules` names the rules that made the row, by stable id.
    """

    document: str
    scope: Scope
    clause: str
    leads: tuple[str, ...]
    coordinators: tuple[str, ...]
    due: str
    quote: str
    start: int
    end: int
    due_text: str
    due_start: int
    due_end: int
    confidence: float
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text, with its words (white space folded), for the coverage account."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was not read: every list is a question to the person who reviews."""

    blocks_without_duty: tuple[Passage, ...] = ()
    deadlines_without_duty: tuple[Passage, ...] = ()
    bodies_without_duty: tuple[str, ...] = ()
    recipients_without_duty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """One directive found in a text.

    `number` is as printed without spaces (`109-NQ/TU`), or the name of the source where the text
    bears none. `kind` is the unaccented slug of the kind as printed (`nghi-quyet`, `chi-thi`,
    `ket-luan`, `ke-hoach`, `chuong-trinh-hanh-dong`, `bao-cao`, …) or empty. `issuer` is as
    printed or derived from the heading, e.g. `Ban Thường vụ Tỉnh ủy`, or empty. `secrecy` is
    empty, `mật`, `tối mật` or `tuyệt mật` as stamped.
    """

    number: str
    kind: str
    issuer: str
    issued_on: date | None
    subject: str
    secrecy: str
    start: int
    end: int
    clauses: tuple[ExtractedClause, ...]
    duties: tuple[ExtractedDuty, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class ExtractionResult:
    """Everything read from one text. `version` names the extractor that read it."""

    name: str
    version: str
    documents: tuple[ExtractedDocument, ...]
