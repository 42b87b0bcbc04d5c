"""The record of a task reads like a story: a sentence for every verb that the code writes, and its facts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings

from tests.factories import ACTOR, NOW, make_task
from tracker.core.enums import Door
from tracker.core.events import Actor, record_event
from tracker.core.models import User
from tracker.duties.models import Task
from tracker.duties.transitions import TRANSITIONS
from tracker.web.story import story_of

pytestmark = pytest.mark.django_db

# `"task.handed_over" if to else "task.needs_assignment"`
_CHOSEN = re.compile(r'"((?:task|duty)\.\w+)" if |else "((?:task|duty)\.\w+)"')
_WRITTEN = re.compile(r'record_events?\(\s*[\w.]+,\s*"((?:task|duty|evidence)\.\w+)"')


def _verbs() -> list[str]:
    """Every verb about a task or its duty that the code names where it writes."""
    code = "".join(path.read_text() for path in sorted((settings.BASE_DIR / "tracker").rglob("*.py")))
    chosen = (verb for pair in _CHOSEN.findall(code) for verb in pair if verb)
    return sorted({*chosen, *_WRITTEN.findall(code), *(action.verb for action in TRANSITIONS)})


def test_source_is_read() -> None:
    assert {
        "duty.created",
        "evidence.added",
        "task.reported",
        "task.needs_assignment",
        "task.became_history",
    } <= set(_verbs())


@pytest.mark.parametrize("verb", _verbs())
def test_verb_has_its_sentence(verb: str) -> None:
    task = make_task()
    record_event(task, verb, actor=ACTOR, now=NOW)
    (line,) = story_of(task)
    assert line.what != verb


FACTS: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    (
        "task.reported",
        {},
        {"evidence_number": "12-KH", "reported_on": "2026-11-16", "late_reason": "Chờ số liệu"},
        ["Minh chứng: 12-KH", "Ngày tính hoàn thành: 16/11/2026", "Lý do chậm: Chờ số liệu"],
    ),
    (
        "task.progress_noted",
        {},
        {"percent": 0, "stage": "dự thảo", "difficulties": "", "proposals": "Xin gia hạn"},
        ["Tiến độ: 0%", "Giai đoạn: dự thảo", "Kiến nghị, đề xuất: Xin gia hạn"],
    ),
    (
        "task.extension_requested",
        {"due_on": "2026-12-31"},
        {"asked_due_on": "2027-03-31", "asked_due_text": "quý I/2027"},
        ["31/12/2026 → quý I/2027 (31/03/2027)"],
    ),
    (
        "task.extension_requested",
        {"due_on": "2026-12-31"},
        {"asked_due_on": "2027-03-31", "asked_due_text": "31/03/2027"},
        ["31/12/2026 → 31/03/2027"],
    ),
    (
        "task.extension_granted",
        {"due_on": "2026-12-31"},
        {"due_on": "2027-01-31", "moved_due_text": "31/01/2027", "asked_due_on": "2027-03-31"},
        ["31/12/2026 → 31/01/2027", "Ngắn hơn đề nghị (31/03/2027)"],
    ),
    (
        "task.deadline_moved",
        {"due_on": None},
        {"due_on": "2027-03-31", "moved_due_text": "quý I/2027"},
        ["không có hạn → quý I/2027 (31/03/2027)"],
    ),
    (
        "task.replanned",
        {"due_on": "2026-12-31"},
        {"due_on": "2026-11-30"},
        ["31/12/2026 → 30/11/2026"],
    ),
    (
        "duty.deadline_changed",
        {"due_text": ""},
        {"due_text": "quý I/2027"},
        ["không có hạn → quý I/2027"],
    ),
    ("duty.end_set", {"ends_on": None}, {"ends_on": "2030-12-31"}, ["không hạn chế → 31/12/2030"]),
    ("evidence.added", {}, {"files": ["a.pdf", "b.docx"]}, ["a.pdf", "b.docx"]),
    ("task.started", {"state": "not_started"}, {"state": "in_progress"}, []),
]


@pytest.mark.parametrize(("verb", "before", "after", "facts"), FACTS, ids=[row[0] for row in FACTS])
def test_facts_are_told_beside_the_sentence(
    verb: str, before: dict[str, Any], after: dict[str, Any], facts: list[str]
) -> None:
    task = make_task()
    record_event(task, verb, actor=ACTOR, now=NOW, before=before, after=after)
    assert list(story_of(task)[0].facts) == facts


def test_story_names_the_person_the_door_and_the_words(owner: User) -> None:
    task: Task = make_task()
    by_mail = Actor(door=Door.MAIL, user=owner)
    record_event(task, "task.started", actor=by_mail, now=NOW, note="Đang làm")
    record_event(task.duty, "duty.created", actor=ACTOR, now=NOW)
    record_event(make_task(), "task.started", actor=by_mail, now=NOW)
    lines = [(line.who, line.what, line.door, line.note) for line in story_of(task)]
    assert lines == [
        ("chu-viec", "bắt đầu thực hiện", "liên kết trong thư", "Đang làm"),
        ("Hệ thống", "duyệt nhiệm vụ đọc được từ văn bản", "lệnh vận hành", ""),
    ]
