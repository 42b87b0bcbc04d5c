"""A person's own webhooks: registered with a secret that is shown once, looked after, ended."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.filters import NoFilter
from tracker.api.judging import agency_of
from tracker.api.serializers.webhooks import (
    DeliverySerializer,
    NewWebhookSerializer,
    ResentSerializer,
    SecretSerializer,
    WebhookSerializer,
)
from tracker.api.views.base import ReadOnlyViewSet
from tracker.core import clock
from tracker.core.doors import actor_of
from tracker.core.enums import Door
from tracker.core.models import ApiToken
from tracker.webhooks.models import Webhook
from tracker.webhooks.queries import webhooks_of, with_figures
from tracker.webhooks.services import (
    Registered,
    change_secret,
    end_webhook,
    register_webhook,
    resend_given_up,
)

_EXAMPLE = {
    "name": "trục liên thông",
    "url": "https://truc.example.vn/nhiem-vu",
    "types": ["task.reported", "task.returned"],
}


@extend_schema_view(
    list=extend_schema(summary="Webhook của tôi"), retrieve=extend_schema(summary="Một webhook của tôi")
)
@extend_schema(tags=["webhooks"])
class WebhookViewSet(ReadOnlyViewSet[Webhook]):
    """Webhook của người đang dùng, kể cả những webhook đã thôi."""

    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer
    filterset_class = NoFilter
    has_fields = False
    lists_of_a_row = frozenset({"deliveries"})

    def get_queryset(self) -> QuerySet[Webhook]:
        own = webhooks_of(self.person).order_by("-id")
        return with_figures(own) if self.action in {"list", "retrieve"} else own

    @extend_schema(
        summary="Đăng ký một webhook",
        operation_id="webhooks_create",
        request=NewWebhookSerializer,
        responses={201: SecretSerializer},
        examples=[OpenApiExample("webhook", _EXAMPLE, summary="Báo cáo và trả lại", request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Từ nay, sự kiện của những việc được xem sẽ được gửi tới địa chỉ này, có chữ ký.

        `secret` chỉ hiện lần này. Đăng ký bằng khóa API thì khóa hết hạn hoặc bị thu hồi là webhook thôi.
        """
        given = NewWebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        words = given.validated_data
        registered = register_webhook(
            user=self.person,
            name=words["name"],
            url=words["url"],
            types=words["types"],
            agency=agency_of(words["agency"]) if words["agency"] else None,
            token=request.auth if isinstance(request.auth, ApiToken) else None,
            actor=actor_of(request, Door.API),
            now=clock.now(),
        )
        return Response(_shown(registered), status=201)

    @extend_schema(summary="Thôi một webhook", operation_id="webhooks_destroy", responses={204: None})
    def destroy(self, request: Request, **_id: int) -> Response:
        """Không gửi gì nữa, kể cả những tin đang chờ; thôi lần nữa cũng được trả lời như vậy."""
        end_webhook(self.get_object(), actor=actor_of(request, Door.API), now=clock.now())
        return Response(status=204)

    @extend_schema(
        summary="Đổi mã bí mật của một webhook",
        operation_id="webhooks_secret",
        request=None,
        responses=SecretSerializer,
    )
    @action(detail=True, methods=["post"])
    def secret(self, request: Request, **_id: int) -> Response:
        """Mã mới chỉ hiện lần này; trong 24 giờ tin được ký bằng cả mã cũ và mã mới."""
        registered = change_secret(self.get_object(), actor=actor_of(request, Door.API), now=clock.now())
        return Response(_shown(registered))

    @extend_schema(
        summary="Các tin của một webhook",
        operation_id="webhooks_deliveries",
        responses=DeliverySerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def deliveries(self, _request: Request, **_id: int) -> Response:
        """Mới trước cũ sau; giữ cả những tin đã gửi."""
        rows = self.get_object().deliveries.select_related("event").order_by("-id")
        return self.page_of(rows, DeliverySerializer)

    @extend_schema(
        summary="Gửi lại những tin đã thôi gửi",
        operation_id="webhooks_resend",
        request=None,
        responses=ResentSerializer,
    )
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, **_id: int) -> Response:
        """Thử lại từ đầu mọi tin đã thôi gửi vì nơi nhận không trả lời quá lâu."""
        count = resend_given_up(self.get_object(), actor=actor_of(request, Door.API), now=clock.now())
        return Response({"messages": count})


def _shown(registered: Registered) -> dict[str, object]:
    return dict(SecretSerializer(registered.row, context={"secret": registered.secret}).data)
