"""Duties of whole blocks: each case is a rule of the contract, in words of its own."""

from __future__ import annotations

import pytest

from tracker.extraction.extract import Extractor
from tracker.extraction.types import ExtractedDuty

Row = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def duties(extractor: Extractor, section: str) -> list[ExtractedDuty]:
    (document,) = extractor.extract(
        f"II. NHIỆM VỤ\n\nIII. TỔ CHỨC THỰC HIỆN\n\n{section}", name="x"
    ).documents
    return list(document.duties)


def rows(extractor: Extractor, section: str) -> list[Row]:
    return [(duty.clause, duty.due, duty.leads, duty.coordinators) for duty in duties(extractor, section)]


CASES: dict[str, tuple[str, list[Row]]] = {
    "each deadline is a duty of its own, the rest is one": (
        (
            "1. Sở Y tế theo dõi, đôn đốc việc thực hiện; tham mưu sơ kết vào tháng 4/2025, tổng "
            "kết vào tháng 4/2027."
        ),
        [("1", "none", ("so-yt",), ()), ("1", "2025-04", ("so-yt",), ()), ("1", "2027-04", ("so-yt",), ())],
    ),
    "undated actions over full stops are one duty": (
        "1. Sở Y tế rà soát các trạm. Chú trọng vùng sâu. Hằng năm, đánh giá kết quả. Kịp thời khen thưởng.",
        [("1", "none", ("so-yt",), ()), ("1", "yearly", ("so-yt",), ())],
    ),
    "a new body begins a new duty": (
        "1. Sở Y tế xây dựng đề án. Công an tỉnh có trách nhiệm bảo vệ; Sở Tài chính bố trí kinh phí.",
        [("1", "none", ("so-yt",), ()), ("1", "none", ("ca",), ()), ("1", "none", ("so-tc",), ())],
    ),
    "a deadline does not pass a semicolon": (
        "1. Sở Y tế tuyên truyền; xây dựng kế hoạch, xong trong tháng 5/2024.",
        [("1", "none", ("so-yt",), ()), ("1", "2024-05", ("so-yt",), ())],
    ),
    "unless it stands alone after it": (
        "1. Sở Y tế tuyên truyền; xây dựng kế hoạch; hoàn thành trong tháng 5/2024.",
        [("1", "2024-05", ("so-yt",), ())],
    ),
    "a deadline that is a sentence reaches the sentence before": (
        "1. Sở Y tế tuyên truyền; xây dựng kế hoạch. Thời gian hoàn thành chậm nhất trong tháng 5/2024.",
        [("1", "2024-05", ("so-yt",), ())],
    ),
    "a deadline that is a paragraph reaches the block before": (
        "1. Sở Y tế:\n\n- Rà soát các trạm.\n\nThời gian hoàn thành: trước ngày 15/4/2026.\n\n- Báo cáo.",
        [("1/1", "<2026-04-15", ("so-yt",), ()), ("1/2", "none", ("so-yt",), ())],
    ),
    "an inline list that shares a deadline is one duty": (
        "1. Sở Y tế ban hành: (1) Quy định về khám; (2) Quy định về chữa; hoàn thành trong năm 2025.",
        [("1", "2025", ("so-yt",), ())],
    ),
    "a deadline before the subject": (
        "1. Trước ngày 15/11 hằng năm, Sở Y tế báo cáo kết quả với Tỉnh ủy.",
        [("1", "yearly:<11-15", ("so-yt",), ())],
    ),
    "coordinators at the head belong to every duty of the block": (
        (
            "1. Giao Sở Y tế chủ trì, phối hợp với Công an tỉnh, Sở Tài chính theo dõi. Hằng năm, "
            "báo cáo Tỉnh ủy."
        ),
        [("1", "none", ("so-yt",), ("ca", "so-tc")), ("1", "yearly", ("so-yt",), ("ca", "so-tc"))],
    ),
    "coordinators in the middle belong to their own sentence": (
        (
            "1. Sở Y tế lập kế hoạch, xong trong quý I/2024. Phối hợp với Công an tỉnh kiểm tra. "
            "Hằng năm, báo cáo."
        ),
        [
            ("1", "2024-Q1", ("so-yt",), ()),
            ("1", "none", ("so-yt",), ("ca",)),
            ("1", "yearly", ("so-yt",), ()),
        ],
    ),
    "coordinators named before a semicolon reach what follows in the sentence": (
        (
            "1. Sở Y tế lập kế hoạch (xong trong quý I/2024); chủ trì, phối hợp với Công an tỉnh "
            "kiểm tra; hằng năm báo cáo."
        ),
        [
            ("1", "2024-Q1", ("so-yt",), ()),
            ("1", "none", ("so-yt",), ("ca",)),
            ("1", "yearly", ("so-yt",), ("ca",)),
        ],
    ),
    "sub-items and paragraphs inherit the body of their item": (
        "1. Sở Y tế:\n\n1.1. Rà soát.\n\n- Báo cáo trong tháng 3/2024.\n\n2. Công an tỉnh\n\nTuần tra.",
        [
            ("1.1", "none", ("so-yt",), ()),
            ("1.1/1", "2024-03", ("so-yt",), ()),
            ("2", "none", ("ca",), ()),
        ],
    ),
    "a lead-in hands its coordinators down": (
        "1. Sở Y tế chủ trì, phối hợp với Sở Tài chính:\n\n- Rà soát.\n\n- Báo cáo.",
        [("1/1", "none", ("so-yt",), ("so-tc",)), ("1/2", "none", ("so-yt",), ("so-tc",))],
    ),
    "a lead-in that addresses everybody names nobody": (
        (
            "1. Yêu cầu các cấp ủy, chính quyền tập trung thực hiện các nhiệm vụ sau:\n\n- Rà "
            "soát.\n\n- Sở Y tế báo cáo."
        ),
        [("1/2", "none", ("so-yt",), ())],
    ),
    "the sentence about circulation assigns nothing": (
        "1. Sở Y tế báo cáo.\n\nNghị quyết này được phổ biến đến chi bộ.",
        [("1", "none", ("so-yt",), ())],
    ),
    "a closing paragraph that names its body is the end": (
        "1. Sở Y tế báo cáo.\n\nGiao Sở Nội vụ theo dõi, đôn đốc.",
        [("1", "none", ("so-yt",), ()), ("end", "none", ("so-nv",), ())],
    ),
    "a deadline with no acting body has no lead": (
        "1. Toàn tỉnh tổ chức đại hội chi bộ, hoàn thành trong quý II/2025.",
        [("1", "2025-Q2", (), ())],
    ),
    "periods that describe a noun and cited documents are no deadlines": (
        (
            "1. Sở Y tế xây dựng chỉ tiêu hằng năm theo Quyết định số 12-QĐ/TU ngày 30/9/2020 giai "
            "đoạn 2021-2025."
        ),
        [("1", "none", ("so-yt",), ())],
    ),
    "who is directed by the item's body does not lead": (
        "1. Sở Y tế chỉ đạo:\n\n- Công an tỉnh tuần tra.\n\n- Rà soát các trạm.",
        [("1/1", "none", ("so-yt",), ()), ("1/2", "none", ("so-yt",), ())],
    ),
    "a heading may say whose tasks follow": (
        "1. Trách nhiệm của Sở Y tế:\n\n- Rà soát.\n\n2. Đối với Công an tỉnh\n\n- Tuần tra.",
        [("1/1", "none", ("so-yt",), ()), ("2/1", "none", ("ca",), ())],
    ),
    "the formula about difficulties is nobody's own duty": (
        "1. Sở Y tế rà soát.\n\nTrong quá trình thực hiện, nếu có khó khăn, vướng mắc thì kịp thời báo cáo.",
        [("1", "none", ("so-yt",), ())],
    ),
    "what a sentence tells of the past is no duty": (
        "1. Sở Y tế đã hoàn thành kế hoạch. Sở Nội vụ theo dõi.",
        [("1", "none", ("so-nv",), ())],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_duties_of_a_block(extractor: Extractor, case: str) -> None:
    text, expected = CASES[case]
    assert rows(extractor, text) == expected


def test_the_quote_holds_the_deadline_and_stands_in_the_text(extractor: Extractor) -> None:
    text = "1. Sở Y tế tuyên truyền; xây dựng kế hoạch, xong trong\ntháng 5/2024."
    (_, dated) = duties(extractor, text)
    assert dated.quote == "xây dựng kế hoạch, xong trong tháng 5/2024."
    assert dated.due_text == "xong trong tháng 5/2024"


def test_the_quote_stops_at_furniture(extractor: Extractor) -> None:
    text = "1. Sở Y tế nâng cao chất lượng khám bệnh ở các xã và tăng cường\n\n117\n\n tuyên truyền."
    (duty,) = duties(extractor, text)
    assert duty.quote == "nâng cao chất lượng khám bệnh ở các xã và tăng cường"
