"""How people name a document."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.documents.models import Document


@pytest.mark.parametrize(
    ("kind", "issued_on", "title"),
    [
        ("nghi-quyet", date(2021, 6, 8), "Nghị quyết 109-NQ/TU, 08/06/2021"),
        ("nghi-quyet", None, "Nghị quyết 109-NQ/TU"),
        ("loai-la", None, "loai-la 109-NQ/TU"),  # of a kind that a later version knows
    ],
)
def test_title(kind: str, issued_on: date | None, title: str) -> None:
    assert Document(kind=kind, number="109-NQ/TU", issued_on=issued_on).title == title
