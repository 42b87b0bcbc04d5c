"""Making, rotating and revoking feeds. A token leaves these functions once and is kept as a digest."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tracker.calendar_feed.enums import Component, FeedKind, Only
from tracker.calendar_feed.models import Feed
from tracker.calendar_feed.text import one_line
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor, record_event
from tracker.core.models import User
from tracker.core.secrets import new_token, token_digest
from tracker.duties.queries import documents_visible_to

_QUARTER = re.compile(r"\d{4}-Q[1-4]")
_NOTE_EVERY = timedelta(minutes=5)
_LONGEST_NAME = 120
_LONGEST_CLIENT = 200


@transaction.atomic
def issue_feed(
    *,
    user: User,
    name: str,
    kind: str = FeedKind.OWN,
    document_id: int | None = None,
    component: str = Component.EVENT,
    has_alarms: bool = False,
    quarter: str = "",
    only: str = Only.ANY,
    actor: Actor,
    now: datetime,
) -> tuple[Feed, str]:
    """Make a feed for a person; returns it with its token, which nobody can read again.

    Raises InvalidInputError for an empty name, one that a live feed of the person has, a quarter
    that is none, or a document that the person may not see (or that the kind does not take).
    """
    name = _checked_name(user, name)
    if quarter and not _QUARTER.fullmatch(quarter):
        raise InvalidInputError(_("Quý phải viết như 2026-Q4."), field="quarter")
    number = _document_number(user, kind, document_id)
    token = new_token()
    feed = Feed.objects.create(
        user=user,
        name=name,
        kind=kind,
        document_id=document_id,
        component=component,
        has_alarms=has_alarms,
        quarter=quarter,
        only=only,
        token_digest=token_digest(token),
        created_at=now,
    )
    shown = {"name": name, "kind": str(kind), "document": number}
    record_event(feed, "feed.issued", actor=actor, now=now, after=shown)
    return feed, token


@transaction.atomic
def rotate_feed(feed: Feed, *, actor: Actor, now: datetime) -> tuple[Feed, str]:
    """Give a live feed another address; the old one is unknown from now on.

    Raises TransitionError where the feed has been revoked.
    """
    locked = _locked_live(feed)
    token = new_token()
    locked.token_digest = token_digest(token)
    locked.last_fetched_at, locked.last_client = None, ""
    locked.save(update_fields=["token_digest", "last_fetched_at", "last_client"])
    record_event(locked, "feed.rotated", actor=actor, now=now)
    return locked, token


@transaction.atomic
def revoke_feed(feed: Feed, *, actor: Actor, now: datetime) -> Feed:
    """Close a feed for good. Raises TransitionError where it has been revoked already."""
    locked = _locked_live(feed)
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    record_event(locked, "feed.revoked", actor=actor, now=now)
    return locked


def note_fetch(feed: Feed, *, client: str, now: datetime) -> bool:
    """Keep when and by what a feed was last fetched, at most once in five minutes for one client.

    No event: reading changes nothing that anybody owes. Returns whether it was written.
    """
    client = one_line(client)[:_LONGEST_CLIENT]
    stale = (
        Q(last_fetched_at__isnull=True) | Q(last_fetched_at__lt=now - _NOTE_EVERY) | ~Q(last_client=client)
    )
    if feed.last_client == client and feed.last_fetched_at and feed.last_fetched_at >= now - _NOTE_EVERY:
        return False
    return bool(Feed.objects.filter(stale, pk=feed.pk).update(last_fetched_at=now, last_client=client))


def _checked_name(user: User, name: str) -> str:
    name = one_line(name)
    if not name:
        raise InvalidInputError(_("Cần đặt tên cho lịch."), field="name")
    if len(name) > _LONGEST_NAME:
        raise InvalidInputError(
            _("Tên lịch dài quá %(longest_name)s ký tự.") % {"longest_name": _LONGEST_NAME}, field="name"
        )
    if Feed.objects.filter(user=user, name=name, revoked_at__isnull=True).exists():
        raise InvalidInputError(_("Bạn đã có lịch tên «%(name)s».") % {"name": name}, field="name")
    return name


def _document_number(user: User, kind: str, document_id: int | None) -> str | None:
    """The number of the document that the feed is about, None where the kind takes none."""
    if (kind == FeedKind.DOCUMENT) != (document_id is not None):
        raise InvalidInputError(_("Lịch của một văn bản cần chọn văn bản đó."), field="document")
    if document_id is None:
        return None
    document = documents_visible_to(user).filter(pk=document_id).first()
    if document is None:
        raise InvalidInputError(_("Không có văn bản này."), field="document")
    return document.number


def _locked_live(feed: Feed) -> Feed:
    locked = Feed.objects.select_for_update(of=("self",)).select_related("user").get(pk=feed.pk)
    if locked.revoked_at is not None:
        raise TransitionError(_("Lịch này đã thu hồi."))
    return locked
