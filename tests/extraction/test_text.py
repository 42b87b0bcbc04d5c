"""Folding of letters and spaces."""

from __future__ import annotations

import unicodedata

from tracker.core.text import LOWER, UPPER, fold_spaces, new_accents, plain_letters, slug, without_accents


def test_without_accents_reads_composed_and_decomposed_text() -> None:
    text = "Đồng chí Ủy viên phụ trách lĩnh vực"
    plain = "Dong chi Uy vien phu trach linh vuc"
    assert without_accents(text) == plain
    assert without_accents(unicodedata.normalize("NFD", text)) == plain


def test_plain_letters_keeps_every_letter_in_its_place() -> None:
    text = "ĐẢNG ỦY Xã Ỷ La – 2025, «ﬁn»"
    plain = plain_letters(text)
    assert len(plain) == len(text)
    assert plain == "dang uy xa y la – 2025, «ﬁn»"


def test_fold_spaces_leaves_single_spaces() -> None:
    assert fold_spaces("  Sở\n\tNội   vụ ") == "Sở Nội vụ"


def test_slug_has_only_plain_words_and_hyphens() -> None:
    assert slug("Nghị quyết (số 12), Đề án") == "nghi-quyet-so-12-de-an"


def test_letter_classes_hold_vietnamese_capitals_only_once_each() -> None:
    assert {"Đ", "Ữ", "Ẵ", "A"} <= set(UPPER)
    assert {"đ", "ữ", "ẵ", "a"} <= set(LOWER)
    assert set(UPPER).isdisjoint(LOWER)


def test_new_accents_moves_the_tone_and_keeps_the_length() -> None:
    assert new_accents("Toà án, THUỶ lợi, hoè, Uỷ ban") == "Tòa án, THỦY lợi, hòe, Ủy ban"
    assert new_accents("quý, quỹ, toàn, khoán, thuyền") == "quý, quỹ, toàn, khoán, thuyền"
