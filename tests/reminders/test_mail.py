"""The mail around the words: headers for machines, threads, unsubscribing, the file of deadlines."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core import mail
from icalendar import Calendar
from pytest_django import Settings

from tests.factories import NOW, TODAY, make_document, make_duty, make_task
from tests.reminders.helpers import at, html_of, look
from tests.reminders.smtp import smtp_server
from tracker.agencies.models import Agency
from tracker.calendar_feed.attachment import deadlines_file
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.reminders.digest import MOST_LINES
from tracker.reminders.models import Recipient
from tracker.reminders.preferences import Preference
from tracker.reminders.urging import urge_task


def _parsed(index: int = -1) -> EmailMessage:
    parsed = message_from_bytes(mail.outbox[index].message().as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _urged(agency: Agency, registrar: User) -> EmailMessage:
    task = make_task(agency=agency, due="2026-11-20")
    urge_task(task, actor=Actor(door=Door.WEB, user=registrar), now=NOW)
    look(NOW)
    return _parsed(_place("[Đôn đốc]"))


def _place(title: str) -> int:
    (place,) = (place for place, one in enumerate(mail.outbox) if one.subject.startswith(title))
    return place


def test_digest_can_be_unsubscribed_from_with_one_click(
    agency: Agency, owner: User, settings: Settings
) -> None:
    settings.SITE_URL = "https://nhiemvu.example.vn"
    make_task(agency=agency, due="2026-11-20")
    look(at(TODAY))
    sent = _parsed()
    assert sent["List-Unsubscribe"].strip().startswith("<https://nhiemvu.example.vn/thu/nhip/")
    assert sent["List-Unsubscribe"].strip().endswith("/>")
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["List-Id"] == "Nhac viec <nhac-viec.nhiemvu.example.vn>"


def test_without_https_there_is_no_one_click(agency: Agency, owner: User) -> None:
    """RFC 8058 asks for it."""
    make_task(agency=agency, due="2026-11-20")
    look(at(TODAY))
    sent = _parsed()
    assert sent["List-Unsubscribe"].strip().startswith("<http://127.0.0.1:8000/thu/nhip/")
    assert "List-Unsubscribe-Post" not in sent


def test_official_mail_cannot_be_unsubscribed_from(agency: Agency, owner: User, registrar: User) -> None:
    sent = _urged(agency, registrar)
    assert "List-Unsubscribe" not in sent
    assert (sent["Auto-Submitted"], sent["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert sent["Content-Language"] == "vi"


def test_mails_about_one_task_stand_in_one_thread(agency: Agency, owner: User, registrar: User) -> None:
    sent = _urged(agency, registrar)
    digest = _parsed(_place("[Nhắc việc]"))
    root = f"<task-{agency.tasks.get().pk}@127.0.0.1>"
    for one in (digest, sent):
        assert (one["References"], one["In-Reply-To"]) == (root, root)
    assert len({digest["Message-ID"], sent["Message-ID"], root}) == 3


def test_digest_of_several_tasks_is_in_no_thread(agency: Agency, owner: User) -> None:
    for _turn in range(2):
        make_task(agency=agency, due="2026-11-20")
    look(at(TODAY))
    assert "References" not in _parsed()


def test_retry_is_the_same_mail_to_the_letter(agency: Agency, owner: User, registrar: User) -> None:
    """So that a mail program that has it already can tell."""
    _urged(agency, registrar)
    first = [(m.extra_headers, m.body, html_of(m)) for m in mail.outbox]
    mail.outbox.clear()
    Recipient.objects.get(user=owner).messages.update(state="planned", sent_at=None)
    look(NOW + timedelta(minutes=1))
    assert [(m.extra_headers, m.body, html_of(m)) for m in mail.outbox] == first


def test_deadlines_come_as_a_file_for_who_asked(agency: Agency, owner: User, colleague: User) -> None:
    make_task(agency=agency, due="2026-11-20", due_text="chậm nhất ngày 20/11/2026")
    make_task(agency=agency, due="none", due_text="")
    Preference.objects.create(user=owner, wants_calendar=True)
    look(at(TODAY), calendar_of=deadlines_file)
    files = {
        m.to[0]: [one.get_filename() for one in _parsed(n).iter_attachments()]
        for n, m in enumerate(mail.outbox)
    }
    assert files == {owner.email: ["thoi-han.ics"], colleague.email: []}


def test_file_of_deadlines_arrives_to_the_byte(agency: Agency, owner: User, settings: Settings) -> None:
    """Line ends as RFC 5545 has them, letters as they are; a secret document by its number alone."""
    make_task(agency=agency, due="2026-11-20", due_text="chậm nhất ngày 20/11/2026")
    secret = make_document(number="09-NQ/TU", secrecy="Mật", subject="bí mật")
    duty = make_duty(document=secret, leads=(agency,), due="2026-11-25", action="việc bí mật")
    make_task(agency=agency, duty=duty)
    Preference.objects.create(user=owner, wants_calendar=True)
    with smtp_server() as postbox:
        settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        look(at(TODAY), calendar_of=deadlines_file)
    ((_address, sent),) = postbox.mails
    (part,) = sent.iter_attachments()
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert part.get_content_type() == "text/calendar"
    assert content == deadlines_file([task.pk for task in agency.tasks.all()], TODAY)
    assert content.count(b"\n") == content.count(b"\r\n")
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [event.decoded("DTSTART").isoformat() for event in events] == ["2026-11-20", "2026-11-25"]
    assert "chậm nhất ngày 20/11/2026" in str(events[0]["SUMMARY"]).lower()
    assert b"b\xc3\xad m\xe1\xba\xadt" not in content


def test_longest_digest_stays_under_what_gmail_shows(agency: Agency, owner: User) -> None:
    """With links, and every text as long as it is shown."""
    document = make_document(subject="về tiếp tục xây dựng và hoàn thiện nhà nước pháp quyền")
    words = "ngay sau khi Ban Thường vụ Tỉnh ủy cho ý kiến, chậm nhất ngày 20/11/2026"
    for _turn in range(MOST_LINES + 5):
        duty = make_duty(
            document=document,
            leads=(agency,),
            due="2026-11-20",
            due_text=words,
            action="tiếp tục đổi mới " * 30,
        )
        make_task(agency=agency, duty=duty)
    look(at(TODAY))
    html = html_of(mail.outbox[-1])
    assert html.count("/thu/bc-") == MOST_LINES
    assert len(html.encode()) < 102_000


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("20/11/2026", "Thời hạn: 20/11/2026 (còn 4 ngày)"),
        ("ngày 20/11", "Thời hạn: ngày 20/11 – 20/11/2026 (còn 4 ngày)"),
    ],
)
def test_date_is_not_said_twice(agency: Agency, owner: User, words: str, shown: str) -> None:
    make_task(agency=agency, due="2026-11-20", due_text=words)
    look(at(TODAY))
    assert shown in str(mail.outbox[-1].body)


def test_strangers_words_are_escaped_in_html_and_kept_as_they_are_in_text(
    agency: Agency, owner: User, registrar: User
) -> None:
    """Names and the words of an urging stand in the mail itself, not in a task's line."""
    User.objects.filter(pk=owner.pk).update(last_name="", first_name="<i>Vân</i> & Cộng")
    task = make_task(agency=agency, due="2026-11-20")
    urge_task(task, words="khẩn <b>\nkẻo trễ", actor=Actor(door=Door.WEB, user=registrar), now=NOW)
    look(NOW)
    for title in ("[Đôn đốc]", "[Nhắc việc]"):
        sent = mail.outbox[_place(title)]
        assert "Kính gửi <i>Vân</i> & Cộng," in str(sent.body)
        assert "dành riêng cho <i>Vân</i> & Cộng," in str(sent.body)
        html = html_of(sent)
        assert "Kính gửi &lt;i&gt;Vân&lt;/i&gt; &amp; Cộng," in html
        assert "dành riêng cho &lt;i&gt;Vân&lt;/i&gt; &amp; Cộng," in html
        assert "<i>" not in html
    urged = mail.outbox[_place("[Đôn đốc]")]
    assert "khẩn <b>\nkẻo trễ" in str(urged.body)
    assert "khẩn &lt;b&gt;<br>kẻo trễ" in html_of(urged)
