"""Passages written for the tests, each with the rows that the contract asks for (`passages/*.yaml`)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tracker.core.text import fold_spaces
from tracker.extraction.extract import Extractor
from tracker.extraction.registry import load_registry
from tracker.extraction.types import ExtractedDuty

HERE = Path(__file__).parent
Row = tuple[frozenset[str], frozenset[str], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row as it was written down; `words` stand in its quote."""

    leads: frozenset[str]
    coordinators: frozenset[str]
    due: str
    words: str

    def is_met_by(self, duty: ExtractedDuty) -> bool:
        return (
            self.leads == known(duty.leads)
            and self.coordinators == known(duty.coordinators)
            and self.due == duty.due
            and self.words in fold_spaces(unicodedata.normalize("NFC", duty.quote))
        )


@dataclass(frozen=True, slots=True)
class WrittenPassage:
    """A passage, the province whose registry reads it, and its rows."""

    id: str
    registry: str
    text: str
    rows: tuple[Wanted, ...]

    def rows_of(self, text: str) -> list[tuple[list[str], list[str], str]]:
        """The rows that are read of some text, without their words, in order."""
        return [
            (sorted(known(duty.leads)), sorted(known(duty.coordinators)), duty.due)
            for duty in self._read(text)
        ]

    def _read(self, text: str) -> list[ExtractedDuty]:
        result = extractor_of(self.registry).extract(text, name=self.id)
        return [duty for document in result.documents for duty in document.duties if known(duty.leads)]

    def differences(self) -> list[str]:
        """What is missing and what is too much; nothing where the passage is read as written down."""
        duties = self._read(self.text)
        missing = list(self.rows)
        extra: list[ExtractedDuty] = []
        for duty in duties:
            met = next((row for row in missing if row.is_met_by(duty)), None)
            if met is None:
                extra.append(duty)
            else:
                missing.remove(met)
        return [f"missing {_said(row.leads, row.coordinators, row.due)} {row.words}" for row in missing] + [
            f"extra   {_said(duty.leads, duty.coordinators, duty.due)} {duty.quote[:90]!r} {duty.rules}"
            for duty in extra
        ]


def known(keys: Iterable[str]) -> frozenset[str]:
    """The registry's bodies among the keys: `other:` is free text."""
    return frozenset(key for key in keys if not key.startswith("other:"))


def _said(leads: Iterable[str], coordinators: Iterable[str], due: str) -> str:
    return f"{','.join(sorted(leads))} | {','.join(sorted(coordinators))} | {due}"


@cache
def rows_as_written(passage: WrittenPassage) -> list[tuple[list[str], list[str], str]]:
    """The rows of a passage in its own dress; read once."""
    return passage.rows_of(passage.text)


@cache
def extractor_of(registry: str) -> Extractor:
    """The extractor with the registry of `provinces/<registry>.yaml`."""
    return Extractor(load_registry(HERE / "provinces" / f"{registry}.yaml"))


def read_passages(name: str) -> list[WrittenPassage]:
    """The passages of `passages/<name>.yaml`."""
    entries = yaml.safe_load((HERE / "passages" / f"{name}.yaml").read_text("utf-8"))
    assert not [key for key, count in Counter(entry["id"] for entry in entries).items() if count > 1]
    return [_passage(entry) for entry in entries]


def _passage(entry: dict[str, object]) -> WrittenPassage:
    text = str(entry["text"])
    rows = entry["rows"]
    assert isinstance(rows, list)
    return WrittenPassage(
        id=str(entry["id"]),
        registry=str(entry["registry"]),
        text=unicodedata.normalize("NFD", text) if entry.get("nfd") else text,
        rows=tuple(_wanted(str(row)) for row in rows),
    )


def _wanted(row: str) -> Wanted:
    parts = [part.strip() for part in row.split("|")]
    leads, coordinators, due = parts[:3]
    return Wanted(_keys(leads), _keys(coordinators), due, parts[3] if len(parts) > 3 else "")


def _keys(written: str) -> frozenset[str]:
    return frozenset(key.strip() for key in written.split(",") if key.strip())
