"""Which tasks a feed carries and for how long; kept events; what one bad task does."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.calendar_feed.makers import events_of, fetch, make_feed, titles_of
from tests.factories import ACTOR, NOW, TODAY, make_agency, make_document, make_duty, make_task
from tracker.agencies.models import Agency
from tracker.calendar_feed import building
from tracker.calendar_feed.events import Variant, render_task
from tracker.calendar_feed.facts import TaskFacts
from tracker.calendar_feed.models import Feed, KeptEvent
from tracker.core.events import record_event
from tracker.core.models import Event, User
from tracker.duties import workflow
from tracker.duties.deadlines import NewDue
from tracker.duties.extensions import grant_extension, move_deadline, request_extension
from tracker.duties.models import Task
from tracker.extraction.registry import Body, Registry
from tracker.pipeline import load_registry


def _uids(body: bytes, kind: str = "VEVENT") -> list[str]:
    return [str(event["UID"]).partition("@")[0] for event in events_of(body, kind)]


@pytest.mark.parametrize(
    ("fields", "is_shown"),
    [
        ({}, True),
        ({"due": "2020-01-01"}, True),  # overdue ones stay, however late
        ({"due": "none"}, False),
        ({"due": "2020-01-01", "is_history": True}, False),
        ({"needs_assignment": True}, False),
        ({"state": "reported", "reported_on": TODAY - timedelta(days=90)}, True),
        ({"state": "confirmed", "reported_on": TODAY - timedelta(days=91)}, False),
    ],
)
def test_feed_carries_what_is_followed_and_what_was_done_in_90_days(
    owner: User, agency: Agency, fields: dict[str, Any], is_shown: bool
) -> None:
    make_task(agency=agency, **fields)
    _feed, path = make_feed(owner)
    assert len(titles_of(fetch(path))) == is_shown


@pytest.mark.parametrize(("days", "is_shown"), [(0, True), (30, True), (31, False)])
def test_withdrawn_task_is_cancelled_for_30_days_and_then_gone(
    owner: User, agency: Agency, settings: Settings, days: int, is_shown: bool
) -> None:
    task = make_task(agency=agency)
    workflow.withdraw_task(task, reason="Trùng", actor=ACTOR, now=NOW)
    _feed, path = make_feed(owner)
    settings.TRACKER_TODAY = TODAY + timedelta(days=days)
    assert [str(event["STATUS"]) for event in events_of(fetch(path))] == ["CANCELLED"] * is_shown


def test_turns_of_a_recurring_duty_are_events_of_their_own(owner: User, agency: Agency) -> None:
    duty = make_duty(leads=(agency,), due="quarterly", due_text="định kỳ hằng quý")
    for period, day in (("2026-Q4", date(2026, 12, 31)), ("2027-Q1", date(2027, 3, 31))):
        make_task(agency=agency, duty=duty, period=period, due_on=day)
    _feed, path = make_feed(owner)
    assert titles_of(fetch(path)) == [
        "[Định kỳ hằng quý (quý IV/2026)] Xây dựng kế hoạch thực hiện Nghị quyết",
        "[Định kỳ hằng quý (quý I/2027)] Xây dựng kế hoạch thực hiện Nghị quyết",
    ]


def test_filters_by_quarter_and_state(owner: User, agency: Agency) -> None:
    late = make_task(agency=agency, due="2026-10-31")
    done = make_task(agency=agency, due="2026-12-31", state="reported", reported_on=TODAY)
    later = make_task(agency=agency, due="2027-Q1")
    _feed, everything = make_feed(owner, "tất cả")
    _feed, quarter = make_feed(owner, "quý", quarter="2026-Q4")
    _feed, still_open = make_feed(owner, "chưa xong", only="open")
    _feed, overdue = make_feed(owner, "quá hạn", only="overdue")
    uids = {task: f"task-{task.pk}" for task in (late, done, later)}
    assert _uids(fetch(everything)) == [uids[late], uids[done], uids[later]]
    assert _uids(fetch(quarter)) == [uids[late], uids[done]]
    assert _uids(fetch(still_open)) == [uids[late], uids[later]]
    assert _uids(fetch(overdue)) == [uids[late]]


def test_feed_of_todos_has_todos_only(owner: User, agency: Agency) -> None:
    task = make_task(agency=agency)
    _feed, path = make_feed(owner, component="todo")
    body = fetch(path)
    assert (_uids(body), _uids(body, "VTODO")) == ([], [f"todo-{task.pk}"])


def test_person_with_two_posts_that_both_lead_to_a_task_gets_one_event(owner: User, agency: Agency) -> None:
    other = make_agency()
    other.posts.create(user=owner, role="officer")
    document = make_document()
    document.monitors.add(agency, other)
    make_task(agency=agency, document=document)
    _feed, path = make_feed(owner, kind="all")
    assert len(titles_of(fetch(path))) == 1


def test_own_feed_carries_nothing_that_one_only_monitors(owner: User, agency: Agency) -> None:
    document = make_document()
    document.monitors.add(agency)
    own, others = make_task(agency=agency), make_task(agency=make_agency(), document=document)
    _feed, path = make_feed(owner)
    _all, all_path = make_feed(owner, "tất cả", kind="all")
    assert _uids(fetch(path)) == [f"task-{own.pk}"]
    assert _uids(fetch(all_path)) == [f"task-{own.pk}", f"task-{others.pk}"]


def test_registrar_gets_every_agency(registrar: User, agency: Agency, outsider: User) -> None:
    make_task(agency=agency)
    make_task(agency=outsider.agencies.get())
    _feed, path = make_feed(registrar, kind="all")
    action = "[Trong năm 2026] {}: Xây dựng kế hoạch thực hiện Nghị quyết"
    assert titles_of(fetch(path)) == [action.format("Ban Nội chính Tỉnh ủy"), action.format("Sở Y tế")]


def test_calendars_own_properties(owner: User) -> None:
    _feed, path = make_feed(owner, "Việc của Ban, quý IV; 2026")
    lines = fetch(path).decode().replace("\r\n ", "").split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//duty-tracker//calendar feed//VI"]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert sorted(lines[3:-2]) == [
        "CALSCALE:GREGORIAN",
        "COLOR:firebrick",
        "NAME:Việc của Ban\\, quý IV\\; 2026",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-CALNAME:Việc của Ban\\, quý IV\\; 2026",
        "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
    ]


def test_no_method_organizer_attendee_or_token(owner: User, agency: Agency) -> None:
    make_task(agency=agency)
    _feed, path = make_feed(owner, has_alarms=True)
    text = fetch(path).decode().replace("\r\n ", "")
    for word in ("METHOD", "ORGANIZER", "ATTENDEE", path.removeprefix("/ical/").removesuffix(".ics")):
        assert word not in text


def test_bad_task_is_left_out_and_logged_and_the_others_stay(
    owner: User, agency: Agency, caplog: pytest.LogCaptureFixture
) -> None:
    bad = make_task(agency=agency, due="9999-12-31")  # the day after is not in the calendar
    good = make_task(agency=agency)
    _feed, path = make_feed(owner)
    with caplog.at_level(logging.ERROR):
        assert _uids(fetch(path)) == [f"task-{good.pk}"]
    assert f"task {bad.pk} cannot stand in a calendar" in caplog.text


def test_fault_of_the_program_is_no_bad_task(
    owner: User, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every task would be left out of a calendar that looks free."""
    make_task(agency=agency)
    _feed, path = make_feed(owner)

    def fail(*_arguments: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(building, "render_task", fail)
    with pytest.raises(RuntimeError):
        Client().get(path)


def test_hostile_text_breaks_nothing(owner: User, agency: Agency) -> None:
    hostile = 'BEGIN:VEVENT\r\nSUMMARY:giả\r\nEND:VEVENT\x0b\x0c\x1c\u2028 ;,:\\" ậ' * 40
    duty = make_duty(leads=(agency,), due="2026-12-31", due_text='"quý"; IV,\\n/2026', action=hostile)
    task = make_task(agency=agency, duty=duty)
    _feed, path = make_feed(owner, "tên\r\nX-A:1")
    body = fetch(path)
    assert _uids(body) == [f"task-{task.pk}"]
    assert b"\nX-A" not in body
    assert b"\nSUMMARY:gi" not in body


def test_events_are_rendered_once_per_version(
    owner: User, colleague: User, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [make_task(agency=agency) for _number in range(3)]
    rendered: list[int] = []

    def counted(facts: TaskFacts, variant: Variant) -> str:
        rendered.append(facts.id)
        return render_task(facts, variant)

    monkeypatch.setattr(building, "render_task", counted)
    _feed, path = make_feed(owner)
    _other, other_path = make_feed(colleague)
    first = fetch(path)
    assert rendered == [task.pk for task in tasks]
    assert fetch(path) == first
    fetch(other_path)
    assert len(rendered) == 3
    workflow.start_task(tasks[1], actor=ACTOR, now=NOW + timedelta(minutes=1))
    fetch(path)
    assert rendered[3:] == [tasks[1].pk]


@pytest.mark.parametrize("what", ["action", "agency", "document", "body"])
def test_kept_event_follows_what_it_was_made_of(owner: User, agency: Agency, what: str) -> None:
    """Also what changes without the task's own revision: a renamed body, a corrected text."""
    task = make_task(agency=agency)
    _feed, path = make_feed(owner)
    before = fetch(path)
    if what == "action":
        task.duty.action = "báo cáo kết quả"
        task.duty.save()
    elif what == "agency":
        Agency.objects.filter(pk=agency.pk).update(name="Ban Nội chính và Phòng chống tham nhũng")
    elif what == "document":
        task.duty.document.number = "999-NQ/TU"
        task.duty.document.save()
    else:
        task.duty.bodies.create(role="coordinator", ordinal=9, words="các đơn vị liên quan")
    record_event(task.duty, "duty.changed", actor=ACTOR, now=NOW)
    after = fetch(path)
    assert after != before
    KeptEvent.objects.all().delete()
    assert fetch(path) == after


def test_feed_takes_the_same_number_of_queries_for_one_task_and_for_many(
    owner: User, agency: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _feed, path = make_feed(owner)
    make_task(agency=agency)
    fetch(path)
    for number in (1, 4):
        # The feed, its person; numbers, tasks with kept events, bodies, titles; the feed's new state.
        with django_assert_num_queries(7):
            fetch(path)
        for _more in range(number * 3):
            make_task(agency=agency)
        fetch(path)


def test_change_committed_late_under_an_earlier_number_is_noticed(owner: User, agency: Agency) -> None:
    """A transaction takes its event's number, another is committed first, a feed is fetched in between."""
    task = make_task(agency=agency)
    _feed, path = make_feed(owner)
    late = record_event(task, "task.started", actor=ACTOR, now=NOW)
    Event(id=late.pk + 10, at=NOW, door="system", verb="x", subject_type="task", subject_id=1).save(
        force_insert=True
    )
    etag = Client().get(path)["ETag"]
    Task.objects.filter(pk=task.pk).update(
        state="in_progress", revision=1, changed_at=datetime.now(NOW.tzinfo)
    )
    Event(id=late.pk + 5, at=NOW, door="system", verb="x", subject_type="task", subject_id=1).save(
        force_insert=True
    )
    assert Client().get(path, headers={"If-None-Match": etag}).status_code == 200


def test_two_fetches_that_build_at_once_never_share_a_date(
    owner: User, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that asks by date alone would keep the older bytes for ever."""
    task = make_task(agency=agency)
    _feed, path = make_feed(owner)
    build = building.calendar_bytes
    inner: list[Any] = []

    def overtaken(*arguments: Any, **named: Any) -> bytes:
        body = build(*arguments, **named)
        if not inner:
            monkeypatch.setattr(building, "calendar_bytes", build)
            workflow.start_task(task, actor=ACTOR, now=NOW)
            inner.append(Client().get(path))
        return body

    monkeypatch.setattr(building, "calendar_bytes", overtaken)
    outer = Client().get(path)
    assert outer.content != inner[0].content
    assert outer["Last-Modified"] != inner[0]["Last-Modified"]
    after = Client().get(path, headers={"If-Modified-Since": outer["Last-Modified"]})
    assert (after.status_code, after.content) == (200, inner[0].content)


def test_feed_deleted_while_it_is_built_is_answered_all_the_same(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed, path = make_feed(owner)
    build = building.calendar_bytes

    def deleted(*arguments: Any, **named: Any) -> bytes:
        Feed.objects.filter(pk=feed.pk).delete()
        return build(*arguments, **named)

    monkeypatch.setattr(building, "calendar_bytes", deleted)
    assert Client().get(path).status_code == 200


def test_event_keeps_its_name_and_rises_through_all_that_can_happen(owner: User, agency: Agency) -> None:
    task = make_task(agency=agency, due="2026-12-31", due_text="quý IV/2026")
    _feed, path = make_feed(owner)
    action = "Xây dựng kế hoạch thực hiện Nghị quyết"
    later, sooner = NewDue(date(2027, 3, 31), "quý I/2027"), NewDue.on(date(2027, 2, 1))
    steps: list[tuple[Callable[[datetime], object], str, str]] = [
        (lambda _now: None, "2026-12-31", f"[Quý IV/2026] {action}"),
        (
            lambda now: grant_extension(
                request_extension(task, new_due=later, reason="x", today=TODAY, actor=ACTOR, now=now),
                actor=ACTOR,
                now=now,
            ),
            "2027-03-31",
            f"[Quý I/2027] {action}",
        ),
        (
            lambda now: move_deadline(task, new_due=sooner, reason="x", actor=ACTOR, now=now),
            "2027-02-01",
            f"[01/02/2027] {action}",
        ),
        (
            lambda now: workflow.report_task(task, note="x", today=TODAY, actor=ACTOR, now=now),
            "2027-02-01",
            f"[ĐÃ XONG] [01/02/2027] {action}",
        ),
        (
            lambda now: workflow.return_task(task, reason="x", actor=ACTOR, now=now),
            "2027-02-01",
            f"[01/02/2027] {action}",
        ),
        (
            lambda now: workflow.withdraw_task(task, reason="x", actor=ACTOR, now=now),
            "2027-02-01",
            f"[ĐÃ RÚT] [01/02/2027] {action}",
        ),
        (
            lambda now: workflow.restore_task(task, reason="x", actor=ACTOR, now=now),
            "2027-02-01",
            f"[01/02/2027] {action}",
        ),
    ]
    sequence = -1
    for number, (step, day, title) in enumerate(steps):
        now = NOW + timedelta(hours=number)
        step(now)
        (event,) = events_of(fetch(path))
        assert (str(event["UID"]), event["SUMMARY"]) == (f"task-{task.pk}@127.0.0.1", title)
        assert (event["DTSTART"].dt.isoformat(), event["CREATED"].dt) == (day, task.created_at)
        assert event["SEQUENCE"] > sequence
        if number:
            assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == now
        sequence = event["SEQUENCE"]


def test_new_name_of_an_agency_is_a_later_version_of_its_events(
    registrar: User, agency: Agency, outsider: User
) -> None:
    """The title names the agency: clients that compare `SEQUENCE` must take the new one."""
    make_task(agency=agency, revision=2)
    make_task(agency=outsider.agencies.get())
    _feed, path = make_feed(registrar, kind="all")
    before, untouched = events_of(fetch(path))
    renamed = Body(key=agency.key, name="Ban Nội chính và Cải cách tư pháp", kind=agency.kind)
    at = NOW + timedelta(days=1)
    load_registry(Registry(bodies={agency.key: renamed}), actor=ACTOR, now=at)
    after, still = events_of(fetch(path))
    assert "Ban Nội chính và Cải cách tư pháp: Xây dựng" in after["SUMMARY"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (4, 6)
    assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt == at
    assert still == untouched
    load_registry(Registry(bodies={agency.key: renamed}), actor=ACTOR, now=at + timedelta(days=1))
    assert events_of(fetch(path))[0] == after
