"""The parts of a sentence."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.bodies import BodyFinder
from tracker.extraction.finders.deadlines import find_deadlines
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.parts import divide_sentence
from tracker.extraction.finders.passages import fold_passage


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("rà soát; lập kế hoạch", ["rà soát", "lập kế hoạch"]),
        (
            "tham mưu: (1) quy chế; (2) quy định, xong trong tháng 01/2026.",
            ["tham mưu: (1) quy chế; (2) quy định, xong trong tháng 01/2026."],
        ),
        (
            "xử lý theo thứ tự: (1) vi phạm mới (xong trong năm 2026); (2) vi phạm cũ.",
            ["xử lý theo thứ tự", "(1) vi phạm mới (xong trong năm 2026)", "(2) vi phạm cũ."],
        ),
        (
            "lập đề án trong quý I/2026; (2) trình trong quý II/2026.",
            ["lập đề án trong quý I/2026", "(2) trình trong quý II/2026."],
        ),
        ("lập kế hoạch, trong đó Sở Y tế lập đề án.", ["lập kế hoạch", "trong đó Sở Y tế lập đề án."]),
        ("lập kế hoạch, trong đó nêu rõ lộ trình.", ["lập kế hoạch, trong đó nêu rõ lộ trình."]),
    ],
)
def test_parts(index: NameIndex, text: str, parts: list[str]) -> None:
    finder = BodyFinder(index, fold_passage(text, [(0, len(text))]))
    found = divide_sentence(finder, 0, len(text), find_deadlines(text))
    assert [text[start:end].strip() for start, end in found] == parts
