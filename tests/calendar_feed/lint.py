"""What a calendar file must keep beyond what its readers demand: they accept files that break the RFC."""

from __future__ import annotations

import re

_LONGEST_LINE = 75  # octets, without the line's end
_NAME = re.compile(rb"[A-Z0-9-]+(?:;[A-Z0-9-]+=[^:;]*)*:")
_NAKED = re.compile(r"(?<!\\)(?:\\\\)*[,;]")
_TEXTS = ("SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME")
_ONCE = ("UID", "DTSTAMP", "SUMMARY", "DESCRIPTION", "SEQUENCE", "STATUS", "URL", "DTSTART", "DTEND", "DUE")


def faults_of(body: bytes) -> list[str]:
    """Every breach of RFC 5545's form, in words; empty for a sound file."""
    faults = []
    if not body.endswith(b"END:VCALENDAR\r\n"):
        faults.append("does not end with END:VCALENDAR and CR LF")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", body):
        faults.append("bare CR or LF")
    if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]", body):
        faults.append("control character")
    for line in body.split(b"\r\n"):
        if len(line) > _LONGEST_LINE:
            faults.append(f"line of {len(line)} octets")
        try:
            line.decode()
        except UnicodeDecodeError:
            faults.append("letter split by folding")
    lines = body.replace(b"\r\n ", b"").split(b"\r\n")[:-1]
    faults += [f"no property: {line!r}" for line in lines if not _NAME.match(line)]
    return faults + _faults_of_values([line.decode() for line in lines])


def _faults_of_values(lines: list[str]) -> list[str]:
    faults: list[str] = []
    uids: list[str] = []
    seen: set[str] = set()
    for line in lines:
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0]
        if name == "BEGIN":
            seen = set()
        if name in _ONCE and name in seen:
            faults.append(f"{name} twice")
        seen.add(name)
        if name in _TEXTS and _NAKED.search(value):
            faults.append(f"naked comma or semicolon in {name}")
        if name == "UID":
            uids.append(value)
    if len(uids) != len(set(uids)):
        faults.append("UID twice")
    return faults
