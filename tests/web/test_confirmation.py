"""Whether a document's reports wait for the office: chosen on its page, and followed from then on."""

from __future__ import annotations

import pytest

from tests.factories import make_document, make_task
from tests.web.conftest import ClientOf
from tests.web.reading import words_of
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.documents.models import Document
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(agency: Agency) -> Document:
    document = make_document()
    make_task(agency=agency, document=document)
    return document


def test_choice_is_written_shown_and_followed(
    client_of: ClientOf, owner: User, registrar: User, agency: Agency, document: Document
) -> None:
    office, officer = client_of(registrar), client_of(owner)
    waits = Task.objects.get()
    later = make_task(agency=agency, document=document)
    officer.post(f"/viec/{waits.pk}/report/", {"note": "xong"})
    page = office.post(f"/van-ban/{document.pk}/xac-nhan/", {"needs": "0"}, follow=True)
    assert "Từ nay báo cáo được ghi nhận hoàn thành ngay, không cần xác nhận." in words_of(page)
    assert "Báo cáo hoàn thành không cần xác nhận" in words_of(officer.get(f"/van-ban/{document.pk}/"))
    event = Event.objects.about(document).get()
    assert (event.verb, event.before, event.after, event.actor) == (
        "document.changed",
        {"needs_confirmation": True},
        {"needs_confirmation": False},
        registrar,
    )
    officer.post(f"/viec/{later.pk}/report/", {"note": "xong"})
    waits.refresh_from_db()
    later.refresh_from_db()
    assert (waits.state, later.state) == ("reported", "confirmed")


def test_same_choice_twice_is_one_event(client_of: ClientOf, registrar: User, document: Document) -> None:
    office = client_of(registrar)
    for _turn in range(2):
        office.post(f"/van-ban/{document.pk}/xac-nhan/", {"needs": "0"})
    assert Event.objects.about(document).count() == 1
    office.post(f"/van-ban/{document.pk}/xac-nhan/", {"needs": "1"})
    document.refresh_from_db()
    assert document.needs_confirmation


def test_choice_is_the_offices(client_of: ClientOf, owner: User, document: Document) -> None:
    client = client_of(owner)
    assert client.post(f"/van-ban/{document.pk}/xac-nhan/", {"needs": "0"}).status_code == 404
    assert "Không yêu cầu xác nhận báo cáo nữa" not in words_of(client.get(f"/van-ban/{document.pk}/"))
    document.refresh_from_db()
    assert document.needs_confirmation
