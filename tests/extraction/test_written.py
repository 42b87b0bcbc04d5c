"""Passages of the directives' language in many shapes: each is read as it was written down."""

from __future__ import annotations

import pytest

from tests.extraction.written import WrittenPassage, read_passages

PASSAGES = [
    passage
    for name in ("first", "second", "third", "fourth", "fifth", "shapes")
    for passage in read_passages(name)
]


@pytest.mark.parametrize(
    "passage",
    [
        pytest.param(
            passage, id=passage.id, marks=[pytest.mark.xfail(strict=True)] if passage.is_wrong else []
        )
        for passage in PASSAGES
    ],
)
def test_a_passage_is_read_as_written_down(passage: WrittenPassage) -> None:
    assert passage.differences() == []
