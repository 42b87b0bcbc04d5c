"""Folding of a block, and the map back to the source."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.passages import fold_passage


def folded(text: str) -> str:
    return fold_passage(text, [(0, len(text))]).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sở  Nội\n   vụ", "Sở Nội vụ"),
        ("**1. **Giao *Sở Y tế*", "1. Giao Sở Y tế"),
        ("hiệu quả<sup>3</sup>. Câu", "hiệu quả. Câu"),
        ("tích cực¹ và", "tích cực và"),
        ("Toà án, thuỷ lợi, Uỷ ban", "Tòa án, thủy lợi, Ủy ban"),
        ("quý, quỹ, toàn, khoán", "quý, quỹ, toàn, khoán"),
        ("Tồ chức, chù trì, phổi hợp", "Tổ chức, chủ trì, phối hợp"),
        ("Qúy I và qúy II", "Quý I và quý II"),
        ("trước l5/12 và 1l/12", "trước 15/12 và 11/12"),
        ("số 109-\nNQ/TU", "số 109-NQ/TU"),
        ("a\x00b\x07c", "a b c"),
    ],
)
def test_fold_passage(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_every_letter_is_found_again_in_the_source() -> None:
    source = "xx **4.** Uỷ  ban\n\n tỉnh<sup>2</sup> báo\tcáo xx"
    passage = fold_passage(source, [(3, len(source) - 3)])
    start = passage.text.index("báo cáo")
    first, last = passage.span(start, start + len("báo cáo"))
    assert source[first:last] == "báo\tcáo"
    start = passage.text.index("Ủy ban")
    first, last = passage.span(start, start + len("Ủy ban"))
    assert source[first:last] == "Uỷ  ban"


def test_seams_mark_where_furniture_was_taken_out() -> None:
    source = "nâng cao |116| nhận thức"
    passage = fold_passage(source, [(0, 8), (15, len(source))])
    assert passage.text == "nâng cao nhận thức"
    assert [passage.text[seam:].strip() for seam in passage.seams] == ["nhận thức"]


def test_plain_matches_text_letter_for_letter() -> None:
    passage = fold_passage("Đảng ủy", [(0, 7)])
    assert (passage.text, passage.plain) == ("Đảng ủy", "dang uy")
