"""Urging a task's agency, for programs."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.headers import IDEMPOTENCY_KEY
from tracker.api.idempotency import answered_once
from tracker.api.serializers.urgings import UrgedSerializer, UrgeSerializer
from tracker.api.views.base import KnownParametersMixin
from tracker.core import clock
from tracker.core.doors import actor_of
from tracker.core.enums import Door
from tracker.duties.queries import tasks_visible_to
from tracker.reminders.urging import may_urge, urge_task


class TaskUrgingsView(KnownParametersMixin):
    """Đôn đốc một việc."""

    @extend_schema(
        summary="Đôn đốc",
        operation_id="tasks_urgings",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH), IDEMPOTENCY_KEY],
        request=UrgeSerializer,
        responses={201: UrgedSerializer},
        tags=["tasks"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Gửi thư đôn đốc cơ quan có việc: Văn phòng và cơ quan theo dõi, mỗi việc một lần trong bốn giờ."""
        rows = tasks_visible_to(self.person).select_related("duty__document", "agency")
        task = get_object_or_404(rows, pk=pk)
        if not may_urge(self.person, task):
            raise PermissionDenied(
                _("Chỉ cán bộ Văn phòng hoặc cơ quan theo dõi văn bản mới được đôn đốc việc này."),
                code="not_yours_to_urge",
            )
        given = UrgeSerializer(data=request.data)
        given.is_valid(raise_exception=True)

        def do() -> Response:
            actor, now = actor_of(request, Door.API), clock.now()
            urged = urge_task(task, words=given.validated_data["words"], actor=actor, now=now)
            return Response(UrgedSerializer(urged).data, status=201)

        return answered_once(request, self.person, do)
