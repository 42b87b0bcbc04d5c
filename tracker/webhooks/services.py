"""Registering webhooks, changing their secrets, ending them, and sending again what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tracker.agencies.models import Agency
from tracker.core.errors import InvalidInputError, TransitionError, UnusableInputError
from tracker.core.events import Actor, record_event
from tracker.core.models import ApiToken, Event, User
from tracker.core.secrets import new_token
from tracker.webhooks.addresses import checked_url
from tracker.webhooks.enums import DeliveryState
from tracker.webhooks.models import Webhook, WebhookDelivery
from tracker.webhooks.rules import MOST_PER_PERSON, MOST_TYPES, TYPE
from tracker.webhooks.signing import secret_of


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook's row and its secret: the only time that anyone sees it."""

    row: Webhook
    secret: str


@transaction.atomic
def register_webhook(
    *,
    user: User,
    name: str,
    url: str,
    types: Sequence[str] = (),
    agency: Agency | None = None,
    token: ApiToken | None = None,
    actor: Actor,
    now: datetime,
) -> Registered:
    """Tell this address of task events from now on; with `token`, for as long as that token opens.

    `types` are verbs of the record (`task.reported`); none means all. Raises InvalidInputError for
    an address, a type or a name that cannot be, and where the person has too many.
    """
    name = name.strip()
    if not name:
        raise InvalidInputError("Cần đặt tên: dùng vào việc gì, ở đâu.", field="name")
    User.objects.select_for_update().get(pk=user.pk)  # of two at the limit one is refused
    if Webhook.objects.live(now).filter(user=user).count() >= MOST_PER_PERSON:
        raise UnusableInputError(
            f"Mỗi người có nhiều nhất {MOST_PER_PERSON} webhook đang dùng; hãy thôi một cái.",
            code="too_many_webhooks",
        )
    nonce = new_token()
    row = Webhook.objects.create(
        user=user,
        token=token,
        agency=agency,
        name=name,
        url=checked_url(url),
        types=_checked_types(types),
        nonce=nonce,
        since_event=Event.objects.aggregate(newest=Max("pk"))["newest"] or 0,
        created_at=now,
    )
    after = {"user": user.username, "name": name, "url": row.url, "types": row.types}
    record_event(row, "webhook.registered", actor=actor, now=now, after=after)
    return Registered(row, secret_of(nonce))


@transaction.atomic
def change_secret(webhook: Webhook, *, actor: Actor, now: datetime) -> Registered:
    """Give a webhook another secret; the old one signs beside it for a day."""
    row = _locked(webhook)
    row.previous_nonce, row.nonce, row.rotated_at = row.nonce, new_token(), now
    row.save(update_fields=["previous_nonce", "nonce", "rotated_at"])
    record_event(row, "webhook.secret_changed", actor=actor, now=now)
    return Registered(row, secret_of(row.nonce))


@transaction.atomic
def end_webhook(webhook: Webhook, *, reason: str = "", actor: Actor, now: datetime) -> bool:
    """Tell this address nothing more, not even what is waiting; False where it was ended before."""
    if not Webhook.objects.filter(pk=webhook.pk, ended_at__isnull=True).update(
        ended_at=now, end_reason=reason
    ):
        return False
    record_event(webhook, "webhook.ended", actor=actor, now=now, note=reason)
    return True


@transaction.atomic
def resend_given_up(webhook: Webhook, *, actor: Actor, now: datetime) -> int:
    """Send what was given up once more, from the first attempt; returns how many."""
    row = _locked(webhook)
    given_up = WebhookDelivery.objects.filter(webhook=row, state=DeliveryState.GIVEN_UP)
    count = given_up.update(state=DeliveryState.WAITING, attempts=0, due_at=now)
    if count:
        record_event(row, "webhook.resent", actor=actor, now=now, after={"messages": count})
    return count


def _locked(webhook: Webhook) -> Webhook:
    row = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if row.ended_at is not None:
        raise TransitionError("Webhook này đã thôi.")
    return row


def _checked_types(types: Sequence[str]) -> list[str]:
    wrong = [name for name in types if not TYPE.fullmatch(name)]
    if wrong:
        raise InvalidInputError(
            f"«{wrong[0]}» không phải mã sự kiện của việc, ví dụ task.reported.", field="types"
        )
    if len(types) > MOST_TYPES:
        raise InvalidInputError(f"Nhiều nhất {MOST_TYPES} loại sự kiện.", field="types")
    return sorted(set(types))
