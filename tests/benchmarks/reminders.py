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
from datetime import date, datetime, timedelta  # noqa: E402
from multiprocessing.connection import Connection  # noqa: E402
from typing import Any  # noqa: E402
from zoneinfo import ZoneInfo  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection  # noqa: E402
from django.core.mail.backends.base import BaseEmailBackend  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402

from tests.factories import make_agency, make_document, make_duty, make_task, make_user  # noqa: E402
from tests.reminders.smtp import smtp_server  # noqa: E402
from tracker.agencies.models import Agency  # noqa: E402
from tracker.core.workdays import working_days  # noqa: E402
from tracker.duties.models import Duty, Task  # noqa: E402
from tracker.reminders import outbox  # noqa: E402
from tracker.reminders.delivery import deliver_due  # noqa: E402
from tracker.reminders.models import Message, Reminder, Scan  # noqa: E402
from tracker.reminders.planning import plan_reminders  # noqa: E402
from tracker.reminders.policies import Policies  # noqa: E402

MORNING = datetime(2026, 11, 16, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = MORNING.date()
PEOPLE, AGENCIES, DUTIES = 20_000, 5_000, 50_000

# ruff: noqa: E501, S608, T201 - statements of SQL out of our own words, and a script that prints

_PLACES = """
CREATE TEMPORARY TABLE IF NOT EXISTS bench_duty AS
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tracker_duty;
CREATE TEMPORARY TABLE IF NOT EXISTS bench_agency AS
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tracker_agency;
"""

_PLACES_OF_WORK = f"""
(SELECT id, row_number() OVER (ORDER BY id) AS n FROM tracker_user) u
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM tracker_agency) a ON a.n = u.n %% {AGENCIES} + 1
WHERE u.n > 1
"""

# Deadlines spread over two years around the day; a third of the tasks lie after it.
_TASKS_FROM = """
generate_series(%(first)s, %(last)s) AS n
CROSS JOIN LATERAL (SELECT %(today)s::date - 240 + (n::bigint * 7919 %% 730)::int AS day) AS days
JOIN bench_duty d ON d.place = n %% %(duties)s
JOIN bench_agency a ON a.place = (n::bigint * 7 + n / %(duties)s) %% %(agencies)s
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
    mails = [_plain(mail) for mail in _keeping().mails]
    letters = [
        (mail.to[0], mail.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own
        for mail in mails
    ]
    with _server() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        bare, django_alone, ours = [], [], []
        for _turn in range(3):
            bare.append(_rate(lambda: _send_bytes(letters, port)))
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            django_alone.append(_rate(lambda: get_connection().send_messages(mails) or 0))
            settings.EMAIL_BACKEND = "tracker.reminders.smtp.EmailBackend"
            ours.append(_rate(lambda: _deliver(keep)))
    size = sum(len(letter) for _address, letter in letters) / len(letters)
    rows = Reminder.objects.filter(message__in=keep).count() / len(keep)
    print(
        f"gửi: {len(keep)} thư, {rows:.1f} việc và {size / 1024:.0f} KB mỗi thư, qua một kết nối: bytes sẵn "
        f"{_words(bare)}/s, Django không có sổ {_words(django_alone)}/s, qua sổ {_words(ours)}/s = "
        f"{100 * max(ours) / max(bare):.0f} % và {100 * max(ours) / max(django_alone):.0f} %"
    )


def _plain(mail: EmailMessage) -> EmailMultiAlternatives:
    """The mail as Django has it without us: written anew each time it is sent."""
    assert isinstance(mail, EmailMultiAlternatives)
    return EmailMultiAlternatives(
        mail.subject,
        mail.body,
        mail.from_email,
        mail.to,
        headers=mail.extra_headers,
        alternatives=mail.alternatives,
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
    """One row of each kind by the tests' makers, so that new columns have their values; the rest are copies."""
    duty = make_duty(
        document=make_document(issued_on=date(2024, 1, 1), start_on=date(2024, 1, 1)),
        due_text="trong quý IV",
        action="xây dựng kế hoạch thực hiện Nghị quyết, báo cáo Ban Thường vụ Tỉnh ủy",
    )
    person = make_user(agency=make_agency())
    agency, post = person.agencies.get(), person.posts.get()
    with transaction.atomic():
        _copy(agency, {"key": "'a' || n", "name": "'Cơ quan ' || n"}, f"generate_series(2, {AGENCIES}) n")
        people = {"username": "'u' || n", "email": "'u' || n || '@example.vn'"}
        _copy(person, people, f"generate_series(2, {PEOPLE}) n")
        _copy(post, {"user_id": "u.id", "agency_id": "a.id"}, _PLACES_OF_WORK)
        _copy(duty.document, {"key": "'d' || n", "number": "n || '-NQ/TU'"}, "generate_series(2, 500) n")
        turns = f"tracker_document d, generate_series(1, {DUTIES // 500}) n WHERE d.id <> t.document_id"
        _copy(duty, {"document_id": "d.id", "ordinal": "n"}, turns)


def _fill_tasks(filled: int, size: int) -> None:
    values = {
        "first": filled,
        "last": size - 1,
        "today": TODAY,
        "duties": Duty.objects.count(),
        "agencies": AGENCIES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLACES + "ANALYZE bench_duty; ANALYZE bench_agency;")
    model = Task.objects.first() or make_task(agency=Agency.objects.get(pk=1), duty=Duty.objects.get(pk=1))
    long_ago = MORNING - timedelta(days=400)
    Task.objects.filter(pk=model.pk).update(created_at=long_ago, changed_at=long_ago)
    columns = {
        "duty_id": "d.id",
        "agency_id": "a.id",
        "due_on": "day",
        "original_due_on": "day",
        "due_quarter": "to_char(day, 'YYYY\"-Q\"Q')",
    }
    _copy(model, columns, _TASKS_FROM, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(row: Model, columns: dict[str, str], source: str, values: dict[str, Any] | None = None) -> None:
    """Copies of a row (`t`) for every row of the source; `columns` are SQL expressions for what differs."""
    table = row._meta.db_table
    names = [str(field.column) for field in row._meta.concrete_fields if not field.primary_key]
    shown = ", ".join(columns.get(name, f't."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    first, where, rest = source.partition("WHERE ")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({listed}) SELECT {shown} FROM {table} t CROSS JOIN {first}"
            f" WHERE t.id = {row.pk}{' AND ' + rest if where else ''} ON CONFLICT DO NOTHING",
            values or {},
        )


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
