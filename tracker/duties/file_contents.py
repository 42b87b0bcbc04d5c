"""What a file is by its content, whatever its name says."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from typing import IO

import olefile
import puremagic
from django.utils.translation import gettext as _

from tracker.core.errors import InvalidInputError
from tracker.core.filetypes import FILE_TYPES, Family, FileType

# A container's list of parts, in bytes: a document's has some kilobytes. The library reads all of it into
# memory, ten times as large, before one can ask how many there are.
_LARGEST_LIST = 1024 * 1024
_LONGEST_MIMETYPE = 100
_MACROS_IN_ZIP = "vbaproject.bin"
_MACROS_IN_OLE = ("Macros", "_VBA_PROJECT_CUR")
_END_OF_ZIP, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
_LONGEST_END = 22 + 65_535  # the record and its comment


def type_named(name: str, taken: Sequence[str], *, field: str) -> FileType:
    """The kind of file that a name's ending stands for. Raises InvalidInputError where it is not taken."""
    extension = name.rpartition(".")[2].lower()
    if extension not in taken:
        raise InvalidInputError(
            _("Không nhận tệp «%(name)s». Các kiểu tệp nhận được: %(names)s.")
            % {"name": name, "names": ", ".join(taken)},
            field=field,
        )
    return FILE_TYPES[extension]


def require_content(file: IO[bytes], kind: FileType, *, name: str, field: str) -> None:
    """Raise InvalidInputError where the content is not what the kind says, or hides macros."""
    file.seek(0)
    try:
        is_so = _CHECKS[kind.family](file, kind)
    except Exception:  # noqa: BLE001 – hostile bytes make a reader raise anything: it is not that kind of file
        is_so = False
    if not is_so:
        raise InvalidInputError(
            _(
                "Nội dung tệp «%(name)s» không phải .%(extension)s, hoặc tệp bị hỏng, có mật khẩu"
                " hay có macro. Hãy lưu lại đúng kiểu rồi gửi lại."
            )
            % {"name": name, "extension": kind.extension},
            field=field,
        )


def _is_plain(file: IO[bytes], kind: FileType) -> bool:
    found = puremagic.magic_stream(file)
    return any(one.extension == f".{kind.extension}" for one in found)


def _is_open_xml(file: IO[bytes], kind: FileType) -> bool:
    _require_short_list(file)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    has_macros = any(name.lower().endswith(_MACROS_IN_ZIP) for name in names)
    return not has_macros and "[Content_Types].xml" in names and kind.inner in names


def _is_open_document(file: IO[bytes], kind: FileType) -> bool:
    _require_short_list(file)
    with zipfile.ZipFile(file) as archive, archive.open("mimetype") as stream:
        said = stream.read(_LONGEST_MIMETYPE).decode("ascii", "replace").strip()
        return said == kind.media_type and "content.xml" in archive.namelist()


def _require_short_list(file: IO[bytes]) -> None:
    size = file.seek(0, 2) or file.tell()
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read(_LONGEST_END)
    end = tail.rfind(_END_OF_ZIP)
    if end < 0 or _ZIP64 in tail[:end] or int.from_bytes(tail[end + 12 : end + 16], "little") > _LARGEST_LIST:
        raise zipfile.BadZipFile


def _is_ole(file: IO[bytes], kind: FileType) -> bool:
    with olefile.OleFileIO(file) as container:
        return bool(container.exists(kind.inner)) and not any(map(container.exists, _MACROS_IN_OLE))


_CHECKS = {
    Family.PLAIN: _is_plain,
    Family.OPEN_XML: _is_open_xml,
    Family.OPEN_DOCUMENT: _is_open_document,
    Family.OLE: _is_ole,
}
