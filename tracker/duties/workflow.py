"""What is done to a task: one function for each action, and the only one that changes a state.

`transitions` says what is allowed. API, admin, page, mail link and Celery task call these functions; a
rule that is not here or there does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.agencies.models import Agency
from tracker.core.after_commit import ask_for
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor, record_event
from tracker.duties.enums import ExtensionStatus, WorkState
from tracker.duties.evidence import keep_evidence, stored
from tracker.duties.models import Evidence, Extension, Task
from tracker.duties.transitions import (
    ADD_EVIDENCE,
    ASSIGN,
    CONFIRM,
    NOTE_PROGRESS,
    REASSIGN,
    REPORT,
    RESTORE,
    RETURN,
    START,
    TRACK,
    WITHDRAW,
    WITHDRAW_EXTENSION,
    WITHDRAW_REPORT,
    Action,
    require_allowed,
)

_MOST_PERCENT = 100
_CONFIRMED_BY_RULE = "Văn bản không yêu cầu xác nhận."


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an agency says a task stands: percent (0 to 100, None: not said), and words."""

    percent: int | None = None
    stage: str = ""
    difficulties: str = ""
    proposals: str = ""


@transaction.atomic
def start_task(task: Task, *, actor: Actor, now: datetime) -> Task:
    """Note that the agency has begun."""
    return _change(task, START, actor=actor, now=now)


@transaction.atomic
def note_progress(task: Task, progress: Progress, *, today: date, actor: Actor, now: datetime) -> Task:
    """Note where the task stands (báo tiến độ): percent, stage, difficulties, proposals; replaces the last.

    A task not yet started is started by it.
    """
    fields = _progress_fields(progress)
    if not any(value not in (None, "") for value in fields.values()):
        raise InvalidInputError(_("Cần ghi ít nhất một mục về tiến độ."), field="percent")
    return _change(task, NOTE_PROGRESS, actor=actor, now=now, fields={**fields, "progress_on": today})


def add_evidence(task: Task, files: Sequence[File[bytes]], *, actor: Actor, now: datetime) -> list[Evidence]:
    """Add files that show what was done, before or after the report; all of them or none.

    Raises InvalidInputError (field `files`) and ScannerUnavailableError, as `evidence.stored`.
    """
    if not files:
        raise InvalidInputError(_("Hãy chọn ít nhất một tệp."), field="files")
    with stored(files) as kept, transaction.atomic():
        locked = locked_task(task)
        require_allowed(locked, ADD_EVIDENCE, actor)
        save_task(locked, [], now)
        return keep_evidence(locked, kept, actor=actor, now=now)


def report_task(
    task: Task,
    *,
    note: str,
    evidence_number: str = "",
    late_reason: str = "",
    files: Sequence[File[bytes]] = (),
    today: date,
    actor: Actor,
    now: datetime,
) -> Task:
    """Report a task done (báo cáo hoàn thành); `today` decides whether it is on time.

    Proved by words, by a document's number, by files, or by several of these. Confirmed at once where
    the document needs no confirmation. Raises TransitionError where the task's state does not allow
    a report; InvalidInputError where nothing proves it, or a late report lacks its reason
    (`late_reason`) where the installation requires one, or a file cannot be taken (`files`).
    """
    words = {
        "report_note": note.strip(),
        "evidence_number": evidence_number.strip(),
        "late_reason": late_reason.strip(),
    }
    if not words["report_note"] and not words["evidence_number"] and not files:
        raise InvalidInputError(
            _("Cần ghi kết quả thực hiện hoặc số văn bản minh chứng, hoặc gửi tệp minh chứng."), field="note"
        )
    with stored(files) as kept, transaction.atomic():
        locked = locked_task(task)
        require_allowed(locked, REPORT, actor)
        _require_late_reason(locked, words["late_reason"], today)
        keep_evidence(locked, kept, actor=actor, now=now)
        fields = {"reported_on": today, **words}
        reported = _write(locked, REPORT, actor=actor, now=now, fields=fields, note=words["report_note"])
        if reported.duty.document.needs_confirmation:
            return reported
        return _write(reported, CONFIRM, actor=actor, now=now, fields={}, note=_CONFIRMED_BY_RULE)


