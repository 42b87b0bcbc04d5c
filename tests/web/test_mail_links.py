"""Acting from a mail without signing in: once, for one purpose, by who may; and the rhythm of mails."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.factories import TODAY, make_agency, make_document, make_task, make_user
from tests.reminders.helpers import at, html_of, look
from tests.services import require
from tests.web.reading import words_of
from tracker.agencies.models import Agency, Post
from tracker.core.enums import Door, OfficeRole
from tracker.core.events import Actor
from tracker.core.models import Event, User
from tracker.duties import workflow
from tracker.duties.models import Extension, Task
from tracker.reminders.links import recipient_of
from tracker.reminders.models import Message, Recipient
from tracker.reminders.records import UsedLink

REPORT = {"note": "Đã ban hành kế hoạch", "evidence_number": "12-KH/BNC"}


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    return make_task(agency=agency, due="2026-12-31", due_text="trong năm 2026")


def _mailed(purpose: str = "bc") -> str:
    """The path of the link in the newest mail of this morning's look."""
    look(at(TODAY))
    found = re.search(rf"http://127\.0\.0\.1:8000(/thu/{purpose}-\S+)", str(mail.outbox[-1].body))
    assert found is not None
    assert found[1] in html_of(mail.outbox[-1])
    return found[1]


def _state(task: Task) -> tuple[str, int, int]:
    """State, events and used links: what a visit may not change."""
    task.refresh_from_db()
    return task.state, Event.objects.about(task).count(), UsedLink.objects.count()


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(task: Task, method: str) -> None:
    """Mail scanners open every link, some of them several times."""
    path = _mailed()
    for _turn in range(2):
        response = getattr(Client(), method)(path)
        assert (response.status_code, response.cookies.output()) == (200, "")
    assert _state(task) == ("not_started", 0, 0)


def test_page_shows_the_task_and_one_form_in_whose_name(task: Task) -> None:
    words = words_of(Client().get(_mailed()))
    for part in (
        "Xây dựng kế hoạch thực hiện Nghị quyết",
        "trong năm 2026 hạn 31/12/2026 còn 45 ngày",
        "Ghi nhận với tên chu-viec",
        "Kết quả thực hiện",
        "đến hết ngày 30/11/2026",
    ):
        assert part in words
    assert "Đăng xuất" not in words


def test_report_goes_through_the_workflow_in_the_persons_name(task: Task, owner: User) -> None:
    """Without a cookie, as the browser of a mail program comes."""
    path = _mailed()
    response = Client(enforce_csrf_checks=True).post(path, REPORT)
    task.refresh_from_db()
    event = Event.objects.about(task).get()
    assert response.status_code == 200
    assert "Đã báo cáo hoàn thành." in words_of(response)
    assert (task.state, task.reported_on, task.report_note) == ("reported", TODAY, REPORT["note"])
    assert (event.verb, event.actor, event.door, event.address) == (
        "task.reported",
        owner,
        Door.MAIL,
        "127.0.0.1",
    )
    used = UsedLink.objects.get()
    assert (used.purpose, used.task, used.user) == ("bc", task, owner)
    assert "_auth_user_id" not in response.client.session


def test_link_does_its_deed_once(task: Task) -> None:
    """Also after the report was taken back: a later mail brings another link."""
    path = _mailed()
    Client().post(path, REPORT)
    Task.objects.filter(pk=task.pk).update(state="in_progress")
    for method in ("get", "post"):
        response = getattr(Client(), method)(path, REPORT)
        assert response.status_code == 410
        assert "Liên kết này đã được dùng để báo cáo hoàn thành lúc" in words_of(response)
    assert _state(task) == ("in_progress", 1, 1)


def test_refused_report_leaves_the_link_alive(task: Task) -> None:
    path = _mailed()
    refused = Client().post(path, {"note": " ", "evidence_number": ""})
    assert refused.status_code == 400
    assert "Cần ghi kết quả thực hiện" in words_of(refused)
    assert _state(task) == ("not_started", 0, 0)
    assert Client().post(path, REPORT).status_code == 200


def test_what_was_typed_stands_beside_the_refusal(task: Task) -> None:
    response = Client().post(_mailed(), {"note": "Đã xong", "evidence_number": "số " * 60})
    assert response.status_code == 400
    assert "Đã xong" in response.content.decode()


