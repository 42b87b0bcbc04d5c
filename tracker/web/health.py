"""`/healthz` (alive), `/readyz` (database, broker and last scan are well), `/metrics`: for machines.

Answered by a middleware before all others: a probe comes by the container's own address, without
HTTPS, and must be refused neither for its Host header nor be sent elsewhere. No sign-in, no session,
no secrets: an answer says what is ill and never why (the log does).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

from tracker.core import clock
from tracker.reminders.queries import LastScan, last_scan, mails_overdue

logger = logging.getLogger(__name__)

_PATIENCE = 2  # seconds that the broker has to answer
_OK, _ILL = "ok", "ill"
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class HealthDoors:
    """The first middleware: answers the doors of this module, passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = _DOORS.get(request.path_info)
        if door is None:
            return self.get_response(request)
        response = door() if request.method in {"GET", "HEAD"} else HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        return response


def alive() -> HttpResponse:
    """The process answers. Asks nobody else: a restart would not mend a database."""
    return JsonResponse({"status": _OK})


def ready() -> HttpResponse:
    """200 where everything that reminding needs is well, else 503; each part is named."""
    parts: dict[str, Any] = {"database": _database()}
    parts["broker"] = _broker()
    parts["last_scan"] = _scan_facts() if parts["database"] == _OK else {"status": "unknown"}
    is_well = parts["database"] == _OK and parts["broker"] != _ILL and parts["last_scan"]["status"] == _OK
    return JsonResponse({"status": _OK if is_well else _ILL, **parts}, status=200 if is_well else 503)


def metrics() -> HttpResponse:
    """The same in Prometheus's text form, with what waits; 503 without the database."""
    now = clock.now()
    try:
        last, overdue = last_scan(now), mails_overdue(now)
    except DatabaseFault:
        logger.exception("metrics: the database does not answer")
        return HttpResponse("# database ill\n", status=503, content_type=_PROMETHEUS)
    return HttpResponse(_exposition(last, overdue), content_type=_PROMETHEUS)


_DOORS: Mapping[str, Callable[[], HttpResponse]] = {
    "/healthz": alive,
    "/readyz": ready,
    "/metrics": metrics,
}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseFault:
        logger.exception("readyz: the database does not answer")
        return _ILL
    return _OK


def _broker() -> str:
    if not settings.REDIS_URL:
        return "in_process"
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE
        ) as client:
            client.ping()
    except (RedisError, OSError):
        logger.exception("readyz: the broker does not answer")
        return _ILL
    return _OK


def _scan_facts() -> dict[str, Any]:
    """`ok`, `late` (none has ended for a day) or `never`; `unknown` where the table cannot be read."""
    try:
        last = last_scan(clock.now())
    except DatabaseFault:
        logger.exception("readyz: the ledger cannot be read")
        return {"status": "unknown"}
    if last.scan is None or last.age is None:
        return {"status": "never"}
    return {
        "status": _OK if last.is_fresh else "late",
        "finished_at": last.scan.finished_at,
        "age_seconds": int(last.age.total_seconds()),
    }


def _exposition(last: LastScan, overdue: int) -> str:
    figures: list[tuple[str, str, float]] = [
        ("tracker_mails_overdue", "Mails that should have gone by now.", overdue)
    ]
    if last.scan is not None and last.scan.finished_at is not None:
        ended = last.scan.finished_at
        figures += [
            ("tracker_last_scan_timestamp_seconds", "When the last look ended.", ended.timestamp()),
            (
                "tracker_last_scan_duration_seconds",
                "How long the last look took.",
                (ended - last.scan.started_at).total_seconds(),
            ),
            ("tracker_last_scan_planned", "Reminders that the last look wrote.", last.scan.planned),
        ]
    return "".join(
        f"# HELP {name} {words}\n# TYPE {name} gauge\n{name} {value}\n" for name, words, value in figures
    )
