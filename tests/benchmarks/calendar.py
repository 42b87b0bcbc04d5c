"""Calendar feeds, side by side with a hand-written string builder that gives the same bytes.

    DATABASE_URL=postgres://… python tests/benchmarks/calendar.py [--tasks 1000000]

Makes a test database of its own beside the configured one, fills it (10,000 duties of 100 agencies, one
event for each task, and three agencies with 100, 1,000 and 10,000 tasks), measures, and drops it. The builder
writes with f-strings alone, without icalendar and without guarding against hostile text: what it saves
there counts against us. Times are the best of several turns, the 304's are percentiles over HTTP's
whole path (middleware and all) within the process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")
ROOT = Path(__file__).parents[2]
sys.path[0] = str(ROOT)  # in the place of this folder, whose calendar.py would hide the standard one
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_duty, make_task, make_user  # noqa: E402
from tracker.calendar_feed import envelope  # noqa: E402
from tracker.calendar_feed.building import calendar_bytes, variant_of  # noqa: E402
from tracker.calendar_feed.facts import Kept, TaskFacts, digest_of, read_facts  # noqa: E402
from tracker.calendar_feed.models import Feed, KeptEvent  # noqa: E402
from tracker.calendar_feed.queries import tasks_in_feed  # noqa: E402
from tracker.calendar_feed.services import issue_feed  # noqa: E402
from tracker.core.events import record_event  # noqa: E402
from tracker.core.models import Event  # noqa: E402
from tracker.duties.models import Duty, Task  # noqa: E402

SIZES = (100, 1_000, 10_000)
DUTIES = 10_000
TURNS = 3
FETCHES = 1_000
BUDGET_RATIO, BUDGET_MEGABYTES, BUDGET_SECONDS, BUDGET_QUERIES = 2.0, 100, 0.005, 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=1_000_000, help="tasks beside those of the feeds")
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)  # a child's errand: this feed, warm
    arguments = parser.parse_args()
    if arguments.memory:
        return print_memory(arguments.memory)
    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with override_settings(TRACKER_TODAY=TODAY, TRACKER_FEED_FETCHES_PER_HOUR=10**9):
            return run(arguments.tasks)
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


def run(background: int) -> int:
    feeds = fill(background)
    say(f"{connection.vendor}, {Task.objects.count():,} tasks, {Event.objects.count():,} events")
    verdicts = [measure_feed(feed, size) for size, (feed, _path) in feeds.items()]
    verdicts += [measure_memory(feeds[SIZES[-1]][0])]
    verdicts += [measure_not_modified(path, size) for size, (_feed, path) in feeds.items()]
    return 0 if all(verdicts) else 1


def measure_feed(feed: Feed, size: int) -> bool:
    """Cold, warm and the rival; the bytes of all three are equal."""
    KeptEvent.objects.all().delete()
    cold_seconds, cold = timed(lambda: ours(feed))
    warm_seconds, warm = best(lambda: ours(feed))
    rival_seconds, rival = best(lambda: by_hand(feed, facts_of(feed)))
    assert cold == warm == rival, "the same bytes, or the comparison is worth nothing"
    listed = list(read_facts(tasks_in_feed(feed, TODAY), today=TODAY, variant=variant_of(feed).key))
    join_seconds, joined = best(lambda: join_kept(feed, listed))
    bare_seconds, bare = best(lambda: by_hand(feed, (facts for facts, _kept in listed)))
    assert joined == bare == cold
    ratio, bare_ratio = warm_seconds / rival_seconds, join_seconds / bare_seconds
    say(
        f"{size:>6,} tasks, {len(cold):>10,} bytes: cold {cold_seconds:7.3f} s"
        f" ({1e3 * cold_seconds / size:.2f} ms each);\n       from the database: warm {warm_seconds:.3f} s,"
        f" builder {rival_seconds:.3f} s, {ratio:.2f} times (at most {BUDGET_RATIO});"
        f" from rows at hand: {join_seconds:.3f} s, {bare_seconds:.3f} s, {bare_ratio:.2f} times"
    )
    return max(ratio, bare_ratio) <= BUDGET_RATIO


def measure_memory(feed: Feed) -> bool:
    """The highest resident size while the warm feed is built above that before, in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": _url_of_test_database()}
    done = subprocess.run(  # noqa: S603
        [sys.executable, __file__, "--memory", str(feed.pk)],
        env=environment,
        stdout=subprocess.PIPE,  # its errors go where ours go
        text=True,
        check=True,
    )
    megabytes = float(done.stdout)
    say(f"warm feed of {SIZES[-1]:,}: {megabytes:.0f} MB more (below {BUDGET_MEGABYTES})")
    return megabytes < BUDGET_MEGABYTES


