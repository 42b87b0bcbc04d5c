"""What may be done about a task on a page: each deed joins a form to the service that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.core import clock
from tracker.core.events import Actor
from tracker.duties import transitions, workflow
from tracker.duties.models import Task
from tracker.web.forms import AgencyForm, NoteForm, PlainForm, ReasonForm, ReportForm


@dataclass(frozen=True, slots=True)
class Deed:
    """`verb` is the event's, `name` the route's; `title` and `done` are for people."""

    verb: str
    name: str
    title: str | Promise
    done: str | Promise
    form: type[PlainForm]
    act: Callable[[Task, Mapping[str, Any], Actor], Task]
    is_for_registrar: bool = False


def _report(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.report_task(
        task,
        note=words["note"],
        evidence_number=words["evidence_number"],
        today=clock.today(),
        actor=actor,
        now=clock.now(),
    )


def _start(task: Task, _words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.start_task(task, actor=actor, now=clock.now())


def _withdraw_report(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.withdraw_report(task, note=words["note"], actor=actor, now=clock.now())


def _confirm(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.confirm_task(task, note=words["note"], actor=actor, now=clock.now())


def _return(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.return_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _withdraw(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.withdraw_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _take_into_tracking(task: Task, _words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.take_into_tracking(task, actor=actor, now=clock.now())


def _assign(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.assign_task(task, words["agency"], actor=actor, now=clock.now())


REPORT = Deed(
    transitions.REPORT.verb,
    "report",
    _("Báo cáo hoàn thành"),
    _("Đã báo cáo hoàn thành."),
    ReportForm,
    _report,
)
START = Deed(
    transitions.START.verb,
    "start",
    _("Bắt đầu thực hiện"),
    _("Đã ghi nhận bắt đầu thực hiện."),
    PlainForm,
    _start,
)
WITHDRAW_REPORT = Deed(
    transitions.WITHDRAW_REPORT.verb,
    "withdraw-report",
    _("Rút báo cáo"),
    _("Đã rút báo cáo."),
    NoteForm,
    _withdraw_report,
)
CONFIRM = Deed(
    transitions.CONFIRM.verb,
    "confirm",
    _("Xác nhận hoàn thành"),
    _("Đã xác nhận hoàn thành."),
    NoteForm,
    _confirm,
    is_for_registrar=True,
)
RETURN = Deed(
    transitions.RETURN.verb,
    "return",
    _("Trả lại báo cáo"),
    _("Đã trả lại báo cáo."),
    ReasonForm,
    _return,
    is_for_registrar=True,
)
WITHDRAW = Deed(
    transitions.WITHDRAW.verb,
    "withdraw",
    _("Rút việc"),
    _("Đã rút việc."),
    ReasonForm,
    _withdraw,
    is_for_registrar=True,
)
TAKE_INTO_TRACKING = Deed(
    "task.taken_into_tracking",
    "take-into-tracking",
    _("Đưa vào theo dõi"),
    _("Đã đưa việc vào theo dõi."),
    PlainForm,
    _take_into_tracking,
    is_for_registrar=True,
)
ASSIGN = Deed(
    "task.handed_over",
    "assign-task",
    _("Phân công"),
    _("Đã phân công."),
    AgencyForm,
    _assign,
    is_for_registrar=True,
)

# In the order in which a page offers them.
DEEDS = (ASSIGN, REPORT, CONFIRM, RETURN, WITHDRAW_REPORT, START, TAKE_INTO_TRACKING, WITHDRAW)


def possible_deeds(task: Task, actor: Actor, *, may_act_for_agency: bool) -> list[Deed]:
    """What this person may do about the task now."""
    verbs = transitions.allowed_actions(task, actor)
    is_registrar = actor.user is not None and actor.user.is_registrar
    return [
        deed
        for deed in DEEDS
        if deed.verb in verbs and (is_registrar if deed.is_for_registrar else may_act_for_agency)
    ]
