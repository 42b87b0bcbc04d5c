"""What machines ask: alive, ready, and the figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.core.models import User
from tracker.reminders.models import Message, Recipient, Scan

STRANGE_HOST = {"host": "10.1.2.3:8000"}


@pytest.fixture
def scan(db: None, settings: Settings) -> Scan:
    settings.REDIS_URL = ""
    return _scan(hours=1)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probe_by_the_containers_address_is_answered(client: Client, scan: Scan, path: str) -> None:
    response = client.get(path, headers=STRANGE_HOST)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_other_pages_still_refuse_a_strange_host(client: Client, db: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["nhiemvu.example.vn"]
    assert client.get("/dang-nhap/", headers=STRANGE_HOST).status_code == 400


def test_probe_is_not_sent_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200


def test_probe_changes_nothing_by_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


def test_alive_asks_no_database(client: Client) -> None:
    """Without the database's fixture a query would fail the test."""
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_names_each_part(
    client: Client, scan: Scan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        response = client.get("/readyz")
    facts = response.json()
    assert response.status_code == 200
    assert (facts["status"], facts["database"], facts["broker"]) == ("ok", "ok", "in_process")
    assert facts["last_scan"]["status"] == "ok"
    assert 3600 <= facts["last_scan"]["age_seconds"] < 3700


@pytest.mark.parametrize(
    ("hours", "status", "code"), [(23.9, "ok", 200), (24, "late", 503), (None, "never", 503)]
)
def test_ready_only_where_somebody_looked_within_a_day(
    client: Client, db: None, settings: Settings, hours: float | None, status: str, code: int
) -> None:
    settings.REDIS_URL = ""
    if hours is not None:
        _scan(hours=hours)
    Scan.objects.create(day=clock.today(), started_at=clock.now())  # begun, never ended: does not count
    response = client.get("/readyz")
    assert (response.status_code, response.json()["last_scan"]["status"]) == (code, status)


def test_silent_broker_is_ill_soon_and_without_its_password(
    client: Client, scan: Scan, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://:bi-mat@127.0.0.1:1/0"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["broker"]) == (503, "ill")
    assert "bi-mat" not in response.content.decode() + caplog.text


def test_lost_database_is_ill_and_says_no_more(
    client: Client, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OperationalError("connection to server at 10.0.0.5 failed")

    with monkeypatch.context() as patch:
        patch.setattr("tracker.web.health.connection.cursor", refuse)
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "ill"
    assert response.json()["last_scan"] == {"status": "unknown"}
    assert "10.0.0.5" not in response.content.decode()


def test_metrics_tell_the_last_scan_and_what_waits(
    client: Client, scan: Scan, owner: User, agency: Agency
) -> None:
    recipient = Recipient.objects.create(user=owner)
    for hours in (-1, 1):
        moment = clock.now() + timedelta(hours=hours)
        Message.objects.create(recipient=recipient, day=moment.date() + timedelta(days=hours), due_at=moment)
    lines = client.get("/metrics").content.decode().splitlines()
    assert scan.finished_at is not None
    assert f"tracker_last_scan_timestamp_seconds {scan.finished_at.timestamp()}" in lines
    assert "tracker_mails_overdue 1" in lines
    assert "tracker_last_scan_planned 7" in lines


def test_metrics_without_any_scan_leave_its_figures_out(client: Client, db: None) -> None:
    assert "tracker_last_scan" not in client.get("/metrics").content.decode()


def _scan(*, hours: float) -> Scan:
    ended = clock.now() - timedelta(hours=hours)
    return Scan.objects.create(
        day=ended.date(), started_at=ended - timedelta(seconds=2), finished_at=ended, planned=7
    )
