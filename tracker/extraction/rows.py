"""Duties as rows: the JSON-able form of `extraction.md`."""

from __future__ import annotations

from typing import Any

from tracker.extraction.types import ExtractedDocument, ExtractedDuty, Passage


def row_of(duty: ExtractedDuty) -> dict[str, Any]:
    """One duty as a JSON-able dict: the fields of `extraction.md`, then where and why."""
    return {
        "document": duty.document,
        "scope": duty.scope.value,
        "clause": duty.clause,
        "leads": list(duty.leads),
        "coordinators": list(duty.coordinators),
        "due": duty.due,
        "quote": duty.quote,
        "start": duty.start,
        "end": duty.end,
        "due_text": duty.due_text,
        "confidence": duty.confidence,
        "rules": list(duty.rules),
    }


def coverage_row(document: ExtractedDocument) -> dict[str, Any]:
    """What was not read of one document, as a JSON-able dict."""
    coverage = document.coverage
    return {
        "document": document.number,
        "duties": len(document.duties),
        "blocks_without_duty": [_passage(passage) for passage in coverage.blocks_without_duty],
        "deadlines_without_duty": [_passage(passage) for passage in coverage.deadlines_without_duty],
        "bodies_without_duty": list(coverage.bodies_without_duty),
        "recipients_without_duty": list(coverage.recipients_without_duty),
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {"start": passage.start, "end": passage.end, "words": passage.words}
