"""The words that templates need."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import RequestFactory

from tracker.templatetags.duty_words import days_from, query_with, unwrapped


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 15), "quá hạn 1 ngày"),
        (date(2026, 11, 16), "hạn hôm nay"),
        (date(2026, 11, 17), "còn 1 ngày"),
        (date(2027, 11, 16), "còn 365 ngày"),
    ],
)
def test_days_from_today(day: date, words: str) -> None:
    assert days_from(day, date(2026, 11, 16)) == words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("xây dựng kế\nhoạch", "xây dựng kế hoạch"),
        ("một đoạn.\n\nĐoạn khác", "một đoạn.\n\nĐoạn khác"),
        ("một đoạn. \n \n Đoạn khác", "một đoạn. \n \n Đoạn khác"),
        ("mở đầu:\n- một\n- hai", "mở đầu:\n- một\n- hai"),
        ("1. Một\n2. Hai\n3) Ba", "1. Một\n2. Hai\n3) Ba"),
        ("a) Một\nb) Hai\nII. Ba", "a) Một\nb) Hai\nII. Ba"),
        ("giai đoạn\n2021 - 2025", "giai đoạn 2021 - 2025"),
        ("hết dòng\n", "hết dòng\n"),
        ("", ""),
    ],
)
def test_unwrapped_joins_only_what_the_width_broke(text: str, shown: str) -> None:
    assert unwrapped(text) == shown


def test_query_keeps_the_other_parts() -> None:
    request = RequestFactory().get("/", {"xem": "da-xong", "tim": "kế hoạch", "trang": "3"})
    assert query_with(request, trang=4) == "?xem=da-xong&tim=k%E1%BA%BF+ho%E1%BA%A1ch&trang=4"
    assert query_with(request, xem="", tim=None, trang="") == "?"