def print_memory(feed_id: int) -> int:
    feed = Feed.objects.select_related("user").get(pk=feed_id)
    before = highest_resident()
    with override_settings(TRACKER_TODAY=TODAY):
        ours(feed)
    say(f"{highest_resident() - before:.1f}")
    return 0


def highest_resident() -> float:
    """In MB. Not `getrusage`: that one remembers the parent's, from before this program began."""
    status = Path("/proc/self/status").read_text()
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure_not_modified(path: str, size: int) -> bool:
    """A fetch of what has not changed, and one after another agency's change elsewhere."""
    client = Client(SERVER_NAME="localhost")
    etag = client.get(path)["ETag"]
    headers = {"If-None-Match": etag, "User-Agent": "benchmark"}
    client.get(path, headers=headers)
    seconds = []
    for _turn in range(FETCHES):
        started = time.perf_counter()
        response = client.get(path, headers=headers)
        seconds.append(time.perf_counter() - started)
        assert response.status_code == 304
    with CaptureQueriesContext(connection) as captured:
        client.get(path, headers=headers)
        queries = len(captured)
    percentile = statistics.quantiles(seconds, n=100)[94]
    record_event(Task.objects.order_by("id").first(), "task.started", actor=ACTOR, now=NOW)  # type: ignore[arg-type]
    again_seconds, again = timed(lambda: client.get(path, headers=headers))
    assert again.status_code == 304
    say(
        f"304 of {size:,}: median {1e3 * statistics.median(seconds):.2f} ms, 95th percentile"
        f" {1e3 * percentile:.2f} ms (below {1e3 * BUDGET_SECONDS:.0f}), {queries} queries (at most"
        f" {BUDGET_QUERIES}); the first after a change elsewhere {1e3 * again_seconds:.0f} ms"
    )
    return percentile < BUDGET_SECONDS and queries <= BUDGET_QUERIES


# --- The two ways ---------------------------------------------------------------------------------


def ours(feed: Feed) -> bytes:
    return calendar_bytes(tasks_in_feed(feed, TODAY), variant=variant_of(feed), name=feed.name, today=TODAY)


def join_kept(feed: Feed, listed: list[tuple[TaskFacts, Kept]]) -> bytes:
    """What `building` does with kept events once they are read: compare the digest, join."""
    salt = variant_of(feed).salt
    events = [kept.text or "" for facts, kept in listed if kept.digest == digest_of(facts, salt)]
    return f"{envelope.opening(feed.name)}{''.join(events)}{envelope.CLOSING}".encode()


def facts_of(feed: Feed) -> Iterator[TaskFacts]:
    return (facts for facts, _kept in read_facts(tasks_in_feed(feed, TODAY), today=TODAY, variant="none"))


def by_hand(feed: Feed, all_facts: Iterator[TaskFacts]) -> bytes:
    """Strings only, for the states that this benchmark's tasks have: open, in time or late."""
    shown = variant_of(feed)
    parts = [envelope.opening(feed.name)]
    for facts in all_facts:
        action = facts.action[:1].upper() + facts.action[1:]
        words = facts.due_text[:1].upper() + facts.due_text[1:]
        is_late = facts.deadline_state == "overdue"
        quarter = f"Quý {('I', 'II', 'III', 'IV')[(facts.due_on.month - 1) // 3]}/{facts.due_on.year}"
        changed = f"{facts.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        url = f"{shown.site_url}/viec/{facts.id}/"
        text = (
            f"{action}\n\nThời hạn: {facts.due_text} ({facts.due_on:%d/%m/%Y})\n"
            f"Tình trạng: chưa thực hiện{', quá hạn' * is_late}\n"
            f"Cơ quan thực hiện: {facts.agency}\nChủ trì: {facts.leads}\nVăn bản: {facts.document}\n{url}"
        )
        lines = (
            "BEGIN:VEVENT",
            f"SUMMARY:{'[QUÁ HẠN] ' * is_late}[{escaped(words)}] {escaped(action)}",
            f"DTSTART;VALUE=DATE:{facts.due_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{facts.due_on + timedelta(days=1):%Y%m%d}",
            f"DTSTAMP:{changed}",
            f"UID:task-{facts.id}@{shown.domain}",
            f"SEQUENCE:{2 * facts.revision + is_late}",
            f"CATEGORIES:{facts.number},{quarter}{',Quá hạn' * is_late}",
            f"CREATED:{facts.created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DESCRIPTION:{escaped(text)}",
            f"LAST-MODIFIED:{changed}",
            "STATUS:CONFIRMED",
            "TRANSP:TRANSPARENT",
            f"URL:{url}",
            "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
            "END:VEVENT",
        )
        parts += [folded(line) for line in lines]
    parts.append(envelope.CLOSING)
    return "".join(parts).encode()


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """74 octets and a blank, whole letters, no escape apart from its letter: as icalendar folds."""
    octets = line.encode()
    if len(octets) < 75:
        return line + "\r\n"
    lines, start = [], 0
    while len(octets) - start > 74:
        end = start + 74
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        if octets[end - 1] in b"\\^":
            end -= 1
        lines.append(octets[start:end])
        start = end
    lines.append(octets[start:])
    return b"\r\n ".join(lines).decode() + "\r\n"


