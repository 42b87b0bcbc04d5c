"""Loading texts and documents, and deciding drafts. Nothing a person decided is overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracker.core.errors import AlreadyDecidedError, InvalidInputError
from tracker.core.events import Actor, record_event
from tracker.core.text import without_accents
from tracker.documents.enums import DocumentKind, DocumentStatus, DraftStatus
from tracker.documents.models import Clause, Document, Draft, SourceText
from tracker.extraction.types import ExtractedDocument, ExtractedDuty


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """What loading one document did: how many drafts are new, and how many an older reading lost."""

    document: Document
    is_new: bool
    new_drafts: int
    superseded_drafts: int

    @property
    def is_changed(self) -> bool:
        return self.is_new or bool(self.new_drafts or self.superseded_drafts)


@transaction.atomic
def save_source(
    *, name: str, text: str, coverage: dict[str, Any], actor: Actor, now: datetime
) -> tuple[SourceText, bool]:
    """Keep a text, whole; the same text is kept once, whatever its file is called. Second: is it new."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    source, is_new = SourceText.objects.get_or_create(
        sha256=digest, defaults={"name": name, "text": text, "coverage": coverage, "loaded_at": now}
    )
    if is_new:
        record_event(source, "source.loaded", actor=actor, now=now, after={"name": name, "sha256": digest})
    return source, is_new


@transaction.atomic
def load_document(
    *,
    source: SourceText,
    extracted: ExtractedDocument,
    version: str,
    start_on: date,
    actor: Actor,
    now: datetime,
) -> LoadedDocument:
    """Create a document with its clauses and drafts, or bring the drafts of a known one up to date.

    A known document keeps its source, its fields and every decided draft. Drafts that this
    reading adds wait for review; pending drafts that it no longer finds are marked superseded.
    """
    key = document_key(extracted.number, extracted.issued_on)
    document = Document.objects.select_for_update().filter(key=key).first()
    if document is not None and document.source_id != source.pk:
        # The same directive in another file: offsets would point into the wrong text.
        return LoadedDocument(document=document, is_new=False, new_drafts=0, superseded_drafts=0)
    is_new = document is None
    if document is None:
        document = _create_document(key, source, extracted, start_on=start_on, actor=actor, now=now)
    added, lost = _bring_drafts_up_to_date(document, extracted.duties, version)
    if (added or lost) and not is_new:
        record_event(
            document, "document.read_again", actor=actor, now=now, after={"new": added, "superseded": lost}
        )
    return LoadedDocument(document=document, is_new=is_new, new_drafts=added, superseded_drafts=lost)


@transaction.atomic
def decide_draft(draft: Draft, status: DraftStatus, *, actor: Actor, now: datetime, note: str = "") -> Draft:
    """Accept or reject a draft, once.

    Raises AlreadyDecidedError where it has been decided or superseded.
    """
    if status not in {DraftStatus.ACCEPTED, DraftStatus.REJECTED}:
        raise InvalidInputError(_("Dự thảo chỉ có thể được nhận hoặc bị loại."), field="status")
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.status != DraftStatus.PENDING:
        raise AlreadyDecidedError(
            _("Dự thảo này %(status)s, không quyết định lại được.") % {"status": locked.get_status_display()}
        )
    locked.status, locked.decided_by, locked.decided_at = status, actor.user, now
    locked.save(update_fields=["status", "decided_by", "decided_at"])
    record_event(
        locked,
        f"draft.{status.value}",
        actor=actor,
        now=now,
        before={"status": DraftStatus.PENDING.value},
        after={"status": status.value},
        note=note,
    )
    return locked


