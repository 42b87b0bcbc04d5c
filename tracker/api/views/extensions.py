"""Requests for new deadlines across tasks, their decision; and files of evidence, to download."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker import pipeline
from tracker.api.deeds import require_agency, require_registrar
from tracker.api.filters import ExtensionFilter, NoFilter
from tracker.api.headers import IDEMPOTENCY_KEY
from tracker.api.idempotency import answered_once
from tracker.api.judging import judging
from tracker.api.serializers.deeds import NoteSerializer, ReasonSerializer
from tracker.api.serializers.extensions import EvidenceSerializer, ExtensionSerializer, GrantSerializer
from tracker.api.serializers.inputs import StrictSerializer
from tracker.api.views.base import ReadOnlyViewSet
from tracker.core import clock
from tracker.core.doors import actor_of, attachment
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.duties import extensions
from tracker.duties.evidence import open_evidence
from tracker.duties.models import Evidence, Extension
from tracker.duties.queries import evidence_visible_to, extensions_visible_to

logger = logging.getLogger(__name__)

_Act = Callable[[Extension, Mapping[str, Any], Actor], Extension]


def _grant(extension: Extension, words: Mapping[str, Any], actor: Actor) -> Extension:
    with judging():
        due = words["new_due"].strip()
        new_due = pipeline.read_new_due(due, today=clock.today()) if due else None
        return extensions.grant_extension(
            extension, new_due=new_due, note=words["note"], actor=actor, now=clock.now()
        )


def _refuse(extension: Extension, words: Mapping[str, Any], actor: Actor) -> Extension:
    return extensions.refuse_extension(extension, reason=words["reason"], actor=actor, now=clock.now())


def _withdraw(extension: Extension, words: Mapping[str, Any], actor: Actor) -> Extension:
    return extensions.withdraw_extension(extension, note=words["note"], actor=actor, now=clock.now())


def _decision(
    name: str, summary: str, serializer: type[StrictSerializer], example: Any
) -> Callable[[Any], Any]:
    """The route and the description of what is done to a request."""

    def decorate(method: Any) -> Any:
        routed = action(detail=True, methods=["post"], url_path=name)(method)
        return extend_schema(
            summary=summary,
            operation_id=f"extensions_{name}",
            request=serializer,
            responses=ExtensionSerializer,
            parameters=[IDEMPOTENCY_KEY],
            examples=[OpenApiExample(name, example, summary=summary, request_only=True)],
            filters=False,
        )(routed)

    return decorate


@extend_schema_view(
    list=extend_schema(summary="Các đề nghị gia hạn được xem"),
    retrieve=extend_schema(summary="Một đề nghị gia hạn"),
)
@extend_schema(tags=["extensions"])
class ExtensionViewSet(ReadOnlyViewSet[Extension]):
    """Đề nghị gia hạn của những việc được xem; gửi đề nghị ở `/tasks/{id}/extensions`."""

    queryset = Extension.objects.none()
    serializer_class = ExtensionSerializer
    filterset_class = ExtensionFilter
    has_fields = False

    def get_queryset(self) -> QuerySet[Extension]:
        return extensions_visible_to(self.person).order_by("-id")

    @_decision("grant", "Đồng ý gia hạn", GrantSerializer, {"note": "Đồng ý như đề nghị."})
    def grant(self, request: Request, **_id: int) -> Response:
        """Văn phòng đồng ý, như đề nghị hoặc ngắn hơn; hạn của việc dời theo."""
        extension = self.get_object()
        require_registrar(self.person)
        return self._do(request, extension, GrantSerializer, _grant)

    @_decision("refusal", "Không đồng ý gia hạn", ReasonSerializer, {"reason": "Việc không thể chậm hơn."})
    def refusal(self, request: Request, **_id: int) -> Response:
        """Văn phòng không đồng ý, với lý do; hạn giữ nguyên."""
        extension = self.get_object()
        require_registrar(self.person)
        return self._do(request, extension, ReasonSerializer, _refuse)

    @_decision("withdrawal", "Rút đề nghị gia hạn", NoteSerializer, {"note": "Đã làm kịp."})
    def withdrawal(self, request: Request, **_id: int) -> Response:
        """Cơ quan rút đề nghị đang chờ quyết định."""
        extension = self.get_object()
        require_agency(self.person, extension.task)
        return self._do(request, extension, NoteSerializer, _withdraw)

    def _do(
        self, request: Request, extension: Extension, serializer: type[StrictSerializer], act: _Act
    ) -> Response:
        given = serializer(data=request.data)
        given.is_valid(raise_exception=True)

        def do() -> Response:
            act(extension, given.validated_data, actor_of(request, Door.API))
            decided = extensions_visible_to(self.person).get(pk=extension.pk)
            return Response(ExtensionSerializer(decided, context=self.get_serializer_context()).data)

        return answered_once(request, self.person, do)


class AnythingRenderer(JSONRenderer):
    """Lets a download be asked for under its own type; errors stay problems in JSON."""

    media_type = "*/*"


@extend_schema_view(
    list=extend_schema(summary="Tệp minh chứng được xem"),
    retrieve=extend_schema(summary="Một tệp minh chứng"),
)
@extend_schema(tags=["evidence"])
class EvidenceViewSet(ReadOnlyViewSet[Evidence]):
    """Tệp minh chứng của những việc được xem; gửi tệp ở `/tasks/{id}/evidence`."""

    queryset = Evidence.objects.none()
    serializer_class = EvidenceSerializer
    filterset_class = NoFilter
    has_fields = False

    def get_queryset(self) -> QuerySet[Evidence]:
        return evidence_visible_to(self.person).select_related("added_by").order_by("-id")

    @extend_schema(
        summary="Nội dung một tệp minh chứng",
        operation_id="evidence_content",
        responses={(200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="Tệp, để tải về.")},
        filters=False,
    )
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, AnythingRenderer])
    def content(self, _request: Request, **_id: int) -> HttpResponseBase:
        """Luôn tải về như tệp đính kèm, không mở trong trình duyệt."""
        found = self.get_object()
        try:
            content = open_evidence(found)
        except FileNotFoundError as error:
            logger.error("evidence %d has lost its file %s", found.pk, found.stored_as)
            raise NotFound from error
        return attachment(content, name=found.name, media_type=found.media_type)
