"""A client that none of us wrote, subscribed over HTTP: vdirsyncer fetches, khal shows; compared with ours
after every change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.calendar_feed.makers import make_feed
from tests.factories import ACTOR, NOW, TODAY, make_duty, make_task
from tests.services import require
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties import workflow
from tracker.duties.deadlines import NewDue
from tracker.duties.extensions import grant_extension, request_extension
from tracker.duties.models import Task

# Beside this Python, whether or not its environment is active; else wherever the machine has them.
_PATH = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
_KHAL, _VDIRSYNCER = shutil.which("khal", path=_PATH), shutil.which("vdirsyncer", path=_PATH)
# No UID: vdirsyncer gives the items of a subscription names of its own.
_FORMAT = "{start-date}|{end-date}|{title}|{status}"

Shown = list[tuple[str, str, str]]


@pytest.fixture
def client_view(live_server: LiveServer, tmp_path: Path, owner: User) -> Callable[[], Shown]:
    """Subscribe once; each call syncs and returns what khal shows: day, title, status."""
    require("khal", _KHAL is not None, "khal is not installed")
    require("vdirsyncer", _VDIRSYNCER is not None, "vdirsyncer is not installed")
    _feed, path = make_feed(owner)
    _write_configuration(tmp_path, f"{live_server.url}{path}")
    _run(tmp_path, str(_VDIRSYNCER), "discover")

    def view() -> Shown:
        _run(tmp_path, str(_VDIRSYNCER), "sync", "--force-delete")
        lines = _run(
            tmp_path,
            str(_KHAL),
            "list",
            "--once",
            "--format",
            _FORMAT,
            "--day-format",
            "",
            "2020-01-01",
            "2035-01-01",
        )
        return sorted(_shown(line) for line in lines.splitlines() if line.strip())

    return view


@pytest.mark.django_db(transaction=True)
def test_client_sees_what_we_hold_through_changes_of_date_completion_and_withdrawal(
    client_view: Callable[[], Shown], agency: Agency, settings: Settings
) -> None:
    duty = make_duty(
        leads=(agency,), due="2026-12-31", due_text="quý IV/2026", action="báo cáo, rà soát; \\ đủ"
    )
    moved = make_task(agency=agency, duty=duty)
    done = make_task(agency=agency, due="2026-11-30", due_text="")
    gone = make_task(agency=agency, due="<2027-02-01", due_text="trước ngày 01/02/2027")
    action = "Xây dựng kế hoạch thực hiện Nghị quyết"
    before = {
        moved: ("2026-12-31", "[Quý IV/2026] Báo cáo, rà soát; \\ đủ", "CONFIRMED"),
        done: ("2026-11-30", f"[30/11/2026] {action}", "CONFIRMED"),
        gone: ("2027-01-31", f"[Trước ngày 01/02/2027] {action}", "CONFIRMED"),
    }
    assert client_view() == sorted(before.values())

    # The date moves.
    _move(moved, date(2027, 3, 31), "quý I/2027")
    before[moved] = ("2027-03-31", "[Quý I/2027] Báo cáo, rà soát; \\ đủ", "CONFIRMED")
    assert client_view() == sorted(before.values())

    # One is done.
    workflow.report_task(done, note="Đã xong", today=TODAY, actor=ACTOR, now=NOW)
    before[done] = ("2026-11-30", f"[ĐÃ XONG] [30/11/2026] {action}", "CONFIRMED")
    assert client_view() == sorted(before.values())

    # One is withdrawn: cancelled first, gone after thirty days.
    workflow.withdraw_task(gone, reason="Trùng", actor=ACTOR, now=NOW)
    before[gone] = ("2027-01-31", f"[ĐÃ RÚT] [Trước ngày 01/02/2027] {action}", "CANCELLED")
    assert client_view() == sorted(before.values())
    settings.TRACKER_TODAY = TODAY + timedelta(days=31)
    del before[gone]
    assert client_view() == sorted(before.values())

    # A day passes, and the first is late.
    settings.TRACKER_TODAY = date(2027, 4, 1)
    assert client_view() == [("2027-03-31", "[QUÁ HẠN] [Quý I/2027] Báo cáo, rà soát; \\ đủ", "CONFIRMED")]


def _move(task: Task, day: date, words: str) -> None:
    """As people do it: the agency asks, the office grants."""
    asked = NewDue(due_on=day, words=words)
    extension = request_extension(
        task, new_due=asked, reason="Chờ hướng dẫn", today=TODAY, actor=ACTOR, now=NOW
    )
    grant_extension(extension, actor=ACTOR, now=NOW + timedelta(minutes=1))


def _shown(line: str) -> tuple[str, str, str]:
    start, end, title, status = line.split("|")
    assert start == end, "an all-day event of one day ends, for people, on the day it begins"
    return start, title, status.strip().strip("[]").upper()


def _write_configuration(folder: Path, address: str) -> None:
    (folder / "events").mkdir()
    (folder / "vdirsyncer.conf").write_text(
        f"""[general]
status_path = "{folder}/status/"
[pair tracker]
a = "remote"
b = "local"
collections = null
conflict_resolution = "a wins"
[storage remote]
type = "http"
url = "{address}"
[storage local]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
"""
    )
    (folder / "khal.conf").write_text(
        f"""[calendars]
[[tracker]]
path = {folder}/events/
readonly = True
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Asia/Ho_Chi_Minh
default_timezone = Asia/Ho_Chi_Minh
[sqlite]
path = {folder}/khal.db
"""
    )


def _run(folder: Path, program: str, *arguments: str) -> str:
    """Run a client with its configuration, free of ours, and return what it prints."""
    configuration = folder / f"{Path(program).name}.conf"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "DJANGO", "VIRTUAL_ENV"))
    }
    environment |= {"HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 — a program found on the path, with our own arguments
        [program, "-c", str(configuration), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
