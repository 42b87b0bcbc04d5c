"""Two at once, and workers that die: the database decides, and nothing is lost."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.db.models import F
from redis import Redis
from redis.exceptions import RedisError

from tests.factories import NOW, TODAY, make_agency, make_document, make_duty
from tests.reminders.helpers import at, look
from tests.reminders.smtp import Postbox, smtp_server
from tests.services import require
from tracker.agencies.models import Agency, Post
from tracker.core.models import User
from tracker.duties.deadlines import quarter_of
from tracker.duties.models import Task
from tracker.reminders import outbox
from tracker.reminders.models import Message, Policy, Reminder, Scan

MORNING = at(TODAY)
PEOPLE, TASKS = 1000, 10
KILLS = 5
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/3")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def postgresql() -> None:
    require("PostgreSQL", connection.vendor == "postgresql", "DATABASE_URL không phải PostgreSQL")


@pytest.fixture
def redis() -> Redis:
    client = Redis.from_url(REDIS)
    try:
        is_there = bool(client.ping())
    except RedisError:
        is_there = False
    require("Redis", is_there, f"không có ai trả lời tại {REDIS}")
    client.flushdb()
    return client


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_send_every_mail_once(postgresql: None) -> None:
    _office(people=60, tasks=4)
    barrier = Barrier(2)

    def worker() -> int:
        try:
            barrier.wait()
            return look(MORNING).delivery.sent
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = [future.result() for future in [pool.submit(worker) for _worker in range(2)]]
    assert sum(sent) == 60
    assert Counter(m.to[0] for m in mail.outbox).most_common(1)[0][1] == 1
    assert Reminder.objects.count() == 60 * 4 * 2  # the deadline's step, and that the task is new
    assert Message.objects.filter(state="sent").count() == 60


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_claims_at_once_share_nothing(postgresql: None) -> None:
    _office(people=40, tasks=1)
    look(at(TODAY, 6))  # before opening: planned only
    outbox.compose_messages(day=TODAY, is_weekly_day=True, now=MORNING)
    barrier = Barrier(4)

    def claim() -> list[int]:
        try:
            barrier.wait()
            return [message.pk for message in outbox.claim_due_messages(now=MORNING, limit=10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        claims = [future.result() for future in [pool.submit(claim) for _worker in range(4)]]
    taken = [pk for claim_ in claims for pk in claim_]
    assert len(taken) == len(set(taken)) == 40


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_killed_workers_and_two_beats_lose_nothing(postgresql: None, redis: Redis, tmp_path: Path) -> None:
    """10,000 reminders; the worker is killed five times while it sends, and two beats keep calling.

    Real processes: Celery's worker and beats, a mail server, Redis, PostgreSQL. The beats call every
    second in place of every quarter of an hour, and after each kill the dead worker's claims are aged, in
    place of waiting for as long.
    """
    _office(people=PEOPLE, tasks=TASKS)
    Policy.objects.create(
        is_default=True, opens=clock_time(0), closes=clock_time(23, 59, 59), announces_new=False
    )
    with smtp_server() as postbox, ExitStack() as stack:
        environment = _environment(postbox.port, tmp_path)
        for beat in range(2):
            stack.enter_context(_process([*_BEAT, "--schedule", str(tmp_path / f"beat-{beat}")], environment))
        for kill in range(KILLS):
            with _process(_WORKER, environment) as worker:
                _wait_until(lambda least=(kill + 1) * PEOPLE // (KILLS + 3): len(postbox.mails) >= least)  # type: ignore[misc]
                worker.send_signal(signal.SIGKILL)
                worker.wait()
            Message.objects.filter(state="claimed").update(
                claimed_at=F("claimed_at") - outbox.CLAIM_LASTS - timedelta(minutes=1)
            )
        with _process(_WORKER, environment):
            _wait_until(lambda: Message.objects.filter(state="sent").count() == PEOPLE)
    copies = Counter(address for address, _mail in postbox.mails)
    duplicates = len(postbox.mails) - len(copies)
    assert len(copies) == PEOPLE
    assert duplicates <= KILLS
    assert len(set(postbox.message_ids)) == PEOPLE  # a second copy is the same mail
    assert Message.objects.count() == PEOPLE
    # The ledger to the line: each person, each task, once; and what it says was sent stands in a mail.
    lines = Reminder.objects.with_states().values_list("recipient__user__email", "task", "state")  # type: ignore[misc]
    ledger = Counter(lines)
    assert len(ledger) == PEOPLE * TASKS
    assert set(ledger.values()) == {1}
    assert {state for _address, _task, state in ledger} == {"sent"}
    assert _named(postbox) == {(address, task) for address, task, _state in ledger}
    assert Scan.objects.count() > KILLS


def _named(postbox: Postbox) -> set[tuple[str, int]]:
    """Whom the mails that arrived told of which task."""
    return {
        (address, int(task))
        for address, letter in postbox.mails
        for body in [letter.get_body(("plain",))]
        if body is not None
        for task in re.findall(r"/viec/(\d+)/", body.get_content())
    }


_CELERY = [sys.executable, "-m", "celery", "-A", "config.celery"]
_BEAT = [*_CELERY, "beat", "--loglevel", "ERROR", "--pidfile="]
_WORKER = [
    *(*_CELERY, "worker"),
    *("--pool", "solo", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"),
]


def _environment(port: int, folder: Path) -> dict[str, str]:
    database = connection.settings_dict
    place = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
    account = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://{account}@{place}/{database['NAME']}",
        "REDIS_URL": REDIS,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "TRACKER_TODAY": TODAY.isoformat(),
        "TRACKER_LOOK_EVERY": "1",
        "VAR_DIR": str(folder),
        "SECRET_KEY": str(django_settings.SECRET_KEY),
    }


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environment, cwd=ROOT)  # noqa: S603 - our own command
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_until(is_true: Callable[[], bool], seconds: int = 120) -> None:
    ends = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < ends, "timed out"
        time.sleep(0.05)


def _office(*, people: int, tasks: int) -> Agency:
    """One agency with many people and some tasks that are due soon."""
    agency = make_agency()
    users = User.objects.bulk_create(
        User(username=f"can-bo-{number}", email=f"can-bo-{number}@example.vn") for number in range(people)
    )
    Post.objects.bulk_create(Post(user=user, agency=agency, role="officer") for user in users)
    duty = make_duty(document=make_document(), leads=(agency,), due="2026-11-20", due_text="trước ngày 21/11")
    Task.objects.bulk_create(
        Task(
            duty=duty,
            agency=agency,
            period=str(2000 + number),
            due_on=duty.due_on,
            original_due_on=duty.due_on,
            due_quarter=quarter_of(TODAY),
            created_at=NOW,
            changed_at=NOW,
        )
        for number in range(tasks)
    )
    return agency
