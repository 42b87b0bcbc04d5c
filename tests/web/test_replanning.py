"""The registrars' forms that plan tasks anew: what would happen is shown, then done, and nothing else."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_document, make_duty
from tests.web.conftest import ClientOf
from tests.web.reading import words_of
from tracker import pipeline
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.duties import workflow
from tracker.duties.models import Duty, Task
from tracker.duties.services import open_periods

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(agency: Agency) -> Duty:
    """A quarterly duty with its turns of 2026 and 2027 open, a year ahead."""
    duty = make_duty(leads=(agency,), due="quarterly", due_text="hằng quý")
    pipeline.open_periods(today=TODAY, actor=ACTOR, now=NOW)
    return duty


def _hidden(page: Any) -> dict[str, str]:
    form = page.content.decode().split('<form method="post">', 1)[1].split("</form>", 1)[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {html.unescape(name): html.unescape(value) for name, value in fields}


def test_deadline_is_read_from_words_shown_and_changed(
    client_of: ClientOf, registrar: User, duty: Duty
) -> None:
    client, path, events = client_of(registrar), f"/nhiem-vu/{duty.pk}/thoi-han/", Event.objects.count()
    shown = client.post(path, {"due_text": "tháng 11 hằng năm", "reason": "đọc nhầm"})
    words = words_of(shown)
    assert "Mở mới: 1" in words
    assert "Rút, vì chưa ai bắt đầu: 4" in words
    assert Event.objects.count() == events
    done = client.post(path, _hidden(shown), follow=True)
    assert "Đã ghi: dời hạn 0 việc, mở 1, rút 4; giữ nguyên 0." in words_of(done)
    duty.refresh_from_db()
    assert (duty.due_code, duty.due_text) == ("yearly:11", "tháng 11 hằng năm")


def test_end_is_set_and_taken_away(client_of: ClientOf, registrar: User, duty: Duty) -> None:
    client, path = client_of(registrar), f"/nhiem-vu/{duty.pk}/thoi-lap/"
    for day, expected in (("31/12/2026", date(2026, 12, 31)), ("", None)):
        shown = client.post(path, {"ends_on": day, "reason": "theo KH 5"})
        client.post(path, _hidden(shown))
        duty.refresh_from_db()
        assert duty.ends_on == expected
    assert Task.objects.filter(state="withdrawn").count() == 3


def test_document_expires_with_its_consequences_shown(
    client_of: ClientOf, registrar: User, duty: Duty
) -> None:
    client, path = client_of(registrar), f"/van-ban/{duty.document_id}/het-hieu-luc/"
    shown = client.post(path, {"day": "01/01/2027", "reason": "thay bằng 12-NQ/TU"})
    words = words_of(shown)
    assert "Rút, vì chưa ai bắt đầu: 3" in words
    assert "Vẫn phải làm, giữ nguyên: 4" in words
    client.post(path, _hidden(shown))
    page = words_of(client.get(f"/van-ban/{duty.document_id}/"))
    assert "đang theo dõi (hết hiệu lực từ ngày 01/01/2027)" in page


def test_what_changed_after_the_preview_is_shown_again(
    client_of: ClientOf, registrar: User, duty: Duty
) -> None:
    client, path = client_of(registrar), f"/nhiem-vu/{duty.pk}/thoi-lap/"
    shown = client.post(path, {"ends_on": "31/12/2026", "reason": "theo KH 5"})
    workflow.start_task(duty.tasks.get(period="2027-Q1"), actor=ACTOR, now=NOW)
    again = client.post(path, _hidden(shown))
    duty.refresh_from_db()
    assert (again.status_code, duty.ends_on) == (409, None)
    assert "hãy xem lại" in words_of(again)
    assert client.post(path, _hidden(again)).status_code == 302


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        (
            "/nhiem-vu/{duty}/thoi-han/",
            {"due_text": "sớm nhất", "reason": "x"},
            "Chưa hiểu «sớm nhất» là hạn nào.",
        ),
        ("/nhiem-vu/{duty}/thoi-han/", {"due_text": "hằng năm"}, "Cần ghi lý do."),
        ("/nhiem-vu/{duty}/thoi-lap/", {"ends_on": "mai", "reason": "x"}, "Ngày ghi như 31/12/2026."),
        ("/van-ban/{document}/het-hieu-luc/", {"reason": "x"}, "Cần ghi ngày."),
        ("/van-ban/{document}/het-hieu-luc/", {"day": "01/01/2027"}, "Cần ghi lý do"),
        (
            "/van-ban/{document}/het-hieu-luc/",
            {"day": "01/01/2020", "reason": "x"},
            "ban hành ngày 15/01/2026",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_place(
    client_of: ClientOf, registrar: User, duty: Duty, path: str, fields: dict[str, str], words: str
) -> None:
    events = Event.objects.count()
    response = client_of(registrar).post(path.format(duty=duty.pk, document=duty.document_id), fields)
    assert response.status_code == 400
    assert words in words_of(response)
    assert Event.objects.count() == events


def test_forms_are_for_registrars_and_for_what_they_fit(
    client_of: ClientOf, registrar: User, owner: User, duty: Duty
) -> None:
    once, loaded = make_duty(due="2026-12-31"), make_document(status="loaded")
    paths = [
        f"/nhiem-vu/{duty.pk}/thoi-han/",
        f"/nhiem-vu/{duty.pk}/thoi-lap/",
        f"/van-ban/{duty.document_id}/het-hieu-luc/",
    ]
    officer, office = client_of(owner), client_of(registrar)
    assert {officer.get(path).status_code for path in paths} == {404}
    assert {officer.post(path, {"reason": "x"}).status_code for path in paths} == {404}
    assert {office.get(path).status_code for path in paths} == {200}
    assert office.get(f"/nhiem-vu/{once.pk}/thoi-lap/").status_code == 404
    assert office.get(f"/van-ban/{loaded.pk}/het-hieu-luc/").status_code == 404


@pytest.mark.parametrize("count", [1, 40])
def test_preview_of_a_deadline_queries_are_fixed(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Of tasks that only move; each task that is withdrawn is a deed of its own."""
    duty = make_duty(leads=tuple(make_agency() for _turn in range(count)), due="2026-12-31")
    open_periods([duty], horizon=pipeline.horizon(TODAY), actor=ACTOR, now=NOW)
    client = client_of(registrar)
    with django_assert_num_queries(25):
        shown = client.post(f"/nhiem-vu/{duty.pk}/thoi-han/", {"due_text": "quý I/2027", "reason": "x"})
    assert f"Dời hạn: {count}" in words_of(shown)
