"""API tokens: made once, kept as a digest, ended for good."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import ACTOR, NOW
from tracker.core.enums import TokenScope
from tracker.core.errors import InvalidInputError
from tracker.core.models import ApiToken, Event, User
from tracker.core.tokens import IssuedToken, issue_token, live_token, revoke_token


def _issue(user: User, *, days: int | None = None, name: str = "bảng điều khiển") -> IssuedToken:
    expires_at = None if days is None else NOW + timedelta(days=days)
    return issue_token(
        user=user, name=name, scope=TokenScope.READ, expires_at=expires_at, actor=ACTOR, now=NOW
    )


def test_secret_finds_its_token_and_its_person(owner: User) -> None:
    issued = _issue(owner)
    found = live_token(issued.secret, now=NOW)
    assert found == issued.row
    assert found is not None
    assert found.user == owner


def test_every_token_is_another(owner: User) -> None:
    assert _issue(owner).secret != _issue(owner).secret


def test_token_lives_up_to_its_end(owner: User) -> None:
    issued = _issue(owner, days=1)
    last = NOW + timedelta(days=1)
    assert live_token(issued.secret, now=last - timedelta(seconds=1)) == issued.row
    assert live_token(issued.secret, now=last) is None


def test_revoked_token_is_dead_and_the_record_names_it(owner: User) -> None:
    issued = _issue(owner)
    assert revoke_token(issued.row, actor=ACTOR, now=NOW)
    assert not revoke_token(issued.row, actor=ACTOR, now=NOW)
    assert live_token(issued.secret, now=NOW) is None
    assert [event.verb for event in Event.objects.about(issued.row)] == ["token.issued", "token.revoked"]
    assert issued.secret not in str(list(Event.objects.values()))


@pytest.mark.parametrize(("name", "days", "field"), [("  ", None, "name"), ("x", 0, "expires_at")])
def test_token_without_a_name_or_a_future_is_refused(
    owner: User, name: str, days: int | None, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        _issue(owner, name=name, days=days)
    assert refusal.value.field == field
    assert not ApiToken.objects.exists()


def test_command_prints_the_secret_once(owner: User) -> None:
    out, note = StringIO(), StringIO()
    call_command("issue_token", "chu-viec", "trục liên thông", "--write", stdout=out, stderr=note)
    token = live_token(out.getvalue().strip(), now=NOW)
    assert token is not None
    assert (token.scope, token.name) == (TokenScope.WRITE, "trục liên thông")
    assert token.expires_at == token.created_at + timedelta(days=365)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("khong-co", "x"), "Không có người dùng «khong-co»."),
        (("chu-viec", " "), "Cần đặt tên cho khóa"),
        (("chu-viec", "x", "--days", "0"), "--days phải từ 1"),
        (("chu-viec", "x", "--days", "9999999999"), "--days phải từ 1"),
    ],
)
def test_command_refuses_with_a_sentence(owner: User, arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("issue_token", *arguments)
    assert not ApiToken.objects.exists()
