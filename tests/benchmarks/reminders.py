"""What reminding costs: planning a morning over many open tasks, and sending beside a bare connection.

    DATABASE_URL=postgres://…/empty_database python tests/benchmarks/reminders.py [--tasks 250000]

Needs an empty PostgreSQL database of its own: it migrates it, fills it, and empties it again. Prints
planning time and peak memory for a quarter, a half and the whole of `--tasks` × 4 (so that growth can
be seen), then mails a second over one connection: the same mails as ready bytes, built by Django
without us, and through the ledger.
"""

from __future__ import annotations

import os
import sys

# In the place of this folder, whose calendar.py would hide the standard one.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120

import argparse  # noqa: E402
import multiprocessing  # noqa: E402
import resource  # noqa: E402
import smtplib  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator, Sequence  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from datetime import datetime, timedelta  # noqa: E402
from multiprocessing.connection import Connection  # noqa: E402
from typing import Any  # noqa: E402
from zoneinfo import ZoneInfo  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMessage, get_connection  # noqa: E402
from django.core.mail.backends.base import BaseEmailBackend  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from tests.reminders.smtp import smtp_server  # noqa: E402
from tracker.core.workdays import working_days  # noqa: E402
from tracker.duties.models import Task  # noqa: E402
from tracker.reminders import outbox  # noqa: E402
from tracker.reminders.delivery import deliver_due  # noqa: E402
from tracker.reminders.models import Message, Reminder, Scan  # noqa: E402
from tracker.reminders.planning import plan_reminders  # noqa: E402
from tracker.reminders.policies import Policies  # noqa: E402

MORNING = datetime(2026, 11, 16, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = MORNING.date()
PEOPLE, AGENCIES, DUTIES = 20_000, 5_000, 50_000

# ruff: noqa: E501, T201 - statements of SQL, and a script that prints

_PLACES = """
CREATE TEMPORARY TABLE IF NOT EXISTS bench_duty AS
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tracker_duty;
CREATE TEMPORARY TABLE IF NOT EXISTS bench_agency AS
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tracker_agency;
"""

# Deadlines spread over two years around the day; a third of the tasks lie after it.
_TASKS = """
INSERT INTO tracker_task (duty_id, agency_id, period, state, due_on, original_due_on, due_quarter,
  is_history, is_tracked_by_hand, needs_assignment, report_note, evidence_number, revision, created_at, changed_at)
SELECT d.id, a.id, '', 'not_started', day, day, to_char(day, 'YYYY"-Q"Q'),
  false, false, false, '', '', 0, %(created)s, %(created)s
FROM generate_series(%(first)s, %(last)s) AS n
CROSS JOIN LATERAL (SELECT %(today)s::date - 240 + (n * 7919 %% 730)::int AS day) AS days
JOIN bench_duty d ON d.place = n %% %(duties)s
JOIN bench_agency a ON a.place = (n * 7 + n / %(duties)s) %% %(agencies)s
ON CONFLICT DO NOTHING
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--tasks", type=int, default=250_000, help="the first size; then twice and four times"
    )
    parser.add_argument("--mails", type=int, default=1000)
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.exit("Cần DATABASE_URL trỏ tới một cơ sở dữ liệu PostgreSQL trống.")
    call_command("migrate", verbosity=0)
    if Task.objects.exists():
        sys.exit("Cơ sở dữ liệu không trống: hãy dùng một cơ sở dữ liệu riêng.")
    try:
        _fill_registry()
        filled = 0
        for size in (options.tasks, 2 * options.tasks, 4 * options.tasks):
            _fill_tasks(filled, size)
            filled = size
            _forget()
            print(_in_process(_measure_planning, "sáng đầu"))
        print(_in_process(_measure_planning, "nhìn lại"))
        _next_morning()
        print(_in_process(_measure_planning, "sáng sau"))
        _measure_sending(options.mails)
    finally:
        call_command("flush", interactive=False, verbosity=0)


def _measure_planning(name: str) -> str:
    """Plan and compose in this process; its peak memory is the answer's."""
    day = TODAY if name != "sáng sau" else TODAY + timedelta(days=1)
    now = MORNING + (day - TODAY)
    begun = time.perf_counter()
    plan = plan_reminders(today=day, now=now, policies=Policies(), working=working_days())
    planned = time.perf_counter()
    mails = outbox.compose_messages(day=day, is_weekly_day=True, now=now)
    ended = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{name}: {Task.objects.count():>9,} việc, {plan.lines:>7,} lần nhắc, {mails:>6,} thư: lập "
        f"{planned - begun:5.1f} s + xếp thư {ended - planned:4.1f} s, bộ nhớ {memory:.0f} MB"
    )


class Keeping(BaseEmailBackend):
    """Keeps the mails that it is given: what the ledger would send, without a server."""

    mails: list[EmailMessage] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        Keeping.mails.extend(email_messages)
        return len(email_messages)


