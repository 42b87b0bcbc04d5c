"""The transition table: what may be done to a task in which state, by whom, and what it leads to.

One table for everything that is done to a task, also where its state stays. `workflow` and
`extensions` ask it before they write; `manage.py transitions` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from tracker.core.errors import TransitionError
from tracker.core.events import Actor
from tracker.documents.enums import DocumentStatus
from tracker.duties.enums import WorkState
from tracker.duties.models import OPEN_STATES, Task
from tracker.duties.queries import may_act_for_agency


class Who(models.TextChoices):
    """Whose an action is. Commands and the clock act for the office."""

    AGENCY = "agency", gettext_lazy("cơ quan được giao, Văn phòng")
    OFFICE = "office", gettext_lazy("Văn phòng")


@dataclass(frozen=True, slots=True)
class Action:
    """One row. `verb` is the event's; `words` name the action to people; `moves` is state → state.

    `while_unassigned`: also where the task waits for an agency (cần phân công).
    """

    verb: str
    words: str
    moves: Mapping[WorkState, WorkState]
    who: Who
    while_unassigned: bool = False

    @property
    def is_for_registrar(self) -> bool:
        return self.who is Who.OFFICE


REFUSED = "–"  # in the printed table


def _to(target: WorkState, *sources: WorkState) -> dict[WorkState, WorkState]:
    return dict.fromkeys(sources, target)


def _staying(states: Iterable[WorkState]) -> dict[WorkState, WorkState]:
    return {state: state for state in states}


_REPORTED = WorkState.REPORTED
_OWED = (*OPEN_STATES, WorkState.REPORTED, WorkState.CONFIRMED)  # all but withdrawn

START = Action(
    "task.started",
    gettext_noop("bắt đầu thực hiện"),
    _to(WorkState.IN_PROGRESS, WorkState.NOT_STARTED),
    Who.AGENCY,
)
NOTE_PROGRESS = Action(
    "task.progress_noted",
    gettext_noop("báo tiến độ"),
    # A returned report counts as not done until the next one, whatever the progress.
    _to(WorkState.IN_PROGRESS, WorkState.NOT_STARTED, WorkState.IN_PROGRESS) | _staying([WorkState.RETURNED]),
    Who.AGENCY,
)
ADD_EVIDENCE = Action(
    "evidence.added", gettext_noop("gửi tệp minh chứng"), _staying([*OPEN_STATES, _REPORTED]), Who.AGENCY
)
REPORT = Action("task.reported", gettext_noop("báo cáo hoàn thành"), _to(_REPORTED, *OPEN_STATES), Who.AGENCY)
WITHDRAW_REPORT = Action(
    "task.report_withdrawn", gettext_noop("rút báo cáo"), _to(WorkState.IN_PROGRESS, _REPORTED), Who.AGENCY
)
REQUEST_EXTENSION = Action(
    "task.extension_requested", gettext_noop("đề nghị gia hạn"), _staying(OPEN_STATES), Who.AGENCY
)
WITHDRAW_EXTENSION = Action(
    "task.extension_withdrawn",
    gettext_noop("rút đề nghị gia hạn"),
    _staying(_OWED),
    Who.AGENCY,
    while_unassigned=True,
)
CONFIRM = Action("task.confirmed", gettext_noop("xác nhận"), _to(WorkState.CONFIRMED, _REPORTED), Who.OFFICE)
# Also what was confirmed, by mistake or by rule: a report that is found wrong later counts as not done.
RETURN = Action(
    "task.returned",
    gettext_noop("trả lại"),
    _to(WorkState.RETURNED, _REPORTED, WorkState.CONFIRMED),
    Who.OFFICE,
)
# A request made in time may be decided after the report: what was asked is owed an answer.
GRANT_EXTENSION = Action(
    "task.extension_granted", gettext_noop("gia hạn"), _staying(_OWED), Who.OFFICE, while_unassigned=True
)
REFUSE_EXTENSION = Action(
    "task.extension_refused",
    gettext_noop("từ chối gia hạn"),
    _staying(_OWED),
    Who.OFFICE,
    while_unassigned=True,
)
MOVE_DEADLINE = Action(
    "task.deadline_moved", gettext_noop("dời hạn"), _staying(_OWED), Who.OFFICE, while_unassigned=True
)
REASSIGN = Action(
    "task.reassigned", gettext_noop("giao lại việc"), _to(WorkState.NOT_STARTED, *OPEN_STATES), Who.OFFICE
)
ASSIGN = Action(
    "task.handed_over", gettext_noop("phân công"), _staying(OPEN_STATES), Who.OFFICE, while_unassigned=True
)
TRACK = Action(
    "task.taken_into_tracking",
    gettext_noop("đưa vào theo dõi"),
    _staying(WorkState),
    Who.OFFICE,
    while_unassigned=True,
)
WITHDRAW = Action(
    "task.withdrawn",
    gettext_noop("rút việc"),
    _to(WorkState.WITHDRAWN, *OPEN_STATES, _REPORTED),
    Who.OFFICE,
    while_unassigned=True,
)
RESTORE = Action(
    "task.restored",
    gettext_noop("khôi phục việc"),
    _to(WorkState.NOT_STARTED, WorkState.WITHDRAWN),
    Who.OFFICE,
    while_unassigned=True,
)

TRANSITIONS: tuple[Action, ...] = (
    START,
    NOTE_PROGRESS,
    ADD_EVIDENCE,
    REPORT,
    WITHDRAW_REPORT,
    REQUEST_EXTENSION,
    WITHDRAW_EXTENSION,
    CONFIRM,
    RETURN,
    GRANT_EXTENSION,
    REFUSE_EXTENSION,
    MOVE_DEADLINE,
    REASSIGN,
    ASSIGN,
    TRACK,
    WITHDRAW,
    RESTORE,
)


def allowed_actions(task: Task, actor: Actor) -> frozenset[str]:
    """The verbs that the table allows now; no query where the task's document is loaded.

    Whose task it is, the doors ask `may_act_for_agency`.
    """
    is_office = actor.user is None or actor.user.is_registrar
    return frozenset(
        action.verb
        for action in TRANSITIONS
        if (is_office or action.who is Who.AGENCY) and not state_refusal(task, action)
    )


def require_allowed(task: Task, action: Action, actor: Actor) -> None:
    """Raise TransitionError, with the reason for people, where the table does not allow the action."""
    refusal = _person_refusal(task, action, actor) or state_refusal(task, action)
    if refusal:
        raise TransitionError(refusal)


def _person_refusal(task: Task, action: Action, actor: Actor) -> str:
    """Doors answer 404 or 403 before; this holds at a door that forgot."""
    if actor.user is None or actor.user.is_registrar:
        return ""
    words = {"action": _(action.words)}
    if action.who is Who.OFFICE:
        return _("Chỉ cán bộ Văn phòng mới được %(action)s.") % words
    if not may_act_for_agency(actor.user, task):
        return _("Chỉ cán bộ của cơ quan được giao việc này mới được %(action)s.") % words
    return ""


def state_refusal(task: Task, action: Action) -> str:
    """Why the task's state does not allow the action; empty where it does."""
    words = {"action": _(action.words)}
    if action is TRACK:
        return "" if task.is_history else _("Việc này đang được theo dõi rồi.")
    if action is ASSIGN and not task.needs_assignment:
        return _("Việc này không chờ phân công.")
    if task.is_history:
        return (
            _("Không thể %(action)s: việc thuộc phần lịch sử, Văn phòng cần đưa vào theo dõi trước.") % words
        )
    if task.needs_assignment and not action.while_unassigned:
        return _("Không thể %(action)s: việc đang chờ phân công cơ quan thực hiện.") % words
    if task.state not in action.moves:
        return _("Không thể %(action)s: việc %(state)s.") % {**words, "state": task.get_state_display()}
    return _unmet(task, action)


def _unmet(task: Task, action: Action) -> str:
    """What an action asks for beside the state, where the task does not have it."""
    if action is REQUEST_EXTENSION and task.due_on is None:
        return _("Việc này không có thời hạn, không cần gia hạn.")
    if action is RESTORE and task.duty.document.status != DocumentStatus.PUBLISHED:
        return _("Không thể %(action)s: văn bản đã hết hiệu lực.") % {"action": _(action.words)}
    return ""


def table_rows() -> list[list[str]]:
    """The table for people: action, who, target by state (a dash: refused), unassigned, event's verb.

    The first row is the header.
    """
    states = [str(state.label) for state in WorkState]
    return [
        ["Hành động", "Ai làm", *states, "khi chờ phân công", "sự kiện"],
        *(_row(action) for action in TRANSITIONS),
    ]


def _row(action: Action) -> list[str]:
    targets = [_cell(action, state) for state in WorkState]
    unassigned = "được" if action.while_unassigned else REFUSED
    return [action.words, str(action.who.label), *targets, unassigned, f"`{action.verb}`"]


def _cell(action: Action, state: WorkState) -> str:
    target = action.moves.get(state)
    if target is None:
        return REFUSED
    return "giữ nguyên" if target is state else f"→ {target.label}"
