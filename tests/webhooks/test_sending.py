"""Messages that arrive: signed, once where the receiver answers, again where it does not, never elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook as Checker
from standardwebhooks import WebhookVerificationError

from tests.factories import ACTOR, NOW, TODAY, make_document, make_task, make_webhook
from tests.webhooks.conftest import Receiver
from tracker.agencies.models import Agency, Post
from tracker.core.events import record_event
from tracker.core.models import User
from tracker.duties.models import Task
from tracker.duties.workflow import report_task
from tracker.webhooks import sending
from tracker.webhooks.enums import DeliveryState
from tracker.webhooks.look import Look, look_now
from tracker.webhooks.models import Webhook, WebhookDelivery
from tracker.webhooks.planning import plan_deliveries
from tracker.webhooks.rules import MOST_ATTEMPTS, WAITS
from tracker.webhooks.services import Registered, change_secret, end_webhook, resend_given_up


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency, due="2026-Q4", due_text="quý IV/2026")


@pytest.fixture
def hook(owner: User, receiver: Receiver, task: Task) -> Registered:
    """The owner's webhook, and one event that it is to be told of."""
    registered = make_webhook(owner, url=receiver.url)
    report_task(task, note="đã ban hành", today=TODAY, actor=ACTOR, now=NOW)
    return registered


def _look(after: timedelta = timedelta(0)) -> Look:
    return look_now(today=TODAY, now=NOW + after)


def _row() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def test_message_tells_the_event_and_the_task(hook: Registered, receiver: Receiver, task: Task) -> None:
    assert _look() == Look(planned=1, sent=1, failed=0, given_up=0)
    (message,) = receiver.messages(hook.secret)
    assert message["type"] == "task.reported"
    assert message["timestamp"] == NOW.isoformat()
    assert message["data"]["event"]["note"] == "đã ban hành"
    assert message["data"]["event"]["before"]["state"] == "not_started"
    assert message["data"]["task"] == {
        "id": task.pk,
        "url": f"http://127.0.0.1:8000/api/v1/tasks/{task.pk}",
        "page": f"http://127.0.0.1:8000/viec/{task.pk}/",
        "action": "xây dựng kế hoạch thực hiện Nghị quyết",
        "agency": {"key": task.agency.key, "name": "Ban Nội chính Tỉnh ủy"},
        "document": {"id": task.duty.document_id, "number": task.duty.document.number},
        "period": "",
        "deadline_words": "quý IV/2026",
        "due_on": "2026-12-31",
        "state": "reported",
        "deadline_state": "in_time",
        "result": "done_on_time",
        "revision": 1,
    }
    assert (_row().state, _row().last_status, _row().sent_at, _row().attempts) == ("sent", 204, NOW, 1)


def test_message_is_sent_once(hook: Registered, receiver: Receiver) -> None:
    for minute in range(5):
        _look(timedelta(minutes=minute))
    assert len(receiver.taken) == 1


