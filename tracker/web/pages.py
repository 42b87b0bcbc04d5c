"""Cutting long lists into pages."""

from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 30
_PAGE = "trang"

Row = TypeVar("Row", bound=Model)


def page_of(request: HttpRequest, rows: QuerySet[Row], size: int = PAGE_SIZE) -> Page[Row]:
    """The page that the address asks for; the nearest one where it asks for none that exists."""
    return Paginator(rows, size).get_page(request.GET.get(_PAGE))
