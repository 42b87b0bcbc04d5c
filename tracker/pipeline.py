"""The one place that joins file → text → rows → drafts → duties → tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.agencies.models import Agency, Collective
from tracker.agencies.queries import Heirs
from tracker.agencies.services import Saved, save_agency, save_collective, save_succession
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor
from tracker.core.text import fold_spaces, plain_letters
from tracker.documents import services as documents
from tracker.documents.enums import DocumentStatus, DraftStatus, DutyScope
from tracker.documents.models import Document, Draft
from tracker.documents.services import (
    LoadedDocument,
    decide_draft,
    load_document,
    mark_published,
    save_source,
)
from tracker.duties import by_hand, replanning
from tracker.duties import services as duties
from tracker.duties.deadlines import NewDue, new_due
from tracker.duties.models import Duty, Task
from tracker.duties.queries import recurring_duties
from tracker.duties.replanning import Replan, set_ends
from tracker.duties.services import Horizon
from tracker.duties.successions import come_into_force, follow_monitors, follow_successions
from tracker.extraction.extract import extract_text
from tracker.extraction.finders.deadlines import Kind, read_deadline_cell, with_year
from tracker.extraction.finders.names import NameIndex, compare_words
from tracker.extraction.readers.plain_text import decode_text, read_text_file
from tracker.extraction.registry import Body, CollectiveBody, Registry
from tracker.extraction.types import ExtractedDocument

_LONGEST_DUE_TEXT = 300


@dataclass(frozen=True, slots=True)
class RegistryLoad:
    """How many entries of a registry file were new, changed, or as they were."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What importing one file did."""

    name: str
    loaded: tuple[LoadedDocument, ...]

    @property
    def new_drafts(self) -> int:
        return sum(loaded.new_drafts for loaded in self.loaded)

    @property
    def is_changed(self) -> bool:
        return any(loaded.is_changed for loaded in self.loaded)


def load_registry(registry: Registry, *, actor: Actor, now: datetime) -> RegistryLoad:
    """Bring the database's registry up to a file's: all of it or nothing."""
    saved: list[Saved] = []
    with transaction.atomic():
        saved += [save_body(body, actor=actor, now=now) for body in registry.bodies.values()]
        for body in registry.bodies.values():
            for successor in body.successors:
                save_succession(
                    agency=body.key,
                    successor=successor.key,
                    is_confirmed=not successor.check,
                    actor=actor,
                    now=now,
                )
        saved += [
            _save_collective(collective, actor=actor, now=now) for collective in registry.collectives.values()
        ]
    new = sum(one.is_new for one in saved)
    changed = sum(one.is_changed for one in saved)
    return RegistryLoad(new=new, changed=changed, unchanged=len(saved) - new - changed)


def current_registry() -> Registry:
    """The registry as the database holds it, in the form that extraction reads.

    Raises InvalidInputError where it is empty: every body would come out unknown.
    """
    bodies = {agency.key: _body(agency) for agency in Agency.objects.order_by("id")}
    if not bodies:
        raise InvalidInputError(_("Chưa có danh mục cơ quan: chạy «manage.py load_registry» trước."))
    collectives = {
        collective.key: _collective(collective)
        for collective in Collective.objects.prefetch_related("members").order_by("id")
    }
    return Registry(bodies=bodies, collectives=collectives)


def import_file(
    path: Path, *, registry: Registry, start_on: date, actor: Actor, now: datetime
) -> ImportedFile:
    """Read a file, find its documents and keep their duties as drafts. All of the file or nothing.

    Raises UnreadableInputError for a file that cannot be read as text.
    """
    text = read_text_file(path)
    return import_text(text, name=path.stem, registry=registry, start_on=start_on, actor=actor, now=now)


def import_bytes(
    data: bytes, *, name: str, registry: Registry, start_on: date, actor: Actor, now: datetime
) -> ImportedFile:
    """As `import_file`, for the bytes of a file that was sent."""
    text = decode_text(data, name=name)
    return import_text(text, name=Path(name).stem, registry=registry, start_on=start_on, actor=actor, now=now)


