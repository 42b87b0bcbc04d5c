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
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from tracker.api.filters import lists_of
from tracker.api.pagination import PagePagination
from tracker.core.models import User
from tracker.documents.models import SourceText

Row = TypeVar("Row", bound=Model)

# An empty search finds everything, and the first cursor is empty.
MAY_BE_EMPTY = frozenset({"q", "cursor"})


def fields_of(serializer: type[Serializer[Any]]) -> OpenApiParameter:
    """The description of `fields` for rows of this serializer."""
    names = serializer.Meta.fields  # type: ignore[attr-defined]  # every row's serializer has one
    return OpenApiParameter(
        "fields",
        {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1},
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
    """Refuses a query parameter that the address does not know, or that says nothing.

    `due_quater=2026-Q4` and `due_quarter=` would otherwise give every task, and look like an answer.
    """

    parameters: tuple[str, ...] = ()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if not hasattr(self, str(request.method).lower()):
            return  # a 405, whatever the parameters
        given = set(request.query_params)
        if unknown := sorted(given - self.known_parameters()):
            raise ValidationError({name: [_("Địa chỉ này không có tham số này.")] for name in unknown})
        if empty := sorted(name for name in given - MAY_BE_EMPTY if _is_empty(request, name)):
            raise ValidationError({name: [_("Tham số này thiếu giá trị.")] for name in empty})
        single = given - lists_of(getattr(self, "filterset_class", FilterSet))
        if twice := sorted(name for name in single if len(request.query_params.getlist(name)) > 1):
            raise ValidationError({name: [_("Tham số này chỉ dùng một lần.")] for name in twice})

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
    lists_of_a_row: frozenset[str] = frozenset()
    has_fields = True

    def known_parameters(self) -> set[str]:
        known = super().known_parameters()
        if self.has_fields and self.action in {"list", "retrieve"}:
            known.add("fields")
        if self.action == "list":
            known |= set(self.filterset_class.base_filters)
        if self.action in {"list", *self.lists_of_a_row}:
            known |= set(PagePagination.parameters)
        return known

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
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


def _is_empty(request: Request, name: str) -> bool:
    return any(not value.strip() for value in request.query_params.getlist(name))


def _keep_fields(serializer: Any, wanted: str) -> None:
    """Leave only the wanted fields: those that are left out are not computed either."""
    names = {name.strip() for name in wanted.split(",")}
    unknown = sorted(names - set(serializer.fields))
    if unknown:
        said = _("Không có trường này: %s.") % ", ".join(unknown)
        raise ValidationError({"fields": [said]})
    for name in set(serializer.fields) - names:
        serializer.fields.pop(name)