@transaction.atomic
def change_draft(draft: Draft, fields: Mapping[str, Any], *, actor: Actor, now: datetime) -> Draft:
    """Correct a draft that waits: its `changes` keep what the extractor had read, and what stands now.

    Raises AlreadyDecidedError where it has been decided or superseded.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.status != DraftStatus.PENDING:
        raise AlreadyDecidedError(
            _("Dự thảo này %(status)s, không sửa được nữa.") % {"status": locked.get_status_display()}
        )
    before = {name: getattr(locked, name) for name in fields if getattr(locked, name) != fields[name]}
    if not before:
        return locked
    for name, was in before.items():
        read, _now = locked.changes.get(name, (was, None))
        locked.changes[name] = [read, fields[name]]
        setattr(locked, name, fields[name])
    locked.save(update_fields=[*before, "changes"])
    after = {name: fields[name] for name in before}
    record_event(locked, "draft.changed", actor=actor, now=now, before=before, after=after)
    return locked


@transaction.atomic
def mark_published(document: Document, *, actor: Actor, now: datetime) -> bool:
    """Put a loaded document under tracking; False where it already was."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.status != DocumentStatus.LOADED:
        return False
    locked.status = DocumentStatus.PUBLISHED
    locked.save(update_fields=["status"])
    record_event(
        locked,
        "document.published",
        actor=actor,
        now=now,
        before={"status": DocumentStatus.LOADED.value},
        after={"status": DocumentStatus.PUBLISHED.value},
    )
    document.status = locked.status
    return True


@transaction.atomic
def set_start_on(document: Document, day: date, *, actor: Actor, now: datetime) -> bool:
    """Move the day from which a document's tasks are followed; False where it is that day already.

    The caller replans history (`duties.services.replan_history`).
    """
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.start_on == day:
        return False
    before, locked.start_on = locked.start_on, day
    locked.save(update_fields=["start_on"])
    record_event(
        locked,
        "document.start_moved",
        actor=actor,
        now=now,
        before={"start_on": before.isoformat()},
        after={"start_on": day.isoformat()},
    )
    document.start_on = day
    return True


@transaction.atomic
def set_expired_on(
    document: Document, day: date, *, reason: str, today: date, actor: Actor, now: datetime
) -> bool:
    """Note from which day a document is in force no more; False where it is that day already.

    On a day to come its status stays, until `expire_due`. The caller stops its recurring duties
    (`duties.replanning.expire_document`). Raises InvalidInputError without a reason, for a document
    that is not tracked, or for a day before its date.
    """
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if not reason.strip():
        raise InvalidInputError(_("Cần ghi lý do hoặc văn bản thay thế."), field="reason")
    if locked.status == DocumentStatus.LOADED:
        raise InvalidInputError(_("Văn bản chưa được đưa vào theo dõi."))
    if locked.issued_on is not None and day < locked.issued_on:
        raise InvalidInputError(
            _("Văn bản ban hành ngày %(issued_on)s.") % {"issued_on": f"{locked.issued_on:%d/%m/%Y}"},
            field="day",
        )
    if locked.expired_on == day:
        return False
    before = {"expired_on": locked.expired_on.isoformat() if locked.expired_on else None}
    locked.expired_on = day
    locked.status = DocumentStatus.EXPIRED if day <= today else DocumentStatus.PUBLISHED
    locked.save(update_fields=["expired_on", "status"])
    after = {"expired_on": day.isoformat()}
    record_event(
        locked, "document.expired", actor=actor, now=now, before=before, after=after, note=reason.strip()
    )
    document.expired_on, document.status = locked.expired_on, locked.status
    return True


@transaction.atomic
def expire_due(*, today: date, actor: Actor, now: datetime) -> int:
    """Mark as expired the documents whose day has come. Returns how many."""
    due = Document.objects.select_for_update().filter(status=DocumentStatus.PUBLISHED, expired_on__lte=today)
    documents = list(due.order_by("id"))
    for document in documents:
        document.status = DocumentStatus.EXPIRED
        document.save(update_fields=["status"])
        record_event(
            document,
            "document.expiry_came",
            actor=actor,
            now=now,
            before={"status": DocumentStatus.PUBLISHED.value},
            after={"status": DocumentStatus.EXPIRED.value},
        )
    return len(documents)


