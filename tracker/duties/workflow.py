"""The states of a task and the only function that changes them.

Each action names the states it starts from, the state it leads to, and who may do it. API, admin,
page, mail link and task call these functions; a rule that is not here does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tracker.agencies.models import Agency
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor, record_event
from tracker.duties.enums import WorkState
from tracker.duties.models import Task


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the transition table. `verb` is the event's; `words` name the action to people."""

    verb: str
    words: str
    sources: frozenset[WorkState]
    target: WorkState
    is_for_registrar: bool


_OPEN = frozenset({WorkState.NOT_STARTED, WorkState.IN_PROGRESS, WorkState.RETURNED})

START = Action(
    "task.started", "bắt đầu thực hiện", frozenset({WorkState.NOT_STARTED}), WorkState.IN_PROGRESS, False
)
REPORT = Action("task.reported", "báo cáo hoàn thành", _OPEN, WorkState.REPORTED, False)
WITHDRAW_REPORT = Action(
    "task.report_withdrawn", "rút báo cáo", frozenset({WorkState.REPORTED}), WorkState.IN_PROGRESS, False
)
CONFIRM = Action("task.confirmed", "xác nhận", frozenset({WorkState.REPORTED}), WorkState.CONFIRMED, True)
RETURN = Action("task.returned", "trả lại", frozenset({WorkState.REPORTED}), WorkState.RETURNED, True)
WITHDRAW = Action("task.withdrawn", "rút việc", _OPEN | {WorkState.REPORTED}, WorkState.WITHDRAWN, True)

TRANSITIONS: tuple[Action, ...] = (START, REPORT, WITHDRAW_REPORT, CONFIRM, RETURN, WITHDRAW)


@transaction.atomic
def start_task(task: Task, *, actor: Actor, now: datetime) -> Task:
    """Note that the agency has begun."""
    return _change(task, START, actor=actor, now=now)


@transaction.atomic
def report_task(
    task: Task, *, note: str, evidence_number: str = "", today: date, actor: Actor, now: datetime
) -> Task:
    """Report a task done (báo cáo hoàn thành); `today` decides whether it is on time.

    Confirmed at once where the document needs no confirmation. Raises TransitionError where the
    task's state does not allow a report, InvalidInputError where the note is empty.
    """
    note, evidence_number = note.strip(), evidence_number.strip()
    if not note and not evidence_number:
        raise InvalidInputError("Cần ghi kết quả thực hiện hoặc số văn bản minh chứng.", field="note")
    fields = {"reported_on": today, "report_note": note, "evidence_number": evidence_number}
    reported = _change(task, REPORT, actor=actor, now=now, fields=fields, note=note)
    if reported.duty.document.needs_confirmation:
        return reported
    return _change(reported, CONFIRM, actor=actor, now=now, note="Văn bản không yêu cầu xác nhận.")


@transaction.atomic
def withdraw_report(task: Task, *, note: str = "", actor: Actor, now: datetime) -> Task:
    """Take back a report that is not yet confirmed; its note stays in the record."""
    fields = {"reported_on": None, "report_note": "", "evidence_number": ""}
    return _change(task, WITHDRAW_REPORT, actor=actor, now=now, fields=fields, note=note)


@transaction.atomic
def confirm_task(task: Task, *, note: str = "", actor: Actor, now: datetime) -> Task:
    """The office accepts a report: the task is done."""
    return _change(task, CONFIRM, actor=actor, now=now, note=note)


@transaction.atomic
def return_task(task: Task, *, reason: str, actor: Actor, now: datetime) -> Task:
    """The office sends a report back, with a reason; the task counts as not done."""
    reason = _required(reason, "Cần ghi lý do trả lại.")
    return _change(task, RETURN, actor=actor, now=now, fields={"reported_on": None}, note=reason)


@transaction.atomic
def withdraw_task(task: Task, *, reason: str, actor: Actor, now: datetime) -> Task:
    """The office takes a task back; it is owed no more."""
    reason = _required(reason, "Cần ghi lý do rút việc.")
    return _change(task, WITHDRAW, actor=actor, now=now, fields={"reported_on": None}, note=reason)


