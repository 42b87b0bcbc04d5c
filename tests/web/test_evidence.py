"""Files of evidence on the pages: sent with a form, handed out as downloads to who may see the task."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from pytest_django import Settings

from tests.duties.makers import PDF, a_file
from tests.factories import ACTOR, NOW, make_agency, make_evidence, make_task, make_user
from tests.web.conftest import ClientOf
from tests.web.reading import body_of, words_of
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.duties import workflow
from tracker.duties.models import Evidence, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency)


@pytest.fixture
def kept(task: Task) -> Evidence:
    (kept,) = workflow.add_evidence(task, [a_file("Báo cáo “quý” IV.pdf")], actor=ACTOR, now=NOW)
    return kept


def _upload(name: str = "bao-cao.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")  # what a browser says is not believed


def content_of(response: HttpResponseBase) -> bytes:
    """The content of a download; read to its end, its file is closed."""
    assert response.status_code == 200
    return bytes(response.getvalue())


def test_report_with_files_is_sent_in_one_form(client_of: ClientOf, owner: User, task: Task) -> None:
    files = [_upload("mot.pdf"), _upload("hai.pdf")]
    response = client_of(owner).post(f"/viec/{task.pk}/report/", {"note": "xong", "files": files})
    task.refresh_from_db()
    assert (response.status_code, task.state) == (302, "reported")
    assert list(task.evidence.values_list("name", "media_type")) == [
        ("mot.pdf", "application/pdf"),
        ("hai.pdf", "application/pdf"),
    ]
    page = words_of(client_of(owner).get(f"/viec/{task.pk}/"))
    assert "mot.pdf 77 byte hai.pdf" in page
    assert "chu-viec gửi tệp mot.pdf hai.pdf" in page


def test_refused_file_keeps_what_was_typed(client_of: ClientOf, owner: User, task: Task) -> None:
    wrong = _upload("bao-cao.pdf", b"<script>")
    response = client_of(owner).post(f"/viec/{task.pk}/report/", {"note": "Đã ban hành", "files": wrong})
    task.refresh_from_db()
    assert (response.status_code, task.state, Evidence.objects.count()) == (400, "not_started", 0)
    words = words_of(response)
    assert "Nội dung tệp «bao-cao.pdf» không phải .pdf" in words
    assert "Đã ban hành" in words


def test_file_is_kept_out_while_the_scanner_is_away(
    client_of: ClientOf, owner: User, task: Task, settings: Settings
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    response = client_of(owner).post(f"/viec/{task.pk}/add-evidence/", {"files": _upload()})
    assert (response.status_code, Evidence.objects.count()) == (503, 0)
    assert "Chưa quét được vi-rút nên chưa nhận tệp" in words_of(response)


def test_download_is_an_attachment_that_runs_nothing(
    client_of: ClientOf, owner: User, kept: Evidence
) -> None:
    response = client_of(owner).get(f"/minh-chung/{kept.pk}/")
    assert content_of(response) == PDF
    assert "no-store" in response["Cache-Control"]
    assert {name: response[name] for name in sorted(response.headers) if name in _HEADERS} == {
        "Content-Disposition": (
            "attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o%20%E2%80%9Cqu%C3%BD%E2%80%9D%20IV.pdf"
        ),
        "Content-Length": str(len(PDF)),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Type": "application/pdf",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


_HEADERS = {
    "Content-Disposition",
    "Content-Length",
    "Content-Security-Policy",
    "Content-Type",
    "Cross-Origin-Resource-Policy",
    "X-Content-Type-Options",
}


def test_file_goes_to_who_may_see_its_task(client_of: ClientOf, registrar: User, kept: Evidence) -> None:
    monitor = make_user(agency=make_agency())
    kept.task.duty.document.monitors.add(monitor.agencies.get())
    for person in (registrar, monitor):
        assert content_of(client_of(person).get(f"/minh-chung/{kept.pk}/")) == PDF


def test_file_of_others_is_not_there(client_of: ClientOf, outsider: User, kept: Evidence) -> None:
    client = client_of(outsider)
    theirs, nobodys = (client.get(f"/minh-chung/{pk}/") for pk in (kept.pk, kept.pk + 999))
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert body_of(theirs) == body_of(nobodys)
    assert theirs.headers.items() == nobodys.headers.items()


def test_file_asks_for_a_sign_in(client_of: ClientOf, owner: User, kept: Evidence) -> None:
    client = client_of(owner)
    client.logout()
    response = client.get(f"/minh-chung/{kept.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/dang-nhap/?next=/minh-chung/{kept.pk}/")


def test_folder_of_files_has_no_address(client_of: ClientOf, owner: User, kept: Evidence) -> None:
    client = client_of(owner)
    for root in ("", "media/", "files/", "static/"):
        assert client.get(f"/{root}{kept.stored_as}").status_code == 404


def test_lost_file_is_not_there_and_the_log_says_so(
    client_of: ClientOf, owner: User, task: Task, caplog: pytest.LogCaptureFixture
) -> None:
    row = make_evidence(task)
    assert client_of(owner).get(f"/minh-chung/{row.pk}/").status_code == 404
    assert f"evidence {row.pk} has lost its file" in caplog.text


def test_file_is_not_changed_by_reading_it(client_of: ClientOf, owner: User, kept: Evidence) -> None:
    client = client_of(owner)
    assert client.post(f"/minh-chung/{kept.pk}/").status_code == 405
    assert Event.objects.about(kept.task).count() == 1
