"""What was not read is shown."""

from __future__ import annotations

from tracker.extraction.extract import Extractor
from tracker.extraction.types import Coverage

TEXT = """III. TỔ CHỨC THỰC HIỆN

1. Sở Y tế báo cáo Tỉnh ủy trong tháng 3/2024.

2. Kinh phí thực hiện lấy từ ngân sách nhà nước theo quy định.

3. Công tác phối hợp của Tỉnh đoàn được quan tâm, hoàn thành trước ngày 5/6/2024.

Kế hoạch này phổ biến đến chi bộ.

Nơi nhận:
- Ban Nội chính Tỉnh ủy,
- Sở Y tế,
- Lưu.
"""


def coverage(extractor: Extractor) -> Coverage:
    (document,) = extractor.extract(TEXT, name="x").documents
    return document.coverage


def test_blocks_without_a_duty_are_listed_but_not_the_circulation(extractor: Extractor) -> None:
    assert [passage.words for passage in coverage(extractor).blocks_without_duty] == [
        "Kinh phí thực hiện lấy từ ngân sách nhà nước theo quy định."
    ]


def test_passages_stand_in_the_text(extractor: Extractor) -> None:
    for passage in coverage(extractor).blocks_without_duty:
        assert " ".join(TEXT[passage.start : passage.end].split()) == passage.words


def test_bodies_and_recipients_without_a_duty(extractor: Extractor) -> None:
    account = coverage(extractor)
    assert account.bodies_without_duty == ("tinh-uy", "td")
    assert account.recipients_without_duty == ("bnc",)


def test_no_deadline_is_listed_that_a_duty_holds(extractor: Extractor) -> None:
    assert coverage(extractor).deadlines_without_duty == ()
