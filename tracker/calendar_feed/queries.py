"""Reading feeds: whose they are, what they carry, and whether anything has changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum

from tracker.agencies.models import Post
from tracker.calendar_feed.enums import FeedKind, Only
from tracker.calendar_feed.models import Feed
from tracker.core.models import Event, User
from tracker.core.secrets import token_digest
from tracker.duties.enums import WorkState
from tracker.duties.models import DONE_STATES, Task, TaskQuerySet
from tracker.duties.queries import tasks_owed_by, tasks_visible_to

DONE_STAYS = timedelta(days=90)
WITHDRAWN_STAYS = timedelta(days=30)
# How many of the latest events are counted to notice one that was committed late (see `feed_by_token`).
_RECENT_EVENTS = 1000


def feeds_of(user: User) -> QuerySet[Feed]:
    """A person's live feeds, as their page lists them."""
    return Feed.objects.live().filter(user=user).select_related("document").order_by("name", "id")


def feed_by_token(token: str) -> Feed | None:
    """The live feed with this token, with the state of the record (one query); None for any other.

    The look-up is by digest: what an attacker could time is the digest of a guess, not the token.

    `record_state` tells an unchanged tracker from a changed one, by a few look-ups in indexes: the
    newest event; how many stand just behind it, since a transaction that took its numbers early and
    was committed late adds to those without becoming the newest; and the person's posts, on which
    the feed's rights rest.
    """
    posts = Post.objects.order_by().filter(user=OuterRef("user")).values("user")
    state = {
        "newest_event": Subquery(_newest_event()),
        "recent_events": Subquery(_recent_events()),
        "posts": Subquery(posts.annotate(n=Count("id")).values("n")),
        "newest_post": Subquery(posts.annotate(n=Max("id")).values("n")),
        "agencies": Subquery(posts.annotate(n=Sum("agency")).values("n")),
    }
    live = Feed.objects.live().select_related("user").annotate(**state)
    feed = live.filter(token_digest=token_digest(token)).first()
    if feed is not None:
        feed.record_state = tuple(getattr(feed, name) for name in state)
    return feed


def _newest_event() -> QuerySet[Event, Any]:
    return Event.objects.order_by("-id").values("id")[:1]


def _recent_events() -> QuerySet[Event, Any]:
    count = Func("id", function="COUNT", output_field=IntegerField())
    latest = Event.objects.order_by().filter(id__gt=Subquery(_newest_event()) - _RECENT_EVENTS)
    return latest.annotate(n=count).values("n")


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
    # By number: what a person may see joins posts, and would make the columns below distinct, one by one.
    return Task.objects.filter(pk__in=_still_shown(tasks, today).order_by().values("pk"))


def visible_task(user: User, number: int) -> TaskQuerySet:
    """One dated task, if the person may see it: for a download."""
    return Task.objects.filter(pk__in=tasks_visible_to(user).filter(pk=number).order_by().values("pk"))


def _still_shown(tasks: TaskQuerySet, today: date) -> TaskQuerySet:
    withdrawn_since = _midnight(today - WITHDRAWN_STAYS)
    return tasks.filter(is_history=False, due_on__isnull=False).exclude(
        Q(state__in=DONE_STATES, reported_on__lt=today - DONE_STAYS)
        | Q(state=WorkState.WITHDRAWN, changed_at__lt=withdrawn_since)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
