"""From the record to the outbox: one row for each event and webhook, made once.

Events are read by their number. On PostgreSQL a transaction that commits late brings in a number
below the newest, so the last hour is read again at every look; the unique row makes that harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tracker.core.models import Event
from tracker.duties.models import Task
from tracker.duties.queries import visible_pairs
from tracker.webhooks.models import Webhook, WebhookCursor, WebhookDelivery
from tracker.webhooks.rules import LONGEST_TRANSACTION

_BATCH = 2000  # events at a time
_ONLY = 1  # the cursor's row

_Row = tuple[int, str, int]  # an event's number, its verb, and the task it is about


@transaction.atomic
def plan_deliveries(*, now: datetime) -> int:
    """Write what is to be sent for every event since the last look; returns how many rows are new.

    Only what the webhook's person may see of it now; it is asked again when it is sent. Two looks at
    the same moment wait for each other on the cursor's row.
    """
    WebhookCursor.objects.get_or_create(pk=_ONLY)
    cursor = WebhookCursor.objects.select_for_update().get(pk=_ONLY)
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    webhooks = list(Webhook.objects.live(now).select_related("user"))
    planned = 0
    if webhooks:
        first = max(cursor.planned_up_to, min(webhook.since_event for webhook in webhooks))
        planned = _plan(webhooks, first, newest, now)
    _move(cursor, newest, now)
    return planned


def _plan(webhooks: Sequence[Webhook], first: int, newest: int, now: datetime) -> int:
    """Plan the task events with numbers in (first, newest]."""
    events = Event.objects.filter(subject_type="task", pk__gt=first, pk__lte=newest).order_by("pk")
    rows: list[_Row] = list(events.values_list("pk", "verb", "subject_id"))
    return sum(
        _plan_batch(webhooks, rows[start : start + _BATCH], now) for start in range(0, len(rows), _BATCH)
    )


def _plan_batch(webhooks: Sequence[Webhook], rows: Sequence[_Row], now: datetime) -> int:
    planned = WebhookDelivery.objects.filter(event__gte=rows[0][0], event__lte=rows[-1][0])
    known = set(planned.filter(webhook__in=webhooks).values_list("webhook_id", "event_id"))
    tasks = {task for _pk, _verb, task in rows}
    seen = visible_pairs({webhook.user for webhook in webhooks}, tasks)
    agency_of = dict(Task.objects.filter(pk__in=tasks).values_list("pk", "agency_id"))
    new = [
        WebhookDelivery(webhook=webhook, event_id=pk, task_id=task, due_at=now, created_at=now)
        for pk, verb, task in rows
        for webhook in webhooks
        if pk > webhook.since_event
        and (webhook.pk, pk) not in known
        and (not webhook.types or verb in webhook.types)
        and (webhook.user_id, task) in seen
        and webhook.agency_id in {None, agency_of[task]}
    ]
    WebhookDelivery.objects.bulk_create(new, batch_size=500)
    return len(new)


def _move(cursor: WebhookCursor, newest: int, now: datetime) -> None:
    """Let the cursor follow, an hour behind. A clock that went back starts a new hour."""
    is_old = cursor.next_at is not None and now - cursor.next_at >= LONGEST_TRANSACTION
    if is_old:
        cursor.planned_up_to = cursor.next_up_to
    if is_old or cursor.next_at is None or now < cursor.next_at:
        cursor.next_up_to, cursor.next_at = newest, now
        cursor.save()
