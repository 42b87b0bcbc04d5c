"""Bodies change, and what they owe follows: to the one successor on that day, else to *cần phân công*.

`carry_out` makes a change of the registry and lets the tasks follow; `preview_change` does the very
same and takes it back, so that what a person is shown is what will happen. What was done stays with
who did it, and history stays where it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Protocol

from django.db import transaction

from tracker.agencies.changes import Changed, take_effect
from tracker.agencies.models import Agency, Membership, Post
from tracker.agencies.queries import Heirs
from tracker.core.errors import TrackerError
from tracker.core.events import Actor, record_event, record_events
from tracker.documents.enums import DocumentStatus
from tracker.documents.models import Document
from tracker.duties.models import OPEN_STATES, Duty, Task
from tracker.duties.services import note_new_name

_BATCH = 500


class Change(Protocol):
    """One of the functions of `agencies.changes` with its arguments (`functools.partial`)."""

    def __call__(self, *, actor: Actor, now: datetime) -> Changed: ...


@dataclass(frozen=True, slots=True)
class Move:
    """A task that leaves its agency: for `to`, or for *cần phân công* (None)."""

    task: Task
    old: Agency
    to: Agency | None


@dataclass(frozen=True, slots=True)
class MonitorMove:
    """A document that another body monitors from now on."""

    document: Document
    old: Agency
    to: Agency


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change of bodies brings with it on its day: by task, document, person, collective."""

    day: date
    heirs: tuple[Agency, ...]
    moves: tuple[Move, ...]
    monitors: tuple[MonitorMove, ...]
    people: tuple[Post, ...]
    joined: tuple[Membership, ...]

    @property
    def fingerprint(self) -> str:
        """Equal where the same would happen; what was shown is confirmed by it."""
        facts = sorted(
            [
                *(
                    f"task {move.task.pk} {move.old.key} {move.to.key if move.to else ''}"
                    for move in self.moves
                ),
                *(f"monitor {one.document.pk} {one.old.key} {one.to.key}" for one in self.monitors),
                *(f"post {post.user.pk} {post.agency.key}" for post in self.people),
                *(f"member {one.collective.key} {one.agency.key}" for one in self.joined),
            ]
        )
        return hashlib.sha256("\n".join([self.day.isoformat(), *facts]).encode()).hexdigest()


class ChangedMeanwhileError(TrackerError):
    """What was confirmed is not what would happen now; nothing was done. `consequences` has the new state."""

    code = "changed_meanwhile"

    def __init__(self, consequences: Consequences) -> None:
        super().__init__("Trong lúc xem trước, dữ liệu đã thay đổi. Hãy xem lại rồi xác nhận.")
        self.consequences = consequences


@transaction.atomic
def carry_out(
    change: Change, *, today: date, actor: Actor, now: datetime, confirmed: str = ""
) -> Consequences:
    """Make a change of bodies. On a day to come, the registry knows it now and the tasks follow on the day.

    `confirmed` is the fingerprint of the preview that a person saw; where something else would happen
    by now, nothing is done. Raises ChangedMeanwhileError then, InvalidInputError for a change that
    cannot be.
    """
    changed = change(actor=actor, now=now)
    with transaction.atomic():
        consequences = _follow(changed, today=max(today, changed.day), actor=actor, now=now)
        if changed.day > today:
            transaction.set_rollback(True)
    if confirmed and confirmed != consequences.fingerprint:
        raise ChangedMeanwhileError(consequences)
    return consequences


def preview_change(change: Change, *, today: date, actor: Actor, now: datetime) -> Consequences:
    """What `carry_out` would do, done and taken back."""
    with transaction.atomic():
        consequences = carry_out(change, today=today, actor=actor, now=now)
        transaction.set_rollback(True)
    return consequences


def _follow(changed: Changed, *, today: date, actor: Actor, now: datetime) -> Consequences:
    following = list(Post.objects.filter(agency__in=changed.heirs).values_list("pk", flat=True))
    come_into_force(today=today, actor=actor, now=now)
    people = Post.objects.filter(agency__in=changed.heirs).exclude(pk__in=following)
    return Consequences(
        day=changed.day,
        heirs=changed.heirs,
        moves=tuple(follow_successions(today=today, actor=actor, now=now, agencies=changed.ended)),
        monitors=tuple(follow_monitors(today=today, actor=actor, now=now, agencies=changed.ended)),
        people=tuple(people.select_related("user", "agency").order_by("id")),
        joined=changed.joined,
    )


