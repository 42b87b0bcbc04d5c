"""How far a deadline reaches within a part of a sentence."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.deadlines import DeadlineExpression, find_deadlines, join_recurring
from tracker.extraction.finders.reach import divide_part, stands_alone


def deadlines(text: str) -> list[DeadlineExpression]:
    return list(join_recurring(find_deadlines(text), text))


def divided(text: str) -> list[tuple[str, str]]:
    return [
        (text[stretch.start : stretch.end].strip(" ,."), stretch.deadline.due if stretch.deadline else "none")
        for stretch in divide_part(text, 0, len(text), deadlines(text))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "quán triệt và xây dựng kế hoạch (xong trong tháng 7/2024)",
            [("quán triệt và xây dựng kế hoạch (xong trong tháng 7/2024)", "2024-07")],
        ),
        (
            "bàn giao trong năm 2025 dự án nạo vét luồng tàu cho tỉnh quản lý, báo cáo trước ngày 31/01/2026",
            [
                ("bàn giao trong năm 2025 dự án nạo vét luồng tàu cho tỉnh quản lý", "2025"),
                ("báo cáo trước ngày 31/01/2026", "<2026-01-31"),
            ],
        ),
        (
            "tham mưu sơ kết vào quý II/2025 và tổng kết vào quý IV/2027",
            [("tham mưu sơ kết vào quý II/2025", "2025-Q2"), ("tổng kết vào quý IV/2027", "2027-Q4")],
        ),
        (
            "hằng năm báo cáo Tỉnh ủy và tham mưu tổng kết vào quý III/2026",
            [("hằng năm báo cáo Tỉnh ủy", "yearly"), ("tham mưu tổng kết vào quý III/2026", "2026-Q3")],
        ),
        (
            "định kỳ 6 tháng và hằng năm thực hiện đánh giá",
            [
                ("định kỳ 6 tháng và hằng năm thực hiện đánh giá", "half-yearly"),
                ("định kỳ 6 tháng và hằng năm thực hiện đánh giá", "yearly"),
            ],
        ),
        (
            "xây dựng kế hoạch kiểm tra, hằng năm báo cáo kết quả",
            [("xây dựng kế hoạch kiểm tra", "none"), ("hằng năm báo cáo kết quả", "yearly")],
        ),
        (
            "ban hành kế hoạch trong quý I/2025, định kỳ hằng quý báo cáo kết quả",
            [
                ("ban hành kế hoạch trong quý I/2025", "2025-Q1"),
                ("định kỳ hằng quý báo cáo kết quả", "quarterly"),
            ],
        ),
        ("rà soát, bổ sung quy định", [("rà soát, bổ sung quy định", "none")]),
        (
            "hướng dẫn học tập (xong trong tháng 2/2026), đồng thời tổ chức cuộc thi",
            [
                ("hướng dẫn học tập (xong trong tháng 2/2026)", "2026-02"),
                ("đồng thời tổ chức cuộc thi", "none"),
            ],
        ),
        (
            "lập kế hoạch, xong trong tháng 2/2026, báo cáo Tỉnh ủy",
            [("lập kế hoạch, xong trong tháng 2/2026, báo cáo Tỉnh ủy", "2026-02")],
        ),
    ],
)
def test_divide_part(text: str, expected: list[tuple[str, str]]) -> None:
    assert divided(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoàn thành trong tháng 6/2024", True),
        ("thời gian xong trong tháng 9/2024, báo cáo Tỉnh ủy", True),
        ("Thời gian hoàn thành và ban hành chậm nhất trong tháng 7/2024.", True),
        ("đến hết tháng 6/2024 phải hoàn thành.", True),
        ("hoàn thành đưa vào vận hành trong năm 2024", False),
        ("trình Tỉnh ủy trong tháng 6/2024", False),
        ("hoàn thành trước ngày 30/6/2026 đối với cấp xã, trước ngày 31/7/2026 đối với cấp tỉnh", True),
        ("hoàn thành trước ngày 30/6/2026, báo cáo trước ngày 31/7/2026", False),
    ],
)
def test_stands_alone(text: str, *, expected: bool) -> None:
    assert stands_alone(text, 0, len(text), deadlines(text)) is expected
