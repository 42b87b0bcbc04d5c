"""The closed word lists."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.words import ACTION, KIND, PREDICATE


@pytest.mark.parametrize(
    "word", ["khẩn trương", "chịu trách nhiệm", "được phân công", "thanh tra", "tổ chức", "Tăng cường"]
)
def test_predicates(word: str) -> None:
    assert PREDICATE.match(f"{word} thực hiện")


@pytest.mark.parametrize("word", ["sơ kết", "tổng kết", "báo cáo", "trình"])
def test_actions(word: str) -> None:
    assert ACTION.match(f"{word} kết quả")


@pytest.mark.parametrize(
    "words",
    [
        "Các Sở Y tế",
        "Ban Dân tộc",
        "thanh tra tỉnh",
        "từng đồng chí",
        "Hội Người cao tuổi",
        "báo Sông Lam",
        "đặc khu Cồn Cỏ",
        "tổ chức có liên quan",
    ],
)
def test_kinds(words: str) -> None:
    assert KIND.match(words)


@pytest.mark.parametrize("words", ["người tham gia kháng chiến", "tổ chức thực hiện", "bộ máy", "xã hội hóa"])
def test_what_only_begins_like_a_kind(words: str) -> None:
    assert not KIND.match(words)
