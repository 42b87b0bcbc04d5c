"""Sentences and their parts."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.sentences import split_parts, split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in split_parts(text, 0, len(text))]


def test_sentences_end_before_a_capital() -> None:
    assert sentences("Sở Y tế báo cáo. Sở Nội vụ theo dõi... và đôn đốc.") == [
        "Sở Y tế báo cáo.",
        "Sở Nội vụ theo dõi... và đôn đốc.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "UBND TP. Sông Lam báo cáo.",
        "Rà soát (kể cả dự án treo. Nếu có) và báo cáo.",
        "Theo mục 3. của Kế hoạch.",
    ],
)
def test_what_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_parts_are_between_semicolons_outside_brackets() -> None:
    assert parts("rà soát; báo cáo (quý; năm); theo dõi.") == ["rà soát", "báo cáo (quý; năm)", "theo dõi."]


def test_a_bracket_that_is_never_closed_hides_nothing() -> None:
    assert parts("rà soát (một; báo cáo") == ["rà soát (một", "báo cáo"]
