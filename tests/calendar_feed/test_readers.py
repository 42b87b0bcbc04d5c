"""One calendar of ordinary and hostile tasks, read by parsers that none of us wrote: all read the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.calendar_feed import libical
from tests.calendar_feed.lint import faults_of
from tests.calendar_feed.test_events import FACTS
from tests.factories import TODAY, make_document, make_duty, make_task
from tests.services import require
from tracker.agencies.models import Agency
from tracker.calendar_feed import envelope
from tracker.calendar_feed.building import calendar_bytes, variant
from tracker.calendar_feed.enums import Component
from tracker.calendar_feed.events import Variant, description_of, render_task, title_of
from tracker.calendar_feed.facts import TaskFacts, read_facts
from tracker.duties.models import Task

_JS = Path(__file__).parent / "js"
_NODE = shutil.which("node")
_LONG = "rà soát, bổ sung; hoàn thiện “Đề án” \\ theo mẫu: " * 12

Read = list[dict[str, Any]]


@pytest.fixture(params=[Component.EVENT, Component.TODO])
def component(request: pytest.FixtureRequest) -> Component:
    kind: Component = request.param
    return kind


@pytest.fixture
def tasks(agency: Agency) -> list[Task]:
    """Every state, every kind of text that has broken somebody's calendar."""
    secret = make_document(secrecy="Mật", number="12-NQ/TU")
    return [
        make_task(agency=agency),
        make_task(agency=agency, due="2020-02-29", due_text="ngày 29/02/2020"),
        make_task(agency=agency, due="<2026-12-15", due_text="trước ngày 15/12/2026"),
        make_task(agency=agency, state="in_progress", revision=1),
        make_task(agency=agency, state="reported", reported_on=TODAY, revision=2),
        make_task(agency=agency, state="withdrawn", revision=3),
        make_task(agency=agency, document=secret),
        make_task(agency=agency, duty=make_duty(leads=(agency,), due="2027-Q1", action=_LONG)),
        make_task(
            agency=agency,
            duty=make_duty(leads=(agency,), due="2027-01", action="a\r\nEND:VEVENT\x01\u2028b 𝒜 😀\td"),
        ),
    ]


@pytest.fixture
def body(tasks: list[Task], component: Component) -> bytes:
    shown = variant(component, has_alarms=True)
    return calendar_bytes(Task.objects.all(), variant=shown, name="Cơ quan, tôi; và bạn", today=TODAY)


def test_file_keeps_the_form_of_the_rfc(body: bytes) -> None:
    assert faults_of(body) == []


def test_lint_finds_what_breaks_readers() -> None:
    bad = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:a, b\r\nSUMMARY:" + "ậ" * 40 + "\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    assert sorted({fault.partition(" of ")[0] for fault in faults_of(bad.encode())}) == [
        "SUMMARY twice",
        "UID twice",
        "bare CR or LF",
        "does not end with END:VCALENDAR and CR LF",
        "line",
        "naked comma or semicolon in SUMMARY",
    ]


@pytest.mark.parametrize("reader", ["icalendar", "vobject", "ical.js", "node-ical", "libical"])
def test_foreign_reader_reads_what_the_tracker_holds(
    reader: str, tasks: list[Task], component: Component, body: bytes
) -> None:
    read = _READERS[reader](body)
    # Python's `==` on the whole: one number, one letter, one day off fails.
    assert sorted(read, key=_uid) == sorted(_expected(tasks, component), key=_uid)


def test_libical_finds_no_error_and_no_breach_of_its_rules(body: bytes) -> None:
    require("libical", libical.IS_THERE, "libical3 is not installed")
    calendar = libical.Libical(body)
    assert (calendar.errors, calendar.is_valid) == (0, True)


def _expected(tasks: list[Task], component: Component) -> Read:
    """From the tasks themselves; texts as they are before any iCalendar library touches them."""
    shown = variant(component, has_alarms=True)
    all_facts = {
        facts.id: facts for facts, _kept in read_facts(Task.objects.all(), today=TODAY, variant=shown.key)
    }
    return [_expected_row(task, all_facts[task.pk], shown) for task in tasks]


