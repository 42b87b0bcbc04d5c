"""Text in, duties out: the pipeline, one step after another.

composed text → lines → documents → section or items → blocks → passages → duties → coverage.
Plain values only: no Django, no database, no clock.
"""

from __future__ import annotations

from tracker.extraction.document_reader import DocumentReader
from tracker.extraction.finders.documents import find_documents
from tracker.extraction.finders.lines import split_lines
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.source import compose
from tracker.extraction.registry import Registry
from tracker.extraction.types import ExtractionResult

EXTRACTOR_VERSION = "1.2.0"


class Extractor:
    """Everything that depends on the registry, prepared once; `extract` may be called at will."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.index = NameIndex(registry)

    def extract(self, text: str, *, name: str) -> ExtractionResult:
        """Read one text. `name` names its document where the text bears no number."""
        source = compose(text)
        lines = split_lines(source.text)
        documents = tuple(
            DocumentReader(text, source, lines[head.first : head.last], head, self.index).read()
            for head in find_documents(lines, name=name)
        )
        return ExtractionResult(name=name, version=EXTRACTOR_VERSION, documents=documents)


_last_used: list[Extractor] = []  # one registry serves many texts: its automaton is built once


def extract_text(text: str, registry: Registry, *, name: str) -> ExtractionResult:
    """Read one text with a registry; what depends on the registry is kept for the next text."""
    extractor = next((kept for kept in _last_used if kept.registry is registry), None)
    if extractor is None:
        extractor = Extractor(registry)
        _last_used[:] = [extractor]
    return extractor.extract(text, name=name)
