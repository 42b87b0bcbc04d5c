"""Files as people send them, small and real, and what the record holds."""

from __future__ import annotations

import io
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