def document_key(number: str, issued_on: date | None) -> str:
    """The natural key of a document. Numbers begin anew each term, so the day belongs to it."""
    return f"{number}@{issued_on.isoformat()}" if issued_on else number


def _create_document(
    key: str,
    source: SourceText,
    extracted: ExtractedDocument,
    *,
    start_on: date,
    actor: Actor,
    now: datetime,
) -> Document:
    kind = extracted.kind if extracted.kind in DocumentKind.values else DocumentKind.OTHER
    document = Document.objects.create(
        key=key,
        source=source,
        number=extracted.number,
        kind=kind,
        issuer=extracted.issuer,
        issued_on=extracted.issued_on,
        subject=extracted.subject,
        search_text=without_accents(f"{extracted.number} {extracted.subject}"),
        secrecy=extracted.secrecy,
        start=extracted.start,
        end=extracted.end,
        start_on=start_on,
    )
    Clause.objects.bulk_create(
        [
            Clause(document=document, ordinal=ordinal, path=clause.path, start=clause.start, end=clause.end)
            for ordinal, clause in enumerate(extracted.clauses)
        ]
    )
    record_event(document, "document.loaded", actor=actor, now=now, after={"key": key, "source": source.name})
    return document


def _bring_drafts_up_to_date(
    document: Document, duties: Sequence[ExtractedDuty], version: str
) -> tuple[int, int]:
    """Add what is new, mark what is gone; returns both counts."""
    readings = _readings(duties)
    known = set(document.drafts.values_list("fingerprint", flat=True))
    clauses = {(clause.path, clause.start): clause for clause in document.clauses.all()}
    Draft.objects.bulk_create(
        [
            _draft(document, clauses, duty, ordinal, fingerprint, version)
            for ordinal, (fingerprint, duty) in enumerate(readings.items())
            if fingerprint not in known
        ]
    )
    found_again = document.drafts.filter(status=DraftStatus.SUPERSEDED, fingerprint__in=readings).update(
        status=DraftStatus.PENDING
    )
    # A draft that a person has corrected stays: it is their reading now.
    lost = (
        document.drafts.filter(status=DraftStatus.PENDING, changes={})
        .exclude(fingerprint__in=readings)
        .update(status=DraftStatus.SUPERSEDED)
    )
    return len(readings.keys() - known) + found_again, lost


def _readings(duties: Sequence[ExtractedDuty]) -> dict[str, ExtractedDuty]:
    readings: dict[str, ExtractedDuty] = {}
    for duty in duties:
        readings.setdefault(_fingerprint(duty), duty)
    return readings


def _fingerprint(duty: ExtractedDuty) -> str:
    """What makes two readings the same: place, deadline and bodies. Confidence and rules may change."""
    parts = [duty.clause, str(duty.start), str(duty.end), duty.due, *duty.leads, "|", *duty.coordinators]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _draft(
    document: Document,
    clauses: dict[tuple[str, int], Clause],
    duty: ExtractedDuty,
    ordinal: int,
    fingerprint: str,
    version: str,
) -> Draft:
    return Draft(
        document=document,
        clause=_clause_of(duty, clauses),
        fingerprint=fingerprint,
        ordinal=ordinal,
        scope=duty.scope.value,
        action=duty.quote,
        start=duty.start,
        end=duty.end,
        leads=list(duty.leads),
        coordinators=list(duty.coordinators),
        due_code=duty.due,
        due_text=duty.due_text[:300],
        confidence=duty.confidence,
        rules=list(duty.rules),
        extractor_version=version,
    )


def _clause_of(duty: ExtractedDuty, clauses: dict[tuple[str, int], Clause]) -> Clause | None:
    """The innermost clause of that path that holds the duty's place."""
    holding = [
        clause
        for (path, _start), clause in clauses.items()
        if path == duty.clause and clause.start <= duty.start < clause.end
    ]
    return max(holding, key=lambda clause: clause.start, default=None)
