"""What a file is by its content: each kind that is taken, and what only pretends to be it."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.duties.makers import JPEG, PDF, PNG, a_docx, a_zip, an_ole_file
from tracker.core.errors import InvalidInputError
from tracker.core.filetypes import FILE_TYPES
from tracker.duties.file_contents import require_content, type_named

_ODF = "application/vnd.oasis.opendocument."
GOOD = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(24),
    "docx": a_docx(),
    "xlsx": a_zip("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": a_zip("[Content_Types].xml", "ppt/presentation.xml"),
    "odt": a_zip("content.xml", mimetype=f"{_ODF}text"),
    "ods": a_zip("content.xml", mimetype=f"{_ODF}spreadsheet"),
    "odp": a_zip("content.xml", mimetype=f"{_ODF}presentation"),
    "doc": an_ole_file("WordDocument"),
    "xls": an_ole_file("Workbook"),
    "ppt": an_ole_file("PowerPoint Document"),
}
# The same container or the same bytes: these may stand for each other.
ALIKE = {("jpg", "jpeg"), ("jpeg", "jpg")}
BAD = [
    ("pdf", b"<html><script>alert(1)</script>", "a page"),
    ("pdf", b"MZ\x90\x00" + bytes(60), "a program"),
    ("pdf", b"   %PDF", "not from the first byte"),
    ("png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a drawing with a script"),
    ("docx", a_zip("word/document.xml"), "without its list of types"),
    ("docx", a_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "with macros"),
    ("docx", a_docx()[:-30], "cut off"),
    ("docx", b"PK\x03\x04" + bytes(40), "a beginning only"),
    ("docx", an_ole_file("EncryptedPackage"), "locked by a password"),
    ("odt", a_zip("content.xml", mimetype="text/html"), "of another kind"),
    ("odt", a_zip("content.xml"), "without its kind"),
    ("doc", an_ole_file("WordDocument", "Macros"), "with macros"),
    ("xls", an_ole_file("Workbook", "_VBA_PROJECT_CUR"), "with macros"),
    ("doc", an_ole_file("WordDocument")[:600], "cut off"),
]


def _is_taken(extension: str, content: bytes) -> bool:
    try:
        require_content(io.BytesIO(content), FILE_TYPES[extension], name=f"x.{extension}", field="files")
    except InvalidInputError:
        return False
    return True


def test_every_kind_has_its_sample() -> None:
    assert GOOD.keys() == FILE_TYPES.keys()


@pytest.mark.parametrize("extension", FILE_TYPES)
def test_kind_is_told_from_every_other(extension: str) -> None:
    """Each sample passes as its own kind, and as no other."""
    passes = {other for other in FILE_TYPES if _is_taken(extension, GOOD[other])}
    assert passes == {extension} | {other for one, other in ALIKE if one == extension}


@pytest.mark.parametrize(("extension", "content", "what"), BAD, ids=[f"{row[0]} {row[2]}" for row in BAD])
def test_pretender_is_refused(extension: str, content: bytes, what: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        require_content(io.BytesIO(content), FILE_TYPES[extension], name="bao-cao.x", field="files")
    assert refusal.value.field == "files"
    assert f"Nội dung tệp «bao-cao.x» không phải .{extension}" in str(refusal.value)


def test_container_with_a_huge_list_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library would read the whole list, a kilobyte of memory for each of its parts."""
    many = a_zip("[Content_Types].xml", "word/document.xml", *(f"{number:080}" for number in range(9000)))
    opened: list[object] = []
    monkeypatch.setattr(zipfile, "ZipFile", lambda *args: opened.append(args))
    assert not _is_taken("docx", many)
    assert opened == []


@pytest.mark.parametrize(("name", "extension"), [("a.pdf", "pdf"), ("A.PDF", "pdf"), ("a.b.docx", "docx")])
def test_kind_goes_by_the_last_ending(name: str, extension: str) -> None:
    assert type_named(name, ["pdf", "docx"], field="files").extension == extension


@pytest.mark.parametrize("name", ["a.docm", "a", "pdf.exe", "a.pdf ", ""])
def test_other_ending_is_refused_with_what_is_taken(name: str) -> None:
    with pytest.raises(InvalidInputError, match="Các kiểu tệp nhận được: pdf, docx"):
        type_named(name, ["pdf", "docx"], field="files")
