"""Subjects of sentences: who answers."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.bodies import BodyFinder
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.passages import fold_passage
from tracker.extraction.finders.roles import read_subject

ISSUERS = frozenset({"btv"})


def finder(index: NameIndex, text: str) -> BodyFinder:
    return BodyFinder(index, fold_passage(text, [(0, len(text))]))


def subject(
    index: NameIndex, text: str, *, continued: bool = False
) -> tuple[tuple[str, ...], str, str] | None:
    found = read_subject(finder(index, text), 0, len(text), ISSUERS, continued=continued)
    return (found.keys, found.rule, text[found.end :][:12]) if found else None


@pytest.mark.parametrize(
    ("text", "keys", "rule", "predicate"),
    [
        ("Sở Y tế xây dựng kế hoạch.", ("so-yt",), "lead-subject", "xây dựng kế "),
        ("Giao Sở Y tế chủ trì, phối hợp.", ("so-yt",), "lead-assigned", " chủ trì, ph"),
        ("Đồng thời, giao Sở Y tế báo cáo.", ("so-yt",), "lead-assigned", " báo cáo."),
        ("Sở Y tế:", ("so-yt",), "lead-heads-block", ""),
        ("Sở Y tế: Xây dựng kế hoạch.", ("so-yt",), "lead-heads-block", "Xây dựng kế "),
        ("Căn cứ Chỉ thị này, Sở Y tế xây dựng.", ("so-yt",), "lead-after-adverbial", "xây dựng."),
        ("Hằng năm, trước ngày 30/11, Sở Y tế báo cáo.", ("so-yt",), "lead-after-adverbial", "báo cáo."),
        ("Căn cứ Nghị quyết và Kế hoạch này: Sở Y tế lập.", ("so-yt",), "lead-after-adverbial", "lập."),
        ("Ban Thường vụ Tỉnh ủy giao Sở Y tế chủ trì.", ("so-yt",), "lead-assigned", " chủ trì."),
        ("Ban cán sự đảng UBND tỉnh chỉ đạo UBND tỉnh lập.", ("bcs",), "lead-subject", "chỉ đạo UBND"),
        ("Đề án do Sở Y tế chủ trì xây dựng.", ("so-yt",), "lead-passive", "Đề án do Sở "),
        (
            "Các cấp ủy, cán bộ, đảng viên cần đoàn kết.",
            ("cap-uy", "other:cán bộ", "other:đảng viên"),
            "lead-subject",
            "cần đoàn kết",
        ),
        ("Các cấp ủy, nhất là cấp cơ sở phải nêu gương.", ("cap-uy",), "lead-subject", "phải nêu gươ"),
        ("Thường trực Huyện ủy giao Sở Y tế chủ trì.", ("so-yt",), "lead-assigned", " chủ trì."),
        ("Hai năm một lần, Sở Y tế đánh giá.", ("so-yt",), "lead-after-adverbial", "đánh giá."),
        (
            "Nâng cao dịch vụ công (Sở Y tế chủ trì; xong năm 2026).",
            ("so-yt",),
            "lead-passive",
            "Nâng cao dịc",
        ),
        ("Xây dựng đề án, giao Sở Y tế chủ trì.", ("so-yt",), "lead-passive", "Xây dựng đề "),
        ("Về đề nghị HĐND tỉnh bố trí vốn: giao Sở Y tế lập.", ("so-yt",), "lead-after-adverbial", "lập."),
        ("HĐND tỉnh giao Sở Y tế chủ trì lập.", ("so-yt",), "lead-assigned", " chủ trì lập"),
        ("HĐND tỉnh giao Sở Y tế.", ("hdnd",), "lead-subject", "giao Sở Y tế"),
        ("Sở Y tế là cơ quan đầu mối theo dõi.", ("so-yt",), "lead-subject", "là cơ quan đ"),
    ],
)
def test_subjects(index: NameIndex, text: str, keys: tuple[str, ...], rule: str, predicate: str) -> None:
    assert subject(index, text) == (keys, rule, predicate)


@pytest.mark.parametrize(
    "text",
    [
        "Tăng cường phối hợp với Sở Y tế.",
        "Trong quá trình thực hiện, đề xuất giải pháp phù hợp với đơn vị, chính quyền, chú trọng cơ sở.",
        "Hằng năm, tổng hợp kết quả từ các huyện ủy, thành ủy báo cáo Tỉnh ủy.",
        "Trên cơ sở đề nghị, chủ trì, phối hợp với các cơ quan, đơn vị tham mưu.",
        "Theo dõi, đôn đốc các địa phương, đơn vị, tổng hợp báo cáo.",
        "Việc lựa chọn nhân sự phải đúng quy trình.",
        "Sở Y tế của các tỉnh bạn.",
    ],
)
def test_sentences_without_a_subject_of_their_own(index: NameIndex, text: str) -> None:
    assert subject(index, text) is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Ban Thường vụ Tỉnh ủy kêu gọi Nhân dân đoàn kết.", "issuer-speaks"),
        ("Sở Y tế đã kịp thời tham mưu.", "narrative"),
        ("Trong năm qua, Sở Y tế chưa chủ động.", "narrative"),
    ],
)
def test_sentences_that_charge_nobody(index: NameIndex, text: str, rule: str) -> None:
    found = subject(index, text)
    assert found is not None
    assert found[:2] == ((), rule)


def test_what_a_body_demands_of_others_is_its_own_work_where_it_acts_already(index: NameIndex) -> None:
    text = "Yêu cầu các cơ quan liên quan báo cáo."
    assert subject(index, text) == (("lq",), "lead-demanded", " báo cáo.")
    assert subject(index, text, continued=True) is None
