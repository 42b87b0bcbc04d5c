"""Tasks: the list, one task, its record, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import deeds
from tracker.api.conditions import etag_of
from tracker.api.deeds import Deed
from tracker.api.filters import TaskFilter
from tracker.api.headers import ETAG, IDEMPOTENCY_KEY, IF_MATCH
from tracker.api.idempotency import answered_once
from tracker.api.problems import PreconditionFailed, as_api_exception, problem_of
from tracker.api.serializers.deeds import AnswersSerializer, ManyReportsSerializer
from tracker.api.serializers.tasks import EventSerializer, TaskSerializer
from tracker.api.views.base import ReadOnlyViewSet, fields_of, texts_of
from tracker.api.views.task_parts import TaskParts
from tracker.core import clock
from tracker.core.doors import actor_of
from tracker.core.enums import Door
from tracker.core.errors import TrackerError
from tracker.core.models import Event
from tracker.duties.models import Task, TaskQuerySet
from tracker.duties.queries import tasks_visible_to

_TWO_REPORTS = {
    "reports": [
        {"id": 7001, "note": "Đã ban hành kế hoạch.", "evidence_number": "12-KH/BNCTU"},
        {"id": 7002, "evidence_number": "45-BC/BNCTU", "revision": 0},
    ]
}


def _sub_resource(deed: Deed) -> Callable[[Any], Any]:
    """The route and the description of a deed."""

    def decorate(method: Any) -> Any:
        routed = action(detail=True, methods=["post"], url_path=deed.address)(method)
        return extend_schema(
            summary=deed.summary,
            operation_id=f"tasks_{deed.address.replace('-', '_')}",
            request=deed.serializer,
            responses=TaskSerializer,
            parameters=[IF_MATCH, IDEMPOTENCY_KEY, ETAG],
            examples=[OpenApiExample(deed.address, deed.example, summary=deed.summary, request_only=True)],
        )(routed)

    return decorate


@extend_schema_view(
    list=extend_schema(summary="Danh sách việc được xem", parameters=[fields_of(TaskSerializer)]),
    retrieve=extend_schema(summary="Một việc", parameters=[fields_of(TaskSerializer), ETAG]),
)
@extend_schema(tags=["tasks"])
class TaskViewSet(TaskParts, ReadOnlyViewSet[Task]):
    """Việc được giao. Chỉ có những việc mà người dùng được xem."""

    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    lists_of_a_row = frozenset({"events", "evidence", "extensions"})

    def get_queryset(self) -> TaskQuerySet:
        visible = tasks_visible_to(self.person)
        if self.action not in {"list", "retrieve"}:
            return visible
        return self._shown(visible).by_deadline()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG002
        task = self.get_object()
        return Response(self.get_serializer(task).data, headers={"ETag": etag_of(task)})

    @extend_schema(
        summary="Nhật ký của một việc",
        operation_id="tasks_events",
        responses=EventSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def events(self, _request: Request, **_id: int) -> Response:
        """Mọi thay đổi của việc, cũ trước mới sau."""
        return self.page_of(Event.objects.about(self.get_object()).select_related("actor"), EventSerializer)

    @_sub_resource(deeds.START)
    def start(self, request: Request, **_id: int) -> Response:
        """Ghi nhận cơ quan đã bắt đầu thực hiện."""
        return self._do(request, deeds.START)

    @_sub_resource(deeds.PROGRESS)
    def progress(self, request: Request, **_id: int) -> Response:
        """Báo tiến độ: thay lần báo trước; việc chưa bắt đầu thì coi như bắt đầu."""
        return self._do(request, deeds.PROGRESS)

    @_sub_resource(deeds.REPORT)
    def report(self, request: Request, **_id: int) -> Response:
        """Báo cáo việc đã hoàn thành. Đúng hạn hay không tính theo ngày gửi báo cáo."""
        return self._do(request, deeds.REPORT)

    @_sub_resource(deeds.WITHDRAW_REPORT)
    def report_withdrawal(self, request: Request, **_id: int) -> Response:
        """Rút báo cáo chưa được xác nhận."""
        return self._do(request, deeds.WITHDRAW_REPORT)

    @_sub_resource(deeds.CONFIRM)
    def confirmation(self, request: Request, **_id: int) -> Response:
        """Văn phòng xác nhận báo cáo: việc đã hoàn thành."""
        return self._do(request, deeds.CONFIRM)

    @_sub_resource(deeds.RETURN)
    def send_back(self, request: Request, **_id: int) -> Response:
        """Văn phòng trả lại báo cáo, kể cả đã xác nhận, với lý do; việc tính là chưa hoàn thành."""
        return self._do(request, deeds.RETURN)

    @_sub_resource(deeds.WITHDRAW)
    def withdrawal(self, request: Request, **_id: int) -> Response:
        """Văn phòng rút việc, với lý do."""
        return self._do(request, deeds.WITHDRAW)

    @_sub_resource(deeds.RESTORE)
    def restoration(self, request: Request, **_id: int) -> Response:
        """Văn phòng khôi phục việc đã rút, với lý do: việc lại phải làm, bắt đầu từ đầu."""
        return self._do(request, deeds.RESTORE)

    @_sub_resource(deeds.TRACK)
    def tracking(self, request: Request, **_id: int) -> Response:
        """Đưa một việc thuộc phần lịch sử vào theo dõi."""
        return self._do(request, deeds.TRACK)

    @_sub_resource(deeds.MOVE_DEADLINE)
    def deadline(self, request: Request, **_id: int) -> Response:
        """Văn phòng tự dời hạn của một việc, sớm hơn hoặc muộn hơn, với lý do."""
        return self._do(request, deeds.MOVE_DEADLINE)

    @_sub_resource(deeds.ASSIGN)
    def assignment(self, request: Request, **_id: int) -> Response:
        """Văn phòng phân công một việc đang chờ phân công."""
        return self._do(request, deeds.ASSIGN)

    @_sub_resource(deeds.REASSIGN)
    def reassignment(self, request: Request, **_id: int) -> Response:
        """Văn phòng giao việc cho cơ quan khác, làm lại từ đầu, với lý do."""
        return self._do(request, deeds.REASSIGN)

    @extend_schema(
        summary="Báo cáo hoàn thành nhiều việc",
        operation_id="tasks_reports",
        request=ManyReportsSerializer,
        responses=OpenApiResponse(AnswersSerializer, description="Mỗi việc một câu trả lời."),
        parameters=[IDEMPOTENCY_KEY],
        examples=[OpenApiExample("two-reports", _TWO_REPORTS, summary="Hai báo cáo", request_only=True)],
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def reports(self, request: Request) -> Response:
        """Mỗi việc được trả lời riêng: một việc bị từ chối không ảnh hưởng việc khác."""
        given = ManyReportsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rows = given.validated_data["reports"]
        return answered_once(request, self.person, lambda: self._report_each(rows))

    def _shown(self, tasks: TaskQuerySet) -> TaskQuerySet:
        """Tasks with everything that the API shows of them, in a fixed number of queries."""
        today = clock.today()
        shown = tasks.with_states(today).with_original_result(today).with_details()
        return shown.prefetch_related(texts_of("duty__document__source"))

    def _do(self, request: Request, deed: Deed) -> Response:
        """See it (404), be allowed (403), say it right (400), know it as it is (428, 412), do it (409)."""
        task = self.get_object()
        deed.require_permission(self.person, task)
        given = deed.serializer(data=request.data)
        given.is_valid(raise_exception=True)

        def do() -> Response:
            self._on(task, lambda: deed.act(task, given.validated_data, actor_of(request, Door.API)))
            return self._answer(task.pk)

        return answered_once(request, self.person, do)

    def _answer(self, pk: int) -> Response:
        task = self._shown(Task.objects.filter(pk=pk)).get()
        return Response(TaskSerializer(task).data, headers={"ETag": etag_of(task)})

    def _report_each(self, rows: list[Mapping[str, Any]]) -> Response:
        answers = [self._report_one(row) for row in rows]
        done = [answer["id"] for answer in answers if answer["problem"] is None]
        shown = {task.pk: task for task in self._shown(Task.objects.filter(pk__in=done))}
        for answer in answers:
            if answer["problem"] is None:
                answer["task"] = TaskSerializer(shown[answer["id"]]).data
        return Response({"done": len(done), "refused": len(answers) - len(done), "answers": answers})

    def _report_one(self, row: Mapping[str, Any]) -> dict[str, Any]:
        try:
            self._report(row)
        except (TrackerError, APIException) as error:
            refusal = as_api_exception(error)
            if refusal is None:
                raise
            problem = problem_of(refusal)
            return {"id": row["id"], "status": refusal.status_code, "task": None, "problem": problem}
        return {"id": row["id"], "status": 200, "task": None, "problem": None}

    @transaction.atomic
    def _report(self, row: Mapping[str, Any]) -> None:
        task = self.get_queryset().select_for_update(of=("self",)).filter(pk=row["id"]).first()
        if task is None:
            raise NotFound
        deeds.REPORT.require_permission(self.person, task)
        if row["revision"] is not None and row["revision"] != task.revision:
            raise PreconditionFailed
        deeds.REPORT.act(task, row, actor_of(self.request, Door.API))