@transaction.atomic
def withdraw_report(task: Task, *, note: str = "", actor: Actor, now: datetime) -> Task:
    """Take back a report that is not yet confirmed; its note stays in the record."""
    fields = {"reported_on": None, "report_note": "", "evidence_number": "", "late_reason": ""}
    return _change(task, WITHDRAW_REPORT, actor=actor, now=now, fields=fields, note=note)


@transaction.atomic
def confirm_task(task: Task, *, note: str = "", actor: Actor, now: datetime) -> Task:
    """The office accepts a report: the task is done."""
    return _change(task, CONFIRM, actor=actor, now=now, note=note)


@transaction.atomic
def return_task(task: Task, *, reason: str, actor: Actor, now: datetime) -> Task:
    """The office sends a report back, with a reason; the task counts as not done."""
    reason = required_words(reason, _("Cần ghi lý do trả lại."))
    ask_for("send_notices")
    return _change(task, RETURN, actor=actor, now=now, fields={"reported_on": None}, note=reason)


@transaction.atomic
def withdraw_task(task: Task, *, reason: str, actor: Actor, now: datetime) -> Task:
    """The office takes a task back; it is owed no more, and what was asked about its deadline lapses."""
    reason = required_words(reason, _("Cần ghi lý do rút việc."))
    withdrawn = _change(task, WITHDRAW, actor=actor, now=now, fields={"reported_on": None}, note=reason)
    _let_request_lapse(withdrawn, actor=actor, now=now, note=reason)
    return withdrawn


@transaction.atomic
def restore_task(task: Task, *, reason: str, actor: Actor, now: datetime) -> Task:
    """The office takes a withdrawal back: the task is owed again and begins anew; the record keeps all."""
    reason = required_words(reason, _("Cần ghi lý do khôi phục việc."))
    ask_for("send_notices")
    return _change(task, RESTORE, actor=actor, now=now, fields=_begun_anew(), note=reason)


