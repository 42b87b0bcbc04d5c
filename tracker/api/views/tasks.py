"""Tasks: the list, one task, and what is done to it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.filters import TaskFilter
from tracker.api.serializers import ReportSerializer, TaskSerializer
from tracker.api.views.base import ReadOnlyViewSet, texts_of
from tracker.core import clock
from tracker.core.doors import actor_of
from tracker.core.enums import Door
from tracker.duties import workflow
from tracker.duties.models import Task, TaskQuerySet
from tracker.duties.queries import may_act_for_agency, tasks_visible_to


@extend_schema_view(
    list=extend_schema(summary="Danh sách việc được xem"),
    retrieve=extend_schema(summary="Một việc"),
)
@extend_schema(tags=["tasks"])
class TaskViewSet(ReadOnlyViewSet[Task]):
    """Việc được giao. Chỉ có những việc mà người dùng được xem."""

    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    def get_queryset(self) -> TaskQuerySet:
        visible = tasks_visible_to(self.person)
        return (
            visible.with_states(clock.today())
            .with_details()
            .prefetch_related(texts_of("duty__document__source"))
            .by_deadline()
        )

    @extend_schema(
        summary="Báo cáo hoàn thành",
        request=ReportSerializer,
        responses=TaskSerializer,
        operation_id="tasks_report",
    )
    @action(detail=True, methods=["post"])
    def report(self, request: Request, **_id: int) -> Response:
        """Báo cáo việc đã hoàn thành. Đúng hạn hay không tính theo ngày gửi báo cáo.

        409 khi tình trạng của việc không cho phép, với lý do.
        """
        task = self.get_object()
        if not may_act_for_agency(self.person, task):
            raise PermissionDenied(
                _("Chỉ cán bộ của cơ quan được giao việc này mới báo cáo được."), code="not_your_task"
            )
        given = ReportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        workflow.report_task(
            task,
            note=given.validated_data["note"],
            evidence_number=given.validated_data["evidence_number"],
            today=clock.today(),
            actor=actor_of(request, Door.API),
            now=clock.now(),
        )
        return Response(self.get_serializer(self.get_object()).data)
