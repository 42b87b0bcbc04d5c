"""What may be done about a task on a page: each deed joins a form to the service that does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.core import clock
from tracker.core.events import Actor
from tracker.duties import transitions, workflow
from tracker.duties.models import Task
from tracker.web.deadline_deeds import DEADLINE_DEEDS
from tracker.web.deed import Deed
from tracker.web.task_forms import (
    AgencyForm,
    NoteForm,
    ProgressForm,
    ReasonForm,
    ReassignForm,
    ReportForm,
    TaskForm,
    WithFiles,
)


def _report(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.report_task(
        task,
        note=words["note"],
        evidence_number=words["evidence_number"],
        late_reason=words.get("late_reason", ""),
        files=words["files"],
        today=clock.today(),
        actor=actor,
        now=clock.now(),
    )


def _start(task: Task, _words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.start_task(task, actor=actor, now=clock.now())


def _note_progress(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    progress = workflow.Progress(**words)
    return workflow.note_progress(task, progress, today=clock.today(), actor=actor, now=clock.now())


def _add_evidence(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.add_evidence(task, words["files"], actor=actor, now=clock.now())


def _withdraw_report(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.withdraw_report(task, note=words["note"], actor=actor, now=clock.now())


def _confirm(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.confirm_task(task, note=words["note"], actor=actor, now=clock.now())


def _return(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.return_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _withdraw(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.withdraw_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _restore(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.restore_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _take_into_tracking(task: Task, _words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.take_into_tracking(task, actor=actor, now=clock.now())


def _assign(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.assign_task(task, words["agency"], actor=actor, now=clock.now())


def _reassign(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return workflow.reassign_task(task, words["agency"], reason=words["reason"], actor=actor, now=clock.now())


REPORT = Deed(
    transitions.REPORT,
    "report",
    _("Báo cáo hoàn thành"),
    _("Đã báo cáo hoàn thành."),
    ReportForm,
    _report,
)

# In the order in which a page offers them.
WORK_DEEDS = (
    Deed(transitions.ASSIGN, "assign-task", _("Phân công"), _("Đã phân công."), AgencyForm, _assign),
    REPORT,
    Deed(
        transitions.CONFIRM,
        "confirm",
        _("Xác nhận hoàn thành"),
        _("Đã xác nhận hoàn thành."),
        NoteForm,
        _confirm,
    ),
    Deed(transitions.RETURN, "return", _("Trả lại báo cáo"), _("Đã trả lại báo cáo."), ReasonForm, _return),
    Deed(
        transitions.NOTE_PROGRESS,
        "progress",
        _("Báo tiến độ"),
        _("Đã ghi nhận tiến độ."),
        ProgressForm,
        _note_progress,
    ),
    Deed(
        transitions.ADD_EVIDENCE,
        "add-evidence",
        _("Gửi tệp minh chứng"),
        _("Đã nhận tệp minh chứng."),
        WithFiles,
        _add_evidence,
    ),
    Deed(
        transitions.WITHDRAW_REPORT,
        "withdraw-report",
        _("Rút báo cáo"),
        _("Đã rút báo cáo."),
        NoteForm,
        _withdraw_report,
    ),
    Deed(
        transitions.START,
        "start",
        _("Bắt đầu thực hiện"),
        _("Đã ghi nhận bắt đầu thực hiện."),
        TaskForm,
        _start,
    ),
    Deed(
        transitions.TRACK,
        "take-into-tracking",
        _("Đưa vào theo dõi"),
        _("Đã đưa việc vào theo dõi."),
        TaskForm,
        _take_into_tracking,
    ),
    Deed(
        transitions.REASSIGN,
        "reassign",
        _("Giao cơ quan khác"),
        _("Đã giao lại việc."),
        ReassignForm,
        _reassign,
    ),
    Deed(transitions.WITHDRAW, "withdraw", _("Rút việc"), _("Đã rút việc."), ReasonForm, _withdraw),
    Deed(
        transitions.RESTORE,
        "restore",
        _("Khôi phục việc đã rút"),
        _("Đã khôi phục việc."),
        ReasonForm,
        _restore,
    ),
)

DEEDS = (*WORK_DEEDS, *DEADLINE_DEEDS)


def possible_deeds(
    task: Task, actor: Actor, *, may_act_for_agency: bool, is_request_open: bool
) -> list[Deed]:
    """What this person may do about the task now."""
    verbs = transitions.allowed_actions(task, actor)
    return [
        deed
        for deed in DEEDS
        if deed.verb in verbs
        and deed.needs_request in {None, is_request_open}
        and (deed.is_for_registrar or may_act_for_agency)
    ]
