"""The feed that calendar programs fetch: conditions, headers, how often. Its page is `feed_pages`."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from tracker.calendar_feed.building import Validators, build_feed, kept_validators
from tracker.calendar_feed.models import Feed
from tracker.calendar_feed.queries import feed_by_token
from tracker.calendar_feed.services import note_fetch
from tracker.core import clock
from tracker.core.counting import count_one_more
from tracker.core.secrets import token_digest

_Response = TypeVar("_Response", bound=HttpResponseBase)

_HOUR = 3600
CALENDAR_TYPE = "text/calendar; charset=utf-8"
# no-transform: a proxy that compresses would make the feed unreadable for some Outlooks.
_CACHE = "private, no-cache, no-transform"


@csrf_exempt  # no cookie gives any right here; programs that try PROPFIND first are told 405, not 403
@require_safe
@sensitive_variables("token")
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/ical/<token>.ics`: no sign-in, the token is the right. Unknown, revoked or left: the same 404."""
    feed = feed_by_token(token)
    if feed is None:
        return _private(
            HttpResponseNotFound("Không có lịch này.\n", content_type="text/plain; charset=utf-8")
        )
    if _is_too_often(token_digest(token)):
        return _too_often()
    now = clock.now()
    note_fetch(feed, client=request.headers.get("User-Agent", ""), now=now)
    return _answer(request, feed, now)


def _answer(request: HttpRequest, feed: Feed, now: datetime) -> HttpResponseBase:
    """304 by what was built last, where nothing has changed since; else the bytes, or 304 by those."""
    today = clock.today()
    kept = kept_validators(feed, today)
    if kept is not None:
        known = _conditional(request, kept, None)
        if known is not None:
            return known
    body, validators = build_feed(feed, today=today, now=now)
    response = HttpResponse(body, content_type=CALENDAR_TYPE)
    response["Content-Disposition"] = 'inline; filename="lich.ics"'
    return _conditional(request, validators, response) or response


def _conditional(
    request: HttpRequest, validators: Validators, response: HttpResponse | None
) -> HttpResponseBase | None:
    """A 304 (or 412) where the request's conditions ask for it, by the order of RFC 9110; else None.

    Sets the validators on `response`, the one to be sent otherwise.
    """
    carrier = _private(HttpResponse() if response is None else response)
    carrier["ETag"] = f'"{validators.etag}"'
    modified = int(validators.modified_at.timestamp())
    carrier["Last-Modified"] = http_date(modified)
    answer = get_conditional_response(request, etag=carrier["ETag"], last_modified=modified, response=carrier)
    return None if answer is carrier else answer


def _private(response: _Response) -> _Response:
    response["Cache-Control"] = _CACHE
    response["Referrer-Policy"] = "no-referrer"
    return response


def _is_too_often(digest: str) -> bool:
    """Whether this feed was fetched more often within the hour than the setting allows."""
    hour = int(clock.now().timestamp()) // _HOUR
    allowed: int = settings.TRACKER_FEED_FETCHES_PER_HOUR
    return count_one_more(f"calendar-feed:{digest}:{hour}", seconds=_HOUR) > allowed


def _too_often() -> HttpResponse:
    response = HttpResponse("Tải lịch quá nhiều lần.\n", status=429, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(_HOUR - int(clock.now().timestamp()) % _HOUR)
    return _private(response)
