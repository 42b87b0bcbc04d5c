"""Reading documents: passages of their texts, without carrying whole volumes about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.models.functions import Substr

from tracker.documents.models import Document, SourceText

# How much of a document is shown on either side of some words, in characters.
CONTEXT = 1500


@dataclass(frozen=True, slots=True)
class PassageInContext:
    """A stretch of a text with what stands before and after it."""

    before: str
    words: str
    after: str


def passage_in_context(source_id: int, *, start: int, end: int, first: int, last: int) -> PassageInContext:
    """`text[start:end]` of a source, with the text from `first` and up to `last` around it.

    The database cuts: a volume of many documents is some megabytes long.
    """
    first, last = min(first, start), max(last, end)
    text = (
        SourceText.objects.filter(pk=source_id)
        .annotate(piece=Substr("text", first + 1, last - first))
        .values_list("piece", flat=True)
        .get()
    )
    return PassageInContext(
        before=text[: start - first], words=text[start - first : end - first], after=text[end - first :]
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document's text; `start` is its place in the source, `is_marked` if a mark holds it."""

    start: int
    words: str
    is_marked: bool


def marked_text(document: Document, marks: Iterable[tuple[int, int]]) -> list[Piece]:
    """A document's whole text, cut where a mark begins or ends. Marks may overlap."""
    spans = [(max(start, document.start), min(end, document.end)) for start, end in marks]
    spans = [(start, end) for start, end in spans if start < end]
    cuts = sorted({document.start, document.end, *(place for span in spans for place in span)})
    text = passage_in_context(
        document.source_id, start=document.start, end=document.end, first=document.start, last=document.end
    ).words
    return [
        Piece(
            start=start,
            words=text[start - document.start : end - document.start],
            is_marked=any(first <= start < last for first, last in spans),
        )
        for start, end in pairwise(cuts)
    ]
