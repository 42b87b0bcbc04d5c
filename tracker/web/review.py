"""What a registrar reviews in a document: drafts that wait, and what the reading left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.agencies.queries import agencies_by_key, collectives_by_key
from tracker.core.errors import InvalidInputError
from tracker.documents.enums import DraftStatus, DutyScope
from tracker.documents.models import Document, Draft, SourceText
from tracker.documents.queries import CONTEXT, PassageInContext, passage_in_context
from tracker.duties.deadlines import parse_due
from tracker.duties.services import OTHER

_LOW_CONFIDENCE = 0.6

# The parts of the coverage account, in the order in which a reviewer cares.
_PARTS: tuple[tuple[str, str | Promise], ...] = (
    ("deadlines_without_duty", _("Thời hạn chưa thuộc nhiệm vụ nào")),
    ("bodies_without_duty", _("Cơ quan được nêu mà chưa có nhiệm vụ")),
    ("recipients_without_duty", _("Nơi nhận mà chưa có nhiệm vụ")),
    ("blocks_without_duty", _("Khoản, mục chưa đọc ra nhiệm vụ")),
)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft with the names of its bodies, and its deadline as a day where it has one."""

    draft: Draft
    leads: list[str]
    coordinators: list[str]
    due_on: date | None
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """One list of the coverage account. `start` places a passage in the source; None for a name."""

    title: str | Promise
    entries: list[tuple[int | None, str]]


@dataclass(frozen=True, slots=True)
class Review:
    drafts: list[DraftRow]
    drafts_beside: list[DraftRow]
    unread: list[UnreadPart]
    rejected_count: int


def review_of(document: Document) -> Review:
    """In a fixed number of queries, whatever the number of drafts."""
    drafts = list(document.drafts.filter(status=DraftStatus.PENDING).select_related("clause"))
    coverage = _coverage(document)
    names = _names([*_keys_of(drafts), *coverage.get("bodies_without_duty", [])])
    rows = [_row(draft, names) for draft in drafts]
    return Review(
        drafts=[row for row in rows if row.draft.scope != DutyScope.BODY],
        drafts_beside=[row for row in rows if row.draft.scope == DutyScope.BODY],
        unread=_unread(coverage, names),
        rejected_count=document.drafts.filter(status=DraftStatus.REJECTED).count(),
    )


def row_of(draft: Draft) -> DraftRow:
    return _row(draft, _names(_keys_of([draft])))


def draft_values(draft: Draft) -> dict[str, str]:
    """What the form for a correction begins with."""
    row = row_of(draft)
    return {
        "action": draft.action,
        "leads": "\n".join(row.leads),
        "coordinators": "\n".join(row.coordinators),
        "due_text": draft.due_text,
    }


def passage_of(draft: Draft) -> PassageInContext:
    """The draft's words in their clause."""
    place = draft.clause or draft.document
    return passage_in_context(
        draft.document.source_id,
        start=draft.start,
        end=draft.end,
        first=max(place.start, draft.start - CONTEXT),
        last=min(place.end, draft.end + CONTEXT),
    )


def _coverage(document: Document) -> dict[str, Any]:
    whole = SourceText.objects.values_list("coverage", flat=True).get(pk=document.source_id)
    account: dict[str, Any] = whole.get(document.number) or {}
    return account


def _keys_of(drafts: Iterable[Draft]) -> list[str]:
    return [key for draft in drafts for key in (*draft.leads, *draft.coordinators)]


def _names(keys: Sequence[str]) -> dict[str, str]:
    names = {key: collective.name for key, collective in collectives_by_key(keys).items()}
    names |= {key: agency.name for key, agency in agencies_by_key(keys).items()}
    return {key: names.get(key, key.removeprefix(OTHER)) for key in keys}


def _row(draft: Draft, names: dict[str, str]) -> DraftRow:
    try:
        due_on = parse_due(draft.due_code).due_on
    except InvalidInputError:  # an older reading's code: accepting it says so
        due_on = None
    return DraftRow(
        draft=draft,
        leads=[names[key] for key in draft.leads],
        coordinators=[names[key] for key in draft.coordinators],
        due_on=due_on,
        is_doubtful=draft.confidence < _LOW_CONFIDENCE,
    )


def _unread(coverage: dict[str, Any], names: dict[str, str]) -> list[UnreadPart]:
    parts = [
        UnreadPart(title, [_entry(entry, names) for entry in coverage.get(part, [])])
        for part, title in _PARTS
    ]
    return [part for part in parts if part.entries]


def _entry(entry: str | dict[str, Any], names: dict[str, str]) -> tuple[int | None, str]:
    if isinstance(entry, str):
        return None, names.get(entry, entry.removeprefix(OTHER))
    return entry["start"], entry["words"]