@transaction.atomic
def import_text(
    text: str, *, name: str, registry: Registry, start_on: date, actor: Actor, now: datetime
) -> ImportedFile:
    """As `import_file`, for a text at hand."""
    result = extract_text(text, registry, name=name)
    _refuse_secrets(result.documents)
    source, _is_new = save_source(
        name=name,
        text=text,
        coverage={document.number: asdict(document.coverage) for document in result.documents},
        actor=actor,
        now=now,
    )
    loaded = [
        load_document(
            source=source, extracted=document, version=result.version, start_on=start_on, actor=actor, now=now
        )
        for document in result.documents
    ]
    return ImportedFile(name=name, loaded=tuple(loaded))


@transaction.atomic
def publish_document(document: Document, *, today: date, actor: Actor, now: datetime) -> list[Task]:
    """Accept every pending draft of a document that is not yet tracked, and open its tasks.

    Drafts from before the section (scope `body`) are offered to the reviewer, apart: they stay
    pending. A document that is tracked already is left alone, so that nothing is doubled.
    """
    if not mark_published(document, actor=actor, now=now):
        return []
    pending = document.drafts.filter(status=DraftStatus.PENDING).exclude(scope=DutyScope.BODY)
    created = [_accept(draft, actor=actor, now=now) for draft in pending.select_related("document", "clause")]
    set_ends(document, horizon=horizon(today), actor=actor, now=now)
    return duties.open_periods(created, horizon=horizon(today), actor=actor, now=now)


@transaction.atomic
def move_start(document: Document, day: date, *, actor: Actor, now: datetime) -> int:
    """Follow a document's tasks from another day on; returns how many tasks changed sides.

    What somebody has acted on, or taken into tracking by hand, stays where it is.
    """
    if not documents.set_start_on(document, day, actor=actor, now=now):
        return 0
    return duties.replan_history(document, actor=actor, now=now)


@transaction.atomic
def accept_draft(draft: Draft, *, today: date, actor: Actor, now: datetime) -> Duty:
    """A person accepts one draft: it becomes a duty, and its tasks open if its document is tracked."""
    duty = _accept(draft, actor=actor, now=now)
    set_ends(draft.document, horizon=horizon(today), actor=actor, now=now)
    if draft.document.status != "loaded":
        duties.open_tasks(duty, horizon=horizon(today), heirs=Heirs(), actor=actor, now=now)
    return duty


@dataclass(frozen=True, slots=True)
class Correction:
    """A draft as a person would have it: bodies by name, the deadline in its words.

    `due_as` says in plain words how the deadline is to be understood, where its own words do not
    tell (`sau Đại hội` as `31/12/2026`).
    """

    action: str
    leads: Sequence[str]
    coordinators: Sequence[str]
    due_text: str
    due_as: str = ""


def change_draft(draft: Draft, correction: Correction, *, actor: Actor, now: datetime) -> Draft:
    """A person corrects one draft before deciding it. Names that the registry knows become its bodies.

    Raises InvalidInputError for an empty action, no lead, or a deadline that cannot be understood.
    """
    action, due_text, leads, coordinators = _checked(correction, known_bodies())
    fields = {
        "action": action,
        "leads": leads,
        "coordinators": coordinators,
        "due_text": due_text,
        "due_code": _due_code(draft, due_text, correction.due_as),
    }
    return documents.change_draft(draft, fields, actor=actor, now=now)


def change_duty_deadline(
    duty: Duty,
    *,
    due_text: str,
    due_as: str = "",
    since: date | None = None,
    reason: str,
    today: date,
    actor: Actor,
    now: datetime,
) -> Replan:
    """Give a duty another deadline by its words, as a correction of a draft does; no words: no deadline.

    Raises InvalidInputError where the words cannot be understood, else as the service.
    """
    due_text = fold_spaces(due_text)[:_LONGEST_DUE_TEXT]
    return replanning.change_duty_deadline(
        duty,
        due_code=_due_code(Draft(document=duty.document), due_text, due_as),
        due_text=due_text,
        since=since,
        reason=reason,
        horizon=horizon(today),
        actor=actor,
        now=now,
    )