def test_another_secret_does_not_open_it(hook: Registered, receiver: Receiver, owner: User) -> None:
    _look()
    other = make_webhook(owner, url=receiver.url)
    headers, body = receiver.taken[0]
    with pytest.raises(WebhookVerificationError):
        Checker(other.secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Checker(hook.secret).verify(body + b" ", headers)


def test_both_secrets_sign_for_a_day_after_a_change(hook: Registered, receiver: Receiver) -> None:
    changed = change_secret(hook.row, actor=ACTOR, now=NOW)
    _look(timedelta(hours=1))
    headers, body = receiver.taken[0]
    for secret in (hook.secret, changed.secret):
        Checker(secret).verify(body, headers)
    WebhookDelivery.objects.update(state="waiting", due_at=NOW)
    _look(timedelta(hours=24))
    headers, body = receiver.taken[1]
    Checker(changed.secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Checker(hook.secret).verify(body, headers)


def test_refused_message_comes_again_under_its_id(hook: Registered, receiver: Receiver) -> None:
    receiver.statuses = [500, 429]
    looks = [_look(after) for after in (timedelta(0), timedelta(seconds=30), WAITS[0] * 1.2, WAITS[1] * 2)]
    assert [(look.sent, look.failed) for look in looks] == [(0, 1), (0, 0), (0, 1), (1, 0)]
    assert len(receiver.taken) == 3
    assert len(set(receiver.ids)) == 1
    assert (_row().state, _row().attempts) == ("sent", 3)


def test_message_is_given_up_after_the_last_attempt_and_can_be_sent_again(
    hook: Registered, receiver: Receiver
) -> None:
    receiver.statuses = [500] * MOST_ATTEMPTS
    moment, looks = timedelta(0), []
    for _turn in range(MOST_ATTEMPTS + 3):
        looks.append(_look(moment))
        moment += timedelta(hours=30)
    assert len(receiver.taken) == MOST_ATTEMPTS
    assert [look.given_up for look in looks] == [0] * (MOST_ATTEMPTS - 1) + [1, 0, 0, 0]
    assert (_row().state, _row().last_status) == ("given_up", 500)
    assert resend_given_up(hook.row, actor=ACTOR, now=NOW + moment) == 1
    assert _look(moment).sent == 1


def test_waits_add_up_to_three_days() -> None:
    assert timedelta(days=2) < sum(WAITS, timedelta(0)) < timedelta(days=4)


def test_worker_that_dies_in_the_middle_loses_nothing(
    hook: Registered, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(sending, "_post", die)
        with pytest.raises(KeyboardInterrupt):
            _look()
    assert (_row().state, _row().attempts) == ("waiting", 1)
    assert _look().sent == 0  # not before its time: the dead worker may have sent it
    assert _look(WAITS[0] * 1.2).sent == 1
    assert len(receiver.taken) == 1


def test_worker_that_was_late_does_not_undo_what_another_did(hook: Registered, receiver: Receiver) -> None:
    _look()
    stale = _row()
    stale.attempts -= 1
    sending._keep(stale, DeliveryState.WAITING, sending.Answer(None, "chậm"), NOW)
    assert (_row().state, _row().last_error) == ("sent", "")


def test_two_workers_never_claim_the_same_attempt(hook: Registered) -> None:
    plan_deliveries(now=NOW)
    first, second = _row(), _row()
    assert sending._claim(first, NOW)
    assert not sending._claim(second, NOW)
    assert _row().attempts == 1
    assert sending._due(NOW) == []


def test_who_may_see_it_no_more_is_told_nothing(hook: Registered, receiver: Receiver, owner: User) -> None:
    receiver.statuses = [500]
    _look()
    Post.objects.filter(user=owner).delete()
    look = _look(timedelta(hours=1))
    assert (look.sent, len(receiver.taken)) == (0, 1)
    assert _row().state == "dropped"


def test_person_who_may_sign_in_no_more_is_told_nothing(
    hook: Registered, receiver: Receiver, owner: User
) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert _look().planned == 0
    assert receiver.taken == []


def test_what_waits_for_an_ended_webhook_is_not_sent(hook: Registered, receiver: Receiver) -> None:
    receiver.statuses = [500]
    _look()
    end_webhook(hook.row, actor=ACTOR, now=NOW)
    assert _look(timedelta(hours=1)).sent == 0
    assert len(receiver.taken) == 1


def test_receiver_that_is_gone_ends_the_webhook(hook: Registered, receiver: Receiver) -> None:
    receiver.statuses = [410]
    assert _look().given_up == 1
    assert Webhook.objects.get().end_reason == "Nơi nhận trả lời 410: không còn nữa."


def test_silent_receiver_holds_up_nobody_else(
    hook: Registered, receiver: Receiver, owner: User, task: Task, settings: Settings
) -> None:
    """One attempt in a look, however much is waiting for it."""
    silent = make_webhook(owner, url="http://127.0.0.1:9/").row
    for _turn in range(3):
        record_event(task, "task.urged", actor=ACTOR, now=NOW)
    look = _look()
    assert (look.sent, look.failed) == (4, 1)
    attempts = silent.deliveries.order_by("event_id").values_list("attempts", "last_error")
    assert list(attempts) == [(1, "Không nối được với nơi nhận."), (0, ""), (0, "")]


def test_backlog_of_a_dead_receiver_takes_nobody_elses_place(
    receiver: Receiver, owner: User, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look holds so many rows, and the oldest are all the dead one's."""
    monkeypatch.setattr(sending, "MOST_PER_LOOK", 2)
    make_webhook(owner, url="http://127.0.0.1:9/")
    for _turn in range(4):
        record_event(task, "task.urged", actor=ACTOR, now=NOW)
    assert _look().failed == 1
    make_webhook(owner, url=receiver.url)
    record_event(task, "task.urged", actor=ACTOR, now=NOW)
    assert _look().sent == 1
    assert len(receiver.taken) == 1


def test_redirect_is_not_followed(hook: Registered, receiver: Receiver) -> None:
    receiver.statuses, receiver.location = [302], receiver.url + "-khac"
    assert _look().failed == 1
    assert len(receiver.taken) == 1
    assert _row().last_status == 302


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:9/", "https://localhost.localdomain:9/", "https://10.0.0.1/"]
)
def test_inner_address_is_never_called(
    hook: Registered, receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """Also where the name was a public one when it was registered: the address decides, at the call."""
    settings.TRACKER_WEBHOOK_INNER_HOSTS = []
    monkeypatch.setattr(sending, "checked_url", lambda given: given)
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: [(2, 1, 6, "", ("10.0.0.1", 443))])
    Webhook.objects.update(url=url)
    assert _look().failed == 1
    assert (_row().last_status, _row().last_error) == (None, "Không gửi được (InvalidIPAddress).")


def test_host_that_the_setting_allows_no_more_is_not_called(
    hook: Registered, receiver: Receiver, settings: Settings
) -> None:
    settings.TRACKER_WEBHOOK_INNER_HOSTS = []
    assert _look().failed == 1
    assert receiver.taken == []
    assert "https://" in _row().last_error


def test_secret_document_gives_numbers_and_no_text(owner: User, receiver: Receiver, agency: Agency) -> None:
    registered = make_webhook(owner, url=receiver.url)
    task = make_task(agency=agency, document=make_document(secrecy="MẬT"), due_text="trong năm 2026")
    report_task(task, note="điều mật", today=TODAY, actor=ACTOR, now=NOW)
    _look()
    (message,) = receiver.messages(registered.secret)
    assert message["data"]["task"]["action"] == message["data"]["task"]["deadline_words"] == ""
    assert message["data"]["event"]["note"] == ""
    assert "điều mật" not in receiver.taken[0][1].decode()
    assert message["data"]["task"]["due_on"] == date(2026, 12, 31).isoformat()
