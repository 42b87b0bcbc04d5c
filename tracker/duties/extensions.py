"""Moving deadlines: an agency asks and the office decides, or the office moves one itself.

A task keeps its first deadline (`original_due_on`): results are known against both clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.core.after_commit import ask_for
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor, record_event
from tracker.duties.deadlines import NewDue, quarter_of
from tracker.duties.enums import ExtensionStatus
from tracker.duties.evidence import keep_evidence, stored
from tracker.duties.models import Extension, Task
from tracker.duties.transitions import (
    GRANT_EXTENSION,
    MOVE_DEADLINE,
    REFUSE_EXTENSION,
    REQUEST_EXTENSION,
    WITHDRAW_EXTENSION,
    Action,
    require_allowed,
)
from tracker.duties.workflow import close_request, locked_task, required_words, save_task, shown

_FIELD = "new_due"


def request_extension(
    task: Task,
    *,
    new_due: NewDue,
    reason: str,
    files: Sequence[File[bytes]] = (),
    today: date,
    actor: Actor,
    now: datetime,
) -> Extension:
    """The agency asks for a later deadline (đề nghị gia hạn), with its reason and, if any, files.

    Raises TransitionError where a request waits already or the task is not open, InvalidInputError
    where the day asked for is not later than the deadline and today, or there is no reason.
    """
    reason = required_words(reason, _("Cần ghi lý do đề nghị gia hạn."))
    with stored(files) as kept, transaction.atomic():
        locked = locked_task(task)
        require_allowed(locked, REQUEST_EXTENSION, actor)
        due_on = cast("date", locked.due_on)  # the table refuses a task without one
        _require_later(due_on, new_due, today)
        if locked.extensions.filter(status=ExtensionStatus.OPEN).exists():
            raise TransitionError(_("Việc này đã có một đề nghị gia hạn đang chờ quyết định."))
        extension = Extension.objects.create(
            task=locked,
            due_on_before=due_on,
            asked_due_on=new_due.due_on,
            asked_due_text=new_due.words,
            reason=reason,
            requested_by=actor.user,
            requested_at=now,
        )
        save_task(locked, [], now)
        record_event(
            locked,
            REQUEST_EXTENSION.verb,
            actor=actor,
            now=now,
            before=shown({"due_on": due_on}),
            after=shown(_asked(extension)),
            note=reason,
        )
        keep_evidence(locked, kept, extension=extension, actor=actor, now=now)
    return extension


@transaction.atomic
def withdraw_extension(extension: Extension, *, note: str = "", actor: Actor, now: datetime) -> Extension:
    """The agency takes back a request that waits for its decision."""
    task, locked = _locked(extension, WITHDRAW_EXTENSION, actor)
    close_request(locked, ExtensionStatus.WITHDRAWN, note.strip(), actor=actor, now=now)
    save_task(task, [], now)
    after = {"extension": locked.pk}
    record_event(task, WITHDRAW_EXTENSION.verb, actor=actor, now=now, after=after, note=note.strip())
    return locked


@transaction.atomic
def grant_extension(
    extension: Extension, *, new_due: NewDue | None = None, note: str = "", actor: Actor, now: datetime
) -> Extension:
    """The office grants a request, as asked or shorter (`new_due`); the task's deadline moves.

    Raises TransitionError where it is decided already, InvalidInputError for a day that is later than
    the one asked for (that is a move of the office's own), or not later than the deadline that stands.
    """
    task, locked = _locked(extension, GRANT_EXTENSION, actor)
    granted = new_due or NewDue(due_on=locked.asked_due_on, words=locked.asked_due_text)
    if granted.due_on > locked.asked_due_on:
        raise InvalidInputError(
            _("Hạn được gia không sau hạn đề nghị (%(asked_due_on)s); muốn lùi xa hơn, hãy dùng «Dời hạn».")
            % {"asked_due_on": f"{locked.asked_due_on:%d/%m/%Y}"},
            field=_FIELD,
        )
    if task.due_on is not None and granted.due_on <= task.due_on:
        raise InvalidInputError(
            _("Hạn được gia phải sau hạn hiện nay (%(due_on)s).") % {"due_on": f"{task.due_on:%d/%m/%Y}"},
            field=_FIELD,
        )
    is_shorter = granted.due_on < locked.asked_due_on
    locked.granted_due_on, locked.granted_due_text = granted.due_on, granted.words
    status = ExtensionStatus.GRANTED_SHORTER if is_shorter else ExtensionStatus.GRANTED
    close_request(locked, status, note.strip(), actor=actor, now=now)
    facts = {"extension": locked.pk, "asked_due_on": locked.asked_due_on}
    ask_for("send_notices")
    _move(task, granted, GRANT_EXTENSION, actor=actor, now=now, note=note.strip(), facts=facts)
    return locked


@transaction.atomic
def refuse_extension(extension: Extension, *, reason: str, actor: Actor, now: datetime) -> Extension:
    """The office refuses a request and says why; the deadline stands."""
    reason = required_words(reason, _("Cần ghi lý do không đồng ý gia hạn."))
    task, locked = _locked(extension, REFUSE_EXTENSION, actor)
    close_request(locked, ExtensionStatus.REFUSED, reason, actor=actor, now=now)
    save_task(task, [], now)
    after = shown({"extension": locked.pk, "due_on": task.due_on})
    ask_for("send_notices")
    record_event(task, REFUSE_EXTENSION.verb, actor=actor, now=now, after=after, note=reason)
    return locked


@transaction.atomic
def move_deadline(task: Task, *, new_due: NewDue, reason: str, actor: Actor, now: datetime) -> Task:
    """The office moves one task's deadline itself, earlier or later, and says why (dời hạn).

    The first deadline of a task that had none becomes its original one.
    """
    reason = required_words(reason, _("Cần ghi lý do dời hạn."))
    locked = locked_task(task)
    require_allowed(locked, MOVE_DEADLINE, actor)
    if new_due.due_on == locked.due_on:
        raise InvalidInputError(
            _("Hạn mới trùng hạn hiện nay (%(due_on)s).") % {"due_on": f"{new_due.due_on:%d/%m/%Y}"},
            field=_FIELD,
        )
    ask_for("send_notices")
    _move(locked, new_due, MOVE_DEADLINE, actor=actor, now=now, note=reason, facts={})
    return locked


def _require_later(due_on: date, new_due: NewDue, today: date) -> None:
    if new_due.due_on <= due_on:
        raise InvalidInputError(
            _("Hạn đề nghị phải sau hạn hiện nay (%(due_on)s).") % {"due_on": f"{due_on:%d/%m/%Y}"},
            field=_FIELD,
        )
    if new_due.due_on < today:
        raise InvalidInputError(
            _("Hạn đề nghị %(due_on)s đã qua.") % {"due_on": f"{new_due.due_on:%d/%m/%Y}"}, field=_FIELD
        )


def _locked(extension: Extension, action: Action, actor: Actor) -> tuple[Task, Extension]:
    """The task's row first, then the request's: everyone locks in this order."""
    task = locked_task(extension.task)
    require_allowed(task, action, actor)
    locked = Extension.objects.select_for_update().get(pk=extension.pk)
    if locked.status != ExtensionStatus.OPEN:
        raise TransitionError(
            _("Đề nghị gia hạn này đã được giải quyết: %(status)s.") % {"status": locked.get_status_display()}
        )
    return task, locked


def _move(
    task: Task,
    new_due: NewDue,
    action: Action,
    *,
    actor: Actor,
    now: datetime,
    note: str,
    facts: dict[str, Any],
) -> None:
    names = ("due_on", "due_quarter", "original_due_on", "moved_due_text")
    before = {name: getattr(task, name) for name in names}
    task.original_due_on = task.original_due_on or new_due.due_on
    task.due_on, task.due_quarter = new_due.due_on, quarter_of(new_due.due_on)
    task.moved_due_text = new_due.words
    save_task(task, list(names), now)
    after = {name: getattr(task, name) for name in names} | facts
    record_event(task, action.verb, actor=actor, now=now, before=shown(before), after=shown(after), note=note)


def _asked(extension: Extension) -> dict[str, Any]:
    return {
        "extension": extension.pk,
        "asked_due_on": extension.asked_due_on,
        "asked_due_text": extension.asked_due_text,
    }
