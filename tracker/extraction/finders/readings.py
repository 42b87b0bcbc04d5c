"""What a block is read with, and what is read from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from tracker.extraction.finders.deadlines import DeadlineExpression
from tracker.extraction.finders.names import NameIndex


@dataclass(frozen=True, slots=True)
class Setting:
    """What a block stands in: its registry's names, its document's issuer and day, the item's bodies."""

    index: NameIndex
    issuers: frozenset[str] = frozenset()
    issued_on: date | None = None
    leads: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    directed: bool = False

    def under(self, item: BlockReading | None) -> Setting:
        """The setting of a block under an item: its bodies, and its coordinators if it only leads in."""
        if item is None:
            return self
        coordinators = item.head_coordinators if item.leads_in else ()
        return replace(self, leads=item.head_leads, coordinators=coordinators, directed=item.directs)


@dataclass(frozen=True, slots=True)
class Unit:
    """Work with one set of leads and at most one deadline, at letters `start`..`end`."""

    start: int
    end: int
    leads: tuple[str, ...]
    coordinators: tuple[str, ...]
    deadline: DeadlineExpression | None
    rules: tuple[str, ...]
    sentence: int


@dataclass(slots=True)
class BlockReading:
    """What was read from a block: its units, and the bodies that its sub-items inherit."""

    units: list[Unit] = field(default_factory=list)
    head_leads: tuple[str, ...] = ()
    head_coordinators: tuple[str, ...] = ()
    head_only: bool = False
    names_nobody: bool = False
    leads_in: bool = False
    directs: bool = False
    circulates: bool = False
    only_deadline: bool = False
    deadlines: list[DeadlineExpression] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
