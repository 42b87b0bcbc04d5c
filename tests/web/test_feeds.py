"""The feed's HTTP: who gets it, conditions, headers, what never leaks."""

from __future__ import annotations

import io
import logging
from datetime import date

import pytest
from django.core import mail
from django.test import Client
from django.utils.http import http_date, parse_http_date
from pytest_django import DjangoAssertNumQueries, Settings

from tests.calendar_feed.makers import fetch, make_feed, titles_of
from tests.factories import ACTOR, NOW, make_document, make_task
from tracker.agencies.models import Agency, Post
from tracker.calendar_feed.models import Feed
from tracker.calendar_feed.services import revoke_feed, rotate_feed
from tracker.core.logs import WithoutTokens
from tracker.core.models import User
from tracker.duties import workflow
from tracker.web import feeds


def test_feed_carries_the_tasks_of_the_own_agency_only(owner: User, outsider: User, agency: Agency) -> None:
    make_task(agency=agency, due_text="trong quý IV năm 2026")
    _feed, path = make_feed(owner)
    _other, other_path = make_feed(outsider)
    assert titles_of(fetch(path)) == ["[Trong quý IV năm 2026] Xây dựng kế hoạch thực hiện Nghị quyết"]
    assert titles_of(fetch(other_path)) == []


def test_feed_of_a_person_who_changed_agency_carries_nothing_of_the_old_one(
    owner: User, agency: Agency
) -> None:
    make_task(agency=agency)
    _feed, path = make_feed(owner)
    etag = Client().get(path)["ETag"]
    Post.objects.filter(user=owner).delete()
    response = Client().get(path, headers={"If-None-Match": etag})
    assert (response.status_code, titles_of(response.content)) == (200, [])


def test_feed_of_an_agency_that_becomes_monitor_gains_the_documents_tasks(
    outsider: User, agency: Agency
) -> None:
    task = make_task(agency=agency)
    _feed, path = make_feed(outsider, kind="all")
    etag = Client().get(path)["ETag"]
    task.duty.document.monitors.add(outsider.agencies.get())
    response = Client().get(path, headers={"If-None-Match": etag})
    assert (response.status_code, len(titles_of(response.content))) == (200, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Tên khác"},
        {"has_alarms": True},
        {"component": "todo"},
        {"only": "overdue"},
        {"quarter": "2030-Q1"},
    ],
)
def test_feed_of_other_choices_is_built_anew(owner: User, agency: Agency, fields: dict[str, object]) -> None:
    make_task(agency=agency)
    feed, path = make_feed(owner)
    first = Client().get(path)
    Feed.objects.filter(pk=feed.pk).update(**fields)
    response = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (response.status_code, response.content == first.content) == (200, False)


@pytest.mark.parametrize("name", ["TRACKER_CALENDAR_DOMAIN", "SITE_URL"])
def test_feed_under_other_addresses_is_built_anew(
    owner: User, agency: Agency, settings: Settings, name: str
) -> None:
    make_task(agency=agency)
    _feed, path = make_feed(owner)
    etag = Client().get(path)["ETag"]
    setattr(settings, name, "https://khac.example.vn")
    response = Client().get(path, headers={"If-None-Match": etag})
    assert (response.status_code, b"https://khac.example.vn" in response.content) == (200, True)


@pytest.mark.parametrize("rights", [{"office_role": "registrar"}, {"is_superuser": True}])
def test_feed_of_a_person_whose_rights_change_follows_at_once(
    outsider: User, agency: Agency, rights: dict[str, object]
) -> None:
    make_task(agency=agency)
    _feed, path = make_feed(outsider, kind="all")
    etag = Client().get(path)["ETag"]
    User.objects.filter(pk=outsider.pk).update(**rights)
    response = Client().get(path, headers={"If-None-Match": etag})
    assert (response.status_code, len(titles_of(response.content))) == (200, 1)


@pytest.mark.parametrize("loss", ["unknown", "revoked", "rotated", "left"])
def test_feed_that_is_no_more_answers_404_with_the_same_bytes(owner: User, loss: str) -> None:
    feed, path = make_feed(owner)
    if loss == "unknown":
        path = "/ical/khong-co-lich-nay.ics"
    elif loss == "revoked":
        revoke_feed(feed, actor=ACTOR, now=NOW)
    elif loss == "rotated":
        rotate_feed(feed, actor=ACTOR, now=NOW)
    else:
        User.objects.filter(pk=owner.pk).update(is_active=False)
    response = Client().get(path)
    assert (response.status_code, response.content.decode()) == (404, "Không có lịch này.\n")
    assert response["Cache-Control"] == "private, no-cache, no-transform"


def test_headers_of_a_feed(owner: User) -> None:
    _feed, path = make_feed(owner)
    response = Client().get(path, headers={"Accept-Encoding": "gzip, br"})
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache, no-transform"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Content-Encoding" not in response
    assert "Set-Cookie" not in response
    assert response["ETag"].startswith('"')


def test_bytes_are_identical_while_nothing_changed(owner: User, agency: Agency) -> None:
    make_task(agency=agency)
    _feed, path = make_feed(owner)
    first, second = Client().get(path), Client().get(path)
    assert first.content == second.content
    assert (first["ETag"], first["Last-Modified"]) == (second["ETag"], second["Last-Modified"])