@transaction.atomic
def take_into_tracking(task: Task, *, actor: Actor, now: datetime) -> Task:
    """Take a task out of history: from now on it is followed, reminded and may be overdue."""
    locked = locked_task(task)
    require_allowed(locked, TRACK, actor)
    locked.is_history, locked.is_tracked_by_hand = False, True
    save_task(locked, ["is_history", "is_tracked_by_hand"], now)
    record_event(
        locked,
        TRACK.verb,
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
    locked = locked_task(task)
    require_allowed(locked, ASSIGN, actor)
    _require_no_twin(locked, agency)
    before, locked.agency, locked.needs_assignment = locked.agency, agency, False
    save_task(locked, ["agency", "needs_assignment"], now)
    record_event(
        locked,
        ASSIGN.verb,
        actor=actor,
        now=now,
        before={"agency": before.key, "needs_assignment": True},
        after={"agency": agency.key, "needs_assignment": False},
    )
    return locked


@transaction.atomic
def reassign_task(task: Task, agency: Agency, *, reason: str, actor: Actor, now: datetime) -> Task:
    """The office gives an open task to another agency, which begins anew; the record keeps what was.

    A request about the deadline lapses with the agency that made it. Raises InvalidInputError where the
    agency has the task already, or owes the same.
    """
    reason = required_words(reason, _("Cần ghi lý do giao lại."))
    locked = locked_task(task)
    require_allowed(locked, REASSIGN, actor)
    if locked.agency_id == agency.pk:
        raise InvalidInputError(_("Cơ quan này đang được giao việc rồi."), field="agency")
    _require_no_twin(locked, agency)
    _let_request_lapse(locked, actor=actor, now=now, note=reason)
    fields = {"agency": agency, **_begun_anew()}
    return _write(locked, REASSIGN, actor=actor, now=now, fields=fields, note=reason)


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
    locked = locked_task(task)
    require_allowed(locked, action, actor)
    return _write(locked, action, actor=actor, now=now, fields=fields or {}, note=note)


def _write(
    locked: Task, action: Action, *, actor: Actor, now: datetime, fields: Mapping[str, Any], note: str
) -> Task:
    changes = {"state": action.moves[WorkState(locked.state)], **fields}
    before = {name: getattr(locked, name) for name in changes}
    for name, value in changes.items():
        setattr(locked, name, value)
    save_task(locked, list(changes), now)
    record_event(
        locked, action.verb, actor=actor, now=now, before=shown(before), after=shown(changes), note=note
    )
    return locked


def _let_request_lapse(task: Task, *, actor: Actor, now: datetime, note: str) -> None:
    """Close the request for a new deadline that waits, where one does: nobody is left to answer."""
    for extension in task.extensions.select_for_update().filter(status=ExtensionStatus.OPEN):
        close_request(extension, ExtensionStatus.WITHDRAWN, note, actor=actor, now=now)
        after = {"extension": extension.pk}
        record_event(task, WITHDRAW_EXTENSION.verb, actor=actor, now=now, after=after, note=note)


def _begun_anew() -> dict[str, Any]:
    """The fields of a task of which nothing has been reported yet."""
    report = {"report_note": "", "evidence_number": "", "late_reason": ""}
    return {**report, **_progress_fields(Progress()), "progress_on": None}


def close_request(
    extension: Extension, status: ExtensionStatus, note: str, *, actor: Actor, now: datetime
) -> None:
    """Write how a request for a new deadline ended, who ended it and why."""
    extension.status, extension.decision_note = status, note
    extension.decided_by, extension.decided_at = actor.user, now
    extension.save()


def locked_task(task: Task) -> Task:
    """The task as it is now, its row held until the transaction ends.

    Locked first, read after: PostgreSQL drops a row from a joined, locking query when the one who held
    it before has just given it another agency.
    """
    Task.objects.select_for_update().only("pk").get(pk=task.pk)
    return Task.objects.select_related("duty__document", "duty__clause", "agency").get(pk=task.pk)


def save_task(task: Task, fields: list[str], now: datetime) -> None:
    """Write these fields; every change raises the revision, also of what belongs to the task."""
    task.changed_at = now
    task.revision += 1
    task.save(update_fields=[*fields, "changed_at", "revision"])


def required_words(words: str, message: str, *, field: str = "reason") -> str:
    words = words.strip()
    if not words:
        raise InvalidInputError(message, field=field)
    return words


def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Field values as the record keeps them: days as ISO text, an agency by its key."""
    return {name: _shown(value) for name, value in fields.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, Agency):
        return value.key
    return value.isoformat() if isinstance(value, date) else value


def _require_no_twin(task: Task, agency: Agency) -> None:
    twins = Task.objects.filter(duty=task.duty_id, agency=agency, period=task.period)
    if twins.exclude(pk=task.pk).exists():
        raise InvalidInputError(_("Cơ quan này đã có việc của nhiệm vụ trong kỳ đó."), field="agency")


def _require_late_reason(task: Task, late_reason: str, today: date) -> None:
    is_late = task.due_on is not None and today > task.due_on
    if is_late and not late_reason and settings.TRACKER_LATE_REASON_REQUIRED:
        raise InvalidInputError(
            _("Việc đã quá hạn %(due_on)s: cần ghi lý do chậm.") % {"due_on": f"{task.due_on:%d/%m/%Y}"},
            field="late_reason",
        )


def _progress_fields(progress: Progress) -> dict[str, Any]:
    percent = progress.percent
    if percent is not None and not 0 <= percent <= _MOST_PERCENT:
        raise InvalidInputError(_("Tiến độ là số từ 0 đến 100 (%)."), field="percent")
    return {
        "percent": percent,
        "stage": progress.stage.strip(),
        "difficulties": progress.difficulties.strip(),
        "proposals": progress.proposals.strip(),
    }
