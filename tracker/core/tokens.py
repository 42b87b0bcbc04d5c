"""API tokens: issued to a person for a program, shown once, revocable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracker.core.enums import TokenScope
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor, record_event
from tracker.core.models import ApiToken, User
from tracker.core.secrets import new_token, token_digest

MOST_TOKEN_DAYS = 365  # of a token that people issue to themselves


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token's row, and the secret itself: the only time that anyone sees it."""

    row: ApiToken
    secret: str


@transaction.atomic
def issue_token(
    *, user: User, name: str, scope: TokenScope, expires_at: datetime | None, actor: Actor, now: datetime
) -> IssuedToken:
    """Make a token for a person. Raises InvalidInputError without a name or with a past end."""
    name = name.strip()
    if not name:
        raise InvalidInputError(_("Cần đặt tên cho khóa: dùng vào việc gì, ở đâu."), field="name")
    if expires_at is not None and expires_at <= now:
        raise InvalidInputError(_("Khóa phải hết hạn sau lúc này."), field="expires_at")
    secret = new_token()
    row = ApiToken.objects.create(
        user=user, name=name, digest=token_digest(secret), scope=scope, created_at=now, expires_at=expires_at
    )
    record_event(
        row, "token.issued", actor=actor, now=now, after={"user": user.username, "name": name, "scope": scope}
    )
    return IssuedToken(row=row, secret=secret)


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor, now: datetime) -> bool:
    """End a token at once; False where it was revoked before."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
        return False
    record_event(token, "token.revoked", actor=actor, now=now, before={"name": token.name})
    return True


def live_token(secret: str, *, now: datetime) -> ApiToken | None:
    """The token that this secret is, with its user; None where it is unknown, expired or revoked.

    Notes the day of its use: one write a day, not one for every request.
    """
    token = ApiToken.objects.live(now).select_related("user").filter(digest=token_digest(secret)).first()
    if token is not None and token.last_used_on != now.date():
        token.last_used_on = now.date()
        token.save(update_fields=["last_used_on"])
    return token
