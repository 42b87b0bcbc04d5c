"""Documents of a text: a volume, a single directive, a text without a heading."""

from __future__ import annotations

from datetime import date

from tracker.extraction.finders.documents import DocumentHead, find_documents
from tracker.extraction.finders.lines import split_lines

VOLUME = """MỤC LỤC
TT Số, ký hiệu Trích yếu

1
Nghị quyết số 12-NQ/TU
ngày 03/4/2024

Về phát triển rừng sản xuất
đến năm 2030

9
 TỈNH ỦY SÔNG LAM
*

Số 12-NQ/TU

ĐẢNG CỘNG SẢN VIỆT NAM

Sông Lam, ngày 03 tháng 4 năm 2024

Căn cứ Nghị quyết số 01-NQ/TU ngày 02/01/2023.

T/M TỈNH ỦY

Nguyễn Văn A
 TỈNH ỦY SÔNG LAM
*

Số 15-CT/TU

ĐẢNG CỘNG SẢN VIỆT NAM

Sông Lam, ngày 09 tháng12 năm 2024

CHỈ THỊ
CỦA BAN THƯỜNG VỤ TỈNH ỦY
về phòng cháy, chữa cháy rừng
-----
Thời gian qua.
"""


def heads(text: str, name: str = "tệp") -> list[DocumentHead]:
    return find_documents(split_lines(text), name=name)


def test_a_volume_gives_its_documents_and_none_for_its_contents() -> None:
    found = heads(VOLUME)
    assert [(head.number, head.kind, head.issued_on) for head in found] == [
        ("12-NQ/TU", "nghi-quyet", date(2024, 4, 3)),
        ("15-CT/TU", "chi-thi", date(2024, 12, 9)),
    ]


def test_issuer_and_subject_come_from_the_title_or_the_heading_and_the_contents() -> None:
    first, second = heads(VOLUME)
    assert (first.issuer, first.subject) == ("Tỉnh ủy Sông Lam", "Về phát triển rừng sản xuất đến năm 2030")
    assert (second.issuer, second.subject) == ("Ban Thường vụ Tỉnh ủy", "về phòng cháy, chữa cháy rừng")


def test_documents_do_not_share_lines() -> None:
    first, second = heads(VOLUME)
    lines = split_lines(VOLUME)
    assert first.last == second.first
    assert lines[first.first].text == "TỈNH ỦY SÔNG LAM"
    assert second.last == len(lines)


def test_a_text_without_a_heading_goes_by_its_name() -> None:
    (head,) = heads("KẾT LUẬN\nCỦA BAN THƯỜNG VỤ TỈNH ỦY\nvề giá đất\n\nNgày 1/2, họp.", name="giá đất")
    assert (head.number, head.kind, head.issuer) == ("giá đất", "ket-luan", "Ban Thường vụ Tỉnh ủy")


def test_a_state_heading_in_markdown_and_pipes() -> None:
    text = (
        "|\n**ỦY BAN NHÂN DÂN**\nTỈNH SÔNG LAM\n-------\n|\n**CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM**\n|\n"
        "Số: 41/KH-UBND\n|\n*Sông Lam, ngày 20\ntháng 11 năm 2025*\n|\n\n**KẾ HOẠCH**\n\nChuyển đổi số\n"
    )
    (head,) = heads(text)
    assert (head.number, head.kind) == ("41/KH-UBND", "ke-hoach")
    assert (head.issuer, head.issued_on) == ("Ủy ban nhân dân tỉnh Sông Lam", date(2025, 11, 20))


def test_a_heading_of_the_text_is_no_issuer() -> None:
    (head,) = heads("III- TỔ CHỨC THỰC HIỆN\n\n1. Sở Y tế báo cáo.")
    assert head.issuer == ""


def test_a_blank_number_leaves_the_name() -> None:
    (head,) = heads(
        "ỦY BAN XÃ\nSố:    /KH-MTTQ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nKẾ HOẠCH\nHội nghị", name="x"
    )
    assert head.number == "x"


def test_an_impossible_day_is_no_date() -> None:
    (head,) = heads("TỈNH ỦY\nSố 3-KL/TU\nĐẢNG CỘNG SẢN VIỆT NAM\nX, ngày 31 tháng 2 năm 2024")
    assert head.issued_on is None


def test_a_short_date_counts_behind_its_place_only() -> None:
    (head,) = heads(
        "TỈNH ỦY\nSố 3-KL/TU\nĐẢNG CỘNG SẢN VIỆT NAM\nSông Lam, ngày 5/3/2024\nTheo Kết luận ngày 1/2/2023"
    )
    assert head.issued_on == date(2024, 3, 5)
    (head,) = heads("TỈNH ỦY\nSố 3-KL/TU\nĐẢNG CỘNG SẢN VIỆT NAM\nTheo Kết luận ngày 1/2/2023")
    assert head.issued_on is None


def test_secrecy_is_read_from_the_stamp() -> None:
    (head,) = heads("TỈNH ỦY\nTỐI MẬT\nSố 3-KL/TU\nĐẢNG CỘNG SẢN VIỆT NAM\nX, ngày 3 tháng 2 năm 2024")
    assert head.secrecy == "tối mật"


def test_an_empty_text_has_no_document() -> None:
    assert heads("") == []


def test_a_date_whose_digits_scanning_parted() -> None:
    place = "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: 7/QĐ-UBND\nSông Lam, ngày 26 tháng 0 6 năm 2018"
    text = f"{place}\n\nQUYẾT ĐỊNH\n\nĐiều 1. Một."
    (head,) = heads(text)
    assert head.issued_on == date(2018, 6, 26)
