"""Webhooks through the API: registered with a secret shown once, looked after, ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.api.conftest import ClientOf
from tests.factories import ACTOR, NOW, make_task, make_webhook
from tracker.agencies.models import Agency
from tracker.core.events import record_event
from tracker.core.models import ApiToken, Event, User
from tracker.core.tokens import revoke_token
from tracker.webhooks.models import Webhook, WebhookDelivery
from tracker.webhooks.planning import plan_deliveries

URL = "/api/v1/webhooks"
BODY = {"name": "trục", "url": "https://truc.example.vn/nhan", "types": ["task.reported"]}


def _register(client: APIClient, **fields: Any) -> Any:
    return client.post(URL, {**BODY, **fields}, format="json")


def test_person_registers_and_the_secret_is_shown_once(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    client = client_of(owner)
    response = _register(client, agency=agency.key)
    assert response.status_code == 201
    assert response.json()["secret"].startswith("whsec_")
    shown = client.get(f"{URL}/{response.json()['id']}").json()
    assert shown == {
        "id": response.json()["id"],
        **BODY,
        "agency": {"key": agency.key, "name": agency.name},
        "waiting": 0,
        "given_up": 0,
        "last_sent_at": None,
        "created_at": shown["created_at"],
        "rotated_at": None,
        "ended_at": None,
        "end_reason": "",
    }
    assert client.get(URL).json()["results"] == [shown]
    event = Event.objects.get(verb="webhook.registered")
    assert (event.actor, event.after["url"]) == (owner, BODY["url"])


def test_secret_stands_nowhere_in_the_database(client_of: ClientOf, owner: User) -> None:
    secret = _register(client_of(owner)).json()["secret"]
    rows = [*Webhook.objects.values(), *Event.objects.values()]
    assert secret.removeprefix("whsec_") not in str(rows)


def test_webhook_lives_as_long_as_the_token_that_made_it(client_of: ClientOf, owner: User) -> None:
    _register(client_of(owner))
    hook = Webhook.objects.get()
    assert hook.token == ApiToken.objects.get()
    session = APIClient()
    session.force_login(owner)
    _register(session)
    revoke_token(ApiToken.objects.get(), actor=ACTOR, now=NOW)
    assert list(Webhook.objects.live(NOW)) == [Webhook.objects.get(token=None)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "ftp://truc.example.vn/"}, "url"),
        ({"url": "truc.example.vn"}, "url"),
        ({"url": "https://truc.example.vn/\u00e9"}, "url"),
        ({"url": "https://truc.example.vn/" + "x" * 500}, "url"),
        ({"types": ["task reported"]}, "types"),
        ({"types": ["agency.changed"]}, "types"),
        ({"types": "task.reported"}, "types"),
        ({"types": ["task.x"] * 51}, "types"),
        ({"name": " "}, "name"),
        ({"agency": "không có"}, "agency"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_bad_input_is_refused_by_field(
    client_of: ClientOf, owner: User, fields: dict[str, Any], field: str
) -> None:
    response = _register(client_of(owner), **fields)
    assert response.status_code == 400, response.json()
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://truc.example.vn/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://169.254.169.254/latest",
        "https://0.0.0.0/",
        "https://localhost/",
        "https://may-chu/",
        "https://x.internal/",
        "https://a:b@truc.example.vn/",
        "https://truc.example.vn/#x",
        "https://truc.example.vn:x/",
        "https://[::1/",
        "https://?",
    ],
)
def test_address_that_may_not_be_called_is_refused(client_of: ClientOf, owner: User, url: str) -> None:
    response = _register(client_of(owner), url=url)
    assert (response.status_code, response.json()["code"]) == (422, "unusable_address")
    assert not Webhook.objects.exists()


def test_host_of_the_inner_network_needs_the_setting(
    client_of: ClientOf, owner: User, settings: Settings
) -> None:
    settings.TRACKER_WEBHOOK_INNER_HOSTS = ["truc.noi-bo.local"]
    client = client_of(owner)
    assert _register(client, url="http://TRUC.noi-bo.local:8080/nhan").status_code == 201
    assert _register(client, url="http://khac.noi-bo.local/").status_code == 422


def test_unknown_agency_is_refused(client_of: ClientOf, owner: User) -> None:
    response = _register(client_of(owner), agency="khong-co")
    assert (response.status_code, response.json()["code"]) == (422, "unknown_agency")


def test_nobody_has_more_than_ten(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    answers = [_register(client) for _turn in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [422]
    assert answers[10].json()["code"] == "too_many_webhooks"
    client.delete(f"{URL}/{Webhook.objects.order_by('id')[0].pk}")
    assert _register(client).status_code == 201


def test_secret_is_changed(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    first = _register(client).json()
    second = client.post(f"{URL}/{first['id']}/secret").json()
    assert second["id"] == first["id"]
    assert second["secret"] != first["secret"]


def test_webhook_is_ended(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    url = f"{URL}/{_register(client).json()['id']}"
    assert [client.delete(url).status_code for _turn in range(2)] == [204, 204]
    assert client.get(url).json()["ended_at"] is not None
    for address in ("secret", "resend"):
        response = client.post(f"{url}/{address}")
        assert (response.status_code, response.json()["detail"]) == (409, "Webhook này đã thôi.")
    assert Event.objects.filter(verb="webhook.ended").count() == 1


def test_deliveries_are_shown_and_sent_again(client_of: ClientOf, owner: User, agency: Agency) -> None:
    hook = make_webhook(owner).row
    event = record_event(make_task(agency=agency), "task.reported", actor=ACTOR, now=NOW)
    plan_deliveries(now=NOW)
    WebhookDelivery.objects.update(state="given_up", attempts=9, last_status=503)
    client = client_of(owner)
    assert client.get(f"{URL}/{hook.pk}").json()["given_up"] == 1
    (shown,) = client.get(f"{URL}/{hook.pk}/deliveries").json()["results"]
    assert (shown["event_id"], shown["verb"], shown["state"], shown["last_status"]) == (
        event.pk,
        "task.reported",
        "given_up",
        503,
    )
    assert client.post(f"{URL}/{hook.pk}/resend").json() == {"messages": 1}
    assert client.get(f"{URL}/{hook.pk}").json()["waiting"] == 1


def test_lists_take_the_same_queries_for_1_and_more_rows(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    hook = make_webhook(owner).row
    task = make_task(agency=agency)
    client = client_of(owner)
    for url in (URL, f"{URL}/{hook.pk}/deliveries"):
        counts = []
        for number in (1, 8):
            for _turn in range(number):
                record_event(task, "task.reported", actor=ACTOR, now=NOW)
            if number > 1 and url == URL:
                for _turn in range(number):
                    make_webhook(owner)
            plan_deliveries(now=NOW)
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 4
