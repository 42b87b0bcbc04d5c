"""What belongs to a task: its files of evidence, and the requests to move its deadline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import pipeline
from tracker.api.conditions import require_match
from tracker.api.deeds import require_agency
from tracker.api.headers import IDEMPOTENCY_KEY, IF_MATCH
from tracker.api.idempotency import answered_once
from tracker.api.judging import judging
from tracker.api.serializers.extensions import (
    AddedSerializer,
    AskSerializer,
    AskWithFilesSerializer,
    EvidenceSerializer,
    ExtensionSerializer,
    FilesSerializer,
)
from tracker.api.views.base import ReadOnlyViewSet
from tracker.core import clock
from tracker.core.doors import actor_of
from tracker.core.enums import Door
from tracker.duties.extensions import request_extension
from tracker.duties.models import Task
from tracker.duties.queries import extensions_of
from tracker.duties.workflow import add_evidence

if TYPE_CHECKING:
    Base = ReadOnlyViewSet[Task]
else:
    Base = object

_ASK = {"new_due": "quý I/2027", "reason": "Chờ hướng dẫn của Trung ương."}


class TaskParts(Base):
    """Sub-resources of a task; mixed into its views."""

    @extend_schema(
        summary="Tệp minh chứng của một việc",
        operation_id="tasks_evidence",
        responses=EvidenceSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def evidence(self, _request: Request, **_id: int) -> Response:
        """Cũ trước mới sau; nội dung tải ở `content` của từng tệp."""
        rows = self.get_object().evidence.select_related("added_by").order_by("id")
        return self.page_of(rows, EvidenceSerializer)

    @extend_schema(
        summary="Gửi tệp minh chứng",
        operation_id="tasks_evidence_add",
        request={"multipart/form-data": FilesSerializer},
        responses={201: AddedSerializer},
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        filters=False,
    )
    @evidence.mapping.post
    def add_evidence(self, request: Request, **_id: int) -> Response:
        """Mọi tệp được nhận, hoặc không tệp nào: kiểu, độ lớn và nội dung từng tệp đều được xét."""
        task = self._own_task()
        given = FilesSerializer(data=request.data)
        given.is_valid(raise_exception=True)

        def do() -> Response:
            with judging():
                files = given.validated_data["files"]
                actor = actor_of(request, Door.API)
                rows = self._on(task, lambda: add_evidence(task, files, actor=actor, now=clock.now()))
            shown = AddedSerializer({"files": rows}, context=self.get_serializer_context())
            return Response(shown.data, status=201)

        return answered_once(request, self.person, do)

    @extend_schema(
        summary="Các đề nghị gia hạn của một việc",
        operation_id="tasks_extensions",
        responses=ExtensionSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def extensions(self, _request: Request, **_id: int) -> Response:
        """Cũ trước mới sau, với quyết định của từng đề nghị."""
        return self.page_of(extensions_of(self.get_object()), ExtensionSerializer)

    @extend_schema(
        summary="Đề nghị gia hạn",
        operation_id="tasks_extensions_ask",
        request={"application/json": AskSerializer, "multipart/form-data": AskWithFilesSerializer},
        responses={201: ExtensionSerializer},
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        examples=[
            OpenApiExample(
                "extension", _ASK, summary="Đề nghị gia hạn", request_only=True, media_type="application/json"
            )
        ],
        filters=False,
    )
    @extensions.mapping.post
    def ask_extension(self, request: Request, **_id: int) -> Response:
        """Một việc có một đề nghị chờ quyết định; gửi kèm tệp thì dùng `multipart/form-data`."""
        task = self._own_task()
        given = AskWithFilesSerializer(data=request.data)
        given.is_valid(raise_exception=True)

        def do() -> Response:
            with judging():
                row = self._on(task, lambda: self._ask(request, task, given.validated_data))
            row = extensions_of(task).get(pk=row.pk)
            shown = ExtensionSerializer(row, context=self.get_serializer_context())
            return Response(shown.data, status=201)

        return answered_once(request, self.person, do)

    def _ask(self, request: Request, task: Task, words: dict[str, Any]) -> Any:
        today = clock.today()
        return request_extension(
            task,
            new_due=pipeline.read_new_due(words["new_due"], today=today),
            reason=words["reason"],
            files=words["files"],
            today=today,
            actor=actor_of(request, Door.API),
            now=clock.now(),
        )

    def _own_task(self) -> Task:
        """See it (404), and be of the agency or the office (403)."""
        task = self.get_object()
        require_agency(self.person, task)
        return task

    def _on(self, task: Task, do: Callable[[], Any]) -> Any:
        """Do it to the task as it was read (428, 412)."""
        with transaction.atomic():
            require_match(self.request, Task.objects.select_for_update().get(pk=task.pk))
            return do()

    def get_parsers(self) -> list[Any]:
        """Files come in forms; everything else in JSON alone."""
        handlers = getattr(self, "action_map", {})
        name = handlers.get(str(getattr(self.request, "method", "")).lower())
        if name == "add_evidence":
            return [MultiPartParser()]
        return [JSONParser(), MultiPartParser()] if name == "ask_extension" else [JSONParser()]
