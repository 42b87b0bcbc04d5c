"""«Vì sao tôi (không) nhận được?» for programs."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.patterns import WORDS
from tracker.api.serializers.reminders import ExplanationSerializer
from tracker.api.views.base import KnownParametersMixin
from tracker.core import clock
from tracker.core.models import User
from tracker.core.workdays import working_days
from tracker.duties.queries import tasks_visible_to
from tracker.reminders.explanation import explain

_USER = OpenApiParameter(
    "user",
    {"type": "string", "minLength": 1, "maxLength": 150, "pattern": WORDS},
    description="Tên đăng nhập của người cần hỏi; mặc định là chính mình. Chỉ Văn phòng hỏi được người khác.",
)


class TaskRemindersView(KnownParametersMixin):
    """The ledger of one task and one person."""

    parameters = ("user",)

    @extend_schema(
        summary="Vì sao được (không được) nhắc việc này",
        operation_id="tasks_reminders",
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH), _USER],
        responses=ExplanationSerializer,
        tags=["tasks"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """Đã nhắc gì, sắp nhắc gì, và vì sao không, theo sổ nhắc việc."""
        tasks = tasks_visible_to(self.person).select_related("duty__document", "agency")
        task = get_object_or_404(tasks, pk=pk)
        told = explain(task, self._asked_about(request), now=clock.now(), working=working_days())
        return Response(ExplanationSerializer(told).data)

    def _asked_about(self, request: Request) -> User:
        """The person named, else who asks. Whom one may not ask about does not exist."""
        name = request.query_params.get("user", self.person.username)
        if name == self.person.username:
            return self.person
        if not self.person.is_registrar or "\x00" in name:
            raise Http404
        return get_object_or_404(User, username=name)
