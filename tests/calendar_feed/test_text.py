"""Whatever a text holds, a calendar stays readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.calendar_feed.text import one_line, safe_text, sentence_start


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("a\x00b\x0bc\x07d", "ab\ncd"),
        ("a\x7fb\x80c\x9fd", "abcd"),
        ("dòng một\r\ndòng hai\rdòng ba", "dòng một\ndòng hai\ndòng ba"),
        ("một\u2028hai\u2029ba\x85bốn", "một\nhai\nba\nbốn"),
        ("\ufeffđầu tệp", "đầu tệp"),
        ("lật\u202engược", "lậtngược"),
        ("nửa \ud83d cặp", "nửa  cặp"),
        ("cột\tcột", "cột cột"),
        (unicodedata.normalize("NFD", "Thường trực Tỉnh ủy"), "Thường trực Tỉnh ủy"),
        ("  hai đầu  ", "hai đầu"),
    ],
)
def test_safe_text(raw: str, safe: str) -> None:
    assert safe_text(raw) == safe


@given(st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=0x10FFFF)))
def test_safe_text_is_one_that_can_be_written_and_split_in_lines_by_anyone(raw: str) -> None:
    safe = safe_text(raw)
    safe.encode()
    assert safe.splitlines() == (safe.split("\n") if safe else [])
    assert safe_text(safe) == safe


def test_one_line_cuts_at_a_word() -> None:
    assert one_line("Xây dựng\nkế hoạch   thực hiện", longest=20) == "Xây dựng kế hoạch…"
    assert one_line("Xây dựng", longest=8) == "Xây dựng"
    assert one_line("a" * 30, longest=10) == "a" * 9 + "…"


def test_sentence_start_takes_a_vietnamese_capital() -> None:
    assert sentence_start("đến hết quý IV") == "Đến hết quý IV"
    assert sentence_start("") == ""
