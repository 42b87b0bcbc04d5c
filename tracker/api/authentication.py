"""Signing in with a token: `Authorization: Bearer …`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from tracker.core import clock
from tracker.core.models import ApiToken, User
from tracker.core.tokens import live_token


class TokenAuthentication(BaseAuthentication):
    """A person, by one of their API tokens; `request.auth` is the token.

    Unknown, expired and revoked tokens get one and the same answer.
    """

    scheme = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != self.scheme.lower().encode():
            return None
        try:
            token = live_token(secret.strip().decode("ascii"), now=clock.now())
        except UnicodeDecodeError:
            token = None
        if token is None:
            raise AuthenticationFailed(_("Khóa API không đúng, đã hết hạn hoặc đã bị thu hồi."))
        return token.user, token

    def authenticate_header(self, _request: Request) -> str:
        return f'{self.scheme} realm="api"'
