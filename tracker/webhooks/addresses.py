"""Where a webhook may point to: a public https address, or a host that the installation names.

Judged twice: in form when it is registered, and by the address that its name has at the moment of
sending (the library connects to the very address that it has judged).
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from tracker.core.errors import InvalidInputError, UnusableInputError

MOST_CHARACTERS = 500
_WRONG_FORM = "Địa chỉ không đúng dạng, ví dụ https://truc.example.vn/nhiem-vu."
FORM = r"^https?://[!-~]+$"  # also in the API's description


def is_inner_host(host: str) -> bool:
    """A host of the office's own network that the installation allows, also without https."""
    return host.lower() in settings.TRACKER_WEBHOOK_INNER_HOSTS


def checked_url(url: str) -> str:
    """The address, as it may be kept.

    Raises InvalidInputError with what is wrong: UnusableInputError where its form is right.
    """
    if not re.fullmatch(FORM, url) or len(url) > MOST_CHARACTERS:
        raise InvalidInputError(_WRONG_FORM, field="url")
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise _refusal(_WRONG_FORM) from error
    if not host:
        raise _refusal(_WRONG_FORM)
    if parts.username is not None or parts.password is not None or "#" in url:
        raise _refusal("Địa chỉ không được chứa tên đăng nhập, mật khẩu hay «#».")
    if is_inner_host(host):
        return url
    if parts.scheme != "https":
        raise _refusal("Địa chỉ phải bắt đầu bằng https://.")
    if not _may_be_public(host):
        raise _refusal(
            "Địa chỉ trong mạng nội bộ chỉ dùng được khi người quản trị máy chủ cho phép"
            " (TRACKER_WEBHOOK_INNER_HOSTS)."
        )
    return url


def _may_be_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.rstrip(".").endswith((".local", ".internal", ".localhost"))


def _refusal(words: str) -> UnusableInputError:
    return UnusableInputError(words, field="url", code="unusable_address")
