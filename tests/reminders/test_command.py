"""`manage.py send_reminders` and the task that beat calls."""

from __future__ import annotations

import smtplib
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from tests.factories import make_agency, make_task
from tests.reminders.helpers import at
from tests.reminders.test_delivery import REFUSED, Unreliable, errors  # noqa: F401 - a fixture
from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.core.models import User
from tracker.duties.models import Task
from tracker.reminders.models import Message, Recipient, Reminder, Scan
from tracker.tasks import send_reminders


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Nine o'clock on a Monday."""
    moment = at("2026-11-16", 9)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    return make_task(agency=agency, due="2026-11-20")


def _run(*args: str) -> str:
    out = StringIO()
    call_command("send_reminders", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_run_prints_what_it_did_and_a_second_run_sends_nothing(task: Task) -> None:
    assert "Đã gửi 1 thư" in _run()
    assert "Đã gửi 0 thư" in _run()
    assert len(mail.outbox) == 1


def test_dry_run_shows_who_would_get_what_and_writes_nothing(task: Task, owner: User) -> None:
    shown = _run("--dry-run")
    assert owner.email in shown
    assert "Đến hạn tuần này: 1" in shown
    assert "1 thư sẽ gửi" in shown
    assert mail.outbox == []
    for model in (Recipient, Message, Reminder, Scan):
        assert model.objects.count() == 0


def test_nothing_to_say_is_said(db: None) -> None:
    assert "Đã gửi 0 thư" in _run()


@pytest.mark.parametrize("day", ["2026-13-01", "hôm nay", "2026-02-29", ""])
def test_wrong_day_is_refused(day: str, db: None) -> None:
    with pytest.raises(CommandError, match="không phải là một ngày"):
        _run("--today", day)


def test_another_day_is_looked_at_as_if_it_were_today(task: Task) -> None:
    _run("--today", "2026-11-19")
    assert Message.objects.get().day.isoformat() == "2026-11-19"
    assert "còn 1 ngày" in str(mail.outbox[0].body)


def test_past_day_does_not_spoil_the_present_one(task: Task) -> None:
    _run("--today", "2026-11-13")
    _run()
    assert len(mail.outbox) == 2
    _run()
    assert len(mail.outbox) == 2


def test_day_off_holds_unless_told_otherwise(task: Task) -> None:
    shown = _run("--today", "2026-11-21")
    assert "giữ lại đến 07:00 ngày 23/11/2026" in shown
    assert mail.outbox == []
    _run("--today", "2026-11-21", "--any-hour")
    assert len(mail.outbox) == 1


def test_failed_mail_ends_in_an_error_and_the_rest_goes(
    task: Task,
    owner: User,
    colleague: User,
    errors: dict[str, Exception],  # noqa: F811
) -> None:
    errors[owner.email] = REFUSED
    out = StringIO()
    with pytest.raises(CommandError, match="1 thư không gửi được"):
        call_command("send_reminders", stdout=out, stderr=out)
    assert "Đã gửi 1 thư" in out.getvalue()
    assert owner.email in out.getvalue()
    assert [m.to for m in mail.outbox] == [[colleague.email]]


def test_silent_server_is_an_error_that_loses_nothing(
    task: Task,
    owner: User,
    errors: dict[str, Exception],  # noqa: F811
) -> None:
    errors[owner.email] = smtplib.SMTPServerDisconnected("gone")
    with pytest.raises(CommandError, match="chạy lại sẽ gửi"):
        _run()
    assert Message.objects.get().state == "planned"


def test_agency_without_address_is_named(db: None) -> None:
    make_task(agency=make_agency("Sở Xây dựng"), due="2026-11-20")
    assert "Không có địa chỉ thư của 1 cơ quan: Sở Xây dựng." in _run()


def test_task_of_beat_does_the_same(task: Task) -> None:
    assert send_reminders.delay().get() == 1
    assert send_reminders() == 0
    assert Scan.objects.filter(finished_at__isnull=False).count() == 2


def test_help_names_the_options(capsys: Any) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("send_reminders", "--help")
    assert stop.value.code == 0
    assert "--dry-run" in capsys.readouterr().out


def test_unreliable_backend_is_reset(errors: dict[str, Exception]) -> None:  # noqa: F811
    assert Unreliable.errors == {}