@transaction.atomic
def come_into_force(*, today: date, actor: Actor, now: datetime) -> None:
    """Do in the registry what waited for its day; tasks that are shown under another name have changed."""
    for agency in take_effect(today=today, actor=actor, now=now):
        note_new_name(agency.key, now=now)


@transaction.atomic
def follow_successions(
    *, today: date, actor: Actor, now: datetime, agencies: Sequence[Agency] | None = None
) -> list[Move]:
    """Hand open tasks of bodies that are no more to their successor, or to *cần phân công*.

    Of these bodies, or of all. A task that waits for *cần phân công* goes too, once it has one heir.
    """
    stranded = Task.objects.filter(state__in=OPEN_STATES, is_history=False, agency__until__lt=today)
    if agencies is not None:
        stranded = stranded.filter(agency__in=agencies)
    # Duties before tasks, as everywhere: whoever opens tasks of these duties meanwhile waits.
    duties = Duty.objects.filter(pk__in=set(stranded.values_list("duty", flat=True)))
    list(duties.select_for_update().order_by("id").values_list("pk"))
    locked = stranded.select_for_update(of=("self",))
    tasks = list(locked.select_related("duty__document", "agency").order_by("agency_id", "id"))
    moves = [move for move in _planned(tasks, today) if move.to or not move.task.needs_assignment]
    for (old, to), group in groupby(moves, key=lambda move: (move.old, move.to)):
        _hand_over([move.task for move in group], old, to, actor=actor, now=now)
    return moves


@transaction.atomic
def follow_monitors(
    *, today: date, actor: Actor, now: datetime, agencies: Sequence[Agency] | None = None
) -> list[MonitorMove]:
    """Let the one successor of a body that is no more monitor its documents, of those in force."""
    rows = Document.monitors.through.objects.filter(agency__until__lt=today)
    if agencies is not None:
        rows = rows.filter(agency__in=agencies)
    rows = rows.exclude(document__status=DocumentStatus.EXPIRED).select_related("document", "agency")
    heirs = Heirs()
    moves = []
    for row in rows.order_by("id"):
        heir = heirs.holder(row.agency, today)
        if heir is None:
            continue
        row.document.monitors.remove(row.agency)
        row.document.monitors.add(heir)
        record_event(
            row.document,
            "document.monitor_followed",
            actor=actor,
            now=now,
            before={"agency": row.agency.key},
            after={"agency": heir.key},
        )
        moves.append(MonitorMove(row.document, row.agency, heir))
    return moves


def _planned(tasks: Sequence[Task], today: date) -> Iterable[Move]:
    """Where each task goes. Where the heir owes the same already, perhaps differently, a person decides."""
    heirs = Heirs()
    holders = {task.agency: heirs.holder(task.agency, today) for task in tasks}
    taken = set(
        Task.objects.filter(duty__in={task.duty_id for task in tasks}).values_list(
            "duty_id", "agency_id", "period"
        )
    )
    for task in tasks:
        heir = holders[task.agency]
        if heir is None or (task.duty_id, heir.pk, task.period) in taken:
            yield Move(task, task.agency, None)
        else:
            taken.add((task.duty_id, heir.pk, task.period))
            yield Move(task, task.agency, heir)


def _hand_over(tasks: Sequence[Task], old: Agency, to: Agency | None, *, actor: Actor, now: datetime) -> None:
    waited = {task.pk: task.needs_assignment for task in tasks}
    for task in tasks:
        task.agency, task.needs_assignment = to or old, to is None
        task.changed_at = now
        task.revision += 1
    fields = ["agency", "needs_assignment", "changed_at", "revision"]
    Task.objects.bulk_update(tasks, fields, batch_size=_BATCH)
    record_events(
        tasks,
        "task.handed_over" if to else "task.needs_assignment",
        actor=actor,
        now=now,
        before=lambda task: {"agency": old.key, "needs_assignment": waited[task.pk]},
        after={"agency": to.key if to else old.key, "needs_assignment": to is None},
    )
