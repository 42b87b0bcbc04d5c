"""What a task's event is made of, read in one pass: plain values, cheap to compare.

Everything that can change an event stands here, so that the digest of the facts says whether a
kept text still holds. Nothing here or in `events` asks the database for more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import FilteredRelation, Q

from tracker.duties.enums import BodyRole
from tracker.duties.models import DutyBody, Task, TaskQuerySet
from tracker.duties.queries import document_titles


class TaskFacts(NamedTuple):
    """One task as its event shows it. `deadline_state` is as of the day the facts were read for."""

    id: int
    revision: int
    period: str
    state: str
    due_on: date
    original_due_on: date | None
    percent: int | None
    reported_on: date | None
    needs_assignment: bool
    created_at: datetime
    changed_at: datetime
    agency: str
    action: str
    due_text: str
    clause: str | None
    number: str
    secrecy: str
    deadline_state: str
    document: str
    leads: str
    coordinators: str


class Kept(NamedTuple):
    """A rendered text on record, or two Nones where there is none."""

    digest: str | None
    text: str | None


_COLUMNS = (
    "id",
    "revision",
    "period",
    "state",
    "due_on",
    "original_due_on",
    "percent",
    "reported_on",
    "needs_assignment",
    "created_at",
    "changed_at",
    "agency__name",
    "duty__action",
    "due_text",
    "duty__clause__path",
    "duty__document__number",
    "duty__document__secrecy",
    "deadline_state",
)
# Tasks at a time: within SQLite's limit of parameters, and a feed of ten thousand stays small in memory.
_CHUNK = 900


def read_facts(tasks: TaskQuerySet, *, today: date, variant: str) -> Iterator[tuple[TaskFacts, Kept]]:
    """The facts of dated tasks in order of deadline, each with the text kept for this variant.

    One query for the tasks' numbers and three for each chunk of them. By number, since with what a
    person may see in the same query the database may well join all tasks before it picks these.
    """
    dated = tasks.filter(due_on__isnull=False).order_by("due_on", "id")
    numbers = list(dated.values_list("id", flat=True))
    for start in range(0, len(numbers), _CHUNK):
        yield from _read_chunk(numbers[start : start + _CHUNK], today, variant)


def _read_chunk(numbers: list[int], today: date, variant: str) -> Iterator[tuple[TaskFacts, Kept]]:
    rows = (
        Task.objects.filter(pk__in=numbers)
        .with_states(today)
        .with_due_text()
        .annotate(kept=FilteredRelation("kept_events", condition=Q(kept_events__variant=variant)))
        .order_by("due_on", "id")
        .values_list("duty_id", "duty__document_id", "kept__digest", "kept__text", *_COLUMNS)
    )
    listed = list(rows)
    bodies = _bodies({row[0] for row in listed})
    titles = document_titles({row[1] for row in listed})
    nobody = ("", "")
    for duty, document, digest, text, *values in listed:
        named = titles.get(document, ""), *bodies.get(duty, nobody)
        yield TaskFacts._make((*values, *named)), Kept(digest, text)


def digest_of(facts: TaskFacts, salt: str) -> str:
    """Equal facts, equal digest, in every process and at every time; `salt` names what is not a fact."""
    plain = "\x1f".join(map(str, facts))
    return hashlib.blake2b(f"{salt}\x1e{plain}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _bodies(duties: set[int]) -> dict[int, tuple[str, str]]:
    """Duty → the names of its lead bodies and of its coordinators, each joined by semicolons."""
    names: dict[int, tuple[list[str], list[str]]] = {}
    rows = (
        DutyBody.objects.filter(duty__in=duties)
        .exclude(role=BodyRole.MONITOR)
        .order_by("duty_id", "role", "ordinal")
        .values_list("duty_id", "role", "agency__name", "collective__name", "words")
    )
    for duty, role, agency, collective, words in rows:
        both = names.setdefault(duty, ([], []))
        both[role != BodyRole.LEAD].append(agency or collective or words)
    return {duty: ("; ".join(leads), "; ".join(others)) for duty, (leads, others) in names.items()}
