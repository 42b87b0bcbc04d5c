"""`quickstart`: from nothing to a working tracker, once; interrupted runs are finished by the next."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.test import Client
from pytest_django import Settings

from tests.factories import TODAY
from tests.management.conftest import DIRECTIVE, Run
from tracker import pipeline
from tracker.core.events import Actor
from tracker.core.models import Event, User
from tracker.documents.models import Document
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_ONE_PERSON = "password: x\npeople: [{username: a, family_name: b, given_name: c, email: d%s}]"
UNCHANGED = "Mọi thứ đã có từ trước, không thay đổi gì"


@pytest.fixture
def small_seeds(settings: Settings, tmp_path: Path) -> Path:
    """The registry, the accounts and two of the five documents: a quick quickstart."""
    for name in ("agencies.yaml", "accounts.yaml", *_names("002_*.txt"), *_names("004_*.txt")):
        shutil.copy(SEEDS / name, tmp_path / name)
    settings.TRACKER_SEEDS = tmp_path
    return tmp_path


def _names(pattern: str) -> list[str]:
    return [path.name for path in SEEDS.glob(pattern)]


def _counts() -> tuple[int, int, int]:
    return Document.objects.count(), Task.objects.count(), Event.objects.count()


def test_five_documents_become_tasks_and_a_second_run_changes_nothing(run: Run, client: Client) -> None:
    said = run("quickstart", "--no-serve")
    assert re.search(r"44 văn bản, \d{3} nhiệm vụ, \d+ việc; cần phân công: \d+\.", said)
    assert "Thời hạn sắp tới:\n  " in said
    assert UNCHANGED not in said
    assert set(Document.objects.values_list("status", flat=True)) == {"published"}
    assert client.login(username="noichinh", password="thu-nghiem-2026")
    address = re.search(r"http://127\.0\.0\.1:8000(/ical/\S+\.ics)", said)
    assert address is not None
    assert client.get(address[1])["Content-Type"] == "text/calendar; charset=utf-8"
    counts = _counts()
    assert UNCHANGED in run("quickstart", "--no-serve")
    assert _counts() == counts


def test_nothing_due_before_today_is_late(run: Run, small_seeds: Path) -> None:
    run("quickstart", "--no-serve")
    assert not Task.objects.overdue(TODAY).exists()
    assert Task.objects.filter(due_on__lt=TODAY, is_history=False).count() == 0


def test_named_day_is_the_trackers_day(run: Run, small_seeds: Path) -> None:
    said = run("quickstart", "--no-serve", "--today", "2021-06-15")
    assert "Hôm nay 15/06/2021." in said
    assert said.endswith("Để lệnh khác cũng coi như vào ngày này: TRACKER_TODAY=2021-06-15.\n")
    assert set(Document.objects.values_list("start_on", flat=True)) == {date(2021, 6, 15)}
    assert UNCHANGED in run("quickstart", "--no-serve", "--today", "2021-06-15")


def test_another_day_moves_the_line_between_history_and_tracking(run: Run, small_seeds: Path) -> None:
    (small_seeds / "van-ban.txt").write_text(DIRECTIVE, encoding="utf-8")
    agency = "agencies: [{key: so-y-te, name: Sở Y tế, kind: state}]"
    (small_seeds / "agencies.yaml").write_text(agency, encoding="utf-8")
    (small_seeds / "accounts.yaml").write_text((_ONE_PERSON % "").replace("username: a", "username: ubnd"))
    tasks = Task.objects.order_by("due_on").values_list("is_history", flat=True)
    run("quickstart", "--no-serve")
    assert list(tasks.all()) == [True, False]
    assert UNCHANGED not in run("quickstart", "--no-serve", "--today", "2026-03-01")
    assert list(tasks.all()) == [False, False]


def test_interrupted_run_is_finished_by_the_next(
    run: Run, small_seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pipeline.publish_document

    def dies_at_the_second(document: Document, *, today: date, actor: Actor, now: datetime) -> list[Task]:
        if Document.objects.filter(status="published").exists():
            raise KeyboardInterrupt
        return real(document, today=today, actor=actor, now=now)

    monkeypatch.setattr(pipeline, "publish_document", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run("quickstart", "--no-serve")
    monkeypatch.setattr(pipeline, "publish_document", real)
    run("quickstart", "--no-serve")
    assert set(Document.objects.values_list("status", flat=True)) == {"published"}
    assert UNCHANGED in run("quickstart", "--no-serve")


def test_changed_password_stays(run: Run, small_seeds: Path) -> None:
    run("quickstart", "--no-serve")
    user = User.objects.get(username="vanphong")
    user.set_password("mot-mat-khau-khac")
    user.save()
    run("quickstart", "--no-serve")
    user.refresh_from_db()
    assert user.check_password("mot-mat-khau-khac")


@pytest.mark.parametrize("address", ["https://nhiemvu.example.vn", "http://192.0.2.7:8000"])
def test_address_that_others_reach_is_refused(run: Run, settings: Settings, address: str) -> None:
    settings.SITE_URL = address
    with pytest.raises(CommandError, match="chỉ dành cho máy thử"):
        run("quickstart", "--no-serve")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("accounts", "words"),
    [
        ("people: []", "thiếu «password»"),
        ("password: x", "danh sách «people»"),
        ("password: x\npeople: [{username: a}]", "mỗi người cần username"),
        (_ONE_PERSON % ", age: 3", "không hiểu «age»"),
        (
            _ONE_PERSON % ", office_role: vua",
            "không có vai trò «vua»",
        ),
        (
            _ONE_PERSON % ", posts: {so-x: head}",
            "không có cơ quan «so-x»",
        ),
    ],
)
def test_wrong_accounts_are_refused_where_they_stand(
    run: Run, small_seeds: Path, accounts: str, words: str
) -> None:
    (small_seeds / "accounts.yaml").write_text(accounts, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        run("quickstart", "--no-serve")
    assert not User.objects.exists()


def test_day_that_is_none_is_refused(run: Run) -> None:
    with pytest.raises(CommandError, match="viết như 2021-06-15"):
        run("quickstart", "--no-serve", "--today", "2021-13-01")
