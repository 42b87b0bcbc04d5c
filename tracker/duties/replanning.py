"""A duty's deadline or end changes, a document expires: which of the open tasks are planned anew.

Only tasks that nobody has touched move: not started, not taken into tracking by hand, deadline where
the duty put it. What a person has begun, reported or was granted more time for stays as it is, and is
counted (`kept`): the office decides about it task by task.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tracker.agencies.queries import Heirs
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor, record_event, record_events
from tracker.core.text import fold_spaces
from tracker.documents.models import Document
from tracker.documents.services import set_expired_on
from tracker.duties import workflow
from tracker.duties.deadlines import parse_due, quarter_of
from tracker.duties.enums import Recurrence, WorkState
from tracker.duties.models import OPEN_STATES, Duty, Extension, Task
from tracker.duties.services import Horizon, open_tasks, turns_of

_REVIEW_WORDS = "tong ket"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Replan:
    """What became of a duty's tasks: other day, opened, withdrawn; `kept` are owed as they were.

    `lapsed`: turns that the duty has, and whose tasks were withdrawn before. By whom, a plan or a person,
    is for the office to judge: it restores them one by one.
    """

    moved: list[Task] = field(default_factory=list)
    opened: list[Task] = field(default_factory=list)
    withdrawn: list[Task] = field(default_factory=list)
    kept: list[Task] = field(default_factory=list)
    lapsed: list[Task] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Equal where the same would happen; what was shown is confirmed by it."""
        parts = [
            sorted(f"{task.pk} {task.due_on}" for task in self.moved),
            sorted(f"{task.agency_id} {task.period}" for task in self.opened),
            sorted(str(task.pk) for task in self.withdrawn),
            sorted(str(task.pk) for task in self.kept),
            sorted(str(task.pk) for task in self.lapsed),
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def __add__(self, other: Replan) -> Replan:
        return Replan(
            self.moved + other.moved,
            self.opened + other.opened,
            self.withdrawn + other.withdrawn,
            self.kept + other.kept,
            self.lapsed + other.lapsed,
        )


def preview_replan(replan: Callable[[], Replan]) -> Replan:
    """What a change of this module would do: done and taken back."""
    with transaction.atomic():
        result = replan()
        transaction.set_rollback(True)
    return result


def confirm_replan(replan: Callable[[], Replan], confirmed: str) -> tuple[Replan, bool]:
    """Do what a person saw and confirmed, by its fingerprint. False, and nothing done, where something
    else would happen by now.
    """
    with transaction.atomic():
        result = replan()
        is_as_shown = result.fingerprint == confirmed
        if not is_as_shown:
            transaction.set_rollback(True)
    return result, is_as_shown


@transaction.atomic
def change_duty_deadline(
    duty: Duty,
    *,
    due_code: str,
    due_text: str,
    since: date | None = None,
    reason: str,
    horizon: Horizon,
    actor: Actor,
    now: datetime,
) -> Replan:
    """Give a duty another deadline, by its code and in its words, and plan its untouched tasks anew.

    Of a recurring duty, only turns due from `since` on (default: the horizon's today). Periods that the
    new deadline does not know are withdrawn. Raises InvalidInputError without a reason, for a code
    that is not of the contract, or for the deadline that it has.
    """
    reason = workflow.required_words(reason, _("Cần ghi lý do."))
    deadline = parse_due(due_code)
    since = since or horizon.today
    duty = _locked(duty)
    if (duty.due_code, duty.due_text) == (due_code, fold_spaces(due_text)):
        raise InvalidInputError(_("Nhiệm vụ đang có đúng thời hạn này."), field="due_text")
    before = {"due": duty.due_code, "due_text": duty.due_text}
    duty.due_code, duty.due_text = due_code, fold_spaces(due_text)
    duty.precision, duty.recurrence, duty.due_on = deadline.precision, deadline.recurrence, deadline.due_on
    duty.due_quarter = quarter_of(deadline.due_on) if deadline.due_on else ""
    duty.begins_on = since if deadline.recurs else None
    if not deadline.recurs:
        duty.ends_on, duty.is_end_by_hand = None, False
    duty.save()
    after = {"due": duty.due_code, "due_text": duty.due_text, "since": since.isoformat()}
    record_event(duty, "duty.deadline_changed", actor=actor, now=now, before=before, after=after, note=reason)
    replan = _replan(duty, since=since, reason=reason, horizon=horizon, actor=actor, now=now)
    return replan + set_ends(duty.document, horizon=horizon, actor=actor, now=now)


@transaction.atomic
def set_duty_end(
    duty: Duty, *, ends_on: date | None, reason: str, horizon: Horizon, actor: Actor, now: datetime
) -> Replan:
    """Say on which day a recurring duty ends, in place of the document's final review; None: no end.

    Raises InvalidInputError without a reason, or for a duty that does not recur.
    """
    reason, duty = workflow.required_words(reason, _("Cần ghi lý do.")), _locked(duty)
    if duty.recurrence == Recurrence.ONCE:
        raise InvalidInputError(_("Nhiệm vụ này không lặp lại."), field="ends_on")
    _end(duty, ends_on, is_by_hand=True, reason=reason, actor=actor, now=now)
    return _replan(duty, since=horizon.today, reason=reason, horizon=horizon, actor=actor, now=now)


@transaction.atomic
def expire_document(
    document: Document, *, day: date, reason: str, horizon: Horizon, actor: Actor, now: datetime
) -> Replan:
    """A document is in force no more from a day on: its recurring duties stop, the turns due from then
    on are withdrawn where nobody has touched them. `kept`: what is still owed, dated duties above all.
    """
    set_expired_on(document, day, reason=reason, today=horizon.today, actor=actor, now=now)
    total = Replan()
    for duty in _recurring(document):
        total += _replan(duty, since=day, reason=reason.strip(), horizon=horizon, actor=actor, now=now)
    still = Task.objects.filter(duty__document=document, is_history=False, state__in=OPEN_STATES)
    return replace(total, kept=list(still.select_related("agency").order_by("id")))


@transaction.atomic
def set_ends(document: Document, *, horizon: Horizon, actor: Actor, now: datetime) -> Replan:
    """Let the document's recurring duties end with its own final review (tổng kết), where it has one.

    A duty whose end a person has set keeps it. Turns after a new end are withdrawn if untouched.
    """
    review, total = final_review_day(document), Replan()
    if review is None:
        return total
    for duty in _recurring(document).filter(is_end_by_hand=False).exclude(ends_on=review):
        reason = f"Văn bản tổng kết ngày {review:%d/%m/%Y}."
        _end(duty, review, is_by_hand=False, reason=reason, actor=actor, now=now)
        if duty.tasks.exists():
            total += _replan(duty, since=horizon.today, reason=reason, horizon=horizon, actor=actor, now=now)
    return total


def final_review_day(document: Document) -> date | None:
    """The last day of the latest dated duty of the document that speaks of `tổng kết`."""
    reviews = document.duties.filter(search_text__icontains=_REVIEW_WORDS, due_on__isnull=False)
    return reviews.order_by("-due_on").values_list("due_on", flat=True).first()


def _recurring(document: Document) -> QuerySet[Duty]:
    duties = Duty.objects.filter(document=document).exclude(recurrence=Recurrence.ONCE)
    return duties.select_for_update(of=("self",)).select_related("document").order_by("id")


def _end(
    duty: Duty, ends_on: date | None, *, is_by_hand: bool, reason: str, actor: Actor, now: datetime
) -> None:
    before, duty.ends_on, duty.is_end_by_hand = duty.ends_on, ends_on, is_by_hand
    duty.save(update_fields=["ends_on", "is_end_by_hand"])
    record_event(
        duty,
        "duty.end_set",
        actor=actor,
        now=now,
        before={"ends_on": before.isoformat() if before else None},
        after={"ends_on": ends_on.isoformat() if ends_on else None},
        note=reason,
    )


def _replan(duty: Duty, *, since: date, reason: str, horizon: Horizon, actor: Actor, now: datetime) -> Replan:
    """Bring the duty's open tasks to what it owes now, from a day on; open what is missing."""
    rows = list(
        duty.tasks.select_for_update(of=("self",))
        .filter(state__in=(*OPEN_STATES, WorkState.WITHDRAWN), is_history=False)
        .prefetch_related("agency")  # not joined: PostgreSQL would drop a task that changes hands just now
        .order_by("id")
    )
    rows = [task for task in rows if not task.period or task.due_on is None or task.due_on >= since]
    tasks = [task for task in rows if task.state != WorkState.WITHDRAWN]
    last = max([horizon.last, *(task.due_on for task in tasks if task.due_on)])
    planned = {turn.period: turn.due_on for turn in turns_of(duty, last)}
    # Opening passes them over. A duty that does not recur has one task, which only a person withdraws.
    lapsed = [
        task for task in rows if task.state == WorkState.WITHDRAWN and task.period in planned.keys() - {""}
    ]
    asked = set(Extension.objects.filter(task__in=tasks).values_list("task", flat=True))
    moved, withdrawn, kept = [], [], []
    for task in tasks:
        is_planned = task.period in planned
        if is_planned and planned[task.period] == task.due_on:
            continue
        if task.pk in asked or not _is_untouched(task):
            kept.append(task)
        elif is_planned:
            moved.append(task)
        else:
            withdrawn.append(workflow.withdraw_task(task, reason=reason, actor=actor, now=now))
    _move(moved, planned, duty, reason=reason, actor=actor, now=now)
    opened = open_tasks(duty, horizon=horizon, heirs=Heirs(), actor=actor, now=now)
    return Replan(moved, opened, withdrawn, kept, lapsed)


def _is_untouched(task: Task) -> bool:
    return (
        task.state == WorkState.NOT_STARTED
        and not task.is_tracked_by_hand
        and task.due_on == task.original_due_on
    )


def _move(
    tasks: list[Task],
    planned: dict[str, date | None],
    duty: Duty,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """The duty itself has another day: both clocks move. An extension moves one only."""
    before = {task.pk: _days(task) for task in tasks}
    for task in tasks:
        due_on = planned[task.period]
        task.due_on = task.original_due_on = due_on
        task.due_quarter = quarter_of(due_on) if due_on else ""
        task.is_history = due_on is not None and due_on < duty.document.start_on
        task.changed_at = now
        task.revision += 1
    fields = ["due_on", "original_due_on", "due_quarter", "is_history", "changed_at", "revision"]
    Task.objects.bulk_update(tasks, fields, batch_size=_BATCH)
    record_events(
        tasks,
        "task.replanned",
        actor=actor,
        now=now,
        before=lambda task: before[task.pk],
        after=_days,
        note=reason,
    )


def _days(task: Task) -> dict[str, object]:
    return {
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "original_due_on": task.original_due_on.isoformat() if task.original_due_on else None,
        "is_history": task.is_history,
    }


def _locked(duty: Duty) -> Duty:
    return Duty.objects.select_for_update(of=("self",)).select_related("document").get(pk=duty.pk)
