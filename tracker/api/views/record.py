"""The record: what was done, by whom, when, through which door."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view

from tracker.api.filters import EventFilter
from tracker.api.serializers.tasks import RecordSerializer
from tracker.api.views.base import ReadOnlyViewSet, fields_of
from tracker.core.models import Event
from tracker.duties.record import events_visible_to


@extend_schema_view(
    list=extend_schema(summary="Nhật ký được xem", parameters=[fields_of(RecordSerializer)]),
    retrieve=extend_schema(summary="Một dòng nhật ký", parameters=[fields_of(RecordSerializer)]),
)
@extend_schema(tags=["events"])
class EventViewSet(ReadOnlyViewSet[Event]):
    """Nhật ký chỉ ghi thêm. Văn phòng và cán bộ kiểm tra xem toàn bộ; người khác xem nhật ký của
    những việc mình được xem. Mới trước cũ sau; đọc bằng `cursor` thì cũ trước mới sau.
    """

    queryset = Event.objects.none()
    serializer_class = RecordSerializer
    filterset_class = EventFilter

    def get_queryset(self) -> QuerySet[Event]:
        return events_visible_to(self.person).select_related("actor").order_by("-id")
