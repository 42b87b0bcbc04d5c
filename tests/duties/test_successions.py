"""Open tasks follow their bodies. The first test: what happened in the province from 2021 to 2025."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    ACTOR,
    NOW,
    TODAY,
    make_agency,
    make_collective,
    make_document,
    make_duty,
    make_task,
    make_user,
)
from tests.services import require
from tracker import pipeline
from tracker.agencies.changes import NewAgency, abolish_agency, merge_agencies, rename_agency, split_agency
from tracker.agencies.models import Agency, AgencyName, Membership, Post, Succession
from tracker.core.errors import InvalidInputError
from tracker.core.models import Event
from tracker.documents.models import Document
from tracker.duties.models import Duty, DutyBody, Task
from tracker.duties.successions import (
    Change,
    ChangedMeanwhileError,
    Consequences,
    carry_out,
    follow_monitors,
    follow_successions,
    preview_change,
)
from tracker.extraction.registry import load_registry

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 1)
NEXT_DAY = date(2026, 12, 2)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def _look(day: date) -> None:
    """The daily look, on a day."""
    pipeline.open_periods(today=day, actor=ACTOR, now=_at(day))


def _where(tasks: dict[str, Task]) -> dict[str, str]:
    """Old body → who owes its task now; `?` for cần phân công."""
    rows = {task.pk: task for task in Task.objects.select_related("agency")}
    held = {key: rows[task.pk] for key, task in tasks.items()}
    return {key: "?" if task.needs_assignment else task.agency.key for key, task in held.items()}


@pytest.fixture
def open_task_of_every_old_body() -> dict[str, Task]:
    """The registry as the seeds have it, and one open task of each body that was to end by 2025."""
    registry = load_registry(Path(settings.TRACKER_SEEDS) / "agencies.yaml")
    pipeline.load_registry(registry, actor=ACTOR, now=NOW)
    document = make_document(issued_on=date(2021, 1, 4), start_on=date(2021, 1, 1))
    ended = Agency.objects.filter(until__isnull=False).order_by("id")
    return {agency.key: make_task(agency=agency, document=document, due="2027-12-31") for agency in ended}


def test_tasks_of_2021_follow_their_bodies_through_2025(open_task_of_every_old_body: dict[str, Task]) -> None:
    tasks = open_task_of_every_old_body
    still = {key: key for key in tasks}
    left_for_the_centre = {"dang-uy-phan-dam-va-hoa-chat-ha-bac": "?"}
    viet_yen = {"huyen-uy-viet-yen": "thi-uy-viet-yen", "ubnd-huyen-viet-yen": "?"}
    yen_dung = {"huyen-uy-yen-dung": "thanh-uy-bac-giang"}
    caucuses = {
        "ban-can-su-dang-toa-an-nhan-dan-tinh",
        "ban-can-su-dang-vien-kiem-sat-nhan-dan-tinh",
        "dang-doan-hdnd-tinh",
        "dang-doan-uy-ban-mttq-tinh",
        "dang-doan-lien-doan-lao-dong-tinh",
    }
    march_2025 = {
        "ban-tuyen-giao-tinh-uy": "ban-tuyen-giao-va-dan-van-tinh-uy",
        "ban-dan-van-tinh-uy": "ban-tuyen-giao-va-dan-van-tinh-uy",
        "ban-can-su-dang-ubnd-tinh": "dang-uy-ubnd-tinh",
        **dict.fromkeys(caucuses, "dang-uy-cac-co-quan-dang-tinh"),
        "dang-uy-cac-co-quan-tinh": "?",  # two successors: a person decides
        "dang-uy-khoi-doanh-nghiep-tinh": "dang-uy-ubnd-tinh",
        "so-thong-tin-va-truyen-thong": "so-khoa-hoc-va-cong-nghe",
        "so-tai-nguyen-va-moi-truong": "so-nong-nghiep-va-moi-truong",
        "so-lao-dong-thuong-binh-va-xa-hoi": "so-noi-vu",
        "so-ke-hoach-va-dau-tu": "so-tai-chinh",
    }
    districts = {key: "?" for key in tasks if key.startswith(("huyen-uy", "thi-uy", "thanh-uy"))}
    july_2025 = {**districts, "ubnd-thanh-pho-bac-giang": "?"}
    expected = still
    for last_day, change in (
        (date(2023, 3, 28), left_for_the_centre),
        (date(2024, 1, 31), viet_yen),
        (date(2024, 12, 31), yen_dung),
        (date(2025, 2, 28), march_2025),
        (date(2025, 6, 30), july_2025),
    ):
        _look(last_day)
        assert _where(tasks) == expected, f"on {last_day}, a last day"
        expected = expected | change
        _look(last_day.fromordinal(last_day.toordinal() + 1))
        assert _where(tasks) == expected, f"the day after {last_day}"


def test_what_was_done_and_what_is_history_stay_with_who_had_it(
    open_task_of_every_old_body: dict[str, Task],
) -> None:
    tasks = open_task_of_every_old_body
    done, old, reported = (
        tasks[key] for key in ("so-ke-hoach-va-dau-tu", "ban-dan-van-tinh-uy", "dang-doan-hdnd-tinh")
    )
    Task.objects.filter(pk=done.pk).update(state="confirmed", reported_on=date(2024, 5, 5))
    Task.objects.filter(pk=reported.pk).update(state="reported", reported_on=date(2024, 5, 5))
    Task.objects.filter(pk=old.pk).update(is_history=True)
    _look(TODAY)
    where = _where(tasks)
    assert {
        key: where[key] for key in ("so-ke-hoach-va-dau-tu", "ban-dan-van-tinh-uy", "dang-doan-hdnd-tinh")
    } == {
        "so-ke-hoach-va-dau-tu": "so-ke-hoach-va-dau-tu",
        "ban-dan-van-tinh-uy": "ban-dan-van-tinh-uy",
        "dang-doan-hdnd-tinh": "dang-doan-hdnd-tinh",
    }
    Task.objects.filter(pk=reported.pk).update(state="returned", reported_on=None)
    _look(TODAY)
    assert _where(tasks)["dang-doan-hdnd-tinh"] == "dang-uy-cac-co-quan-dang-tinh"


def test_looking_again_changes_nothing(open_task_of_every_old_body: dict[str, Task]) -> None:
    _look(TODAY)
    events, where = Event.objects.count(), _where(open_task_of_every_old_body)
    _look(TODAY)
    assert (Event.objects.count(), _where(open_task_of_every_old_body)) == (events, where)


def test_done_period_of_an_old_body_is_not_owed_again_by_its_heir(agency: Agency) -> None:
    """What was done stays with who did it, and is done."""
    duty = make_duty(
        leads=(agency,),
        due="yearly:12",
        document=make_document(issued_on=date(2025, 1, 10), start_on=date(2025, 1, 1)),
    )
    _look(date(2025, 12, 1))
    Task.objects.filter(period="2025").update(state="confirmed", reported_on=date(2025, 12, 20))
    heir = make_agency("Ban Mới")
    carry_out(
        partial(merge_agencies, [agency], into=heir, day=date(2026, 3, 1)), today=TODAY, actor=ACTOR, now=NOW
    )
    _look(TODAY)
    _look(TODAY)
    held = duty.tasks.order_by("period").values_list("period", "agency", "named_agency", "state")
    assert list(held) == [
        ("2025", agency.pk, agency.pk, "confirmed"),
        ("2026", heir.pk, agency.pk, "not_started"),
    ]


def test_heir_of_several_leads_owes_a_later_period_once(agency: Agency) -> None:
    second, heir = make_agency(), make_agency("Ban Mới")
    duty = make_duty(leads=(agency, second), due="yearly:12")
    carry_out(
        partial(merge_agencies, [agency, second], into=heir, day=date(2026, 3, 1)),
        today=TODAY,
        actor=ACTOR,
        now=NOW,
    )
    _look(TODAY)
    task = duty.tasks.get()
    assert task.agency == heir
    Task.objects.filter(pk=task.pk).update(agency=make_agency("Sở Khác"))  # given to another by hand
    _look(TODAY)
    assert duty.tasks.count() == 1


def test_task_that_the_heir_owes_already_waits_for_a_person(agency: Agency) -> None:
    heir = make_agency("Ban Mới")
    duty = make_duty(leads=(agency, heir), due="2026-12-31")
    mine, theirs = make_task(agency=agency, duty=duty), make_task(agency=heir, duty=duty)
    done = carry_out(
        partial(merge_agencies, [agency], into=heir, day=TODAY), today=TODAY, actor=ACTOR, now=NOW
    )
    assert [(move.task.pk, move.to) for move in done.moves] == [(mine.pk, None)]
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.agency, mine.needs_assignment, theirs.needs_assignment) == (agency, True, False)


def test_task_without_heir_follows_once_the_heir_is_named(agency: Agency) -> None:
    task = make_task(agency=agency)
    abolition = partial(abolish_agency, agency, day=TODAY)
    assert carry_out(abolition, today=TODAY, actor=ACTOR, now=NOW).moves[0].to is None
    heir = make_agency("Ban Mới")
    carry_out(partial(merge_agencies, [agency], into=heir, day=TODAY), today=TODAY, actor=ACTOR, now=NOW)
    task.refresh_from_db()
    assert (task.agency, task.needs_assignment) == (heir, False)
    handed_over = Event.objects.about(task).get(verb="task.handed_over")
    assert (handed_over.before, handed_over.after) == (
        {"agency": agency.key, "needs_assignment": True},
        {"agency": heir.key, "needs_assignment": False},
    )


def test_monitoring_follows_too(agency: Agency) -> None:
    heir = make_agency("Ban Mới")
    document, expired = make_document(), make_document(status="expired")
    for one in (document, expired):
        one.monitors.add(agency)
    done = carry_out(
        partial(merge_agencies, [agency], into=heir, day=TODAY), today=TODAY, actor=ACTOR, now=NOW
    )
    assert [(one.document, one.old.key, one.to) for one in done.monitors] == [(document, agency.key, heir)]
    assert ([*document.monitors.all()], [*expired.monitors.all()]) == ([heir], [agency])
    assert follow_monitors(today=TODAY, actor=ACTOR, now=NOW) == []


# --- Preview ----------------------------------------------------------------------------------------

TABLES: tuple[type[Model], ...] = (
    Agency,
    AgencyName,
    Document,
    Duty,
    DutyBody,
    Event,
    Membership,
    Post,
    Succession,
    Task,
)


def _everything() -> dict[str, list[Any]]:
    tables: dict[str, list[Any]] = {
        table.__name__: list(table._base_manager.order_by("pk").values()) for table in TABLES
    }
    tables["monitors"] = list(Document.monitors.through.objects.order_by("pk").values())
    return tables


def _busy_agency() -> Agency:
    agency = make_agency("Ban Dân vận Tỉnh ủy")
    make_collective(agency)
    make_user("can-bo", agency=agency)
    document = make_document()
    document.monitors.add(agency)
    make_task(agency=agency, document=document)
    make_task(agency=agency, state="in_progress")
    make_task(agency=agency, state="confirmed", reported_on=TODAY)
    return agency


def _facts(consequences: Consequences) -> tuple[object, ...]:
    return (
        [(move.task.pk, move.old.key, move.to and move.to.key) for move in consequences.moves],
        [(one.document.pk, one.to.key) for one in consequences.monitors],
        [(post.user.username, post.agency.key) for post in consequences.people],
        [(one.collective.key, one.agency.key) for one in consequences.joined],
    )


def _merger(agency: Agency, day: date) -> Change:
    return partial(merge_agencies, [agency], into=NewAgency("Ban Mới", "state"), day=day)


def _split(agency: Agency, day: date) -> Change:
    return partial(
        split_agency, agency, into=[NewAgency("Ban A", "state"), NewAgency("Ban B", "state")], day=day
    )


def _abolition(agency: Agency, day: date) -> Change:
    return partial(abolish_agency, agency, day=day)


def _renaming(agency: Agency, day: date) -> Change:
    return partial(rename_agency, agency, name="Ban Khác", day=day)


@pytest.mark.parametrize("day", [date(2026, 10, 1), TODAY, DAY])
@pytest.mark.parametrize("kind", [_merger, _split, _abolition, _renaming])
def test_preview_shows_what_happens_and_changes_nothing(kind: Any, day: date) -> None:
    change = kind(_busy_agency(), day)
    before = _everything()
    shown = preview_change(change, today=TODAY, actor=ACTOR, now=NOW)
    assert _everything() == before
    done = carry_out(change, today=TODAY, actor=ACTOR, now=NOW, confirmed=shown.fingerprint)
    assert _facts(done) == _facts(shown)
    assert len(shown.moves) == (0 if kind is _renaming else 2)


def test_change_of_a_day_to_come_moves_tasks_on_that_day() -> None:
    agency = _busy_agency()
    shown = carry_out(_merger(agency, DAY), today=TODAY, actor=ACTOR, now=NOW)
    moving = [move.task.pk for move in shown.moves]
    held = Task.objects.filter(pk__in=moving, needs_assignment=False)
    assert set(held.values_list("agency__key", flat=True)) == {agency.key}
    _look(date(2026, 11, 30))
    assert set(held.values_list("agency__key", flat=True)) == {agency.key}
    _look(DAY)
    assert set(held.values_list("agency__key", flat=True)) == {"ban-moi"}
    assert set(Post.objects.values_list("agency__key", flat=True)) == {agency.key, "ban-moi"}
    assert [*Document.objects.get(monitors__isnull=False).monitors.values_list("key", flat=True)] == [
        "ban-moi"
    ]


def test_confirming_what_has_changed_since_does_nothing() -> None:
    agency = _busy_agency()
    shown = preview_change(_merger(agency, TODAY), today=TODAY, actor=ACTOR, now=NOW)
    new = make_task(agency=agency)
    before = _everything()
    with pytest.raises(ChangedMeanwhileError) as refusal:
        carry_out(_merger(agency, TODAY), today=TODAY, actor=ACTOR, now=NOW, confirmed=shown.fingerprint)
    assert new.pk in {move.task.pk for move in refusal.value.consequences.moves}
    assert _everything() == before


def test_refused_change_leaves_nothing_behind() -> None:
    agency, gone = _busy_agency(), make_agency(until=date(2020, 1, 1))
    before = _everything()
    with pytest.raises(InvalidInputError):
        preview_change(
            partial(merge_agencies, [agency], into=gone, day=TODAY),
            today=TODAY,
            actor=ACTOR,
            now=NOW,
        )
    assert _everything() == before


@pytest.mark.parametrize("count", [1, 40])
def test_following_takes_as_many_queries_for_many_tasks(
    agency: Agency, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    heir = make_agency("Ban Mới")
    for _turn in range(count):
        make_task(agency=agency)
    merge_agencies([agency], into=heir, day=TODAY, actor=ACTOR, now=NOW)
    with django_assert_num_queries(9):
        assert len(follow_successions(today=TODAY, actor=ACTOR, now=NOW)) == count


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_move_each_task_once() -> None:
    require("PostgreSQL", connection.vendor == "postgresql", "DATABASE_URL không phải PostgreSQL")
    agency, heir = make_agency(), make_agency("Ban Mới")
    for _turn in range(50):
        make_task(agency=agency)
    merge_agencies([agency], into=heir, day=TODAY, actor=ACTOR, now=NOW)
    barrier = Barrier(2)

    def worker() -> int:
        try:
            barrier.wait()
            return len(follow_successions(today=TODAY, actor=ACTOR, now=NOW))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        moved = [future.result() for future in [pool.submit(worker) for _worker in range(2)]]
    assert sum(moved) == 50
    assert Event.objects.filter(verb="task.handed_over").count() == 50
    assert Task.objects.filter(agency=heir).count() == 50
