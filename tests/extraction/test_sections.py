"""The section *Tổ chức thực hiện*, and where a text ends."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.lines import furniture, split_lines
from tracker.extraction.finders.sections import find_section, text_end


def section(text: str) -> tuple[str, str] | None:
    lines = split_lines(text)
    found = find_section(lines, furniture(lines))
    if found is None:
        return None
    return found.base, " | ".join(line.text for line in lines[found.first : found.last])


@pytest.mark.parametrize(
    "heading",
    [
        "III- TỔ CHỨC THỰC HIỆN",
        "C. Tổ chức thực hiện",
        "III- TỒ CHỨC THỰC HIỆN",
        "## **IV. TỔ CHỨC THỰC HIỆN**",
        "**IV. TỔ CHỨC\nTHỰC HIỆN**",
        "V. TỔ CHỨC TRIỂN KHAI THỰC HIỆN",
        "TỔ CHỨC THỰC HIỆN NGHỊ QUYẾT",
        "Phần thứ ba. TỔ CHỨC THỰC HIỆN",
    ],
)
def test_headings_in_any_dress(heading: str) -> None:
    assert section(f"II. NHIỆM VỤ\n\n{heading}\n\n1. Sở Y tế báo cáo.") == ("", "1. Sở Y tế báo cáo.")


def test_an_arabic_number_is_the_base_of_the_paths() -> None:
    assert section("8. Tổ chức thực hiện:\n\n- Sở Y tế báo cáo.") == ("8", "- Sở Y tế báo cáo.")


@pytest.mark.parametrize(
    "text",
    [
        "1. Sở Y tế xây dựng\ntổ chức thực hiện\nkế hoạch.",
        "- Tổ chức thực hiện tốt các nhiệm vụ được giao trong năm.",
        "Nâng cao hiệu quả tổ chức thực hiện",
    ],
)
def test_prose_is_no_heading(text: str) -> None:
    assert section(text) is None


def test_the_section_ends_at_the_signature() -> None:
    text = "III. TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế báo cáo.\n\nT/M TỈNH ỦY\n\n2. Khác."
    assert section(text) == ("", "1. Sở Y tế báo cáo.")


def test_the_section_ends_with_the_closing_mark_or_an_annex() -> None:
    assert section("III. TỔ CHỨC THỰC HIỆN\n\n1. Một./.\n\nTheo Báo X") == ("", "1. Một./.")
    assert section("III. TỔ CHỨC THỰC HIỆN\n\n1. Một.\n\nPHỤ LỤC I\n\nBảng") == ("", "1. Một.")


def test_a_plan_enclosed_in_a_decision_is_found_after_the_signature() -> None:
    text = "QUYẾT ĐỊNH\nĐiều 1. Ban hành.\n\nKT. CHỦ TỊCH\n\nKẾ HOẠCH\n\nIV. TỔ CHỨC THỰC HIỆN\n\n1. Một."
    assert section(text) == ("", "1. Một.")


def test_text_end_is_the_signature_line() -> None:
    lines = split_lines("1. Một.\n\nT/M BAN THƯỜNG VỤ\nBÍ THƯ")
    assert text_end(lines, furniture(lines)) == 1
