"""The registry of bodies as data: YAML in, frozen values out.

The same code reads another province's documents with another province's file; nothing in the
extraction knows a body by name except through a `Registry`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tracker.core.errors import RegistryError


@dataclass(frozen=True, slots=True)
class Successor:
    """A body that takes over from another; `check`: the registry's steward has to confirm it."""

    key: str
    check: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """One body. `until` is the last day that it existed, `since` the first; None: not known."""

    key: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    successors: tuple[Successor, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectiveBody:
    """A name for several bodies. `is_open`: nobody can list the members from documents."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    is_open: bool = False


_SHOWN_LENGTH = 80
Entry = TypeVar("Entry", Body, CollectiveBody)


@dataclass(frozen=True, slots=True)
class Registry:
    """Bodies and collectives by key; keys are unique over both."""

    bodies: Mapping[str, Body] = field(default_factory=dict)
    collectives: Mapping[str, CollectiveBody] = field(default_factory=dict)

    def names(self) -> Iterable[tuple[str, str]]:
        """Every way a body is written, with its key: names first, then aliases, in file order."""
        entries: list[Body | CollectiveBody] = [*self.bodies.values(), *self.collectives.values()]
        for entry in entries:
            for name in (entry.name, *entry.aliases):
                yield name, entry.key


def load_registry(path: Path) -> Registry:
    """Read a registry file.

    Raises RegistryError that names the file and the entry for anything that is missing, not
    YAML, of the wrong shape, a duplicate key, or a member or successor that no entry defines.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(f"Không đọc được danh mục cơ quan «{path}»: {error}.") from error
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RegistryError(f"Danh mục cơ quan «{path}» không phải YAML hợp lệ: {error}.") from error
    return registry_from_data(data, source=str(path))


def registry_from_data(data: Any, *, source: str) -> Registry:
    """Build a registry from parsed YAML; `source` names it in errors."""
    if not isinstance(data, dict) or not isinstance(data.get("agencies"), list):
        raise RegistryError(f"Danh mục cơ quan «{source}» phải có danh sách «agencies».")
    collective_entries = data.get("collectives") or []
    if not isinstance(collective_entries, list):
        raise RegistryError(f"Danh mục cơ quan «{source}»: «collectives» phải là danh sách.")
    bodies = _by_key((_body(entry, source) for entry in data["agencies"]), source)
    collectives = _by_key((_collective(entry, source) for entry in collective_entries), source)
    shared = bodies.keys() & collectives.keys()
    if shared:
        raise RegistryError(f"Danh mục «{source}»: khóa «{min(shared)}» được dùng hai lần.")
    registry = Registry(bodies=bodies, collectives=collectives)
    _check_references(registry, source)
    return registry


def _by_key(entries: Iterable[Entry], source: str) -> dict[str, Entry]:
    by_key: dict[str, Entry] = {}
    for entry in entries:
        if entry.key in by_key:
            raise RegistryError(f"Danh mục «{source}»: khóa «{entry.key}» được dùng hai lần.")
        by_key[entry.key] = entry
    return by_key


def _check_references(registry: Registry, source: str) -> None:
    for body in registry.bodies.values():
        for successor in body.successors:
            if successor.key not in registry.bodies:
                raise RegistryError(
                    f"Danh mục «{source}»: «{body.key}» có cơ quan kế thừa «{successor.key}» "
                    "không có trong danh mục."
                )
    for collective in registry.collectives.values():
        for member in collective.members:
            if member not in registry.bodies:
                raise RegistryError(
                    f"Danh mục «{source}»: «{collective.key}» có thành viên «{member}» "
                    "không có trong danh mục."
                )


def _body(entry: Any, source: str) -> Body:
    return Body(
        key=_text(entry, "key", source),
        name=_text(entry, "name", source),
        kind=_text(entry, "kind", source),
        aliases=_texts(entry, "aliases", source),
        since=_day(entry, "since", source),
        until=_day(entry, "until", source),
        successors=tuple(
            Successor(key=_text(successor, "key", source), check=bool(successor.get("check", False)))
            for successor in entry.get("successors") or ()
        ),
    )


def _collective(entry: Any, source: str) -> CollectiveBody:
    collective = CollectiveBody(
        key=_text(entry, "key", source),
        name=_text(entry, "name", source),
        aliases=_texts(entry, "aliases", source),
        members=_texts(entry, "members", source),
        is_open=bool(entry.get("open", False)),
    )
    if not collective.members and not collective.is_open:
        raise RegistryError(
            f"Danh mục «{source}»: tập thể «{collective.key}» không có thành viên thì phải ghi «open: true»."
        )
    return collective


def _text(entry: Any, field_name: str, source: str) -> str:
    value = entry.get(field_name) if isinstance(entry, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise RegistryError(f"Danh mục «{source}»: mục {_shown(entry)} thiếu «{field_name}».")
    return value.strip()


def _texts(entry: Any, field_name: str, source: str) -> tuple[str, ...]:
    values = entry.get(field_name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise RegistryError(
            f"Danh mục «{source}»: mục {_shown(entry)}: «{field_name}» phải là danh sách chữ."
        )
    return tuple(values)


def _day(entry: Any, field_name: str, source: str) -> date | None:
    value = entry.get(field_name)
    if value is None or isinstance(value, date):
        return value
    raise RegistryError(
        f"Danh mục «{source}»: mục {_shown(entry)}: «{field_name}» phải là ngày dạng 2025-02-28."
    )


def _shown(entry: Any) -> str:
    shown = repr(entry)
    return shown if len(shown) <= _SHOWN_LENGTH else f"{shown[: _SHOWN_LENGTH - 3]}…"