# --- The rows -------------------------------------------------------------------------------------


def fill(background: int) -> dict[int, tuple[Feed, str]]:
    """Rows by SQL, copied from one made by the tests' own makers: a new column needs no change here."""
    agencies = [make_agency(f"Sở số {number}") for number in range(100)]
    task = make_task(agency=agencies[0], due="2026-12-31", due_text="trong quý IV năm 2026")
    action = "chủ trì, phối hợp với các cơ quan liên quan xây dựng kế hoạch thực hiện Nghị quyết; báo cáo"
    Duty.objects.filter(pk=task.duty_id).update(action=f"{action} Ban Thường vụ Tỉnh ủy")
    for _number in range(9):
        make_duty(leads=(agencies[0],), document=task.duty.document)
    copy_rows(Duty, task.duty_id, DUTIES, {})
    bodies = (
        "INSERT INTO tracker_dutybody (duty_id, role, ordinal, agency_id, words) SELECT id, 'lead', 0, %s, ''"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"{bodies} FROM tracker_duty d WHERE NOT EXISTS"  # noqa: S608
            " (SELECT 1 FROM tracker_dutybody b WHERE b.duty_id = d.id)",
            [agencies[0].pk],
        )
    first_duty = Duty.objects.order_by("-id").values_list("id", flat=True)[DUTIES - 1]
    for agency in agencies[1 : 1 + background // DUTIES]:
        copy_tasks(task, DUTIES, agency.pk, first_duty)
    feeds = {size: feed_with(task, size, first_duty) for size in SIZES}
    copy_rows(Event, Event.objects.order_by("id").values_list("id", flat=True)[0], Task.objects.count(), {})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return feeds


def feed_with(task: Task, size: int, first_duty: int) -> tuple[Feed, str]:
    agency = make_agency(f"Cơ quan có {size} việc")
    copy_tasks(task, size, agency.pk, first_duty)
    feed, token = issue_feed(user=make_user(agency=agency), name="Cơ quan tôi", actor=ACTOR, now=NOW)
    return feed, f"/ical/{token}.ics"


def copy_tasks(task: Task, count: int, agency: int, first_duty: int) -> None:
    # Deadlines from five months ago to two and a half years ahead: some are late.
    days = "DATE '2026-07-01' + (g %% 1000)"
    quarter = f"to_char({days}, 'YYYY\"-Q\"Q')"
    values = {
        "duty_id": f"{first_duty} + g - 1",
        "agency_id": str(agency),
        "due_on": days,
        "original_due_on": days,
        "due_quarter": quarter,
    }
    copy_rows(Task, task.pk, count, values)


def copy_rows(model: type[Model], template: int | None, count: int, values: dict[str, str]) -> None:
    columns = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    chosen = ", ".join(values.get(column, f"t.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {chosen}"  # noqa: S608
            f" FROM {model._meta.db_table} t, generate_series(1, {count}) g WHERE t.id = %s",
            [template],
        )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def best(work: Callable[[], Result]) -> tuple[float, Result]:
    turns = [timed(work) for _turn in range(TURNS)]
    return min(seconds for seconds, _result in turns), turns[0][1]


def _url_of_test_database() -> str:
    parts = connection.settings_dict
    password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
    address = f"{parts['HOST'] or 'localhost'}:{parts['PORT'] or 5432}"
    return f"postgres://{parts['USER']}{password}@{address}/{parts['NAME']}"


if __name__ == "__main__":
    sys.exit(main())
