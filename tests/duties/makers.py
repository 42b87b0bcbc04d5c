"""Files as people send them, small and real, and what the record holds."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tracker.core.models import Event
from tracker.duties.evidence import FOLDER
from tracker.duties.models import Task

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20)


def a_file(name: str = "bao-cao.pdf", content: bytes = PDF) -> ContentFile[bytes]:
    return ContentFile(content, name=name)


def a_zip(*names: str, mimetype: str = "") -> bytes:
    """A zip with empty parts of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "")
    return out.getvalue()


def a_docx() -> bytes:
    return a_zip("[Content_Types].xml", "word/document.xml")


def an_ole_file(*names: str) -> bytes:
    """A compound file, the container of the old Office files, with empty streams of these names."""
    sector, free, end, fat = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = struct.pack(
        "<8s16s5H6s9I109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        *(0x3E, 3, 0xFFFE, 9, 6),  # versions, byte order, sizes of sectors as powers of two
        bytes(6),
        *(0, 1, 1, 0, 4096, end, 0, end, 0),  # one sector for the table, then the directory
        *(0, *[free] * 108),
    )
    table = struct.pack("<128I", fat, end, *[free] * 126)
    entries = [_ole_entry("Root Entry", kind=5, child=1 if names else free)]
    entries += [
        _ole_entry(name, kind=2, right=number + 2 if number + 1 < len(names) else free)
        for number, name in enumerate(names)
    ]
    return header + table + b"".join(entries).ljust(sector, b"\0")


def _ole_entry(name: str, *, kind: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        letters,
        len(letters),
        *(kind, 1, 0xFFFFFFFF, right, child),
        bytes(16),
        *(0, 0, 0, 0xFFFFFFFE, 0),
    )


def stored_files() -> list[str]:
    """Every file that lies in the folder of evidence."""
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return sorted(name for folder in folders for name in default_storage.listdir(f"{FOLDER}/{folder}")[1])


def record_of(task: Task) -> list[tuple[str, dict[str, Any], dict[str, Any], str]]:
    """Verb, before, after and note of each event about a task, oldest first."""
    return list(Event.objects.about(task).values_list("verb", "before", "after", "note"))
