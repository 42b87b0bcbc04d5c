"""A feed's bytes: an envelope around kept events; and whether they need to be built at all."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import translation

from tracker.calendar_feed import envelope
from tracker.calendar_feed.enums import Component, FeedKind
from tracker.calendar_feed.events import RENDERER, Variant, render_task
from tracker.calendar_feed.facts import TaskFacts, digest_of, read_facts
from tracker.calendar_feed.models import Feed, KeptEvent
from tracker.calendar_feed.queries import tasks_in_feed
from tracker.duties.models import TaskQuerySet

logger = logging.getLogger(__name__)

_LANGUAGE = "vi"  # a feed has no reader's language: its texts are kept for all of them
_BATCH = 500
# What a task's values may raise (the year 9999 has no morrow). Nothing wider: a fault of the program would
# leave out every task, and an empty calendar looks like a free one.
_BAD_TASK = (ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a client may ask whether its copy still holds. `state` is the tracker's (`state_of`)."""

    etag: str
    modified_at: datetime
    state: str


def state_of(feed: Feed, today: date) -> str:
    """A digest of everything that a feed's bytes rest on, without reading a task.

    `feed` comes from `queries.feed_by_token`. Equal states, equal bytes: every change writes an
    event, rights rest on posts and roles, and the day moves what is overdue and what is gone.
    """
    parts = (
        RENDERER,
        today,
        feed.pk,
        feed.name,
        feed.kind,
        feed.document_id,
        feed.component,
        feed.has_alarms,
        feed.quarter,
        feed.only,
        feed.record_state,
        settings.TRACKER_CALENDAR_DOMAIN,
        settings.SITE_URL,
    )
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def kept_validators(feed: Feed, today: date) -> Validators | None:
    """The validators of the bytes last built, where they still hold."""
    if not feed.kept_etag or feed.kept_modified_at is None or feed.kept_state != state_of(feed, today):
        return None
    return Validators(feed.kept_etag, feed.kept_modified_at, feed.kept_state)


def build_feed(feed: Feed, *, today: date, now: datetime) -> tuple[bytes, Validators]:
    """The whole calendar, with its validators, which are kept for the next fetch.

    `feed` comes from `queries.feed_by_token`: its state was read before the tasks are, so that a
    change in between is noticed at the next fetch rather than never.
    """
    state = state_of(feed, today)
    body = calendar_bytes(tasks_in_feed(feed, today), variant=variant_of(feed), name=feed.name, today=today)
    etag = hashlib.sha256(body).hexdigest()
    validators = Validators(etag, _modified_at(feed, etag, now), state)
    while not _keep_validators(feed, validators):
        feed.refresh_from_db(fields=["kept_etag", "kept_modified_at"])
        validators = Validators(etag, _modified_at(feed, etag, now), state)
    return body, validators


def calendar_bytes(tasks: TaskQuerySet, *, variant: Variant, name: str, today: date) -> bytes:
    """A calendar of the given tasks; bytes are equal while the tasks' facts are."""
    with translation.override(_LANGUAGE):
        events = "".join(_texts(tasks, variant, today))
        return f"{envelope.opening(name)}{events}{envelope.CLOSING}".encode()


def variant_of(feed: Feed) -> Variant:
    is_own = feed.kind == FeedKind.OWN
    return variant(Component(feed.component), has_alarms=feed.has_alarms, names_agency=not is_own)


def variant(component: Component, *, has_alarms: bool = False, names_agency: bool = False) -> Variant:
    """A variant under this installation's addresses, never those of the request."""
    return Variant(component, has_alarms, names_agency, settings.TRACKER_CALENDAR_DOMAIN, settings.SITE_URL)


def _texts(tasks: TaskQuerySet, variant: Variant, today: date) -> Iterator[str]:
    """Every task's component: kept ones as they are, others rendered once and kept.

    Kept by the batch, not at the end: a first fetch of a large feed that is cut off has not been in vain.
    """
    salt = variant.salt
    fresh: list[KeptEvent] = []
    for facts, kept in read_facts(tasks, today=today, variant=variant.key):
        digest = digest_of(facts, salt)
        text = kept.text if kept.digest == digest else _rendered(facts, variant)
        if text is None:
            continue
        yield text
        if kept.digest != digest:
            fresh.append(KeptEvent(task_id=facts.id, variant=variant.key, digest=digest, text=text))
            if len(fresh) == _BATCH:
                _keep(fresh)
                fresh = []
    _keep(fresh)


def _rendered(facts: TaskFacts, variant: Variant) -> str | None:
    """One bad task must never break a feed: it is left out, and said in the log."""
    try:
        return render_task(facts, variant)
    except _BAD_TASK:
        logger.exception("task %d cannot stand in a calendar", facts.id)
        return None


def _keep(events: list[KeptEvent]) -> None:
    KeptEvent.objects.bulk_create(
        events,
        update_conflicts=True,
        unique_fields=["task", "variant"],
        update_fields=["digest", "text"],
    )


def _keep_validators(feed: Feed, validators: Validators) -> bool:
    """False where another fetch was quicker: two that were built at once must not share a date."""
    unchanged = Feed.objects.filter(pk=feed.pk, kept_modified_at=feed.kept_modified_at)
    kept = unchanged.update(
        kept_etag=validators.etag, kept_state=validators.state, kept_modified_at=validators.modified_at
    )
    return bool(kept) or not Feed.objects.filter(pk=feed.pk).exists()


def _modified_at(feed: Feed, etag: str, now: datetime) -> datetime:
    """When the bytes became what they are, in whole seconds, later than the bytes before them.

    Two versions within one second would share their `Last-Modified`, and a client that asks by
    date alone would keep the first for ever.
    """
    if feed.kept_modified_at is not None and feed.kept_etag == etag:
        return feed.kept_modified_at
    second = now.replace(microsecond=0)
    if feed.kept_modified_at is None:
        return second
    return max(second, feed.kept_modified_at + timedelta(seconds=1))
