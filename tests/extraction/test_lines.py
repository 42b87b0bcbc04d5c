"""Lines, and the page furniture among them."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.lines import (
    Line,
    furniture,
    is_signature,
    recipient_lines,
    split_lines,
    title_kind,
)


def kept(text: str) -> list[str]:
    lines = split_lines(text)
    return [line.text for line, dropped in zip(lines, furniture(lines), strict=True) if not dropped]


def line(text: str) -> Line:
    return Line(0, len(text), text, gap=True, indented=False)


def test_split_lines_takes_dress_off_and_keeps_places() -> None:
    text = "## **III- TỔ CHỨC**\r\n\r\n| 1. Sở Y tế |\n   tiếp"
    lines = split_lines(text)
    assert [text[item.start : item.end] for item in lines] == ["III- TỔ CHỨC", "1. Sở Y tế", "tiếp"]
    assert [item.gap for item in lines] == [True, True, False]


def test_split_lines_sees_a_blank_line_of_mere_dress() -> None:
    assert [item.gap for item in split_lines("một\n** **\nhai\nba")] == [True, True, False]


@pytest.mark.parametrize("mark", ["116", "- 4 -", "Trang 12", "3/15", "-----", "* * *", "_____"])
def test_furniture_drops_page_numbers_and_rules(mark: str) -> None:
    assert kept(f"Điểm một;\n\n{mark}\n\nđiểm hai.") == ["Điểm một;", "điểm hai."]


def test_furniture_drops_recipients_in_the_middle_of_a_section() -> None:
    text = (
        "4. Sở Y tế báo cáo.\n Nơi nhận:\n- Ban Bí thư,   (báo cáo)\n- Các sở, ngành,\n- Lưu "
        "VPTU.\n\n5. Tỉnh đoàn vận động."
    )
    assert kept(text) == ["4. Sở Y tế báo cáo.", "5. Tỉnh đoàn vận động."]


def test_furniture_drops_a_title_that_the_page_layout_moved_into_the_text() -> None:
    text = (
        "1. Các cấp ủy nâng cao\n\nCHỈ THỊ\nCỦA BAN THƯỜNG VỤ TỈNH ỦY\nvề công tác dân vận\n-----\n "
        "nhận thức."
    )
    assert kept(text) == ["1. Các cấp ủy nâng cao", "nhận thức."]


def test_furniture_drops_a_footnote_to_the_next_blank_line() -> None:
    text = "Một câu dài.\n\n¹ Năm 2024 đạt 12 chỉ tiêu\nvà vượt 3 chỉ tiêu.\n\nCâu sau."
    assert kept(text) == ["Một câu dài.", "Câu sau."]


def test_recipient_lines_are_the_entries() -> None:
    lines = split_lines("Xong.\n\nNơi nhận:\n- Sở Y tế,\n- Lưu VT.\n\nT/M TỈNH ỦY")
    assert [item.text for item in recipient_lines(lines)] == ["- Sở Y tế,", "- Lưu VT."]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("KẾT LUẬN", "ket-luan"),
        ("NGHỊ QUYẾT CỦA BAN CHẤP HÀNH", "nghi-quyet"),
        ("KẾT LUẬN**CỦA BAN THƯỜNG VỤ**", "ket-luan"),
        ("BÁO CÁO CHÍNH TRỊ", "bao-cao"),
        ("Kết luận này phổ biến", ""),
        ("KẾ HOẠCH HÓA GIA ĐÌNH", ""),
    ],
)
def test_title_kind(text: str, kind: str) -> None:
    assert title_kind(line(text)) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T/M BAN THƯỜNG VỤ", True),
        ("TM. ỦY BAN NHÂN DÂN", True),
        ("KT. CHỦ TỊCH", True),
        ("TMĐT là thương mại điện tử", False),
        ("Tỉnh ủy giao nhiệm vụ", False),
    ],
)
def test_is_signature(text: str, *, expected: bool) -> None:
    assert is_signature(line(text)) is expected
