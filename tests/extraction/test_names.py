"""The registry's names in a text."""

from __future__ import annotations

import pytest

from tracker.core.text import plain_letters
from tracker.extraction.finders.names import NameIndex, compare_words, outermost
from tracker.extraction.registry import Registry


def found(index: NameIndex, text: str) -> list[tuple[str, str]]:
    names = index.find(text, compare_words(text, plain_letters(text)))
    keys = outermost(names)
    words = [text[name.start : name.end] for _, name in sorted(names.items()) if name.key in keys]
    return [(key, next(word for word in words if names[text.index(word)].key == key)) for key in keys]


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("giao Ủy ban nhân dân tỉnh lập", "ubnd", "Ủy ban nhân dân tỉnh"),
        ("giao UBND TỈNH lập", "ubnd", "UBND TỈNH"),
        ("BTV Tỉnh ủy họp", "btv", "BTV Tỉnh ủy"),
        ("Toà án nhân dân tỉnh xét xử", "ta", "Toà án nhân dân tỉnh"),
        ("các tổ chức chính trị- xã hội tỉnh vận động", "ctxh", "các tổ chức chính trị- xã hội tỉnh"),
        ("Đảng đoàn Hội đồng nhân dân tỉnh", "dd-hdnd", "Đảng đoàn Hội đồng nhân dân tỉnh"),
        ("Mặt trận Tổ quốc Việt Nam các cấp", "mttq-cap", "Mặt trận Tổ quốc Việt Nam các cấp"),
        ("Người đứng đầu cơ quan, đơn vị", "nguoi-dd", "Người đứng đầu cơ quan, đơn vị"),
        ("các đoàn thể các cấp", "ctxh-cap", "các đoàn thể các cấp"),
        ("cấp ủy chỉ đạo", "cap-uy", "cấp ủy"),
    ],
)
def test_names_in_any_spelling(index: NameIndex, text: str, key: str, words: str) -> None:
    assert found(index, text) == [(key, words)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đảng đoàn Ủy ban MTTQ tỉnh", "dd-mttq"),
        ("Ban Thường vụ Tỉnh đoàn", "btv-td"),
        ("Đảng ủy Công an tỉnh", "du-ca"),
        ("Ban cán sự đảng UBND tỉnh", "bcs"),
    ],
)
def test_the_longest_name_wins(index: NameIndex, text: str, key: str) -> None:
    assert [name for name, _ in found(index, text)] == [key]


@pytest.mark.parametrize("text", ["đang đoàn kết", "công an tỉnhs", "sở y tếx", "thành uy"])
def test_what_only_looks_like_a_name(index: NameIndex, text: str) -> None:
    assert found(index, text) == []


def test_an_empty_registry_finds_nothing() -> None:
    index = NameIndex(Registry())
    assert index.find("Sở Y tế", compare_words("Sở Y tế", "so y te")) == {}
