"""Pages by number for people, by cursor for programs that read everything.

A cursor goes by `id`: what is added or changed while a program reads neither repeats nor hides a
row, and the last page costs what the first one did.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

if TYPE_CHECKING:  # the views import the settings, which name this module
    from rest_framework.views import APIView

PAGE_SIZE = 50
MOST_PER_PAGE = 200
_MOST_DIGITS = 12


class PagePagination(BasePagination):
    """`page` and `page_size`, or `cursor` (empty for the first page) and `page_size`.

    A number that is none, or too large, is refused: a program that asks for 1,000 rows and is
    given 200 without a word would miss the rest.
    """

    parameters = ("page", "page_size", "cursor")

    def paginate_queryset(  # type: ignore[override]  # lists of the API are querysets, always
        self,
        queryset: QuerySet[Any],
        request: Request,
        view: APIView | None = None,  # noqa: ARG002
    ) -> list[Any]:
        self.url = request.build_absolute_uri()
        self.count: int | None = None
        self.next: str | None = None
        self.previous: str | None = None
        size = _number(request, "page_size", default=PAGE_SIZE, most=MOST_PER_PAGE)
        page = _number(request, "page", default=1)
        if "cursor" in request.query_params:
            return self._rows_after_cursor(queryset, request, size)
        return self._rows_of_page(queryset, page, size)

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        return Response({"count": self.count, "next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {
                    "type": ["integer", "null"],
                    "description": "Tổng số; null khi đọc bằng cursor.",
                    "example": 123,
                },
                "next": {**link, "description": "Địa chỉ trang sau; null ở trang cuối."},
                "previous": {**link, "description": "Địa chỉ trang trước; null khi đọc bằng cursor."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, _view: APIView) -> list[dict[str, Any]]:
        number = {"type": "integer", "minimum": 1}
        return [
            _parameter("page", {**number, "maximum": 10**_MOST_DIGITS - 1}, "Số trang, từ 1."),
            _parameter(
                "page_size",
                {**number, "maximum": MOST_PER_PAGE, "default": PAGE_SIZE},
                f"Số dòng mỗi trang, nhiều nhất {MOST_PER_PAGE}.",
            ),
            _parameter(
                "cursor",
                {"type": "string", "pattern": f"^[0-9]{{0,{_MOST_DIGITS}}}$"},
                "Đọc hết theo thứ tự `id`: để trống ở lần đầu, sau đó theo `next`."
                " Có `cursor` thì `page` và `ordering` không dùng đến.",
            ),
        ]

    def _rows_of_page(self, queryset: QuerySet[Any], page: int, size: int) -> list[Any]:
        self.count = queryset.count()
        rows = list(queryset[(page - 1) * size : page * size])
        if not rows and page > 1:
            raise NotFound
        if page * size < self.count:
            self.next = replace_query_param(self.url, "page", page + 1)
        if page > 1:
            self.previous = (
                replace_query_param(self.url, "page", page - 1)
                if page > 2  # noqa: PLR2004 -- the first page needs no number
                else remove_query_param(self.url, "page")
            )
        return rows

    def _rows_after_cursor(self, queryset: QuerySet[Any], request: Request, size: int) -> list[Any]:
        after = _number(request, "cursor", default=0, least=0) if request.query_params["cursor"] else 0
        rows = list(queryset.filter(pk__gt=after).order_by("pk")[: size + 1])
        if len(rows) > size:
            self.next = replace_query_param(self.url, "cursor", rows[size - 1].pk)
        return rows[:size]


def _number(
    request: Request, name: str, *, default: int, least: int = 1, most: int = 10**_MOST_DIGITS - 1
) -> int:
    given = request.query_params.get(name, "")
    if not given and name not in request.query_params:
        return default
    if not (given.isascii() and given.isdigit()) or len(given) > _MOST_DIGITS:
        raise ValidationError({name: [_("Phải là số nguyên.")]})
    number = int(given)
    if not least <= number <= most:
        raise ValidationError({name: [_("Phải từ %(least)s đến %(most)s.") % {"least": least, "most": most}]})
    return number


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
