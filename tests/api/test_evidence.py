"""Files of evidence through the API: taken whole or not at all, handed out as downloads."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.api.conftest import ClientOf
from tests.duties.makers import PDF, PNG, a_file, stored_files
from tests.factories import make_evidence, make_task
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.models import Evidence, Task


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency)


def _url(task: Task) -> str:
    return f"/api/v1/tasks/{task.pk}/evidence"


def test_files_are_taken_and_handed_out(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    response = client.post(_url(task), {"files": [a_file("a.pdf"), a_file("b.png", PNG)]}, format="multipart")
    assert response.status_code == 201, response.json()
    first, second = response.json()["files"]
    assert (first["name"], first["media_type"], first["size"]) == ("a.pdf", "application/pdf", len(PDF))
    assert client.get(_url(task)).json()["results"] == [first, second]
    download = client.get(first["content"])
    assert b"".join(download.streaming_content) == PDF  # type: ignore[attr-defined]
    assert download["Content-Type"] == "application/pdf"
    assert download["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert download["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in download["Cache-Control"]


def test_download_may_be_asked_for_under_its_own_type(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    file = client.post(_url(task), {"files": a_file()}, format="multipart").json()["files"][0]
    for accept in ("application/pdf", "*/*", "application/json"):
        response = client.get(file["content"], headers={"Accept": accept})
        assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]


def test_file_that_is_gone_is_a_problem(client_of: ClientOf, owner: User, task: Task) -> None:
    url = f"/api/v1/evidence/{make_evidence(task).pk}/content"
    response = client_of(owner).get(url, headers={"Accept": "application/pdf"})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (a_file("a.exe"), "a.exe"),
        (a_file("a.pdf", b"MZ" + bytes(100)), "a.pdf"),
        (ContentFile(b"", name="a.pdf"), "rỗng"),
    ],
)
def test_file_of_no_use_is_refused_and_nothing_kept(
    client_of: ClientOf, owner: User, task: Task, file: ContentFile[bytes], words: str
) -> None:
    response = client_of(owner).post(_url(task), {"files": [a_file(), file]}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (422, "unusable_file")
    assert response.json()["errors"][0]["field"] == "files"
    assert words in response.json()["detail"]
    assert stored_files() == []
    assert not Evidence.objects.exists()


def test_no_file_is_refused(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    response = client.post(_url(task), {}, format="multipart")
    assert [error["field"] for error in response.json()["errors"]] == ["files"]
    assert client.post(_url(task), {"files": []}, format="json").status_code == 415


def test_scanner_that_is_away_is_said(
    client_of: ClientOf, owner: User, task: Task, settings: Settings
) -> None:
    settings.CLAMD_URL, settings.CLAMD_TIMEOUT = "tcp://127.0.0.1:9", 1
    response = client_of(owner).post(_url(task), {"files": a_file()}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (503, "scanner_unavailable")
    assert stored_files() == []


def test_upload_twice_under_one_key_is_kept_once(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    answers = [
        client.post(_url(task), {"files": a_file()}, format="multipart", headers={"Idempotency-Key": "k"})
        for _turn in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len(stored_files()) == 1


def test_monitor_sees_and_may_not_add(client_of: ClientOf, outsider: User, task: Task) -> None:
    task.duty.document.monitors.add(Agency.objects.get(posts__user=outsider))
    client = client_of(outsider)
    assert client.get(_url(task)).status_code == 200
    response = client.post(_url(task), {"files": a_file()}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (403, "not_your_task")


def test_list_takes_the_same_queries_for_1_and_100_files(
    client_of: ClientOf, owner: User, task: Task
) -> None:
    client = client_of(owner)
    counts = []
    for number in (1, 99):
        for _turn in range(number):
            make_evidence(task, added_by=owner)
        client.get(_url(task))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{_url(task)}?page_size=200")
        counts.append(len(queries))
    assert counts == [4, 4]  # token, task, count, files
