"""Who is asking, and the figures of what they see."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.filters import TaskFilter
from tracker.api.serializers.people import ProfileSerializer
from tracker.api.serializers.tasks import StatisticsSerializer
from tracker.api.views.base import KnownParametersMixin
from tracker.core import clock
from tracker.core.models import User
from tracker.duties.models import Task, TaskQuerySet
from tracker.duties.queries import counts_by_agency, tasks_visible_to


class ProfileView(KnownParametersMixin):
    """Người đang dùng API."""

    @extend_schema(summary="Người đang dùng API", operation_id="me", responses=ProfileSerializer, tags=["me"])
    def get(self, request: Request) -> Response:
        """Tên, nơi công tác, vai trò và khóa đang dùng."""
        person = User.objects.prefetch_related("posts__agency").get(pk=self.person.pk)
        return Response(ProfileSerializer(person, context={"request": request}).data)


class StatisticsView(KnownParametersMixin, GenericAPIView[Task]):
    """Figures of the tasks that the person sees; takes the filters of the list."""

    queryset = Task.objects.none()
    serializer_class = StatisticsSerializer
    filterset_class = TaskFilter
    pagination_class = None

    def known_parameters(self) -> set[str]:
        return set(TaskFilter.base_filters)

    @extend_schema(
        summary="Số liệu",
        operation_id="statistics",
        responses=StatisticsSerializer,
        filters=True,
        tags=["statistics"],
    )
    def get(self, request: Request) -> Response:
        """Số việc được xem theo tình trạng, thời hạn và kết quả: tất cả, và từng cơ quan.

        Việc đang chờ phân công chưa thuộc cơ quan nào: chỉ đếm riêng ở `needs_assignment`.

        Dùng được mọi bộ lọc của danh sách việc.
        """
        today = clock.today()
        given = TaskFilter(request.query_params, queryset=tasks_visible_to(self.person).with_states(today))
        if not given.is_valid():
            raise ValidationError(given.errors)
        tasks = cast("TaskQuerySet", given.qs)
        total, agencies = counts_by_agency(tasks.filter(needs_assignment=False), today)
        shown = {
            "day": today,
            "needs_assignment": tasks.filter(needs_assignment=True).count(),
            "total": asdict(total),
            "agencies": [{"agency": agency, **asdict(counts)} for agency, counts in agencies],
        }
        return Response(StatisticsSerializer(shown).data)
