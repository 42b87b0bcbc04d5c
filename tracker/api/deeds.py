"""What may be done to a task through the API: each deed joins its input to the service that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from tracker import pipeline
from tracker.api.judging import agency_of, judging
from tracker.api.serializers.deeds import (
    AgencyKeySerializer,
    DeadlineSerializer,
    NoteSerializer,
    NothingSerializer,
    ProgressSerializer,
    ReasonSerializer,
    ReassignmentSerializer,
    ReportSerializer,
)
from tracker.api.serializers.inputs import StrictSerializer
from tracker.core import clock
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.duties import workflow
from tracker.duties.extensions import move_deadline
from tracker.duties.models import Task
from tracker.duties.queries import may_act_for_agency
from tracker.duties.workflow import Progress


@dataclass(frozen=True, slots=True)
class Deed:
    """`address` is the sub-resource's; `act` calls the workflow, which refuses with the reason; `example` is
    a body for the description, which the tests send."""

    address: str
    summary: str
    serializer: type[StrictSerializer]
    act: Callable[[Task, Mapping[str, Any], Actor], object]
    example: Mapping[str, Any]
    is_for_registrar: bool = False

    def require_permission(self, user: User, task: Task) -> None:
        """For a task that the person sees: may they do this to it? Raises PermissionDenied."""
        if self.is_for_registrar:
            require_registrar(user)
        require_agency(user, task)


def require_registrar(user: User) -> None:
    """Raises PermissionDenied for everyone but the office's registrars."""
    if not user.is_registrar:
        raise PermissionDenied(_("Chỉ cán bộ Văn phòng mới làm được việc này."), code="only_for_registrars")


def require_agency(user: User, task: Task) -> None:
    """Raises PermissionDenied for whoever is neither of the task's agency nor of the office."""
    if not may_act_for_agency(user, task):
        raise PermissionDenied(
            _("Chỉ cán bộ của cơ quan được giao việc này mới làm được."), code="not_your_task"
        )


def report(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.report_task(
        task,
        note=words["note"],
        evidence_number=words["evidence_number"],
        late_reason=words["late_reason"],
        today=clock.today(),
        actor=actor,
        now=clock.now(),
    )


def _start(task: Task, _words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.start_task(task, actor=actor, now=clock.now())


def _progress(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    progress = Progress(**words)
    return workflow.note_progress(task, progress, today=clock.today(), actor=actor, now=clock.now())


def _move_deadline(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    with judging():
        new_due = pipeline.read_new_due(words["new_due"], today=clock.today())
        return move_deadline(task, new_due=new_due, reason=words["reason"], actor=actor, now=clock.now())


def _assign(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    with judging():
        return workflow.assign_task(task, agency_of(words["agency"]), actor=actor, now=clock.now())


def _reassign(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    with judging():
        return workflow.reassign_task(
            task, agency_of(words["agency"]), reason=words["reason"], actor=actor, now=clock.now()
        )


def _withdraw_report(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.withdraw_report(task, note=words["note"], actor=actor, now=clock.now())


def _confirm(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.confirm_task(task, note=words["note"], actor=actor, now=clock.now())


def _return(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.return_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _withdraw(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.withdraw_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _restore(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.restore_task(task, reason=words["reason"], actor=actor, now=clock.now())


def _take_into_tracking(task: Task, _words: Mapping[str, Any], actor: Actor) -> Task:
    return workflow.take_into_tracking(task, actor=actor, now=clock.now())


START = Deed("start", "Bắt đầu thực hiện", NothingSerializer, _start, {})
PROGRESS = Deed(
    "progress",
    "Báo tiến độ",
    ProgressSerializer,
    _progress,
    {"percent": 60, "stage": "Đã lấy ý kiến các sở", "difficulties": "Chưa có kinh phí."},
)
REPORT = Deed(
    "report",
    "Báo cáo hoàn thành",
    ReportSerializer,
    report,
    {"note": "Đã ban hành kế hoạch.", "evidence_number": "12-KH/BNCTU"},
)
WITHDRAW_REPORT = Deed(
    "report-withdrawal",
    "Rút báo cáo",
    NoteSerializer,
    _withdraw_report,
    {"note": "Gửi nhầm việc."},
)
CONFIRM = Deed(
    "confirmation",
    "Xác nhận báo cáo",
    NoteSerializer,
    _confirm,
    {"note": "Đã đối chiếu văn bản."},
    is_for_registrar=True,
)
RETURN = Deed(
    "return",
    "Trả lại báo cáo",
    ReasonSerializer,
    _return,
    {"reason": "Chưa có văn bản minh chứng."},
    is_for_registrar=True,
)
WITHDRAW = Deed(
    "withdrawal",
    "Rút việc",
    ReasonSerializer,
    _withdraw,
    {"reason": "Đã giao trong văn bản khác."},
    is_for_registrar=True,
)
RESTORE = Deed(
    "restoration",
    "Khôi phục việc đã rút",
    ReasonSerializer,
    _restore,
    {"reason": "Rút nhầm việc."},
    is_for_registrar=True,
)
TRACK = Deed(
    "tracking",
    "Đưa từ lịch sử vào theo dõi",
    NothingSerializer,
    _take_into_tracking,
    {},
    is_for_registrar=True,
)
MOVE_DEADLINE = Deed(
    "deadline",
    "Dời hạn",
    DeadlineSerializer,
    _move_deadline,
    {"new_due": "quý I/2027", "reason": "Trung ương lùi thời điểm ban hành hướng dẫn."},
    is_for_registrar=True,
)
ASSIGN = Deed(
    "assignment",
    "Phân công",
    AgencyKeySerializer,
    _assign,
    {"agency": "ban-noi-chinh-tinh-uy"},
    is_for_registrar=True,
)
REASSIGN = Deed(
    "reassignment",
    "Giao lại việc",
    ReassignmentSerializer,
    _reassign,
    {"agency": "ban-noi-chinh-tinh-uy", "reason": "Điều chỉnh chức năng, nhiệm vụ."},
    is_for_registrar=True,
)
