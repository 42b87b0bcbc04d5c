"""What may be done to a task through the API: each deed joins its input to the service that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from tracker.api.serializers.deeds import (
    NoteSerializer,
    NothingSerializer,
    ReasonSerializer,
    ReportSerializer,
)
from tracker.api.serializers.inputs import StrictSerializer
from tracker.core import clock
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.duties import workflow
from tracker.duties.models import Task
from tracker.duties.queries import may_act_for_agency


@dataclass(frozen=True, slots=True)
class Deed:
    """`address` is the sub-resource's; `act` calls the workflow, which refuses with the reason; `example` is
    a body for the description, which the tests send."""

    address: str
    summary: str
    serializer: type[StrictSerializer]
    act: Callable[[Task, Mapping[str, Any], Actor], Task]
    example: Mapping[str, str]
    is_for_registrar: bool = False

    def require_permission(self, user: User, task: Task) -> None:
        """For a task that the person sees: may they do this to it? Raises PermissionDenied."""
        if self.is_for_registrar and not user.is_registrar:
            raise PermissionDenied(
                _("Chỉ cán bộ Văn phòng mới làm được việc này."), code="only_for_registrars"
            )
        if not may_act_for_agency(user, task):
            raise PermissionDenied(
                _("Chỉ cán bộ của cơ quan được giao việc này mới làm được."), code="not_your_task"
            )


def report(task: Task, words: Mapping[str, Any], actor: Actor) -> Task:
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


START = Deed("start", "Bắt đầu thực hiện", NothingSerializer, _start, {})
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
TRACK = Deed(
    "tracking",
    "Đưa từ lịch sử vào theo dõi",
    NothingSerializer,
    _take_into_tracking,
    {},
    is_for_registrar=True,
)
