"""A request too large for any form is turned away before anything of it is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.factories import make_agency, make_task, make_user
from tracker.core.uploads import largest_request
from tracker.duties.models import Evidence

pytestmark = pytest.mark.django_db

_MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def small_limits(settings: Settings) -> None:
    settings.TRACKER_EVIDENCE_LARGEST_MB = 1
    settings.TRACKER_EVIDENCE_MOST_FILES = 2


def test_limit_is_what_one_form_may_send() -> None:
    assert largest_request() == 3 * _MEGABYTE


@pytest.mark.parametrize(
    ("size", "status", "words"),
    [
        (2 * _MEGABYTE, 400, "lớn 2.0 MB; nhiều nhất là 1 MB"),  # read, and refused by its name
        (3 * _MEGABYTE, 400, "quá lớn"),
    ],
)
def test_large_request_is_turned_away(size: int, status: int, words: str) -> None:
    agency = make_agency()
    task = make_task(agency=agency)
    client = Client(raise_request_exception=False)
    client.force_login(make_user(agency=agency))
    file = SimpleUploadedFile("bao-cao.pdf", bytes(size))
    response = client.post(f"/viec/{task.pk}/add-evidence/", {"files": file})
    assert (response.status_code, Evidence.objects.count()) == (status, 0)
    assert words in response.content.decode()


def test_stranger_may_not_fill_the_disk() -> None:
    file = SimpleUploadedFile("x", bytes(3 * _MEGABYTE))
    assert Client().post("/dang-nhap/", {"file": file}).status_code == 400
