"""`manage.py read_bounces`: a pipe, a Maildir, an mbox, files."""

from __future__ import annotations

import io
import mailbox
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.factories import make_user
from tests.reminders.returns import absence_note, delivery_report
from tracker.core import clock
from tracker.core.models import User
from tracker.reminders.envelopes import Envelope, envelope_address
from tracker.reminders.models import Message, Recipient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "thu-tra-lai@nhiemvu.example.vn"


@pytest.fixture
def returned() -> bytes:
    """A report on a mail that was sent an hour ago."""
    return _report(make_user())


def _report(user: User) -> bytes:
    sent_at = clock.now() - timedelta(hours=1)
    message = Message.objects.create(
        recipient=Recipient.objects.create(user=user),
        day=sent_at.date(),
        due_at=sent_at,
        sent_at=sent_at,
        state="sent",
        address=user.email,
    )
    return delivery_report(to=envelope_address(Envelope(message.pk, message.version)))


def test_mail_in_a_pipe(returned: bytes, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(returned)))
    call_command("read_bounces")
    assert capsys.readouterr().out == "Đã đọc 1 thư: địa chỉ hỏng, thôi gửi 1.\n"
    assert Message.objects.get().state == "failed"


def test_maildir_is_read_once(returned: bytes, tmp_path: Path, capsys: Any) -> None:
    box = mailbox.Maildir(tmp_path / "thu")
    box.add(returned)
    box.add(absence_note(to="thu-tra-lai@nhiemvu.example.vn"))
    call_command("read_bounces", str(tmp_path / "thu"))
    call_command("read_bounces", str(tmp_path / "thu"))
    first, second = capsys.readouterr().out.splitlines()
    assert first == ("Đã đọc 2 thư: không phải thư trả lại của hệ thống 1, địa chỉ hỏng, thôi gửi 1.")
    assert second == "Đã đọc 0 thư: không có gì."
    assert [mail.get_flags() for mail in mailbox.Maildir(tmp_path / "thu")] == ["S", "S"]
    assert len(list((tmp_path / "thu" / "cur").iterdir())) == 2


def test_mbox_and_single_file(tmp_path: Path, capsys: Any) -> None:
    box = mailbox.mbox(tmp_path / "thu.mbox")
    box.add(_report(make_user()))
    box.add(_report(make_user()))
    box.close()
    (tmp_path / "thu.eml").write_bytes(_report(make_user()))
    call_command("read_bounces", str(tmp_path / "thu.mbox"), str(tmp_path / "thu.eml"))
    assert capsys.readouterr().out == "Đã đọc 3 thư: địa chỉ hỏng, thôi gửi 3.\n"


def test_place_that_cannot_be_read_is_named_and_the_others_are_read(
    returned: bytes, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "thu.eml").write_bytes(returned)
    (tmp_path / "rong").mkdir()
    with pytest.raises(CommandError, match="2 nơi không đọc được"):
        call_command("read_bounces", str(tmp_path / "rong"), "/khong/co", str(tmp_path / "thu.eml"))
    captured = capsys.readouterr()
    assert "không phải Maildir, thiếu thư mục new" in captured.err
    assert "/khong/co" in captured.err
    assert captured.out == "Đã đọc 1 thư: địa chỉ hỏng, thôi gửi 1.\n"


def test_recipient_may_be_given(tmp_path: Path, returned: bytes) -> None:
    message = Message.objects.get()
    (tmp_path / "thu.eml").write_bytes(delivery_report(to="ai-do@example.vn"))
    address = envelope_address(Envelope(message.pk, message.version))
    call_command("read_bounces", str(tmp_path / "thu.eml"), recipient=address)
    assert Message.objects.get().state == "failed"
