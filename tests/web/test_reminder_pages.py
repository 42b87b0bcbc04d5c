"""The person's pages about mail: choices, the next digest, and why something came or did not."""

from __future__ import annotations

from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_task, make_user
from tests.reminders.helpers import at, look
from tests.web.conftest import ClientOf
from tests.web.reading import context_of, words_of
from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.addresses import suppress_address
from tracker.reminders.models import Message, Recipient, Reminder
from tracker.reminders.preferences import preference_of, rhythm_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    return make_task(agency=agency, due="2026-11-18", due_text="trước ngày 19/11")


def test_page_previews_the_next_morning_and_writes_nothing(
    client_of: ClientOf, owner: User, task: Task
) -> None:
    words = words_of(client_of(owner).get("/thu-nhac/"))
    assert "Thư sáng 17/11/2026" in words
    assert "[Nhắc việc] 1 việc đến hạn tuần này – Ban Nội chính Tỉnh ủy" in words
    assert "trước ngày 19/11" in words
    assert not Reminder.objects.exists()
    assert not Recipient.objects.exists()


def test_choices_are_kept_and_shown(client_of: ClientOf, owner: User, colleague: User) -> None:
    client = client_of(owner)
    answer = {"rhythm": "weekly", "opens": "09:00", "closes": "", "language": "vi"}
    response = client.post("/thu-nhac/", answer)
    assert (response.status_code, response["Location"]) == (302, "/thu-nhac/")
    kept = preference_of(owner)
    assert (kept.wants_own, kept.opens, kept.closes) == (False, time(9), None)
    assert rhythm_of(owner) == "weekly"
    assert Event.objects.about(kept).get().actor == owner
    page = client.get("/thu-nhac/")
    assert "Đã lưu tùy chọn nhận thư." in words_of(page)
    form = context_of(page)["form"]
    assert (form.initial["rhythm"], form.initial["opens"], form.initial["wants_own"]) == (
        "weekly",
        "09:00",
        False,
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"rhythm": "daily", "opens": "15:00", "closes": "14:00", "language": "vi"}, "ít nhất một giờ"),
        ({"rhythm": "daily", "opens": "05:00", "language": "vi"}, "05:00"),
        ({"rhythm": "hourly", "language": "vi"}, "hourly"),
        ({"rhythm": "daily", "language": "fr"}, "fr"),
    ],
)
def test_wrong_choice_is_shown_at_its_field_and_nothing_is_kept(
    client_of: ClientOf, owner: User, answer: dict[str, str], words: str
) -> None:
    response = client_of(owner).post("/thu-nhac/", answer)
    assert response.status_code == 400
    assert words in words_of(response)
    assert not Event.objects.filter(verb__startswith="preference").exists()


def test_only_roles_that_one_has_are_offered(client_of: ClientOf, owner: User, registrar: User) -> None:
    assert [field.name for field in context_of(client_of(owner).get("/thu-nhac/"))["form"].role_fields] == [
        "wants_own"
    ]
    office = context_of(client_of(registrar).get("/thu-nhac/"))["form"].role_fields
    assert [field.name for field in office] == ["wants_registrar"]


def test_role_that_is_not_ones_own_is_not_set(client_of: ClientOf, owner: User) -> None:
    client_of(owner).post(
        "/thu-nhac/", {"rhythm": "daily", "language": "vi", "wants_own": "on", "wants_head": ""}
    )
    assert preference_of(owner).wants_head is True


def test_person_without_an_address_is_told(client_of: ClientOf, agency: Agency) -> None:
    user = make_user(agency=agency, email="")
    assert "chưa có địa chỉ thư" in words_of(client_of(user).get("/thu-nhac/"))


def test_own_mails_are_listed_and_nobody_elses(
    client_of: ClientOf, owner: User, outsider: User, task: Task
) -> None:
    look(at(TODAY))
    assert len(context_of(client_of(owner).get("/thu-nhac/"))["mails"]) == 1
    assert len(context_of(client_of(outsider).get("/thu-nhac/"))["mails"]) == 0


def test_page_takes_the_same_number_of_queries_for_one_task_and_for_many(
    client_of: ClientOf, owner: User, agency: Agency, task: Task
) -> None:
    client = client_of(owner)
    make_task(agency=agency, due="2026-11-19")
    count = _queries(client, "/thu-nhac/")
    for _turn in range(3):
        make_task(agency=agency, due="2026-11-19")
    assert _queries(client, "/thu-nhac/") == count


def test_why_page_tells_past_and_future(client_of: ClientOf, owner: User, task: Task) -> None:
    look(at(TODAY))
    client = client_of(owner)
    words = words_of(client.get(f"/viec/{task.pk}/nhac/"))
    assert f"Gửi lúc 09:00 16/11/2026 đến {owner.email}" in words
    assert "17/11/2026 : trước hạn 1 ngày" in words
    assert f"/viec/{task.pk}/nhac/" in client.get(f"/viec/{task.pk}/").content.decode()


