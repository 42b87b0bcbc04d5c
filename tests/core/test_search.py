"""Search without accents."""

from __future__ import annotations

import pytest

from tests.factories import make_agency
from tracker.agencies.models import Agency
from tracker.core.search import holding_words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nội chính", {"a"}),
        ("NOI CHINH", {"a"}),
        ("chính tỉnh", {"a"}),
        ("ban tỉnh ủy", {"a", "b"}),
        ("nội vụ", set()),
        ("50%", set()),
        ("_an", set()),
        ("", {"a", "b", "c"}),
    ],
)
def test_every_word_has_to_stand_in_a_column(words: str, found: set[str]) -> None:
    make_agency("Ban Nội chính Tỉnh ủy", key="a")
    make_agency("Ban Tổ chức Tỉnh ủy", key="b")
    make_agency("Sở Y tế", key="c")
    agencies = holding_words(Agency.objects.all(), words, "search_name", "key")
    assert {agency.key for agency in agencies} == found