@transaction.atomic
def take_into_tracking(task: Task, *, actor: Actor, now: datetime) -> Task:
    """Take a task out of history: from now on it is followed, reminded and may be overdue."""
    locked = _locked(task)
    if not locked.is_history:
        raise TransitionError("Việc này đang được theo dõi rồi.")
    locked.is_history, locked.is_tracked_by_hand = False, True
    _save(locked, ["is_history", "is_tracked_by_hand"], now)
    record_event(
        locked,
        "task.taken_into_tracking",
        actor=actor,
        now=now,
        before={"is_history": True},
        after={"is_history": False},
    )
    return locked


@transaction.atomic
def assign_task(task: Task, agency: Agency, *, actor: Actor, now: datetime) -> Task:
    """Answer a *cần phân công* of a task whose agency is no more: this agency owes it now.

    Raises InvalidInputError where that agency owes the same already; then the task is to be withdrawn.
    """
    locked = _locked(task)
    if not locked.needs_assignment:
        raise TransitionError("Việc này không chờ phân công.")
    twins = Task.objects.filter(duty=locked.duty_id, agency=agency, period=locked.period)
    if twins.exclude(pk=locked.pk).exists():
        raise InvalidInputError("Cơ quan này đã có việc của nhiệm vụ trong kỳ đó.", field="agency")
    before, locked.agency, locked.needs_assignment = locked.agency, agency, False
    _save(locked, ["agency", "needs_assignment"], now)
    record_event(
        locked,
        "task.handed_over",
        actor=actor,
        now=now,
        before={"agency": before.key},
        after={"agency": agency.key},
    )
    return locked


def _change(
    task: Task,
    action: Action,
    *,
    actor: Actor,
    now: datetime,
    fields: Mapping[str, Any] | None = None,
    note: str = "",
) -> Task:
    """Guard, write and record together. Locks the row: of two that report at once, one is told why not."""
    locked = _locked(task)
    _guard(locked, action, actor)
    changes = {"state": action.target, **(fields or {})}
    before = {name: getattr(locked, name) for name in changes}
    for name, value in changes.items():
        setattr(locked, name, value)
    _save(locked, list(changes), now)
    record_event(
        locked, action.verb, actor=actor, now=now, before=_shown(before), after=_shown(changes), note=note
    )
    return locked


def allowed_actions(task: Task, actor: Actor) -> frozenset[str]:
    """The verbs that the workflow would allow this actor now. Whose task it is, the doors ask
    `may_act_for_agency`.
    """
    return frozenset(action.verb for action in TRANSITIONS if not _refusal(task, action, actor))


def _guard(task: Task, action: Action, actor: Actor) -> None:
    refusal = _refusal(task, action, actor)
    if refusal:
        raise TransitionError(refusal)


def _refusal(task: Task, action: Action, actor: Actor) -> str:
    """Why the action is not possible now; empty where it is."""
    if task.is_history:
        return f"Không thể {action.words}: việc thuộc phần lịch sử, Văn phòng cần đưa vào theo dõi trước."
    if task.needs_assignment and action is not WITHDRAW:
        return f"Không thể {action.words}: việc đang chờ phân công cơ quan thực hiện."
    if task.state not in action.sources:
        return f"Không thể {action.words}: việc {task.get_state_display()}."
    if action.is_for_registrar and actor.user is not None and not actor.user.is_registrar:
        return f"Chỉ cán bộ Văn phòng mới được {action.words}."
    return ""


def _locked(task: Task) -> Task:
    return (
        Task.objects.select_for_update(of=("self",))
        .select_related("duty__document", "duty__clause", "agency")
        .get(pk=task.pk)
    )


def _save(task: Task, fields: list[str], now: datetime) -> None:
    task.changed_at = now
    task.revision += 1
    task.save(update_fields=[*fields, "changed_at", "revision"])


def _required(words: str, message: str) -> str:
    words = words.strip()
    if not words:
        raise InvalidInputError(message, field="reason")
    return words


def _shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
