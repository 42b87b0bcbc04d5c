"""The regular look: plan what is new, send what is due. Two at once do no harm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.webhooks.enums import DeliveryState
from tracker.webhooks.planning import plan_deliveries
from tracker.webhooks.sending import send_due


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did; `failed` will be tried again, `given_up` will not."""

    planned: int
    sent: int
    failed: int
    given_up: int


def look_now(*, today: date, now: datetime) -> Look:
    planned = plan_deliveries(now=now)
    ends = send_due(today=today, now=now)
    return Look(
        planned=planned,
        sent=ends[DeliveryState.SENT],
        failed=ends[DeliveryState.WAITING],
        given_up=ends[DeliveryState.GIVEN_UP],
    )