@transaction.atomic
def add_duty(
    document: Document,
    words: Correction,
    *,
    bodies: NameIndex | None = None,
    today: date,
    actor: Actor,
    now: datetime,
) -> tuple[Duty, bool]:
    """A duty that a person writes down without a draft, and its tasks; and whether it is new.

    The same words in the same document with the same deadline are the same duty: it is left as it is.
    `bodies` are `known_bodies`, for whoever adds many duties.
    Raises InvalidInputError for an empty action, no lead, a deadline that cannot be understood, and for a
    document that is not tracked.
    """
    if document.status != DocumentStatus.PUBLISHED:
        raise InvalidInputError(
            _("Văn bản %(number)s chưa được đưa vào theo dõi.") % {"number": document.number},
            field="document",
        )
    action, due_text, leads, coordinators = _checked(words, bodies or known_bodies())
    due_code = _read_deadline(due_text, document.issued_on, field="due_text") if due_text else "none"
    duty, is_new = by_hand.write_duty(
        document=document,
        action=action,
        leads=leads,
        coordinators=coordinators,
        due_code=due_code,
        due_text=due_text,
        actor=actor,
        now=now,
    )
    if is_new:
        set_ends(document, horizon=horizon(today), actor=actor, now=now)
        duties.open_tasks(duty, horizon=horizon(today), heirs=Heirs(), actor=actor, now=now)
    return duty, is_new


def known_bodies() -> NameIndex:
    """The registry as it is now, to look names up in: dear to make, cheap to ask."""
    return NameIndex(current_registry())


def _checked(words: Correction, bodies: NameIndex) -> tuple[str, str, list[str], list[str]]:
    """A duty's action, deadline words, lead and coordinator keys; refused without an action or a lead."""
    action, due_text = fold_spaces(words.action), fold_spaces(words.due_text)[:_LONGEST_DUE_TEXT]
    if not action:
        raise InvalidInputError(_("Cần ghi nội dung nhiệm vụ."), field="action")
    leads = _keys_of(words.leads, bodies)
    if not leads:
        raise InvalidInputError(_("Cần ghi ít nhất một cơ quan chủ trì."), field="leads")
    return action, due_text, leads, _keys_of(words.coordinators, bodies)


def _keys_of(names: Sequence[str], bodies: NameIndex) -> list[str]:
    """Registry keys of bodies written in full; `other:` and the words for all others."""
    keys = []
    for name in filter(None, map(fold_spaces, names)):
        found = bodies.find(name, compare_words(name, plain_letters(name))).get(0)
        keys.append(found.key if found and found.end == len(name) else duties.OTHER + name)
    return list(dict.fromkeys(keys))


def _due_code(draft: Draft, due_text: str, due_as: str) -> str:
    """The code of a corrected deadline; words that were not touched keep the code that was read."""
    words = fold_spaces(due_as) or due_text
    if not words:
        return "none"
    if not due_as and words == draft.due_text:
        return draft.due_code
    return _read_deadline(words, draft.document.issued_on, field="due_as")


def read_new_due(words: str, *, today: date) -> NewDue:
    """A new deadline for one task, from what a person wrote: a day (`31/3/2027`, `2027-03-31`) or words.

    A day without its year is its first coming from today. Raises InvalidInputError where the words
    cannot be understood, or name no single deadline.
    """
    words = fold_spaces(words)[:_LONGEST_DUE_TEXT]
    try:
        return NewDue.on(date.fromisoformat(words))
    except ValueError:
        return new_due(_read_deadline(words, today, field="new_due"), words)