def test_head_has_the_headers_of_get_and_no_body(owner: User, agency: Agency) -> None:
    make_task(agency=agency)
    _feed, path = make_feed(owner)
    got, head = Client().get(path), Client().head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(got.content))
    assert head["ETag"] == got["ETag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_other_methods_are_refused(owner: User, method: str) -> None:
    _feed, path = make_feed(owner)
    response = Client(enforce_csrf_checks=True).generic(method, path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("etag", "date_shift", "status"),
    [
        ("same", None, 304),
        ("weak", None, 304),
        ("listed", None, 304),
        ("any", None, 304),
        ("other", None, 200),
        (None, 0, 304),
        (None, 3600, 304),
        (None, -3600, 200),
        ("other", 0, 200),  # If-None-Match has precedence over If-Modified-Since
        ("same", -3600, 304),
    ],
)
def test_condition_is_answered_by_the_rfcs_order(
    owner: User, etag: str | None, date_shift: int | None, status: int
) -> None:
    _feed, path = make_feed(owner)
    first = Client().get(path)
    headers = {}
    if etag is not None:
        headers["If-None-Match"] = {
            "same": first["ETag"],
            "weak": f"W/{first['ETag']}",
            "listed": f'"abc", {first["ETag"]}',
            "any": "*",
            "other": '"abc"',
        }[etag]
    if date_shift is not None:
        headers["If-Modified-Since"] = http_date(parse_http_date(first["Last-Modified"]) + date_shift)
    response = Client().get(path, headers=headers)
    assert response.status_code == status
    assert response["ETag"] == first["ETag"]
    assert response["Cache-Control"] == first["Cache-Control"]
    assert (response.content == b"") == (status == 304)


def test_change_gives_another_etag_and_a_later_date_even_within_a_second(owner: User, agency: Agency) -> None:
    task = make_task(agency=agency)
    _feed, path = make_feed(owner)
    first = Client().get(path)
    workflow.report_task(task, note="Đã xong", today=date(2026, 11, 16), actor=ACTOR, now=NOW)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        response = Client().get(path, headers=headers)
        assert response.status_code == 200
        assert titles_of(response.content) == [
            "[ĐÃ XONG] [Trong năm 2026] Xây dựng kế hoạch thực hiện Nghị quyết"
        ]


def test_new_day_makes_a_task_overdue_though_no_row_changed(
    owner: User, agency: Agency, settings: Settings
) -> None:
    make_task(agency=agency, due="2026-11-16", due_text="")
    _feed, path = make_feed(owner)
    first = Client().get(path)
    settings.TRACKER_TODAY = date(2026, 11, 17)
    second = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert titles_of(second.content) == ["[QUÁ HẠN] [16/11/2026] Xây dựng kế hoạch thực hiện Nghị quyết"]


def test_unchanged_feed_takes_two_queries_at_most(
    owner: User, agency: Agency, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        make_task(agency=agency)
    _feed, path = make_feed(owner)
    etag = Client().get(path)["ETag"]
    with django_assert_max_num_queries(2):
        assert Client().get(path, headers={"If-None-Match": etag, "User-Agent": "x"}).status_code == 304


def test_feed_notes_when_and_by_what_it_was_fetched(owner: User) -> None:
    feed, path = make_feed(owner)
    fetch(path, **{"User-Agent": "Google-Calendar-Importer\t\x01"})
    feed.refresh_from_db()
    assert feed.last_fetched_at is not None
    assert feed.last_client == "Google-Calendar-Importer"


def test_too_many_fetches_of_one_token_are_refused_and_others_are_not(
    owner: User, colleague: User, settings: Settings
) -> None:
    settings.TRACKER_FEED_FETCHES_PER_HOUR = 2
    _feed, path = make_feed(owner)
    _other, other_path = make_feed(colleague)
    statuses = [Client().get(path).status_code for _number in range(3)]
    assert statuses == [200, 200, 429]
    assert 0 < int(Client().get(path)["Retry-After"]) <= 3600
    assert Client().get(other_path).status_code == 200


def test_token_opens_nothing_but_the_feed(owner: User) -> None:
    _feed, path = make_feed(owner)
    token = path.removeprefix("/ical/").removesuffix(".ics")
    response = Client().get("/api/v1/tasks/", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 401
    assert not Feed.objects.filter(token_digest=token).exists()


def test_monitor_sees_the_whole_document_in_its_feed(outsider: User, agency: Agency) -> None:
    document = make_document()
    document.monitors.add(outsider.agencies.get())
    make_task(agency=agency, document=document)
    make_task(agency=agency)
    _feed, path = make_feed(outsider, kind="document", document_id=document.pk)
    assert len(titles_of(fetch(path))) == 1


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the installation's own console handler writes."""
    written = io.StringIO()
    filtered = [
        handler
        for handler in logging.getLogger().handlers
        if any(isinstance(one, WithoutTokens) for one in handler.filters)
    ]
    assert len(filtered) == 1
    monkeypatch.setattr(filtered[0], "stream", written)
    return written


def test_token_reaches_no_log_when_refused(db: None, console: io.StringIO) -> None:
    Client().get("/ical/mot-dia-chi-da-thu-hoi-tu-lau.ics")
    assert "Not Found: /ical/…" in console.getvalue()
    assert "mot-dia-chi" not in console.getvalue()


def test_token_reaches_no_log_or_mail_when_the_tracker_fails(
    owner: User, console: io.StringIO, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.ADMINS = [("Quản trị", "quan-tri@example.vn")]
    _feed, path = make_feed(owner)
    token = path.removeprefix("/ical/").removesuffix(".ics")

    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("hỏng")

    monkeypatch.setattr(feeds, "build_feed", fail)
    response = Client(raise_request_exception=False).get(path)
    assert response.status_code == 500
    assert "RuntimeError: hỏng" in console.getvalue()
    assert token not in console.getvalue()
    assert token not in response.content.decode()
    assert mail.outbox == []
