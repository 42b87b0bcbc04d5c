"""Documents, duties and agencies: read only."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.agencies.models import Agency
from tracker.api.filters import AgencyListFilter, DocumentFilter, DutyFilter
from tracker.api.serializers.registry import (
    AgencySerializer,
    ClauseSerializer,
    DocumentSerializer,
    DutySerializer,
)
from tracker.api.serializers.tasks import PeriodSerializer
from tracker.api.views.base import ReadOnlyViewSet, fields_of, texts_of
from tracker.core import clock
from tracker.documents.models import Document, SourceText
from tracker.duties.models import Duty, DutyBody
from tracker.duties.queries import documents_visible_to, duties_visible_to, tasks_visible_to
from tracker.duties.record import period_figures


@extend_schema_view(
    list=extend_schema(summary="Danh sách văn bản được xem", parameters=[fields_of(DocumentSerializer)]),
    retrieve=extend_schema(summary="Một văn bản", parameters=[fields_of(DocumentSerializer)]),
)
@extend_schema(tags=["documents"])
class DocumentViewSet(ReadOnlyViewSet[Document]):
    """Văn bản giao nhiệm vụ mà người dùng được xem."""

    queryset = Document.objects.none()
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    lists_of_a_row = frozenset({"clauses"})

    def get_queryset(self) -> QuerySet[Document]:
        return documents_visible_to(self.person).prefetch_related("monitors").order_by("-issued_on", "id")

    @extend_schema(
        summary="Các khoản, mục của một văn bản",
        operation_id="documents_clauses",
        responses=ClauseSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def clauses(self, _request: Request, **_id: int) -> Response:
        """Những khoản, mục đã đọc, theo thứ tự trong văn bản, với nguyên văn."""
        document = self.get_object()
        text = SourceText.objects.only("text").get(pk=document.source_id).text
        return self.page_of(document.clauses.order_by("ordinal"), ClauseSerializer, text=text)


@extend_schema_view(
    list=extend_schema(summary="Danh sách nhiệm vụ được xem", parameters=[fields_of(DutySerializer)]),
    retrieve=extend_schema(summary="Một nhiệm vụ", parameters=[fields_of(DutySerializer)]),
)
@extend_schema(tags=["duties"])
class DutyViewSet(ReadOnlyViewSet[Duty]):
    """Nhiệm vụ mà văn bản giao; mỗi cơ quan chủ trì có một việc cho mỗi kỳ."""

    queryset = Duty.objects.none()
    serializer_class = DutySerializer
    filterset_class = DutyFilter

    def get_queryset(self) -> QuerySet[Duty]:
        bodies = Prefetch("bodies", queryset=DutyBody.objects.select_related("agency", "collective"))
        return (
            duties_visible_to(self.person)
            .select_related("document", "clause")
            .prefetch_related(bodies, texts_of("document__source"))
            .order_by("document_id", "ordinal", "id")
        )

    @extend_schema(
        summary="Các kỳ của một nhiệm vụ",
        operation_id="duties_periods",
        responses=PeriodSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def periods(self, _request: Request, **_id: int) -> Response:
        """Các kỳ đã mở của nhiệm vụ, theo hạn; nhiệm vụ không lặp lại có một kỳ rỗng.

        Việc của một kỳ: `/tasks?duty_id=…&period=…`.
        """
        tasks = tasks_visible_to(self.person).filter(duty=self.get_object())
        return Response(PeriodSerializer(period_figures(tasks, clock.today()), many=True).data)


@extend_schema_view(
    list=extend_schema(summary="Danh mục cơ quan", parameters=[fields_of(AgencySerializer)]),
    retrieve=extend_schema(summary="Một cơ quan", parameters=[fields_of(AgencySerializer)]),
)
@extend_schema(tags=["agencies"])
class AgencyViewSet(ReadOnlyViewSet[Agency]):
    """Danh mục cơ quan, kể cả những cơ quan đã thôi hoạt động."""

    queryset = Agency.objects.order_by("key")
    serializer_class = AgencySerializer
    filterset_class = AgencyListFilter
    lookup_field = "key"
    lookup_value_converter = "slug"
