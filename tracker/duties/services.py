"""Making duties and opening tasks. States are changed by `workflow`, never here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from tracker.agencies.models import Agency
from tracker.agencies.queries import Heirs, agencies_by_key, collectives_by_key, members_on
from tracker.core.events import Actor, record_event, record_events
from tracker.core.text import without_accents
from tracker.documents.enums import DocumentStatus
from tracker.documents.models import Document, Draft
from tracker.duties.deadlines import parse_due, periods, quarter_of
from tracker.duties.enums import BodyRole, WorkState
from tracker.duties.models import Duty, DutyBody, Task

OTHER = "other:"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far tasks are opened: up to `last`, as of `today`."""

    today: date
    last: date


class Turn(NamedTuple):
    """What is opened once for each agency: a period (empty for a duty that does not recur) and its day."""

    period: str
    due_on: date | None


@transaction.atomic
def create_duty(draft: Draft, *, actor: Actor, now: datetime) -> Duty:
    """Make the duty of an accepted draft, with the bodies that it names. Opens no task yet.

    Raises InvalidInputError where the draft's deadline code is not one of the contract.
    """
    deadline = parse_due(draft.due_code)
    duty = Duty.objects.create(
        document=draft.document,
        clause=draft.clause,
        draft=draft,
        ordinal=draft.ordinal,
        scope=draft.scope,
        action=draft.action,
        search_text=without_accents(draft.action),
        source_start=draft.start,
        source_end=draft.end,
        due_code=draft.due_code,
        due_text=draft.due_text,
        precision=deadline.precision,
        recurrence=deadline.recurrence,
        due_on=deadline.due_on,
        due_quarter=quarter_of(deadline.due_on) if deadline.due_on else "",
    )
    name_bodies(duty, BodyRole.LEAD, draft.leads)
    name_bodies(duty, BodyRole.COORDINATOR, draft.coordinators)
    record_event(duty, "duty.created", actor=actor, now=now, after={"draft": draft.pk, "due": draft.due_code})
    return duty


@transaction.atomic
def open_tasks(duty: Duty, *, horizon: Horizon, heirs: Heirs, actor: Actor, now: datetime) -> list[Task]:
    """Open what the duty's lead agencies owe up to the horizon; returns the new tasks.

    Idempotent, also under two workers: the duty's row is locked, what is open already is left
    alone, and the database holds one task for each duty, agency and period.
    """
    duty = Duty.objects.select_for_update(of=("self",)).select_related("document").get(pk=duty.pk)
    agencies = lead_agencies(duty)
    if not agencies:
        return []
    opened = Task.objects.bulk_create(
        _missing(duty, agencies, horizon=horizon, heirs=heirs, now=now), batch_size=_BATCH
    )
    record_events(opened, "task.opened", actor=actor, now=now, after=_opened)
    return opened


def open_periods(duties: Iterable[Duty], *, horizon: Horizon, actor: Actor, now: datetime) -> list[Task]:
    """Open what is missing for every given duty, each in a transaction of its own."""
    heirs = Heirs()
    opened: list[Task] = []
    for duty in duties:
        opened += open_tasks(duty, horizon=horizon, heirs=heirs, actor=actor, now=now)
    return opened


def lead_agencies(duty: Duty) -> list[Agency]:
    """The agencies that owe the duty: named, members of a collective on the document's date, or assigned."""
    agencies: dict[int, Agency] = {}
    day = duty.document.issued_on or duty.document.start_on
    for body in duty.bodies.filter(role=BodyRole.LEAD).select_related("agency", "collective"):
        for agency in _agencies_of_body(body, day):
            agencies.setdefault(agency.pk, agency)
    return list(agencies.values())


@transaction.atomic
def assign_body(
    body: DutyBody,
    agencies: Sequence[Agency],
    *,
    horizon: Horizon,
    actor: Actor,
    now: datetime,
) -> list[Task]:
    """Answer a *cần phân công*: these agencies owe the duty in the body's place; opens their tasks."""
    body.assigned.add(*agencies)
    record_event(
        body.duty,
        "duty.assigned",
        actor=actor,
        now=now,
        after={"body": body.name, "agencies": sorted(agency.key for agency in agencies)},
    )
    return open_tasks(body.duty, horizon=horizon, heirs=Heirs(), actor=actor, now=now)


