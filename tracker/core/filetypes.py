"""The kinds of files that may be sent: extension → media type. No Django here: the settings read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Family(Enum):
    """How the content of a file is told: by its first bytes, or by what lies inside the container."""

    PLAIN = "plain"
    OPEN_XML = "open-xml"  # a zip with a part of that name
    OPEN_DOCUMENT = "open-document"  # a zip whose `mimetype` says so
    OLE = "ole"  # a compound file with a stream of that name


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file: `media_type` is what it is served as; `inner` names what its container must hold."""

    extension: str
    media_type: str
    family: Family
    inner: str = ""


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

FILE_TYPES: dict[str, FileType] = {
    kind.extension: kind
    for kind in (
        FileType("pdf", "application/pdf", Family.PLAIN),
        FileType("docx", f"{_OPEN_XML}wordprocessingml.document", Family.OPEN_XML, "word/document.xml"),
        FileType("xlsx", f"{_OPEN_XML}spreadsheetml.sheet", Family.OPEN_XML, "xl/workbook.xml"),
        FileType("pptx", f"{_OPEN_XML}presentationml.presentation", Family.OPEN_XML, "ppt/presentation.xml"),
        FileType("odt", f"{_OPEN_DOCUMENT}text", Family.OPEN_DOCUMENT),
        FileType("ods", f"{_OPEN_DOCUMENT}spreadsheet", Family.OPEN_DOCUMENT),
        FileType("odp", f"{_OPEN_DOCUMENT}presentation", Family.OPEN_DOCUMENT),
        FileType("doc", "application/msword", Family.OLE, "WordDocument"),
        FileType("xls", "application/vnd.ms-excel", Family.OLE, "Workbook"),
        FileType("ppt", "application/vnd.ms-powerpoint", Family.OLE, "PowerPoint Document"),
        FileType("jpg", "image/jpeg", Family.PLAIN),
        FileType("jpeg", "image/jpeg", Family.PLAIN),
        FileType("png", "image/png", Family.PLAIN),
        FileType("webp", "image/webp", Family.PLAIN),
    )
}