def _read_deadline(words: str, day: date | None, *, field: str) -> str:
    """The code of words that name one deadline; a year that is left out is understood from the day on."""
    cell = read_deadline_cell(words) or read_deadline_cell(f"ngày {words}")  # a bare `31/1` could be a number
    found = [with_year(one, day) if day else one for one in cell]
    if len(found) != 1 or found[0].kind == Kind.PARTIAL:
        raise InvalidInputError(
            _(
                "Chưa hiểu «%(words)s» là hạn nào. Hãy ghi như 31/12/2026, trước ngày 15/12/2026,"
                " quý IV/2026, tháng 6 hằng năm, hằng quý."
            )
            % {"words": words},
            field=field,
        )
    return found[0].due


def reject_draft(draft: Draft, *, note: str = "", actor: Actor, now: datetime) -> Draft:
    """A person rejects one draft; it is kept, and never offered again."""
    return decide_draft(draft, DraftStatus.REJECTED, actor=actor, now=now, note=note)


def open_periods(*, today: date, actor: Actor, now: datetime) -> list[Task]:
    """The daily look: what waited for its day, bodies that changed, and what recurring duties owe a
    year ahead. Returns the tasks opened.
    """
    documents.expire_due(today=today, actor=actor, now=now)
    come_into_force(today=today, actor=actor, now=now)
    follow_successions(today=today, actor=actor, now=now)
    follow_monitors(today=today, actor=actor, now=now)
    return duties.open_periods(recurring_duties(), horizon=horizon(today), actor=actor, now=now)


def horizon(today: date) -> Horizon:
    """Up to which day tasks are opened: a year ahead, by the setting."""
    ahead: int = settings.TRACKER_PERIODS_AHEAD_DAYS
    return Horizon(today=today, last=today + timedelta(days=ahead))


def _accept(draft: Draft, *, actor: Actor, now: datetime) -> Duty:
    decide_draft(draft, DraftStatus.ACCEPTED, actor=actor, now=now)
    return duties.create_duty(draft, actor=actor, now=now)


def save_body(body: Body, *, actor: Actor, now: datetime) -> Saved:
    """Write a body of the registry; a new name reaches its tasks, as everywhere.

    Raises django's ValidationError where the model refuses it.
    """
    saved = save_agency(
        key=body.key,
        name=body.name,
        kind=body.kind,
        aliases=body.aliases,
        since=body.since,
        until=body.until,
        actor=actor,
        now=now,
    )
    if saved.is_renamed:
        duties.note_new_name(body.key, now=now)
    return saved


def _refuse_secrets(documents: Iterable[ExtractedDocument]) -> None:
    """Rule 11. The whole file is refused: its text would be kept with the others' otherwise."""
    secret = [f"{document.number} ({document.secrecy})" for document in documents if document.secrecy]
    if secret and not settings.TRACKER_ALLOW_SECRET:
        raise InvalidInputError(
            _(
                "Tệp có văn bản mật: %(names)s. Không nạp gì cả; đặt TRACKER_ALLOW_SECRET=true nếu"
                " máy chủ được phép giữ văn bản mật."
            )
            % {"names": ", ".join(secret)}
        )


def _save_collective(collective: CollectiveBody, *, actor: Actor, now: datetime) -> Saved:
    return save_collective(
        key=collective.key,
        name=collective.name,
        aliases=collective.aliases,
        is_open=collective.is_open,
        members=collective.members,
        actor=actor,
        now=now,
    )


def _body(agency: Agency) -> Body:
    return Body(
        key=agency.key,
        name=agency.name,
        kind=agency.kind,
        aliases=tuple(agency.aliases),
        since=agency.since,
        until=agency.until,
    )


def _collective(collective: Collective) -> CollectiveBody:
    return CollectiveBody(
        key=collective.key,
        name=collective.name,
        aliases=tuple(collective.aliases),
        members=tuple(dict.fromkeys(agency.key for agency in collective.members.all())),
        is_open=collective.is_open,
    )
