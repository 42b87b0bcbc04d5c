"""`import_documents`: files to drafts; bad files are named and stop no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from tests.factories import make_agency
from tests.management.conftest import DIRECTIVE, Run
from tracker.documents.models import Document, Draft, SourceText
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_agency("Sở Y tế", key="so-y-te")
    file = tmp_path / "chi-thi.txt"
    file.write_text(DIRECTIVE, encoding="utf-8")
    return file


def test_drafts_wait_for_a_person(run: Run, file: Path) -> None:
    assert run("import_documents", str(file)) == "«chi-thi»: 1 văn bản, 2 nhiệm vụ mới.\n"
    assert list(Draft.objects.values_list("status", "due_code")) == [
        ("pending", "2026-Q1"),
        ("pending", "<2026-12-15"),
    ]
    assert not Task.objects.exists()


def test_publishing_opens_tasks_on_either_side_of_the_start(run: Run, file: Path) -> None:
    said = run("import_documents", str(file), "--publish", "--start-on", "2026-07-01")
    assert said == "«chi-thi»: 1 văn bản, 2 nhiệm vụ mới.\n  Đã mở 2 việc.\n"
    assert list(Task.objects.order_by("due_on").values_list("due_on", "is_history")) == [
        (date(2026, 3, 31), True),
        (date(2026, 12, 14), False),
    ]


def test_start_is_today_where_nobody_says(run: Run, file: Path) -> None:
    run("import_documents", str(file))
    assert Document.objects.get().start_on == date(2026, 11, 16)


def test_second_import_changes_nothing(run: Run, file: Path) -> None:
    run("import_documents", str(file), "--publish")
    said = run("import_documents", str(file), "--publish")
    assert said == "«chi-thi»: đã nạp từ trước, không thay đổi gì.\n  Đã mở 0 việc.\n"
    assert (Draft.objects.count(), Task.objects.count()) == (2, 2)


def test_text_without_duties_is_kept_and_said(run: Run, file: Path) -> None:
    file.write_text("Một bức thư không giao việc cho ai.", encoding="utf-8")
    assert run("import_documents", str(file)) == "«chi-thi»: 1 văn bản, không đọc ra nhiệm vụ nào.\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "không có chữ nào"), (b"\x89PNG\xff", "không phải văn bản UTF-8"), (None, "Không tìm thấy tệp")],
    ids=["empty", "no text", "missing"],
)
def test_bad_file_is_named_and_stops_no_other(
    run: Run, file: Path, tmp_path: Path, content: bytes | None, words: str
) -> None:
    bad = tmp_path / "hong.txt"
    if content is not None:
        bad.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        run("import_documents", str(bad), str(file))
    assert words in str(refused.value)
    assert str(bad) in str(refused.value)
    assert "1 trên 2 tệp không nạp được" in str(refused.value)
    assert SourceText.objects.get().name == "chi-thi"


def test_secret_document_is_refused_whole(run: Run, file: Path, settings: Settings) -> None:
    file.write_text(DIRECTIVE.replace("CHỈ THỊ\n", "MẬT\n\nCHỈ THỊ\n"), encoding="utf-8")
    with pytest.raises(CommandError):
        run("import_documents", str(file))
    assert not SourceText.objects.exists()
    settings.TRACKER_ALLOW_SECRET = True
    run("import_documents", str(file))
    assert Document.objects.get().secrecy


def test_registry_comes_first(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="load_registry"):
        run("import_documents", str(tmp_path / "chi-thi.txt"))