def test_extension_is_asked_for_from_the_mail(task: Task, owner: User) -> None:
    path = _mailed("gh")
    assert "Đề nghị gia hạn" in words_of(Client().get(path))
    response = Client().post(path, {"new_due": "31/3/2027", "reason": "Chờ hướng dẫn"})
    asked = Extension.objects.get()
    assert response.status_code == 200
    assert (asked.task, asked.requested_by, f"{asked.asked_due_on}") == (task, owner, "2027-03-31")
    assert Event.objects.about(task).get().door == Door.MAIL
    assert Client().get(_mailed_again("bc")).status_code == 200  # the other purpose has its own link


def _mailed_again(purpose: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:8000(/thu/{purpose}-\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_notice_of_the_same_day_brings_a_link_of_its_own(task: Task, registrar: User) -> None:
    """Reported by the morning's link, returned at noon: the notice's link reports again."""
    Client().post(_mailed(), REPORT)
    actor = Actor(door=Door.WEB, user=registrar)
    workflow.return_task(task, reason="Thiếu số liệu", actor=actor, now=at(TODAY, 12))
    look(at(TODAY, 13))
    assert Client().post(_mailed_again("bc"), REPORT).status_code == 200
    assert _state(task) == ("reported", 3, 2)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path[:-2] + ("A" if path[-2] != "A" else "B") + "/",  # another signature
        lambda path: path[:-10] + "/",  # cut by a mail program
        lambda path: path.replace("/thu/bc-", "/thu/gh-"),  # another purpose
        lambda path: re.sub(r"bc-(\d+)-", lambda m: f"bc-{int(m[1]) + 1}-", path),  # another mail
        lambda path: re.sub(r"bc-(\d+)-(\d+)", lambda m: f"bc-{m[1]}-{int(m[2]) + 1}", path),  # task
        lambda _path: "/thu/x/",
        lambda _path: "/thu/bc-1-1./",
        lambda _path: "/thu/bc-99999999999999999999-1.x/",
        lambda _path: "/thu/xx-1-1.x/",
    ],
)
def test_spoilt_link_is_not_found_and_says_what_to_do(
    task: Task, outsider: User, spoil: Callable[[str], str]
) -> None:
    path = spoil(_mailed())
    for method in ("get", "post"):
        response = getattr(Client(), method)(path, REPORT)
        assert response.status_code == 404
        assert "đăng nhập và làm việc này trên hệ thống" in words_of(response)
    assert _state(task) == ("not_started", 0, 0)


@pytest.mark.parametrize(("days", "status"), [(14, 200), (15, 410)])
def test_link_lasts_two_weeks(task: Task, settings: Settings, days: int, status: int) -> None:
    path = _mailed()
    settings.TRACKER_TODAY = TODAY + timedelta(days=days)
    assert Client().get(path).status_code == status
    assert Client().post(path, REPORT).status_code == status


def _leave(user: User) -> None:
    user.posts.all().delete()


def _move(user: User) -> None:
    user.posts.update(agency=make_agency("Sở Tư pháp"))


def _close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _audit(user: User) -> None:
    User.objects.filter(pk=user.pk).update(office_role=OfficeRole.AUDITOR)


@pytest.mark.parametrize("change", [_leave, _move, _close, _audit])
def test_link_is_dead_for_who_may_no_longer_act(
    task: Task, owner: User, change: Callable[[User], None]
) -> None:
    path = _mailed()
    change(owner)
    for method in ("get", "post"):
        response = getattr(Client(), method)(path, REPORT)
        assert response.status_code == 410
        assert "Xây dựng kế hoạch" not in words_of(response)
    assert _state(task) == ("not_started", 0, 0)


def test_changed_address_ends_the_links_that_went_to_the_old_one(task: Task, owner: User) -> None:
    path = _mailed()
    User.objects.filter(pk=owner.pk).update(email="moi@example.vn")
    assert Client().post(path, REPORT).status_code == 404


def test_link_outlives_a_secret_key_only_while_the_old_is_kept(task: Task, settings: Settings) -> None:
    path = _mailed()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "mới"
    assert Client().get(path).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Client().get(path).status_code == 200


def test_task_that_a_colleague_reported_is_said_so(task: Task, colleague: User) -> None:
    path = _mailed()
    Task.objects.filter(pk=task.pk).update(state="reported", reported_on=TODAY)
    response = Client().post(path, REPORT)
    assert response.status_code == 410
    assert "việc đã báo cáo, chờ xác nhận" in words_of(response)
    assert UsedLink.objects.count() == 0


def test_document_that_became_secret_is_not_shown(task: Task) -> None:
    path = _mailed()
    task.duty.document.secrecy = "Mật"
    task.duty.document.save()
    response = Client().get(path)
    assert response.status_code == 410
    assert "Xây dựng kế hoạch" not in words_of(response)


