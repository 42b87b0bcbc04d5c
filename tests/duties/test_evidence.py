"""Files of evidence: what is taken, where it lies, and that nothing stays of what was refused."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from pytest_django import Settings

from tests.duties.makers import PDF, a_docx, a_file, record_of, stored_files
from tests.factories import NOW, TODAY, make_evidence
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor
from tracker.duties import workflow
from tracker.duties.evidence import sweep_evidence
from tracker.duties.models import Evidence, Task

pytestmark = pytest.mark.django_db


def test_file_is_kept_under_a_random_name(task: Task, officer: Actor) -> None:
    (kept,) = workflow.add_evidence(task, [a_file("Báo cáo quý IV.pdf")], actor=officer, now=NOW)
    digest = hashlib.sha256(PDF).hexdigest()
    assert (kept.task, kept.name, kept.media_type, kept.size, kept.sha256) == (
        task,
        "Báo cáo quý IV.pdf",
        "application/pdf",
        len(PDF),
        digest,
    )
    assert (kept.added_by, kept.added_at, kept.extension) == (officer.user, NOW, None)
    assert "bao" not in kept.stored_as.lower()
    assert ".pdf" not in kept.stored_as
    with default_storage.open(kept.stored_as) as content:
        assert content.read() == PDF
    task.refresh_from_db()
    assert task.revision == 1
    assert record_of(task) == [
        (
            "evidence.added",
            {},
            {"evidence": [kept.pk], "files": [kept.name], "sha256": [digest], "extension": None},
            "",
        )
    ]


def test_same_name_twice_is_two_files(task: Task, officer: Actor) -> None:
    kept = workflow.add_evidence(task, [a_file(), a_file()], actor=officer, now=NOW)
    assert len({one.stored_as for one in kept}) == len(stored_files()) == 2


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\an\\bao cao.pdf", "bao cao.pdf"),
        ("hai\ndòng\x00.pdf", "hai dòng .pdf"),
        ("dài " * 100 + ".pdf", ("dài " * 100)[:196] + ".pdf"),
        ("BAO CAO.PDF", "BAO CAO.PDF"),
    ],
)
def test_name_keeps_what_is_a_name(task: Task, officer: Actor, name: str, kept_as: str) -> None:
    file = a_file()
    file.name = name
    (kept,) = workflow.add_evidence(task, [file], actor=officer, now=NOW)
    assert kept.name == kept_as


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bao-cao.pdf", b"", "Tệp «bao-cao.pdf» rỗng."),
        ("to.pdf", PDF + bytes(1024 * 1024), "Tệp «to.pdf» lớn 1.0 MB; nhiều nhất là 1 MB."),
        (
            "bao-cao.exe",
            PDF,
            "Không nhận tệp «bao-cao.exe». Các kiểu tệp nhận được: pdf, docx.",
        ),
        ("khong-duoi", PDF, "Không nhận tệp «khong-duoi». Các kiểu tệp nhận được: pdf, docx."),
        (
            "bao-cao.pdf",
            a_docx(),
            (
                "Nội dung tệp «bao-cao.pdf» không phải .pdf, hoặc tệp bị hỏng, có mật khẩu hay có macro."
                " Hãy lưu lại đúng kiểu rồi gửi lại."
            ),
        ),
    ],
)
def test_one_wrong_file_keeps_all_out(
    task: Task, officer: Actor, settings: Settings, name: str, content: bytes, message: str
) -> None:
    settings.TRACKER_EVIDENCE_LARGEST_MB = 1
    settings.TRACKER_EVIDENCE_TYPES = ["pdf", "docx"]
    with pytest.raises(InvalidInputError) as refusal:
        workflow.add_evidence(task, [a_file(), a_file(name, content)], actor=officer, now=NOW)
    assert (str(refusal.value), refusal.value.field) == (message, "files")
    assert (Evidence.objects.count(), stored_files(), record_of(task)) == (0, [], [])


def test_more_files_than_allowed_at_once_are_refused(task: Task, officer: Actor, settings: Settings) -> None:
    settings.TRACKER_EVIDENCE_MOST_FILES = 2
    with pytest.raises(InvalidInputError, match="nhiều nhất 2 tệp; đang có 3"):
        workflow.add_evidence(task, [a_file()] * 3, actor=officer, now=NOW)


def test_no_file_is_refused(task: Task, officer: Actor) -> None:
    with pytest.raises(InvalidInputError, match="Hãy chọn ít nhất một tệp"):
        workflow.add_evidence(task, [], actor=officer, now=NOW)


def test_refused_deed_leaves_no_file(task: Task, officer: Actor, office: Actor) -> None:
    workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW)
    workflow.confirm_task(task, actor=office, now=NOW)
    with pytest.raises(TransitionError) as refusal:
        workflow.add_evidence(task, [a_file()], actor=officer, now=NOW)
    assert str(refusal.value) == "Không thể gửi tệp minh chứng: việc đã hoàn thành."
    assert stored_files() == []


def test_report_proved_by_a_file_alone_is_taken(task: Task, officer: Actor) -> None:
    reported = workflow.report_task(task, note="", files=[a_file()], today=TODAY, actor=officer, now=NOW)
    assert (reported.state, [one.name for one in reported.evidence.all()]) == ("reported", ["bao-cao.pdf"])
    assert [verb for verb, *_rest in record_of(task)] == ["evidence.added", "task.reported"]


def test_refused_report_keeps_no_file_and_no_word(task: Task, officer: Actor) -> None:
    with pytest.raises(InvalidInputError):
        workflow.report_task(
            task, note="xong", files=[a_file("a.pdf", b"x")], today=TODAY, actor=officer, now=NOW
        )
    task.refresh_from_db()
    assert (task.state, record_of(task), stored_files()) == ("not_started", [], [])


def test_file_of_a_transaction_rolled_back_further_out_is_swept(task: Task, officer: Actor) -> None:
    """As under an Idempotency-Key: the door's own transaction fails after the service has returned."""
    with transaction.atomic():
        workflow.add_evidence(task, [a_file()], actor=officer, now=NOW)
        transaction.set_rollback(True)
    assert (Evidence.objects.count(), len(stored_files())) == (0, 1)
    (kept,) = workflow.add_evidence(task, [a_file()], actor=officer, now=NOW)
    moment = default_storage.get_modified_time(kept.stored_as)
    assert sweep_evidence(now=moment + timedelta(hours=23)) == 0
    assert sweep_evidence(now=moment + timedelta(hours=25)) == 1
    assert stored_files() == [kept.stored_as.rpartition("/")[2]]
    assert sweep_evidence(now=moment + timedelta(hours=25)) == 0


def test_sweep_without_a_folder_is_nothing(task: Task) -> None:
    make_evidence(task)
    assert sweep_evidence(now=NOW) == 0
