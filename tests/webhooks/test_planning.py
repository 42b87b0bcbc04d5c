"""From the record to the outbox: every event once, to whom may see it, whatever dies or overlaps."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import ACTOR, NOW, make_agency, make_registrar, make_task, make_user, make_webhook
from tracker.agencies.models import Agency
from tracker.core.enums import TokenScope
from tracker.core.events import record_event
from tracker.core.models import Event, User
from tracker.core.tokens import issue_token, revoke_token
from tracker.duties.models import Task
from tracker.webhooks.models import Webhook, WebhookCursor, WebhookDelivery
from tracker.webhooks.planning import plan_deliveries
from tracker.webhooks.services import end_webhook


def _event(task: Task, verb: str = "task.reported") -> Event:
    return record_event(task, verb, actor=ACTOR, now=NOW)


def _planned() -> list[tuple[int, int]]:
    return list(WebhookDelivery.objects.order_by("id").values_list("webhook_id", "event_id"))


def test_event_is_planned_once_for_each_webhook(owner: User, registrar: User, agency: Agency) -> None:
    hooks = [make_webhook(person).row.pk for person in (owner, registrar)]
    event = _event(make_task(agency=agency))
    assert plan_deliveries(now=NOW) == 2
    assert plan_deliveries(now=NOW + timedelta(minutes=1)) == 0
    assert sorted(_planned()) == [(hook, event.pk) for hook in hooks]


def test_what_was_before_is_not_told(owner: User, agency: Agency) -> None:
    task = make_task(agency=agency)
    _event(task)
    make_webhook(owner)
    later = _event(task)
    plan_deliveries(now=NOW)
    assert [event for _hook, event in _planned()] == [later.pk]


def test_person_is_told_of_what_they_see_and_of_nothing_else(
    owner: User, outsider: User, agency: Agency
) -> None:
    mine, theirs = make_webhook(owner).row, make_webhook(outsider).row
    event = _event(make_task(agency=agency))
    _event(make_task())
    record_event(agency, "agency.changed", actor=ACTOR, now=NOW)
    plan_deliveries(now=NOW)
    assert _planned() == [(mine.pk, event.pk)]
    assert not theirs.deliveries.exists()


def test_types_and_agency_narrow(registrar: User, agency: Agency) -> None:
    make_webhook(registrar, types=["task.returned"], agency=agency)
    task, other = make_task(agency=agency), make_task()
    _event(task)
    wanted = _event(task, "task.returned")
    _event(other, "task.returned")
    plan_deliveries(now=NOW)
    assert [event for _hook, event in _planned()] == [wanted.pk]


def test_ended_webhook_is_told_nothing(owner: User, agency: Agency) -> None:
    hook = make_webhook(owner).row
    task = make_task(agency=agency)
    _event(task)
    end_webhook(hook, actor=ACTOR, now=NOW)
    assert plan_deliveries(now=NOW) == 0


def test_webhook_ends_with_the_token_that_made_it(owner: User, agency: Agency) -> None:
    issued = issue_token(
        user=owner,
        name="thử",
        scope=TokenScope.WRITE,
        expires_at=NOW + timedelta(days=1),
        actor=ACTOR,
        now=NOW,
    )
    hook = make_webhook(owner, token=issued.row).row
    live = Webhook.objects.live
    assert list(live(NOW)) == [hook]
    assert list(live(NOW + timedelta(days=1))) == []
    revoke_token(issued.row, actor=ACTOR, now=NOW)
    assert list(live(NOW)) == []


def test_event_whose_transaction_was_late_is_not_missed(registrar: User, agency: Agency) -> None:
    """PostgreSQL gives out numbers before it commits: a lower one may come in after a higher was read."""
    make_webhook(registrar)
    task = make_task(agency=agency)
    late = _event(task)
    Event.objects.bulk_create([Event(pk=late.pk + 5, at=NOW, verb="task.x", subject_type="task",
                                     subject_id=task.pk, door="command")])  # fmt: skip
    plan_deliveries(now=NOW)
    missed = Event.objects.bulk_create([Event(pk=late.pk + 2, at=NOW, verb="task.y", subject_type="task",
                                              subject_id=task.pk, door="command")])  # fmt: skip
    assert plan_deliveries(now=NOW + timedelta(minutes=59)) == 1
    assert WebhookDelivery.objects.get(event=missed[0])


def test_cursor_follows_an_hour_behind(registrar: User, agency: Agency) -> None:
    make_webhook(registrar)
    task = make_task(agency=agency)
    first = _event(task)
    plan_deliveries(now=NOW)
    cursor = WebhookCursor.objects.get()
    assert (cursor.planned_up_to, cursor.next_up_to) == (0, first.pk)
    second = _event(task)
    plan_deliveries(now=NOW + timedelta(hours=1))
    cursor.refresh_from_db()
    assert (cursor.planned_up_to, cursor.next_up_to) == (first.pk, second.pk)
    assert len(_planned()) == 2


def test_look_takes_the_same_queries_for_1_and_30_events(agency: Agency) -> None:
    make_webhook(make_registrar())
    make_webhook(make_user(agency=agency))
    tasks = [make_task(agency=agency), make_task(agency=make_agency())]
    plan_deliveries(now=NOW)
    counts = []
    for number in (1, 30):
        for turn in range(number):
            _event(tasks[turn % 2])
        with CaptureQueriesContext(connection) as queries:
            assert plan_deliveries(now=NOW) >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]
