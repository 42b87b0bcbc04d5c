"""What a log keeps of an address that is a password (a feed's, a mail's link): that one was asked for."""

from __future__ import annotations

import logging
import sys

import pytest

from tracker.core.logs import WithoutTokens

_TOKEN = "kZ3-_vB7xQ9mT2wY5rN8pL1cD4fG6hJ0sA3uE7iO2aK"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        (f"GET /ical/{_TOKEN}.ics HTTP/1.1", "GET /ical/….ics HTTP/1.1"),
        (f'"https://viec.example.vn/ical/{_TOKEN}.ics"', '"https://viec.example.vn/ical/….ics"'),
        (f"Not Found: /ical//{_TOKEN}", "Not Found: /ical//…"),
        (f"/ical/%6B{_TOKEN[1:]}.ics?a=1", "/ical/….ics?a=1"),
        (f"/tim/?tu=%2Fical%2F{_TOKEN}.ics", "/tim/?tu=%2Fical%2F….ics"),
        (f"/ICAL/{_TOKEN}.ics", "/ICAL/….ics"),
        (f"POST /thu/bc-12-34.{_TOKEN}/ HTTP/1.1", "POST /thu/…/ HTTP/1.1"),
        (f"Gone: /thu/gh-12-34.{_TOKEN}/?x=1", "Gone: /thu/…/?x=1"),
        (f"/thu/nhip/7.{_TOKEN}/", "/thu/nhip/…/"),
        (f"/THU//nhip//7.{_TOKEN}", "/THU//nhip//…"),
        (f"/tim/?tu=%2Fthu%2Fbc-1-2.{_TOKEN}", "/tim/?tu=%2Fthu%2F…"),
        ("GET /thu-nhac/ HTTP/1.1", "GET /thu-nhac/ HTTP/1.1"),
        ("POST /api/v1/tasks/7/reports/", "POST /api/v1/tasks/7/reports/"),
        ("medical/examination of a hundred", "medical/examination of a hundred"),
    ],
)
def test_message_keeps_no_token(line: str, kept: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (line,), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == kept


def test_traceback_keeps_no_token() -> None:
    try:
        raise LookupError({"path": f"ical/{_TOKEN}.ics"})
    except LookupError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "hỏng", (), sys.exc_info())
    assert WithoutTokens().filter(record)
    written = logging.Formatter().format(record)
    assert _TOKEN not in written
    assert "LookupError: {'path': 'ical/….ics'}" in written


@pytest.mark.parametrize("name", ["gunicorn.access", "gunicorn.error"])
def test_the_web_servers_own_logs_are_filtered(name: str) -> None:
    record = logging.LogRecord(
        name, logging.INFO, "", 0, "%(r)s", ({"r": f"GET /ical/{_TOKEN}.ics HTTP/1.1"},), None
    )
    assert logging.getLogger(name).filter(record)
    assert record.getMessage() == "GET /ical/….ics HTTP/1.1"
