"""Blocks: markers, hard wraps, paths."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.blocks import (
    Block,
    find_blocks,
    read_marker,
    tells_what_was,
    with_items_above,
)
from tracker.extraction.finders.lines import furniture, split_lines
from tracker.extraction.finders.passages import fold_passage


def blocks(text: str, base: str = "") -> list[tuple[str, str]]:
    lines = split_lines(text)
    found = find_blocks(lines, furniture(lines), base=base)
    return [(block.path, fold_passage(text, block.pieces).text) for block in found]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("1. Sở Y tế", "number", "1"),
        ("2.3 Rà soát", "number", "2.3"),
        ("2.3.1. Rà soát", "number", "2.3.1"),
        ("3) Rà soát", "number", "3"),
        ("IV- TỔ CHỨC", "roman", "IV"),
        ("B. NHIỆM VỤ", "capital", "B"),
        ("đ) Báo cáo", "letter", "đ"),
        ("(4) Báo cáo", "bracketed", "4"),
        ("– Báo cáo", "bullet", "–"),
        ("+ Báo cáo", "bullet", "+"),
        ("Điều 3. Tổ chức", "article", "3"),
    ],
)
def test_read_marker(text: str, kind: str, number: str) -> None:
    marker = read_marker(text)
    assert marker is not None
    assert marker[:2] == (kind, number)


@pytest.mark.parametrize(
    "text", ["19/7/2024 của Ban", "100% các xã", "2021. Rà soát", "Sở Y tế", "12 tháng", "-----"]
)
def test_what_is_no_marker(text: str) -> None:
    assert read_marker(text) is None


def test_paths_of_items_bullets_letters_and_paragraphs() -> None:
    text = (
        "2. Sở Y tế:\n\n2.1. Một.\n\n- Hai.\n\n- Ba.\n\n+ Bốn.\n\n2.2. Năm.\n\nSáu.\n\n3. "
        "Bảy:\n\na) Tám.\n\nb) Chín."
    )
    assert [path for path, _ in blocks(text)] == [
        "2", "2.1", "2.1/1", "2.1/2", "2.1/2/1", "2.2", "2.2/p2", "3", "3/a", "3/b",
    ]  # fmt: skip


def test_bullets_under_a_numbered_heading_count_from_it() -> None:
    assert [path for path, _ in blocks("- Một.\n\n- Hai.", base="8")] == ["8/1", "8/2"]


def test_the_first_paragraph_under_a_mere_head_is_the_item_itself() -> None:
    assert [path for path, _ in blocks("9. Sở Y tế:\n\nMột.\n\nHai.\n\n10. Công an tỉnh\n\nBa.")] == [
        "9", "9", "9/p2", "10", "10",
    ]  # fmt: skip


def test_items_under_a_roman_number_carry_it() -> None:
    text = "I. NHIỆM VỤ\n\n1. Một.\n\n1.1. Hai.\n\nII. GIẢI PHÁP\n\n1. Ba.\n\n- Bốn."
    assert [path for path, _ in blocks(text)] == ["I", "I.1", "I.1.1", "II", "II.1", "II.1/1"]


def test_a_number_that_the_wrap_brought_to_the_head_of_a_line_begins_nothing() -> None:
    text = "1. Hoàn thành việc lắp đặt các trạm quan trắc tự động trong tháng\n12. Rà soát các điểm còn lại."
    (only,) = blocks(text)
    assert only[1].endswith("trong tháng 12. Rà soát các điểm còn lại.")


def test_a_dash_inside_a_wrapped_name_begins_nothing() -> None:
    text = "1. Vận động hội viên các tổ chức chính trị\n- xã hội tham gia."
    assert [words for _, words in blocks(text)] == [
        "Vận động hội viên các tổ chức chính trị - xã hội tham gia."
    ]


def test_a_sentence_runs_on_over_a_page_number() -> None:
    text = (
        "1. Sở Y tế rà soát toàn bộ các trạm y tế xã, phường, báo cáo\n\n117\n\n kết quả trước ngày 5/6/2024."
    )
    assert [words for _, words in blocks(text)] == [
        "Sở Y tế rà soát toàn bộ các trạm y tế xã, phường, báo cáo kết quả trước ngày 5/6/2024."
    ]


def test_a_line_that_stops_short_of_the_margin_ends_its_paragraph() -> None:
    text = (
        "1. Ủy ban nhân dân tỉnh xây dựng kế hoạch phát triển vùng trồng dược liệu trên\n"
        "địa bàn các huyện miền núi.\n"
        "Chỉ đạo các sở, ngành bố trí kinh phí để hỗ trợ nông dân mua giống và phân bón\n"
        "trong ba năm đầu."
    )
    assert [path for path, _ in blocks(text)] == ["1", "1/p2"]


def test_a_marker_alone_on_its_line_takes_the_next_line() -> None:
    assert blocks("1.\nSở Y tế báo cáo.\n2.\nSở Nội vụ báo cáo.") == [
        ("1", "Sở Y tế báo cáo."),
        ("2", "Sở Nội vụ báo cáo."),
    ]


def test_a_dash_alone_on_its_line_is_a_bullet() -> None:
    assert blocks("1. Sở Y tế:\n\n-\nRà soát.\n\n- Báo cáo.")[1:] == [
        ("1/1", "Rà soát."),
        ("1/2", "Báo cáo."),
    ]


def test_markdown_around_a_marker() -> None:
    assert blocks("**1****. **Sở Y tế báo cáo.") == [("1", "Sở Y tế báo cáo.")]


def test_what_follows_a_decision_is_no_item_of_it() -> None:
    text = "Điều 2. Các sở thi hành./.\n\nKẾ HOẠCH\n\nI. MỤC TIÊU\n\n1. Một."
    lines = split_lines(text)
    last = find_blocks(lines, furniture(lines))[-1]
    assert [item.mark for item in with_items_above(last)] == ["1", "I"]


def test_each_line_of_a_text_that_nobody_wrapped_is_a_paragraph() -> None:
    long = "Sở Y tế rà soát các trạm y tế xã " * 8
    assert len(blocks(f"1. {long}.\nTiến độ\n{long}.\n{long}.")) == 4


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("1. Về đánh giá tình hình thực hiện", True),
        ("I. ĐÁNH GIÁ CHUNG", True),
        ("2. Tồn tại, hạn chế", True),
        ("2. Sở Y tế", False),
        ("3. Đánh giá cán bộ", False),
    ],
)
def test_headings_of_what_has_been(heading: str, *, told: bool) -> None:
    text = f"{heading}\n\nSở Y tế làm tốt."
    lines = split_lines(text)
    last = find_blocks(lines, furniture(lines))[-1]
    assert tells_what_was(text, last) is told


def test_blocks_know_the_item_that_holds_them() -> None:
    text = "1. Sở Y tế:\n\n- Một.\n\nHai."
    lines = split_lines(text)
    found: list[Block] = find_blocks(lines, furniture(lines))
    assert [block.parent.path if block.parent else None for block in found] == [None, "1", "1"]
