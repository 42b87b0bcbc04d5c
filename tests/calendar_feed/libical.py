"""Debian's libical (Evolution, KDE, Cyrus) through its C interface: read a calendar, and judge it."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterator
from typing import Any

_NAME = ctypes.util.find_library("ical")
_COMPONENT_KINDS = ("VEVENT", "VTODO")

IS_THERE = _NAME is not None


class Libical:
    """A parsed calendar. `errors` counts what the library could not read; `is_valid` asks its RFC rules."""

    def __init__(self, body: bytes) -> None:
        self._c = _library()
        self._root = self._c.icalparser_parse_string(body)

    @property
    def errors(self) -> int:
        return int(self._c.icalcomponent_count_errors(self._root))

    @property
    def is_valid(self) -> bool:
        return bool(self._c.icalrestriction_check(self._root))

    def components(self) -> list[dict[str, Any]]:
        return [self._component(kind, part) for kind, part in self._parts(self._root, _COMPONENT_KINDS)]

    def _component(self, kind: str, part: int) -> dict[str, Any]:
        return {
            "uid": self._c.icalcomponent_get_uid(part).decode(),
            "kind": kind,
            "day": _day(self._value(part, "DTSTART" if kind == "VEVENT" else "DUE")),
            "end": _day(self._value(part, "DTEND")),
            "title": self._c.icalcomponent_get_summary(part).decode(),
            "text": self._c.icalcomponent_get_description(part).decode(),
            "status": self._value(part, "STATUS"),
            "sequence": int(self._value(part, "SEQUENCE") or 0),
            "alarms": len(list(self._parts(part, ("VALARM",)))),
        }

    def _parts(self, parent: int, names: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        for name in names:
            kind = self._c.icalcomponent_string_to_kind(name.encode())
            part = self._c.icalcomponent_get_first_component(parent, kind)
            while part:
                yield name, part
                part = self._c.icalcomponent_get_next_component(parent, kind)

    def _value(self, part: int, name: str) -> str | None:
        kind = self._c.icalproperty_string_to_kind(name.encode())
        found = self._c.icalcomponent_get_first_property(part, kind)
        return self._c.icalproperty_get_value_as_string(found).decode() if found else None


def _day(value: str | None) -> str | None:
    """`20261231` → `2026-12-31`; a moment instead of a day fails."""
    if value is None:
        return None
    assert len(value) == 8, f"not a day: {value}"
    return f"{value[:4]}-{value[4:6]}-{value[6:]}"


def _library() -> Any:
    library = ctypes.CDLL(_NAME)
    pointers = (
        "icalparser_parse_string",
        "icalcomponent_get_first_component",
        "icalcomponent_get_next_component",
        "icalcomponent_get_first_property",
    )
    texts = (
        "icalcomponent_get_uid",
        "icalcomponent_get_summary",
        "icalcomponent_get_description",
        "icalproperty_get_value_as_string",
    )
    for name in pointers:
        getattr(library, name).restype = ctypes.c_void_p
    for name in texts:
        getattr(library, name).restype = ctypes.c_char_p
    for name, arguments in {
        "icalparser_parse_string": [ctypes.c_char_p],
        "icalcomponent_get_first_component": [ctypes.c_void_p, ctypes.c_int],
        "icalcomponent_get_next_component": [ctypes.c_void_p, ctypes.c_int],
        "icalcomponent_get_first_property": [ctypes.c_void_p, ctypes.c_int],
        "icalcomponent_count_errors": [ctypes.c_void_p],
        "icalrestriction_check": [ctypes.c_void_p],
        "icalcomponent_string_to_kind": [ctypes.c_char_p],
        "icalproperty_string_to_kind": [ctypes.c_char_p],
        "icalcomponent_get_uid": [ctypes.c_void_p],
        "icalcomponent_get_summary": [ctypes.c_void_p],
        "icalcomponent_get_description": [ctypes.c_void_p],
        "icalproperty_get_value_as_string": [ctypes.c_void_p],
    }.items():
        getattr(library, name).argtypes = arguments
    return library
