"""Tomorrow's digest for one person: what would come, and nothing written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_document, make_task, make_user
from tests.reminders.helpers import at, look
from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.core.workdays import working_days
from tracker.duties.models import Task
from tracker.reminders.addresses import suppress_address
from tracker.reminders.digest import Digest, Group
from tracker.reminders.models import Message, Recipient, Reminder
from tracker.reminders.services import Preview, next_morning, preview


def _groups(one: Preview) -> tuple[Group, ...]:
    assert isinstance(one.content, Digest)
    return one.content.groups


def previews(user: User, moment: str = "2026-11-17") -> list[Preview]:
    _plan, _names, found = preview(moment=at(moment, 7), now=NOW, working=working_days(), only=user)
    return found


def tasks_named(found: list[Preview]) -> list[list[int]]:
    return [[line.task_id for group in _groups(one) for line in group.lines] for one in found]


def test_preview_is_what_goes_the_next_morning(agency: Agency, owner: User) -> None:
    task = make_task(agency=agency, due="2026-11-18")
    other = make_task(agency=make_agency("Sở Y tế", email="y@example.vn"), due="2026-11-18")
    assert tasks_named(previews(owner)) == [[task.pk]]
    assert (Reminder.objects.count(), Message.objects.count(), Recipient.objects.count()) == (0, 0, 0)
    look(at("2026-11-17", 7))
    sent = Reminder.objects.filter(recipient__user=owner, outcome="")
    assert set(sent.values_list("task", flat=True)) == {task.pk}
    assert Reminder.objects.filter(task=other).exists()


def test_preview_leaves_out_what_went_already(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-12-31")
    look(at(TODAY))
    assert previews(owner) == []


def test_preview_moves_nobody_elses_lines(agency: Agency, owner: User, outsider: User) -> None:
    make_task(agency=outsider.agencies.get(), due="2026-11-20")
    look(at(TODAY, 6))  # planned, not sent
    before = list(Reminder.objects.order_by("pk").values())
    assert previews(owner) == []
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_head_sees_one_digest_for_each_agency(agency: Agency) -> None:
    head = make_user("thu-truong", agency=agency, role=PostRole.HEAD)
    second = make_agency("Sở Tài chính")
    head.posts.create(agency=second, role=PostRole.HEAD)
    first_task, second_task = (make_task(agency=one, due="2026-11-18") for one in (agency, second))
    assert sorted(tasks_named(previews(head))) == [[first_task.pk], [second_task.pk]]


def test_monitor_and_registrar_see_what_goes_up_to_them(agency: Agency, owner: User, registrar: User) -> None:
    monitoring = make_agency("Ban theo dõi")
    monitor = make_user(agency=monitoring)
    document = make_document()
    document.monitors.add(monitoring)
    task = make_task(agency=agency, due="2026-10-01", document=document)
    Task.objects.update(created_at=NOW - timedelta(days=200))
    assert tasks_named(previews(monitor)) == [[task.pk]]
    assert tasks_named(previews(registrar)) == [[task.pk]]


def test_who_has_no_address_that_works_sees_nothing(agency: Agency, owner: User) -> None:
    make_task(agency=agency, due="2026-11-18")
    suppress_address(owner.email, reason="550", actor=ACTOR, now=NOW)
    assert previews(owner) == []


def test_preview_takes_the_same_number_of_queries_for_one_task_and_for_many(
    agency: Agency, owner: User
) -> None:
    counts = []
    for _turn in range(2):
        make_task(agency=agency, due="2026-11-18")
        make_task(agency=agency, due="2026-11-19")
        with CaptureQueriesContext(connection) as captured:
            previews(owner)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-16", "2026-11-17"),
        ("2026-11-20", "2026-11-23"),  # over a weekend
        ("2026-11-23", "2026-11-25"),  # the 24th is a holiday
        ("2026-12-31", "2027-01-04"),
    ],
)
def test_next_morning_is_a_working_day(db: None, now: str, morning: str) -> None:
    assert next_morning(at(now, 9), working_days()) == at(morning, 7)