def _expected_row(task: Task, facts: TaskFacts, shown: Variant) -> dict[str, Any]:
    due = facts.due_on
    is_event = shown.component is Component.EVENT
    is_open = task.state in {"not_started", "in_progress"}
    return {
        "uid": f"{'task' if is_event else 'todo'}-{task.pk}@127.0.0.1",
        "kind": "VEVENT" if is_event else "VTODO",
        "day": due.isoformat(),
        "end": date.fromordinal(due.toordinal() + 1).isoformat() if is_event else None,
        "title": title_of(facts, shown),
        "text": description_of(facts, shown),
        "status": _STATUS[shown.component].get(task.state, "CONFIRMED"),
        "sequence": 2 * task.revision + (is_open and due < TODAY),
        "alarms": 2 if is_open else 0,
    }


_STATUS: dict[Component, dict[str, str]] = {
    Component.EVENT: {"withdrawn": "CANCELLED"},
    Component.TODO: {
        "not_started": "NEEDS-ACTION",
        "in_progress": "IN-PROCESS",
        "reported": "COMPLETED",
        "withdrawn": "CANCELLED",
    },
}


def _uid(row: dict[str, Any]) -> str:
    return str(row["uid"])


def _day(value: date | None) -> str | None:
    assert not isinstance(value, datetime), f"not a day: {value}"
    return value.isoformat() if value else None


def _by_icalendar(body: bytes) -> Read:
    parts: list[Any] = [
        part for part in Calendar.from_ical(body).subcomponents if part.name in {"VEVENT", "VTODO"}
    ]
    return [
        {
            "uid": str(part["UID"]),
            "kind": part.name,
            "day": _day(part["DTSTART" if part.name == "VEVENT" else "DUE"].dt),
            "end": _day(part["DTEND"].dt) if "DTEND" in part else None,
            "title": str(part["SUMMARY"]),
            "text": str(part["DESCRIPTION"]),
            "status": str(part["STATUS"]),
            "sequence": int(part["SEQUENCE"]),
            "alarms": len(part.subcomponents),
        }
        for part in parts
    ]


def _by_vobject(body: bytes) -> Read:
    calendar = vobject.readOne(body.decode())
    parts = [part for part in calendar.getChildren() if part.name in {"VEVENT", "VTODO"}]
    return [
        {
            "uid": part.uid.value,
            "kind": part.name,
            "day": _day(part.dtstart.value if part.name == "VEVENT" else part.due.value),
            "end": _day(part.dtend.value) if "dtend" in part.contents else None,
            "title": part.summary.value,
            "text": part.description.value,
            "status": part.status.value,
            "sequence": int(part.sequence.value),
            "alarms": len(part.contents.get("valarm", [])),
        }
        for part in parts
    ]


def _by_node(reader: str) -> Callable[[bytes], Read]:
    def read(body: bytes) -> Read:
        require("node", _NODE is not None, "node is not installed")
        require(
            "node_modules", (_JS / "node_modules").is_dir(), f"run «npm ci» in {_JS.relative_to(Path.cwd())}"
        )
        command = [str(_NODE), "read.mjs", reader]
        done = subprocess.run(  # noqa: S603 — our own script
            command, input=body, cwd=_JS, capture_output=True, check=True, timeout=60
        )
        rows: Read = json.loads(done.stdout)
        return rows

    return read


def _by_libical(body: bytes) -> Read:
    require("libical", libical.IS_THERE, "libical3 is not installed")
    return libical.Libical(body).components()


_READERS: dict[str, Callable[[bytes], Read]] = {
    "icalendar": _by_icalendar,
    "vobject": _by_vobject,
    "ical.js": _by_node("ical.js"),
    "node-ical": _by_node("node-ical"),
    "libical": _by_libical,
}


_ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("\\,;:\"'\r\n\t ^ậữĐ😀\u0323\u200b\u2028")
    ),
    max_size=200,
)


@given(action=_ANY_TEXT, words=_ANY_TEXT, body=_ANY_TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_the_same_from_every_python_reader(action: str, words: str, body: str) -> None:
    facts = FACTS._replace(action=action, due_text=words, leads=body)
    shown = variant(Component.EVENT)
    text = envelope.opening(body) + render_task(facts, shown) + envelope.CLOSING
    sound = title_of(facts, shown), description_of(facts, shown)
    assert faults_of(text.encode()) == []
    for read in (_by_icalendar, _by_vobject, *((_by_libical,) if libical.IS_THERE else ())):
        (event,) = read(text.encode())
        assert (event["title"], event["text"]) == sound
