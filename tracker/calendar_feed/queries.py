"""Reading feeds: whose they are, what they carry, and whether anything has changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare

from tracker.calendar_feed.enums import FeedKind, Only
from tracker.calendar_feed.models import Feed
from tracker.core.models import User
from tracker.core.secrets import token_digest
from tracker.duties.enums import WorkState
from tracker.duties.models import DONE_STATES, TaskQuerySet
from tracker.duties.queries import tasks_owed_by, tasks_visible_to

DONE_STAYS = timedelta(days=90)
WITHDRAWN_STAYS = timedelta(days=30)
# By hand: this is all that an unchanged feed asks, and composing it would take longer than running it.
_RECORD_STATE = ("events", "posts", "monitored", "role", "is_superuser")
_FEED_BY_DIGEST = """
SELECT feed.*, person.office_role AS role, person.is_superuser AS is_superuser,
  (SELECT sum(id) FROM (SELECT id FROM tracker_event ORDER BY id DESC LIMIT 500) latest) AS events,
  (SELECT sum(id * 1000003 + agency_id) FROM tracker_post WHERE user_id = feed.user_id) AS posts,
  (SELECT sum(monitor.document_id) FROM tracker_document_monitors monitor
    JOIN tracker_post post ON post.agency_id = monitor.agency_id
    WHERE post.user_id = feed.user_id) AS monitored
FROM tracker_feed feed JOIN tracker_user person ON person.id = feed.user_id
WHERE feed.token_digest = %s AND feed.revoked_at IS NULL AND person.is_active
"""


def feeds_of(user: User) -> QuerySet[Feed]:
    """A person's live feeds, as their page lists them."""
    return Feed.objects.live().filter(user=user).select_related("document").order_by("name", "id")


def feed_by_token(token: str) -> Feed | None:
    """The live feed with this token, with the state of the record (one query); None for any other.

    The look-up is by digest: what an attacker could time is the digest of a guess, not the token. What
    the index found is compared once more, in constant time and letter by letter, whatever the collation.

    `record_state` tells an unchanged tracker from a changed one, by a few look-ups in indexes: the
    sum of the newest events' numbers, which grows with every event; not the newest number alone, since
    a transaction that took its numbers early and was committed late does not become the newest; and
    the person's role, posts and monitored documents, on which the feed's rights rest.
    """
    digest = token_digest(token)
    for feed in Feed.objects.raw(_FEED_BY_DIGEST, [digest]):
        if not constant_time_compare(feed.token_digest, digest):
            return None
        feed.record_state = tuple(getattr(feed, name) for name in _RECORD_STATE)
        return feed
    return None


def tasks_in_feed(feed: Feed, today: date) -> TaskQuerySet:
    """The tasks that a feed carries today, within what its person may see now.

    Dated tasks that are followed: open ones however late, done ones for 90 days after their report,
    withdrawn ones for 30 days. History is not followed, so it is in no calendar.
    """
    user = feed.user
    tasks = tasks_owed_by(user) if feed.kind == FeedKind.OWN else tasks_visible_to(user)
    if feed.kind == FeedKind.DOCUMENT:
        tasks = tasks.filter(duty__document=feed.document_id)
    if feed.quarter:
        tasks = tasks.filter(due_quarter=feed.quarter)
    if feed.only == Only.OPEN:
        tasks = tasks.open()
    elif feed.only == Only.OVERDUE:
        tasks = tasks.overdue(today)
    return _still_shown(tasks, today)


def visible_task(user: User, number: int) -> TaskQuerySet:
    """One dated task, if the person may see it: for a download."""
    return tasks_visible_to(user).filter(pk=number)


def _still_shown(tasks: TaskQuerySet, today: date) -> TaskQuerySet:
    withdrawn_since = _midnight(today - WITHDRAWN_STAYS)
    return tasks.filter(is_history=False, due_on__isnull=False).exclude(
        Q(state__in=DONE_STATES, reported_on__lt=today - DONE_STAYS)
        | Q(state=WorkState.WITHDRAWN, changed_at__lt=withdrawn_since)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
