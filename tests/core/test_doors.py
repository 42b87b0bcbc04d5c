"""Who acts through an HTTP door, and from where."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from pytest_django import Settings

from tracker.core.doors import actor_of, client_address
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import User


@pytest.mark.parametrize(
    ("is_behind_proxy", "peer", "forwarded", "address"),
    [
        (False, "192.0.2.1", "", "192.0.2.1"),
        (False, "192.0.2.1", "203.0.113.9", "192.0.2.1"),  # anyone may write the header
        (True, "192.0.2.1", "203.0.113.9", "203.0.113.9"),
        (True, "192.0.2.1", "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # the proxy's own entry is the last
        (True, "192.0.2.1", "", "192.0.2.1"),
        (True, "192.0.2.1", "not an address", None),
        (False, "", "", None),
        (False, "fe80::1%eth0", "", "fe80::1"),
    ],
)
def test_address(
    settings: Settings, is_behind_proxy: bool, peer: str, forwarded: str, address: str | None
) -> None:
    settings.BEHIND_PROXY = is_behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else None
    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)) == address


def test_actor_is_who_signed_in(owner: User) -> None:
    request = RequestFactory().get("/")
    request.user = owner
    assert actor_of(request, Door.API) == Actor(door=Door.API, user=owner, address="127.0.0.1")
    request.user = AnonymousUser()
    assert actor_of(request, Door.WEB).user is None
