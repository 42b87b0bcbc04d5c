"""Deadlines whose parts stand apart, and dates without their year."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.extraction.finders.deadlines import (
    DeadlineExpression,
    Kind,
    find_deadlines,
    join_recurring,
    with_year,
)


def dues(passage: str) -> list[str]:
    return [expression.due for expression in join_recurring(find_deadlines(passage), passage)]


def test_the_year_at_the_head_of_a_clause_is_that_of_its_date() -> None:
    assert dues("báo cáo trước ngày 15/12 hằng năm (riêng năm 2026 báo cáo trước ngày 30/9).") == [
        "yearly:<12-15",
        "<2026-09-30",
    ]


def test_join_recurring_keeps_sentences_apart() -> None:
    passage = "Hằng năm, kiểm điểm kết quả. Ban Tổ chức hoàn thành rà soát trước ngày 30/6."
    assert dues(passage) == ["yearly", "<06-30"]


def test_join_recurring_without_the_passage_joins_all() -> None:
    expressions = (
        DeadlineExpression(0, 8, "yearly", Kind.RECURRING, "every-first"),
        DeadlineExpression(40, 56, "<11-30", Kind.PARTIAL, "partial-day"),
    )
    assert join_recurring(expressions) == (
        DeadlineExpression(40, 56, "yearly:<11-30", Kind.RECURRING, "joined"),
    )


@pytest.mark.parametrize(
    ("passage", "issued_on", "due"),
    [
        ("xong trước ngày 30/6.", date(2021, 3, 12), "<2021-06-30"),
        ("xong trước ngày 30/6.", date(2021, 9, 1), "<2022-06-30"),
        ("xong trước ngày 30/6.", date(2021, 6, 30), "<2021-06-30"),
        ("xong trong tháng 12.", date(2021, 12, 31), "2021-12"),
        ("xong trong tháng 1.", date(2021, 12, 31), "2022-01"),
        ("xong trong quý II.", date(2021, 6, 30), "2021-Q2"),
        ("xong trong quý II.", date(2021, 7, 1), "2022-Q2"),
        ("xong trong 6 tháng cuối năm.", date(2021, 7, 1), "2021-H2"),
        ("báo cáo trước ngày 25.", date(2021, 7, 1), "<25"),
        ("xong trong tháng 5/2020.", date(2021, 7, 1), "2020-05"),
    ],
)
def test_with_year_takes_the_first_coming(passage: str, issued_on: date, due: str) -> None:
    (expression,) = find_deadlines(passage)
    assert with_year(expression, issued_on).due == due
