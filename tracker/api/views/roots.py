"""The door's own addresses: its front page, and the answer where there is nothing."""

from __future__ import annotations

from typing import NoReturn

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

LISTS = ("tasks", "documents", "duties", "agencies", "extensions", "evidence", "events", "webhooks", "tokens")


@extend_schema(exclude=True)
class FrontView(APIView):
    """Where the lists and the description are."""

    def get(self, request: Request) -> Response:
        links = {name: reverse(f"api:{name}-list", request=request) for name in LISTS}
        return Response(
            {
                **links,
                "statistics": reverse("api:statistics", request=request),
                "me": reverse("api:me", request=request),
                "schema": reverse("api-schema", request=request),
                "docs": reverse("api-docs", request=request),
            }
        )


@extend_schema(exclude=True)
class NothingView(APIView):
    """An address that is none answers as every error of the API does."""

    def get(self, _request: Request, **_kwargs: str) -> NoReturn:
        raise Http404

    post = put = patch = delete = get