def _measure_sending(count: int) -> None:
    """The same mails over one connection, in turn, three times each: as ready bytes, built by Django
    without us, and through the ledger. The server is a process of its own, as everywhere.
    """
    keep = list(Message.objects.filter(state="planned").order_by("id").values_list("pk", flat=True)[:count])
    Message.objects.exclude(pk__in=keep).update(due_at=MORNING + timedelta(days=9999))
    settings.EMAIL_BACKEND = "tests.benchmarks.reminders.Keeping"
    _deliver(keep)
    mails = _keeping().mails
    letters = [
        (mail.to[0], mail.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own
        for mail in mails
    ]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with _server() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        bare, django_alone, ours = [], [], []
        for _turn in range(3):
            bare.append(_rate(lambda: _send_bytes(letters, port)))
            django_alone.append(_rate(lambda: get_connection().send_messages(mails) or 0))
            ours.append(_rate(lambda: _deliver(keep)))
    size = sum(len(letter) for _address, letter in letters) / len(letters)
    rows = Reminder.objects.filter(message__in=keep).count() / len(keep)
    print(
        f"gửi: {len(keep)} thư, {rows:.1f} việc và {size / 1024:.0f} KB mỗi thư, qua một kết nối: bytes sẵn "
        f"{_words(bare)}/s, Django không có sổ {_words(django_alone)}/s, qua sổ {_words(ours)}/s = "
        f"{100 * max(ours) / max(bare):.0f} % và {100 * max(ours) / max(django_alone):.0f} %"
    )


def _keeping() -> type[Keeping]:
    """The class as the settings name it: this file runs as `__main__`, under another name."""
    found: type[Keeping] = import_string(settings.EMAIL_BACKEND)
    return found


def _deliver(keep: list[int]) -> int:
    Message.objects.filter(pk__in=keep).update(state="planned", claim="", attempts=0, due_at=MORNING)
    day = MORNING + timedelta(days=1)
    return deliver_due(today=day.date(), clock=lambda: day).sent


def _send_bytes(letters: list[tuple[str, bytes]], port: int) -> int:
    with smtplib.SMTP("127.0.0.1", port) as line:
        for address, letter in letters:
            line.sendmail("nhac-viec@example.vn", [address], letter)
    return len(letters)


def _rate(send: Callable[[], int]) -> float:
    begun = time.perf_counter()
    sent = send()
    return sent / (time.perf_counter() - begun)


@contextmanager
def _server() -> Iterator[int]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        yield here.recv()
    finally:
        server.kill()
        server.join()


def _serve(pipe: Connection) -> None:
    with smtp_server() as postbox:
        pipe.send(postbox.port)
        while True:
            time.sleep(1)
            postbox.mails.clear()


def _words(rates: list[float]) -> str:
    return " · ".join(f"{rate:.0f}" for rate in rates)


def _in_process(measure, name: str) -> str:  # type: ignore[no-untyped-def]
    """Run in a process of its own, so that the peak memory is that of the one step."""
    connection.close()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return str(pool.apply(measure, (name,)))


def _fill_registry() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tracker_agency (key, name, kind, aliases, email, search_name)"
            " SELECT 'a' || n, 'Cơ quan ' || n, 'state', '[]', '', '' FROM generate_series(1, %s) n",
            [AGENCIES],
        )
        cursor.execute(
            "INSERT INTO tracker_user (password, is_superuser, username, first_name, last_name, email, is_staff,"
            " is_active, date_joined, office_role) SELECT '', false, 'u' || n, 'Lan', 'Lê', 'u' || n ||"
            " '@example.vn', false, true, now(), '' FROM generate_series(1, %s) n",
            [PEOPLE],
        )
        cursor.execute(
            "INSERT INTO tracker_post (user_id, agency_id, role) SELECT u.id, a.id, 'officer' FROM"
            " (SELECT id, row_number() OVER (ORDER BY id) AS n FROM tracker_user) u JOIN"
            " (SELECT id, row_number() OVER (ORDER BY id) AS n FROM tracker_agency) a ON a.n = u.n %% %s + 1",
            [AGENCIES],
        )
        cursor.execute(
            "INSERT INTO tracker_sourcetext (name, sha256, text, coverage, loaded_at)"
            " VALUES ('đo', 'x', 'toàn văn', '{}', now())"
        )
        cursor.execute(
            "INSERT INTO tracker_document (key, source_id, number, kind, issuer, issued_on, subject, search_text,"
            " secrecy, start, \"end\", status, start_on, needs_confirmation) SELECT 'd' || n, s.id, n || '-NQ/TU',"
            " 'nghi-quyet', '', '2024-01-01', 'về một việc', '', '', 0, 8, 'published', '2024-01-01', true"
            " FROM generate_series(1, 500) n, tracker_sourcetext s"
        )
        cursor.execute(
            "INSERT INTO tracker_duty (document_id, ordinal, scope, action, search_text, due_code, due_text,"
            " precision, recurrence, due_quarter) SELECT d.id, n, 'section', 'xây dựng kế hoạch thực hiện Nghị"
            " quyết, báo cáo Ban Thường vụ Tỉnh ủy', '', 'none', 'trong quý IV', 'quarter', 'once', ''"
            " FROM tracker_document d, generate_series(1, %s) n",
            [DUTIES // 500],
        )


def _fill_tasks(filled: int, size: int) -> None:
    values: dict[str, Any] = {
        "first": filled,
        "last": size - 1,
        "today": TODAY,
        "created": MORNING - timedelta(days=400),
        "duties": DUTIES,
        "agencies": AGENCIES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLACES + "ANALYZE bench_duty; ANALYZE bench_agency;")
        cursor.execute(_TASKS, values)
        cursor.execute("ANALYZE")


def _forget() -> None:
    """As if nobody had been told yet: the dearest morning."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE tracker_reminder, tracker_message, tracker_recipient, tracker_scan CASCADE")


def _next_morning() -> None:
    """All of today's mails have gone and the day was scanned."""
    Scan.objects.create(day=TODAY, started_at=MORNING, finished_at=MORNING)
    Message.objects.update(state="sent", sent_at=MORNING)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
