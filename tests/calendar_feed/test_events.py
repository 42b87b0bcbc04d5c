"""One task as an event or a to-do: every property, and what each change does to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import translation
from icalendar import Event, Todo

from tracker.calendar_feed.building import variant
from tracker.calendar_feed.enums import Component
from tracker.calendar_feed.events import description_of, render_task
from tracker.calendar_feed.facts import TaskFacts, digest_of

VN = ZoneInfo("Asia/Ho_Chi_Minh")
FACTS = TaskFacts(
    id=7,
    revision=0,
    period="",
    state="not_started",
    due_on=date(2026, 12, 31),
    original_due_on=date(2026, 12, 31),
    percent=None,
    reported_on=None,
    needs_assignment=False,
    created_at=datetime(2026, 1, 20, 8, 30, tzinfo=VN),
    changed_at=datetime(2026, 3, 2, 9, 0, tzinfo=VN),
    agency="Ban Nội chính Tỉnh ủy",
    action="xây dựng kế hoạch thực hiện Nghị quyết",
    due_text="quý IV/2026",
    clause="V.2",
    number="109-NQ/TU",
    secrecy="",
    deadline_state="in_time",
    document="Nghị quyết 109-NQ/TU, 15/01/2026",
    leads="Ban Nội chính Tỉnh ủy",
    coordinators="Công an tỉnh; Sở Y tế",
)


def facts(**changes: Any) -> TaskFacts:
    return FACTS._replace(**changes)


def event(*, has_alarms: bool = False, **changes: Any) -> Any:
    return Event.from_ical(render(Component.EVENT, has_alarms=has_alarms, **changes))


def todo(*, has_alarms: bool = False, **changes: Any) -> Any:
    return Todo.from_ical(render(Component.TODO, has_alarms=has_alarms, **changes))


def render(component: Component, *, has_alarms: bool = False, **changes: Any) -> str:
    with translation.override("vi"):
        return render_task(facts(**changes), variant(component, has_alarms=has_alarms))


def test_event_as_it_stands_in_the_file(settings: Any) -> None:
    settings.TRACKER_CALENDAR_DOMAIN, settings.SITE_URL = "viec.example.vn", "https://viec.example.vn"
    unfolded = render(Component.EVENT).replace("\r\n ", "")
    assert sorted(unfolded.split("\r\n")) == [
        "",
        "BEGIN:VEVENT",
        "CATEGORIES:109-NQ/TU,Quý IV/2026",
        "CREATED:20260120T013000Z",
        (
            "DESCRIPTION:Xây dựng kế hoạch thực hiện Nghị quyết\\n\\n"
            "Thời hạn: quý IV/2026 (31/12/2026)\\n"
            "Tình trạng: chưa thực hiện\\n"
            "Cơ quan thực hiện: Ban Nội chính Tỉnh ủy\\n"
            "Chủ trì: Ban Nội chính Tỉnh ủy\\n"
            "Phối hợp: Công an tỉnh\\; Sở Y tế\\n"
            "Văn bản: Nghị quyết 109-NQ/TU\\, 15/01/2026\\, mục V.2\\n"
            "https://viec.example.vn/viec/7/"
        ),
        "DTEND;VALUE=DATE:20270101",
        "DTSTAMP:20260302T020000Z",
        "DTSTART;VALUE=DATE:20261231",
        "END:VEVENT",
        "LAST-MODIFIED:20260302T020000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "SUMMARY:[Quý IV/2026] Xây dựng kế hoạch thực hiện Nghị quyết",
        "TRANSP:TRANSPARENT",
        "UID:task-7@viec.example.vn",
        "URL:https://viec.example.vn/viec/7/",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "[Quý IV/2026] Xây dựng kế hoạch thực hiện Nghị quyết"),
        ({"due_text": ""}, "[31/12/2026] Xây dựng kế hoạch thực hiện Nghị quyết"),
        (
            {"due_text": "hằng năm", "period": "2026"},
            "[Hằng năm (năm 2026)] Xây dựng kế hoạch thực hiện Nghị quyết",
        ),
        (
            {"deadline_state": "overdue"},
            "[QUÁ HẠN] [Quý IV/2026] Xây dựng kế hoạch thực hiện Nghị quyết",
        ),
        (
            {"state": "reported", "reported_on": date(2026, 12, 1)},
            "[ĐÃ XONG] [Quý IV/2026] Xây dựng kế hoạch thực hiện Nghị quyết",
        ),
        ({"state": "withdrawn"}, "[ĐÃ RÚT] [Quý IV/2026] Xây dựng kế hoạch thực hiện Nghị quyết"),
        ({"secrecy": "Mật"}, "Việc theo văn bản số 109-NQ/TU"),
        ({"secrecy": "Mật", "deadline_state": "overdue"}, "[QUÁ HẠN] Việc theo văn bản số 109-NQ/TU"),
        ({"action": "việc " * 60}, "[Quý IV/2026] " + "Việc" + " việc" * 28 + "…"),
    ],
)
def test_title(changes: dict[str, Any], title: str) -> None:
    assert str(event(**changes)["SUMMARY"]) == title


def test_moved_deadline_is_told_with_the_first_one() -> None:
    moved = facts(due_on=date(2027, 3, 31), due_text="quý I/2027")
    text = description_of(moved, variant(Component.EVENT))
    assert "Thời hạn: quý I/2027 (31/03/2027)\nHạn ban đầu: 31/12/2026\nTình trạng" in text
    assert "Hạn ban đầu" not in description_of(facts(), variant(Component.EVENT))
    assert "Hạn ban đầu" not in description_of(facts(original_due_on=None), variant(Component.EVENT))


def test_secret_document_gives_its_number_and_nothing_that_stands_in_it() -> None:
    text = render(Component.EVENT, secrecy="Tối mật", due_text="chậm nhất quý IV/2026").replace("\r\n ", "")
    for words in ("kế hoạch", "chậm nhất", "Công an", "Ban Nội chính", "V.2"):
        assert words not in text
    assert "109-NQ/TU" in text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "CONFIRMED"),
        ({"state": "returned"}, "CONFIRMED"),
        ({"state": "confirmed", "reported_on": date(2026, 12, 1)}, "CONFIRMED"),
        ({"state": "withdrawn"}, "CANCELLED"),
    ],
)
def test_event_is_cancelled_only_when_withdrawn(changes: dict[str, Any], status: str) -> None:
    assert str(event(**changes)["STATUS"]) == status


def test_sequence_rises_with_every_change_and_with_the_midnight_that_makes_a_task_late() -> None:
    in_time = event(revision=3)["SEQUENCE"]
    late = event(revision=3, deadline_state="overdue")["SEQUENCE"]
    extended = event(revision=4)["SEQUENCE"]
    assert (in_time, late, extended) == (6, 7, 8)


def test_overdue_event_was_last_changed_at_the_midnight_after_its_day() -> None:
    late = event(deadline_state="overdue")
    assert late["LAST-MODIFIED"].dt == datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert late["DTSTAMP"].dt == late["LAST-MODIFIED"].dt
    moved = event(deadline_state="overdue", changed_at=datetime(2027, 2, 1, tzinfo=UTC))
    assert moved["LAST-MODIFIED"].dt == datetime(2027, 2, 1, tzinfo=UTC)


def test_uid_is_of_the_configured_domain(settings: Any) -> None:
    settings.TRACKER_CALENDAR_DOMAIN = "lich.example.vn"
    assert (str(event()["UID"]), str(todo()["UID"])) == ("task-7@lich.example.vn", "todo-7@lich.example.vn")


@pytest.mark.parametrize(
    ("changes", "status", "percent"),
    [
        ({}, "NEEDS-ACTION", 0),
        ({"state": "in_progress"}, "IN-PROCESS", None),
        ({"state": "in_progress", "percent": 40}, "IN-PROCESS", 40),
        ({"state": "returned"}, "IN-PROCESS", None),
        ({"state": "reported", "reported_on": date(2026, 12, 1)}, "COMPLETED", 100),
        ({"state": "confirmed", "reported_on": date(2026, 12, 1), "percent": 40}, "COMPLETED", 100),
        ({"state": "withdrawn"}, "CANCELLED", None),
    ],
)
def test_todo_status(changes: dict[str, Any], status: str, percent: int | None) -> None:
    read = todo(**changes)
    assert (str(read["STATUS"]), read.get("PERCENT-COMPLETE")) == (status, percent)
    assert read["DUE"].dt == date(2026, 12, 31)
    assert read["DUE"].params["VALUE"] == "DATE"
    assert ("COMPLETED" in read) == (status == "COMPLETED")
    assert {"DTSTART", "DTEND", "TRANSP"}.isdisjoint(read.keys())


def test_todo_is_completed_on_the_day_of_its_report_in_viet_nam() -> None:
    read = todo(state="reported", reported_on=date(2026, 12, 1))
    assert read["COMPLETED"].dt.astimezone(VN).date() == date(2026, 12, 1)


def test_alarms_only_where_asked_for_and_only_while_open() -> None:
    assert event().subcomponents == []
    triggers = [alarm["TRIGGER"].dt for alarm in event(has_alarms=True).subcomponents]
    assert triggers == [timedelta(days=-6, hours=-15), timedelta(hours=-15)]  # 9:00, 7 days and 1 day before
    assert event(has_alarms=True, state="withdrawn").subcomponents == []
    assert event(has_alarms=True, state="reported", reported_on=date(2026, 12, 1)).subcomponents == []
    assert all("RELATED=END" in line for line in _trigger_lines(render(Component.TODO, has_alarms=True)))


def _trigger_lines(text: str) -> list[str]:
    return [line for line in text.split("\r\n") if line.startswith("TRIGGER")]


@pytest.mark.parametrize("length", range(60, 100))
def test_folding_stays_within_75_octets_and_never_splits_a_letter(length: int) -> None:
    action = "A" + "ậ" * length + "; ạ, \\ “trích” 𝒜" * 20
    lines = render(Component.EVENT, action=action).encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert "".join(line.decode() for line in lines)  # each line is whole letters
    unfolded = b"\r\n".join(lines).replace(b"\r\n ", b"").decode()
    assert action.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") in unfolded


def test_special_characters_come_back_as_they_went_in() -> None:
    action = "Ban hành “Kế hoạch”; rà soát, bổ sung \\ sửa đổi: a\nb"
    read = str(event(action=action)["DESCRIPTION"])
    assert read.partition("\n\n")[0] == action


@pytest.mark.parametrize("field", [name for name in TaskFacts._fields if name != "id"])
def test_digest_changes_with_every_fact(field: str) -> None:
    changed = {
        "revision": 1,
        "needs_assignment": True,
        "due_on": date(2027, 1, 1),
        "original_due_on": date(2027, 1, 1),
        "percent": 50,
        "reported_on": date(2026, 2, 2),
        "created_at": datetime(2026, 2, 2, tzinfo=UTC),
        "changed_at": datetime(2026, 2, 2, tzinfo=UTC),
    }
    salt = variant(Component.EVENT, has_alarms=False).salt
    assert digest_of(facts(**{field: changed.get(field, "khác")}), salt) != digest_of(facts(), salt)
    assert digest_of(facts(), salt) == digest_of(facts(), salt)
    assert digest_of(facts(), salt) != digest_of(facts(), variant(Component.TODO, has_alarms=False).salt)


def test_settings_stand_in_the_salt() -> None:
    assert settings.SITE_URL in variant(Component.EVENT, has_alarms=False).salt