def test_registrar_asks_about_anybody(client_of: ClientOf, registrar: User, owner: User, task: Task) -> None:
    client = client_of(registrar)
    response = client.get(f"/viec/{task.pk}/nhac/?nguoi={owner.username}")
    assert context_of(response)["person"] == owner
    assert set(context_of(response)["people"]) == {owner, registrar}
    assert client.get(f"/viec/{task.pk}/nhac/?nguoi=khong-co").status_code == 404


@pytest.mark.parametrize("name", ["dong-nghiep", "khong-co"])
def test_officer_asks_about_nobody_else(
    client_of: ClientOf, owner: User, colleague: User, task: Task, name: str
) -> None:
    assert client_of(owner).get(f"/viec/{task.pk}/nhac/?nguoi={name}").status_code == 404


def test_task_of_others_does_not_exist(client_of: ClientOf, outsider: User, task: Task) -> None:
    assert client_of(outsider).get(f"/viec/{task.pk}/nhac/").status_code == 404


def test_head_is_shown_addresses_that_refuse(client_of: ClientOf, agency: Agency, owner: User) -> None:
    head = make_user("thu-truong", agency=agency, role=PostRole.HEAD)
    stranger = make_user(agency=make_agency())
    Agency.objects.filter(pk=agency.pk).update(email="VanThu@example.vn")
    for address in (owner.email, "vanthu@example.vn", stranger.email):
        suppress_address(address, reason="550", actor=ACTOR, now=NOW)
    words = words_of(client_of(head).get("/viec-cua-toi/"))
    assert "chu-viec@example.vn – chu-viec (Ban Nội chính Tỉnh ủy)" in words
    assert "vanthu@example.vn – Ban Nội chính Tỉnh ủy" in words
    assert stranger.email not in words
    assert "Thư nhắc không đến" not in words_of(client_of(owner).get("/viec-cua-toi/"))


def test_registrar_sees_what_did_not_arrive(
    client_of: ClientOf, registrar: User, owner: User, agency: Agency
) -> None:
    client = client_of(registrar)
    assert "Thư không đến nơi:" not in words_of(client.get("/"))
    message = _failed(owner)
    suppress_address(owner.email, reason="550 5.1.1", actor=ACTOR, now=NOW)
    make_task(agency=make_agency("Sở Xây dựng"), due="2026-12-31")
    assert "Thư không đến nơi: 1 thư trong 14 ngày qua, 1 địa chỉ hỏng." in words_of(client.get("/"))
    page = client.get("/thu-hong/")
    assert list(context_of(page)["page"]) == [message]
    words = words_of(page)
    assert "550 5.1.1 no such user" in words
    assert "chu-viec (Ban Nội chính Tỉnh ủy)" in words
    assert [one.name for one in context_of(page)["unreachable"]] == ["Sở Xây dựng"]


def test_registrar_sends_again_and_lifts(client_of: ClientOf, registrar: User, owner: User) -> None:
    message = _failed(owner)
    suppress_address(owner.email, reason="550", actor=ACTOR, now=NOW)
    client = client_of(registrar)
    refusal = context_of(client.get("/thu-hong/"))["refusals"][0]
    assert client.post(f"/thu-hong/dia-chi/{refusal.row.pk}/gui-lai/").status_code == 302
    assert client.post(f"/thu-hong/dia-chi/{refusal.row.pk}/gui-lai/").status_code == 302  # a second click
    assert context_of(client.get("/thu-hong/"))["refusals"] == []
    client.post(f"/thu-hong/{message.pk}/gui-lai/")
    message.refresh_from_db()
    assert message.state == "planned"
    client.post(f"/thu-hong/{message.pk}/gui-lai/")
    assert "không cần gửi lại" in words_of(client.get("/thu-hong/"))
    assert Event.objects.about(message).filter(verb="message.retried").count() == 1


@pytest.mark.parametrize("path", ["/thu-hong/", "/thu-hong/1/gui-lai/", "/thu-hong/dia-chi/1/gui-lai/"])
def test_page_of_failures_is_the_registrars(client_of: ClientOf, owner: User, path: str) -> None:
    assert client_of(owner).get(path).status_code == 404
    assert client_of(owner).post(path).status_code in {404, 405}


def test_page_of_failures_takes_the_same_number_of_queries_for_one_and_for_many(
    client_of: ClientOf, registrar: User
) -> None:
    client = client_of(registrar)
    for agency in (make_agency(), make_agency()):
        user = make_user(agency=agency)
        _failed(user)
        suppress_address(user.email, reason="550", actor=ACTOR, now=NOW)
    count = _queries(client, "/thu-hong/")
    for _turn in range(3):
        user = make_user(agency=make_agency())
        _failed(user)
        suppress_address(user.email, reason="550", actor=ACTOR, now=NOW)
    assert _queries(client, "/thu-hong/") == count


def _failed(user: User) -> Message:
    recipient, _is_new = Recipient.objects.get_or_create(user=user, agency=None)
    return Message.objects.create(
        recipient=recipient,
        day=TODAY,
        due_at=NOW,
        state="failed",
        address=user.email,
        last_error="550 5.1.1 no such user",
    )


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)
