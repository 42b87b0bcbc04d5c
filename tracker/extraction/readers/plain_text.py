"""Bytes to text: UTF-8 with or without a mark, UTF-16 with one. Anything else is a declared error."""

from __future__ import annotations

import codecs
from pathlib import Path

from tracker.core.errors import UnreadableInputError

MAX_BYTES = 128 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MEND = "Hãy lưu lại tệp ở dạng văn bản thuần, mã UTF-8, rồi thử lại."


def read_text_file(path: Path) -> str:
    """The text of a file. Raises UnreadableInputError with what is wrong, where and how to mend it."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableInputError(f"«{path}» là thư mục, không phải tệp văn bản. Hãy chỉ rõ từng tệp.")
        _check_size(size, str(path))
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableInputError(f"Không tìm thấy tệp «{path}». Hãy kiểm tra lại đường dẫn.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInputError(
            f"Không đọc được tệp «{path}»: {reason}. Hãy kiểm tra quyền đọc và tên tệp."
        ) from error
    return decode_text(data, name=str(path))


def decode_text(data: bytes, *, name: str) -> str:
    """The text in some bytes; `name` says in errors where they came from."""
    _check_size(len(data), name)
    encoding, mark = next(((code, mark) for mark, code in _MARKS if data.startswith(mark)), ("utf-8", b""))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableInputError(
            f"«{name}» không phải văn bản {encoding.upper()}: "
            f"byte thứ {len(mark) + error.start + 1} không giải mã được. {_MEND}"
        ) from error
    if "\x00" in text:
        raise UnreadableInputError(
            f"«{name}» là tệp nhị phân (có byte rỗng ở ký tự thứ {text.index(chr(0)) + 1}), "
            f"không phải văn bản. {_MEND}"
        )
    if not text.strip():
        raise UnreadableInputError(
            f"«{name}» không có chữ nào. Hãy kiểm tra xem tệp đã được lưu đầy đủ chưa."
        )
    return text


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise UnreadableInputError(
            f"«{name}» lớn {size // (1024 * 1024)} MiB, quá giới hạn {MAX_BYTES // (1024 * 1024)} MiB. "
            "Hãy chia nhỏ tệp."
        )
