"""Sending what is due: claimed by a conditional update, signed, posted once, and its answer kept.

Nothing is lost when a worker dies: the attempt was counted and the next one dated before it began.
The receiver may then get a message twice, under the same `webhook-id`.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from django.db.models import Exists, OuterRef
from django.utils import timezone
from requests_hardened import Config, HTTPSession

from tracker.core.errors import InvalidInputError
from tracker.core.events import SYSTEM
from tracker.duties.models import Task
from tracker.duties.queries import tasks_visible_to
from tracker.webhooks.addresses import checked_url, is_inner_host
from tracker.webhooks.enums import DeliveryState
from tracker.webhooks.models import Webhook, WebhookDelivery
from tracker.webhooks.payload import message_of
from tracker.webhooks.rules import (
    CONNECT_TIMEOUT,
    LOOK_BUDGET,
    MOST_ATTEMPTS,
    MOST_PER_LOOK,
    READ_TIMEOUT,
    wait_after,
)
from tracker.webhooks.services import end_webhook
from tracker.webhooks.signing import signed_headers

logger = logging.getLogger(__name__)

_AGENT = "duty-tracker-webhooks/1"
_LONGEST_ERROR = 300  # characters, as the column has it


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver said: a status, or (None) why there was none."""

    status: int | None
    error: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)


def send_due(*, today: date, now: datetime) -> Counter[DeliveryState]:
    """Send what is due, oldest event first; returns how many rows ended in which state.

    A receiver that does not answer is left alone until the next look, so that it holds up nobody
    else's messages. Stops after the look's time, wherever it is: the next look goes on.
    """
    ends: Counter[DeliveryState] = Counter()
    silent: set[int] = set()
    stops_at = time.monotonic() + LOOK_BUDGET
    for pk, webhook_id in _due(now):
        if webhook_id in silent:
            continue
        if time.monotonic() > stops_at:
            break
        delivery = _read(pk)
        if not _claim(delivery, now):
            continue
        state = _deliver(delivery, today=today, now=now)
        ends[state] += 1
        if state not in {DeliveryState.SENT, DeliveryState.DROPPED}:
            silent.add(webhook_id)
    return ends


def _due(now: datetime) -> list[tuple[int, int]]:
    """Delivery and webhook of what is due now.

    Receivers that failed last come last: what waits for them fills neither the look's rows nor its time.
    """
    failing = WebhookDelivery.objects.filter(
        webhook=OuterRef("webhook"), state=DeliveryState.WAITING, attempts__gt=0
    )
    live = Webhook.objects.live(now)
    due = WebhookDelivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now, webhook__in=live)
    due = due.alias(is_failing=Exists(failing)).order_by("is_failing", "event_id", "pk")
    return list(due.values_list("pk", "webhook_id")[:MOST_PER_LOOK])


def _read(pk: int) -> WebhookDelivery:
    rows = WebhookDelivery.objects.select_related("webhook__user", "webhook__token__user", "event__actor")
    return rows.get(pk=pk)


def _claim(delivery: WebhookDelivery, now: datetime) -> bool:
    """Count an attempt and date the next one; False where another worker was first."""
    attempt = delivery.attempts + 1
    unclaimed = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts, due_at=delivery.due_at
    )
    due_at = now + wait_after(attempt, random.random())  # noqa: S311 -- no secret
    if not unclaimed.update(attempts=attempt, due_at=due_at):
        return False
    delivery.attempts = attempt
    return True


def _deliver(delivery: WebhookDelivery, *, today: date, now: datetime) -> DeliveryState:
    """One attempt, of a claimed row; returns the state it leaves."""
    webhook = delivery.webhook
    visible = tasks_visible_to(webhook.user).filter(pk=delivery.task_id)
    task = visible.with_states(today).with_details().first()
    if task is None or webhook.agency_id not in {None, task.agency_id}:
        return _keep(delivery, DeliveryState.DROPPED, Answer(None, ""), now)
    answer = _post(delivery, task, now)
    if answer.is_taken:
        return _keep(delivery, DeliveryState.SENT, answer, now)
    if answer.status == HTTPStatus.GONE:
        end_webhook(webhook, reason="Nơi nhận trả lời 410: không còn nữa.", actor=SYSTEM, now=now)
        return _keep(delivery, DeliveryState.GIVEN_UP, answer, now)
    is_last = delivery.attempts >= MOST_ATTEMPTS
    return _keep(delivery, DeliveryState.GIVEN_UP if is_last else DeliveryState.WAITING, answer, now)


def _post(delivery: WebhookDelivery, task: Task, now: datetime) -> Answer:
    """Post the signed message. The answer's body is never read, and no redirect followed."""
    webhook, body = delivery.webhook, message_of(delivery.event, task)
    # The wall clock, also under a fixed day: receivers refuse what is minutes old.
    headers = signed_headers(
        webhook, message_id=f"evt_{delivery.event_id}", body=body, at=timezone.now(), now=now
    )
    headers |= {"Content-Type": "application/json", "User-Agent": _AGENT}
    try:
        with _session(checked_url(webhook.url)) as session:
            response = session.post(webhook.url, data=body.encode(), headers=headers, stream=True)
            response.close()
    except InvalidInputError as refusal:  # the setting has changed since it was registered
        return Answer(None, str(refusal))
    except requests.RequestException as error:
        return Answer(None, _words_of(error))
    return Answer(response.status_code)


def _session(url: str) -> HTTPSession:
    """A session that refuses addresses of the inner network, by the address it really connects to."""
    is_inner = is_inner_host(urlsplit(url).hostname or "")
    session = HTTPSession(
        Config(
            ip_filter_enable=not is_inner,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
        )
    )
    session.trust_env = False  # neither a proxy of the environment, which would judge for itself, nor .netrc
    return session


def _words_of(error: requests.RequestException) -> str:
    """Why there was no answer, in a few words; the whole of it is in the log."""
    logger.info("webhook not answered: %s", error)
    match error:
        case requests.exceptions.SSLError():
            return "Chứng thư của nơi nhận không hợp lệ."
        case requests.Timeout():
            return "Nơi nhận không trả lời kịp."
        case requests.ConnectionError():
            return "Không nối được với nơi nhận."
    return f"Không gửi được ({type(error).__name__})."


def _keep(delivery: WebhookDelivery, state: DeliveryState, answer: Answer, now: datetime) -> DeliveryState:
    """Keep how an attempt ended, unless a later one has begun meanwhile."""
    own = WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts)
    own.filter(state=DeliveryState.WAITING).update(
        state=state,
        last_status=answer.status,
        last_error=answer.error[:_LONGEST_ERROR],
        sent_at=now if state == DeliveryState.SENT else None,
    )
    return state
