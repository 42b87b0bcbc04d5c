"""Composed text with the way back to the text given."""

from __future__ import annotations

import unicodedata

from tracker.extraction.finders.source import compose


def test_compose_leaves_composed_text_alone() -> None:
    text = "Sở Tài chính\nxong trong tháng 7"
    source = compose(text)
    assert source.text is text
    assert [source.original(at) for at in (0, 5, len(text))] == [0, 5, len(text)]


def test_compose_maps_every_letter_back_to_its_marks() -> None:
    text = "Kết luận số 12 về đất đai"
    given = unicodedata.normalize("NFD", text)
    source = compose(given)
    assert source.text == text
    for word in text.split():
        start = source.text.index(word)
        stretch = given[source.original(start) : source.original(start + len(word))]
        assert unicodedata.normalize("NFC", stretch) == word
    assert source.original(len(source.text)) == len(given)


def test_compose_survives_marks_without_a_letter() -> None:
    source = compose("̣̣ngày 5")
    assert source.text.endswith("ngày 5")
    assert source.original(len(source.text)) == len("̣̣ngày 5")
