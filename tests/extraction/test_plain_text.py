"""Bytes to text, or a declared error that says what, where and how to mend."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from tracker.core.errors import UnreadableInputError
from tracker.extraction.readers import plain_text
from tracker.extraction.readers.plain_text import decode_text, read_text_file

TEXT = "Kết luận số 5"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
)
def test_decode_text(data: bytes) -> None:
    assert decode_text(data, name="x") == TEXT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "không có chữ"),
        (b" \n\t", "không có chữ"),
        (codecs.BOM_UTF8, "không có chữ"),
        (b"abc\x00def", "nhị phân"),
        ("Ket luan".encode("utf-16-le"), "nhị phân"),
        (b"\xff\x00\x80abc", "không phải văn bản"),
        ("Tỉnh ủy".encode()[:3], "byte thứ"),
        (codecs.BOM_UTF16_LE + b"a", "UTF-16-LE"),
    ],
)
def test_what_is_not_text(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        decode_text(data, name="văn bản 7")
    assert words in str(caught.value)
    assert "«văn bản 7»" in str(caught.value)


def test_read_text_file(tmp_path: Path) -> None:
    path = tmp_path / "kl.txt"
    path.write_bytes(codecs.BOM_UTF8 + TEXT.encode())
    assert read_text_file(path) == TEXT


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="Không tìm thấy"):
        read_text_file(tmp_path / "không có.txt")
    with pytest.raises(UnreadableInputError, match="thư mục"):
        read_text_file(tmp_path)


def test_a_name_that_no_file_can_bear() -> None:
    with pytest.raises(UnreadableInputError, match="Không đọc được"):
        read_text_file(Path("a\x00b"))


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lớn.txt"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(plain_text, "MAX_BYTES", 5)
    monkeypatch.setattr(Path, "read_bytes", lambda _self: pytest.fail("was read"))
    with pytest.raises(UnreadableInputError, match="quá giới hạn"):
        read_text_file(path)
