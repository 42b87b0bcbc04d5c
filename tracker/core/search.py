"""Search without accents, in columns that hold unaccented text."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from tracker.core.text import without_accents

_MOST_WORDS = 12  # of one search; more would only be slow

Rows = TypeVar("Rows", bound=QuerySet[Any])


def holding_words(rows: Rows, words: str, *columns: str) -> Rows:
    """Rows in which every word stands in one of the columns, whatever its case and accents.

    The columns are folded by `without_accents` when they are written.
    """
    for word in without_accents(words).split()[:_MOST_WORDS]:
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(found)
    return rows