def test_mailbox_secret_document_and_overseers_get_no_such_links(agency: Agency) -> None:
    """The record has to name a person; who holds a link sees the task; overseers have nothing to report."""
    make_task(agency=make_agency("Sở Nội vụ", email="vanthu@example.vn"), due="2026-11-20")
    make_user("giu-mat", agency=agency)
    make_task(agency=agency, due="2026-11-20", document=make_document(secrecy="Mật"))
    monitoring = make_agency("Ban theo dõi")
    make_user("theo-doi", agency=monitoring)
    document = make_document()
    document.monitors.add(monitoring)
    make_task(agency=make_agency("Sở Y tế"), due="2026-10-30", document=document)
    look(at(TODAY))
    assert sorted(m.to[0] for m in mail.outbox) == [
        "giu-mat@example.vn",
        "theo-doi@example.vn",
        "vanthu@example.vn",
    ]
    for sent in mail.outbox:
        assert not re.search("/thu/(bc|gh)-", str(sent.body) + html_of(sent))
        assert "dành riêng cho" not in str(sent.body)


def test_address_is_told_to_nobody_and_kept_nowhere(task: Task) -> None:
    path = _mailed()
    for response in (
        Client().get(path),
        Client().post(path, REPORT),
        Client().get(path),
        Client().get("/thu/x/"),
    ):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]
        assert path not in response.content.decode()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_once_one_goes_through() -> None:
    require("PostgreSQL", connection.vendor == "postgresql", "DATABASE_URL không phải PostgreSQL")
    agency = make_agency()
    make_user(agency=agency)
    task = make_task(agency=agency)
    path, barrier = _mailed(), Barrier(2)

    def post() -> int:
        try:
            barrier.wait()
            return Client().post(path, REPORT).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [future.result() for future in [pool.submit(post) for _turn in range(2)]]
    assert sorted(answers) == [200, 410]
    assert _state(task) == ("reported", 1, 1)


def _rhythm_path() -> str:
    look(at(TODAY))
    header = str(mail.outbox[-1].extra_headers["List-Unsubscribe"])
    found = re.fullmatch(r"<http://127\.0\.0\.1:8000(/thu/nhip/\S+)>", header)
    assert found is not None
    assert found[1] in str(mail.outbox[-1].body)
    return found[1]


def test_opening_the_rhythm_changes_nothing(task: Task, owner: User) -> None:
    response = Client().get(_rhythm_path())
    assert response.status_code == 200
    assert "Đổi sang: mỗi tuần một thư" in words_of(response)
    assert Recipient.objects.get(user=owner).rhythm == "daily"


def test_one_click_unsubscribing_changes_daily_to_weekly(task: Task, owner: User) -> None:
    """As RFC 8058 has it: a POST without cookie, sign-in or form."""
    path = _rhythm_path()
    for _turn in range(2):
        response = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    recipient = Recipient.objects.get(user=owner)
    event = Event.objects.about(recipient).get()
    assert recipient.rhythm == "weekly"
    assert (event.verb, event.actor, event.door) == ("recipient.rhythm_set", owner, Door.MAIL)
    Client().post(path, {"rhythm": "daily"})
    recipient.refresh_from_db()
    assert recipient.rhythm == "daily"


def test_mailbox_changes_its_rhythm_too(db: None) -> None:
    agency = make_agency("Sở Nội vụ", email="vanthu@example.vn")
    make_task(agency=agency, due="2026-11-20")
    Client().post(_rhythm_path(), {"List-Unsubscribe": "One-Click"})
    assert Recipient.objects.get(agency=agency).rhythm == "weekly"


@pytest.mark.parametrize("token", ["1.x", "x", "0." + "A" * 43, "9" * 30 + ".x"])
def test_rhythm_by_a_spoilt_link_is_not_found(task: Task, token: str) -> None:
    look(at(TODAY))
    assert Client().post(f"/thu/nhip/{token}/").status_code == 404
    assert set(Recipient.objects.values_list("rhythm", flat=True)) == {"daily"}


def test_rhythm_link_is_the_recipients_own(task: Task, owner: User, colleague: User) -> None:
    look(at(TODAY))
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        token = str(sent.extra_headers["List-Unsubscribe"]).split("/")[-2]
        recipient = recipient_of(token)
        assert [recipient.address] == sent.to
    assert Message.objects.count() == Post.objects.count() == 2
