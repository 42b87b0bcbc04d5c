"""Who is asking, and the figures of what they see."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.filters import NoFilter, TaskFilter
from tracker.api.serializers.people import (
    IssuedTokenSerializer,
    NewTokenSerializer,
    OwnTokenSerializer,
    ProfileSerializer,
)
from tracker.api.serializers.tasks import StatisticsSerializer
from tracker.api.views.base import KnownParametersMixin, ReadOnlyViewSet
from tracker.core import clock
from tracker.core.doors import actor_of
from tracker.core.enums import Door
from tracker.core.models import ApiToken, User
from tracker.core.tokens import issue_token, revoke_token
from tracker.duties.models import Task, TaskQuerySet
from tracker.duties.queries import counts_of, tasks_visible_to


class ProfileView(KnownParametersMixin):
    """Người đang dùng API."""

    @extend_schema(summary="Người đang dùng API", operation_id="me", responses=ProfileSerializer, tags=["me"])
    def get(self, request: Request) -> Response:
        """Tên, nơi công tác, vai trò và khóa đang dùng."""
        person = User.objects.prefetch_related("posts__agency").get(pk=self.person.pk)
        return Response(ProfileSerializer(person, context={"request": request}).data)


@extend_schema_view(
    list=extend_schema(summary="Khóa API của tôi"),
    retrieve=extend_schema(summary="Một khóa API của tôi"),
)
@extend_schema(tags=["me"])
class TokenViewSet(ReadOnlyViewSet[ApiToken]):
    """Khóa API của người đang dùng, kể cả khóa đã hết hạn hoặc đã thu hồi."""

    queryset = ApiToken.objects.none()
    serializer_class = OwnTokenSerializer
    filterset_class = NoFilter
    has_fields = False

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(user=self.person).order_by("-id")

    @extend_schema(
        summary="Cấp một khóa API",
        operation_id="tokens_create",
        request=NewTokenSerializer,
        responses={201: IssuedTokenSerializer},
        examples=[
            OpenApiExample(
                "token", {"name": "bảng điều khiển", "days": 90}, summary="Khóa chỉ đọc", request_only=True
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """Chỉ cấp được khi đăng nhập trên trang, không cấp được bằng một khóa khác: khóa bị lộ không
        sinh ra khóa mới. `secret` chỉ hiện lần này.
        """
        if isinstance(request.auth, ApiToken):
            raise PermissionDenied(
                _("Cần đăng nhập bằng mật khẩu để cấp khóa; không cấp được bằng một khóa khác."),
                code="sign_in_required",
            )
        given = NewTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        now = clock.now()
        issued = issue_token(
            user=self.person,
            name=given.validated_data["name"],
            scope=given.validated_data["scope"],
            expires_at=now + timedelta(days=given.validated_data["days"]),
            actor=actor_of(request, Door.API),
            now=now,
        )
        context = {**self.get_serializer_context(), "secret": issued.secret}
        return Response(IssuedTokenSerializer(issued.row, context=context).data, status=201)

    @extend_schema(summary="Thu hồi một khóa API", operation_id="tokens_destroy", responses={204: None})
    def destroy(self, request: Request, **_id: int) -> Response:
        """Khóa thôi dùng được ngay; thu hồi lần nữa cũng được trả lời như vậy."""
        revoke_token(self.get_object(), actor=actor_of(request, Door.API), now=clock.now())
        return Response(status=204)


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
        """Số việc được xem theo tình trạng, thời hạn và kết quả: tất cả, từng cơ quan, văn bản, quý.

        Việc đang chờ phân công chưa thuộc cơ quan nào: chỉ đếm riêng ở `needs_assignment`.

        Dùng được mọi bộ lọc của danh sách việc.
        """
        today = clock.today()
        given = TaskFilter(request.query_params, queryset=tasks_visible_to(self.person).with_states(today))
        if not given.is_valid():
            raise ValidationError(given.errors)
        tasks = cast("TaskQuerySet", given.qs)
        counts = counts_of(tasks.filter(needs_assignment=False), today)
        shown = {
            "day": today,
            "needs_assignment": tasks.filter(needs_assignment=True).count(),
            "total": asdict(counts.total),
            "agencies": [{"agency": agency, **asdict(one)} for agency, one in counts.agencies],
            "documents": [{"document": document, **asdict(one)} for document, one in counts.documents],
            "quarters": [{"due_quarter": quarter, **asdict(one)} for quarter, one in counts.quarters],
        }
        return Response(StatisticsSerializer(shown).data)
