"""What a digest says: groups, words, secrecy, length; and the mail around it."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from tests.factories import TODAY, make_agency, make_document, make_task, make_user
from tests.reminders.helpers import at, look
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.reminders.digest import MOST_LINES, distance_words, task_url
from tracker.reminders.models import Message


def test_lines_are_grouped_by_how_near_the_deadline_is(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-10")
    make_task(agency=agency, due="2026-11-22")  # the Sunday of this week
    make_task(agency=agency, due="2026-11-23")
    make_task(agency=agency, due="2027-06-30")
    make_task(agency=agency, due="none", due_text="")
    assert _headings(_sent(owner)) == [
        "== Quá hạn (1) ==",
        "== Đến hạn tuần này (1) ==",
        "== Đến hạn quý này (1) ==",
        "== Mới giao (2) ==",
    ]


def test_subject_counts_and_names_the_one_agency(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-10")
    make_task(agency=agency, due="2026-11-20")
    assert _sent(owner)["Subject"].strip() == (
        "[Nhắc việc] 1 việc quá hạn, 1 việc đến hạn tuần này – Ban Nội chính Tỉnh ủy"
    )


def test_deadline_stands_in_its_own_words_with_the_date(agency: Agency, owner: User) -> None:
    task = make_task(agency=agency, due="2026-Q4", due_text="trong quý IV/2026")
    for part in _parts(_sent(owner)):
        assert "trong quý IV/2026 – 31/12/2026" in part
        assert f"http://127.0.0.1:8000/viec/{task.pk}/" in part


def test_secret_document_gives_its_number_and_no_text(agency: Agency, owner: User) -> None:
    document = make_document(number="09-NQ/TU", secrecy="Mật", subject="bí mật")
    task = make_task(agency=agency, due="2026-11-20", due_text="trước ngày bí mật", document=document)
    sent = _sent(owner)
    for part in _parts(sent):
        assert "09-NQ/TU" in part
        assert f"/viec/{task.pk}/" in part
        for hidden in ("xây dựng kế hoạch", "bí mật", "20/11/2026", "15/01/2026"):
            assert hidden not in part


def test_text_of_a_document_is_escaped_in_html(agency: Agency, owner: User) -> None:
    task = make_task(agency=agency, due="2026-11-20")
    task.duty.action = '<script>alert(1)</script> & "nháy"'
    task.duty.save()
    text, html = _parts(_sent(owner))
    assert '<script>alert(1)</script> & "nháy"' in text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_newline_in_a_name_cannot_add_a_header(owner: User, agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(name="Ban\r\nBcc: ai@example.vn")
    make_task(agency=agency, due="2026-11-20")
    delivery = look(at(TODAY)).delivery
    assert delivery.sent == 1
    assert "Bcc" not in mail.outbox[0].message()
    assert "Ban Bcc: ai@example.vn" in str(mail.outbox[0].subject)


def test_long_digest_is_cut_and_counts_the_rest(agency: Agency, owner: User) -> None:
    for _task in range(MOST_LINES + 5):
        make_task(agency=agency, due="2026-11-20")
    sent = _sent(owner)
    text, html = _parts(sent)
    assert text.count("/viec/") == html.count("/viec/") == MOST_LINES
    assert "… và 5 việc nữa" in text
    assert f"== Đến hạn tuần này ({MOST_LINES + 5}) ==" in text
    assert len(html.encode()) < 102_000  # Gmail cuts what is longer


def test_monitor_is_asked_to_urge_and_sees_whose_task_it_is(agency: Agency) -> None:
    monitoring = make_agency("Ban theo dõi")
    monitor = make_user("theo-doi", agency=monitoring)
    document = make_document()
    document.monitors.add(monitoring)
    make_task(agency=agency, due="2026-10-30", document=document)
    make_task(agency=make_agency("Sở Y tế"), due="2026-10-30", document=document)
    text, _html = _parts(_sent(monitor))
    assert text.count("[đề nghị đôn đốc]") == 2
    assert "Cơ quan: Ban Nội chính Tỉnh ủy" in text


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        ("2026-11-13", "quá hạn 3 ngày"),
        ("2026-11-16", "hạn là hôm nay"),
        ("2026-11-17", "còn 1 ngày"),
        (None, ""),
    ],
)
def test_distance_in_words(due_on: str | None, words: str) -> None:
    assert distance_words(date.fromisoformat(due_on) if due_on else None, TODAY) == words


def test_headers_say_that_a_machine_wrote(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-20")
    sent = _sent(owner)
    assert sent["Message-ID"] == Message.objects.get().message_id
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert sent["List-Id"] == "Nhac viec <nhac-viec.127.0.0.1>"
    assert sent["Content-Language"] == "vi"
    assert sent["To"] == owner.email


def test_html_has_no_image_no_style_sheet_no_script_and_closes_its_tags(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-20")
    _text, html = _parts(_sent(owner))
    tags = _Tags()
    tags.feed(html)
    assert tags.open == []
    assert tags.seen.isdisjoint({"img", "style", "script", "link", "form", "iframe"})


def test_link_of_a_task_is_the_route_of_the_page(agency: Agency) -> None:
    task = make_task(agency=agency)
    try:
        path = reverse("web:task", args=[task.pk])
    except NoReverseMatch:
        pytest.skip("the pages are not mounted yet")
    assert task_url(task) == f"http://127.0.0.1:8000{path}"


class _Tags(HTMLParser):
    _VOID = {"meta", "br"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.seen.add(tag)
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _sent(user: User) -> EmailMessage:
    """The one mail that the look of TODAY sends to a person, as a mail program reads it."""
    look(at(TODAY))
    (sent,) = [m for m in mail.outbox if m.to == [user.email]]
    parsed = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _parts(sent: EmailMessage) -> tuple[str, str]:
    text, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def _headings(sent: EmailMessage) -> list[str]:
    return [line for line in _parts(sent)[0].splitlines() if line.startswith("==")]
