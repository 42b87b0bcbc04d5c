"""Times that an undated row holds: a reason to look at it twice."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.deadlines import tells_unread_time


@pytest.mark.parametrize(
    "text",
    [
        "hoàn thiện đề án, tháng 9/2026 trình phê duyệt",
        "mở chiến dịch (từ 01/12/2026)",
        "cung cấp thông tin hằng tuần cho báo chí",
        "giao ban 02 buổi/tháng",
        "vận hành từ năm 2027",
        "đánh giá (quý III)",
    ],
)
def test_words_of_a_time(text: str) -> None:
    assert tells_unread_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "thực hiện Nghị quyết số 138-NQ/TU ngày 01/9/2016 của Ban Thường vụ Tỉnh ủy",
        "triển khai Đề án giai đoạn 2021 - 2025, nhiệm kỳ 2020 - 2025",
        "bảo đảm ít nhất 15/20 tiêu chí, đạt 95%",
        "giao chỉ tiêu hằng năm",
        "thực hiện từ năm 2016 đến nay",
    ],
)
def test_times_of_citations_and_plans(text: str) -> None:
    assert not tells_unread_time(text)