@transaction.atomic
def replan_history(document: Document, *, actor: Actor, now: datetime) -> int:
    """Draw the line between history and tracking anew at the document's `start_on`.

    Only tasks on which nobody has acted move; what was taken into tracking by hand stays.
    Returns how many tasks moved.
    """
    untouched = Task.objects.select_for_update().filter(
        duty__document=document, state="not_started", is_tracked_by_hand=False, due_on__isnull=False
    )
    moved = 0
    for is_history, tasks in (
        (True, untouched.filter(is_history=False, due_on__lt=document.start_on)),
        (False, untouched.filter(is_history=True, due_on__gte=document.start_on)),
    ):
        batch = list(tasks)
        for task in batch:
            task.is_history, task.changed_at = is_history, now
            task.revision += 1
        Task.objects.bulk_update(batch, ["is_history", "changed_at", "revision"], batch_size=_BATCH)
        verb = "task.became_history" if is_history else "task.taken_into_tracking"
        moved += record_events(
            batch,
            verb,
            actor=actor,
            now=now,
            before={"is_history": not is_history},
            after={"is_history": is_history, "start_on": document.start_on.isoformat()},
        )
    return moved


def note_new_name(agency: str, *, now: datetime) -> int:
    """Count a change of every task of the agency with this key: it is shown under another name.

    Without it a calendar would give another title under the same `SEQUENCE`, and a program that asks
    for what has changed would keep the old name. Withdrawn tasks are left to run out. Returns how many.
    """
    shown = Task.objects.filter(agency__key=agency).exclude(state=WorkState.WITHDRAWN)
    return shown.update(revision=F("revision") + 1, changed_at=now)


def _agencies_of_body(body: DutyBody, day: date) -> list[Agency]:
    if body.agency is not None:
        return [body.agency]
    assigned = list(body.assigned.all())
    if assigned or body.collective is None or body.collective.is_open:
        return assigned
    return members_on(body.collective, day)


def name_bodies(duty: Duty, role: BodyRole, keys: Sequence[str]) -> None:
    """Note the bodies that a duty names, by registry key; `other:` and words for those it does not hold."""
    agencies, collectives = agencies_by_key(keys), collectives_by_key(keys)
    DutyBody.objects.bulk_create(
        [
            DutyBody(
                duty=duty,
                role=role,
                ordinal=ordinal,
                agency=agencies.get(key),
                collective=collectives.get(key) if key not in agencies else None,
                words="" if key in agencies or key in collectives else key.removeprefix(OTHER)[:300],
            )
            for ordinal, key in enumerate(dict.fromkeys(keys))
        ]
    )


def turns_of(duty: Duty, last: date) -> list[Turn]:
    """What a duty owes up to a day: its periods; without recurrence, the one empty period."""
    deadline = parse_due(duty.due_code)
    if not deadline.recurs:
        return [Turn("", duty.due_on)]
    document = duty.document
    first = duty.begins_on or document.issued_on or document.start_on
    if document.expired_on is not None:
        last = min(last, document.expired_on - timedelta(days=1))
    elif document.status == DocumentStatus.EXPIRED:
        return []
    last = min(last, duty.ends_on) if duty.ends_on else last
    return [Turn(period.key, period.due_on) for period in periods(deadline, first=first, last=last)]


def _missing(
    duty: Duty, agencies: Sequence[Agency], *, horizon: Horizon, heirs: Heirs, now: datetime
) -> list[Task]:
    """The tasks that nobody owes yet.

    A turn is owed once for each agency that the duty names, whoever holds its task by now (what was
    done stays with who did it), and once by a body that took over from several of them.
    """
    covered: set[tuple[int, str]] = set()
    for task in duty.tasks.select_related("agency", "named_agency"):
        named = task.named_agency or task.agency
        holder = heirs.holder(named, horizon.today) or named
        covered |= {(agency.pk, task.period) for agency in (task.agency, named, holder)}
    missing = []
    for turn in turns_of(duty, horizon.last):
        for agency in agencies:
            task = _task(duty, agency, turn, horizon=horizon, heirs=heirs, now=now)
            places = {(agency.pk, turn.period), (task.agency_id, turn.period)}
            if not places & covered:
                covered |= places
                missing.append(task)
    return missing


def _task(duty: Duty, agency: Agency, turn: Turn, *, horizon: Horizon, heirs: Heirs, now: datetime) -> Task:
    due_on = turn.due_on
    is_history = due_on is not None and due_on < duty.document.start_on
    # A turn of the past was owed by who existed then; one to come, by who holds the duty today.
    holder = agency if is_history else heirs.holder(agency, horizon.today)
    return Task(
        duty=duty,
        agency=holder or agency,
        named_agency=agency,
        period=turn.period,
        due_on=due_on,
        original_due_on=due_on,
        due_quarter=quarter_of(due_on) if due_on else "",
        is_history=is_history,
        needs_assignment=holder is None,
        created_at=now,
        changed_at=now,
    )


def _opened(task: Task) -> dict[str, Any]:
    return {
        "duty": task.duty_id,
        "agency": task.agency.key,
        "period": task.period,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "is_history": task.is_history,
        "needs_assignment": task.needs_assignment,
    }
