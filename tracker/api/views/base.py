"""What every view of the API shares."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from tracker.core.models import User
from tracker.documents.models import SourceText

Row = TypeVar("Row", bound=Model)

FIELDS = OpenApiParameter(
    "fields",
    {"type": "array", "items": {"type": "string"}},
    explode=False,
    description="Chỉ trả những trường này, cách nhau bằng dấu phẩy: `id,due_on,state`.",
)


def texts_of(path: str) -> Prefetch[str]:
    """The whole texts of a page's rows, each once, to cut the source words out of.

    Cut by the database, row by row, they cost two seconds on the last page: it cuts for every row
    that the page skips.
    """
    return Prefetch(path, queryset=SourceText.objects.only("text"))


class KnownParametersMixin(APIView):
    """Refuses a query parameter that the address does not know.

    `due_quater=2026-Q4` would otherwise give every task, and look like an answer.
    """

    parameters: tuple[str, ...] = ()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        is_allowed = hasattr(self, str(request.method).lower())
        unknown = sorted(set(request.query_params) - self.known_parameters())
        if unknown and is_allowed:
            raise ValidationError({name: [_("Địa chỉ này không có tham số này.")] for name in unknown})

    def known_parameters(self) -> set[str]:
        return set(self.parameters)

    @property
    def person(self) -> User:
        """Who is asking; the permissions let nobody else in."""
        return cast("User", self.request.user)


class ReadOnlyViewSet(KnownParametersMixin, viewsets.ReadOnlyModelViewSet[Row]):
    """A list and its rows. The queryset decides who sees what; there is no other permission on rows."""

    lookup_value_converter = "int"
    filterset_class: type[FilterSet]

    def known_parameters(self) -> set[str]:
        known = super().known_parameters()
        if self.action in {"list", "retrieve"}:
            known.add("fields")
        if self.action == "list":
            known |= set(self.filterset_class.base_filters)
            known |= set(getattr(self.paginator, "parameters", ()))
        return known

    def filter_queryset(self, queryset: QuerySet[Row]) -> QuerySet[Row]:
        """A single row is found by its id alone."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Row]:
        serializer = super().get_serializer(*args, **kwargs)
        if wanted := self.request.query_params.get("fields"):
            _keep_fields(getattr(serializer, "child", serializer), wanted)
        return serializer

    def page_of(
        self, queryset: QuerySet[Any], serializer: type[BaseSerializer[Any]], **context: Any
    ) -> Response:
        """A page of rows that belong to a row of this list."""
        rows = self.paginate_queryset(queryset)
        shown = serializer(rows, many=True, context={**self.get_serializer_context(), **context})
        return self.get_paginated_response(shown.data)


def _keep_fields(serializer: Any, wanted: str) -> None:
    """Leave only the wanted fields: those that are left out are not computed either."""
    names = {name.strip() for name in wanted.split(",")}
    unknown = sorted(names - set(serializer.fields))
    if unknown:
        said = _("Không có trường này: %s.") % ", ".join(unknown)
        raise ValidationError({"fields": [said]})
    for name in set(serializer.fields) - names:
        serializer.fields.pop(name)
