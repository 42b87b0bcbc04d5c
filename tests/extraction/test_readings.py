"""The figures on the documents read by hand must not fall.

A row agrees with a reading when it shares words with it, says the same `due` and the same bodies of
the registry. The seed documents are read with the seed registry.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tracker.extraction.extract import Extractor
from tracker.extraction.registry import load_registry
from tracker.extraction.rows import row_of

SEEDS = Path(__file__).parents[2] / "seeds"
READINGS = Path(__file__).parent / "readings"
Row = dict[str, Any]

STRICT, DATED, COORDINATORS = 0.98, 0.98, 0.98


def known(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key for key in keys if not key.startswith("other:"))


def runs(row: Row) -> set[tuple[str, ...]]:
    words = "".join(letter if letter.isalnum() else " " for letter in row["quote"].casefold()).split()
    return {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def shared(one: Row, two: Row) -> float:
    first, second = runs(one), runs(two)
    return len(first & second) / min(len(first), len(second))


def pairs(gold: list[Row], predicted: list[Row]) -> list[tuple[Row, Row]]:
    """The best pairs first; a row is paired once."""
    ranked = sorted(
        (
            (
                shared(one, two)
                + (one["due"] == two["due"])
                + (known(one["leads"]) == known(two["leads"])) / 2,
                i,
                j,
            )
            for i, one in enumerate(gold)
            for j, two in enumerate(predicted)
            if one["document"] == two["document"] and shared(one, two) >= 0.4
        ),
        reverse=True,
    )
    taken: tuple[set[int], set[int]] = (set(), set())
    found = []
    for _, i, j in ranked:
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            found.append((gold[i], predicted[j]))
    return found


def harmony(hits: int, predicted: int, gold: int) -> float:
    return 2 * hits / (predicted + gold)


@pytest.fixture(scope="module")
def read() -> tuple[list[Row], list[Row], list[tuple[Row, Row]]]:
    gold = [
        json.loads(line) for path in READINGS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    documents = set((READINGS / "DOCUMENTS").read_text("utf-8").split("\n")) | {
        row["document"] for row in gold
    }
    extractor = Extractor(load_registry(SEEDS / "agencies.yaml"))
    predicted = [
        row_of(duty)
        for path in SEEDS.glob("*.txt")
        for document in extractor.extract(path.read_text("utf-8"), name=path.stem).documents
        if document.number in documents
        for duty in document.duties
        if duty.scope != "body"
    ]
    paired = pairs(gold, predicted)
    # A row without a body of the registry may be listed or left out, and takes its partner with it.
    optional = {id(two) for one, two in paired if not known(one["leads"])}
    paired = [(one, two) for one, two in paired if known(one["leads"])]
    scored = [row for row in predicted if known(row["leads"]) and id(row) not in optional]
    return [row for row in gold if known(row["leads"])], scored, paired


def is_strict(one: Row, two: Row) -> bool:
    return bool(one["due"] == two["due"] and known(one["leads"]) == known(two["leads"]))


def test_strict(read: tuple[list[Row], list[Row], list[tuple[Row, Row]]]) -> None:
    gold, predicted, paired = read
    assert harmony(sum(is_strict(*pair) for pair in paired), len(predicted), len(gold)) >= STRICT


def test_dated(read: tuple[list[Row], list[Row], list[tuple[Row, Row]]]) -> None:
    gold, predicted, paired = read
    dated = [sum(row["due"] != "none" for row in rows) for rows in (predicted, gold)]
    hits = sum(is_strict(one, two) and one["due"] != "none" for one, two in paired)
    assert harmony(hits, *dated) >= DATED


def test_coordinators(read: tuple[list[Row], list[Row], list[tuple[Row, Row]]]) -> None:
    _, _, paired = read
    both = [(known(one["coordinators"]), known(two["coordinators"])) for one, two in paired]
    hits, gold, predicted = (
        sum(map(len, sets)) for sets in zip(*((a & b, a, b) for a, b in both), strict=True)
    )
    assert harmony(hits, predicted, gold) >= COORDINATORS


def test_no_row_from_a_report() -> None:
    extractor = Extractor(load_registry(SEEDS / "agencies.yaml"))
    for path in SEEDS.glob("*.txt"):
        for document in extractor.extract(path.read_text("utf-8"), name=path.stem).documents:
            assert document.kind != "bao-cao" or document.duties == ()


def test_sure_rows_are_right(read: tuple[list[Row], list[Row], list[tuple[Row, Row]]]) -> None:
    """ "of the rows above 0.9 at least 98 % are strict" """
    _, predicted, paired = read
    right = {id(two) for one, two in paired if is_strict(one, two)}
    sure = [row for row in predicted if row["confidence"] > 0.9]
    assert len(sure) > len(predicted) / 2
    assert sum(id(row) in right for row in sure) / len(sure) >= 0.98
