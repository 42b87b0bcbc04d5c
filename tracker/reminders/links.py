"""Links that do one thing for one person about one task, without signing in; and those that set the rhythm.

A link is signed, not kept: a morning's mails hold a hundred thousand of them. It names its purpose,
its mail in the outbox (which knows person and day) and the task in plain numbers, followed by a
signature over these and the person's mail address, so that a changed address, like a changed secret
key, ends every link that went to the old one. What the person may do is asked when the link is used,
never when it is made.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from tracker.core.enums import OfficeRole
from tracker.core.errors import TrackerError
from tracker.core.models import User
from tracker.core.secrets import token_digest
from tracker.duties.models import Task
from tracker.reminders.enums import Lane, LinkPurpose
from tracker.reminders.models import Message, Recipient

_SEPARATOR = "."
_SALT = "tracker.reminders.links"
# A purpose, the mail, the task.
_FORM = re.compile(r"([a-z]{2})-([0-9]{1,18})-([0-9]{1,18})")
_NUMBER = re.compile(r"[0-9]{1,18}")
# Lanes of people who hear of other agencies' tasks: nothing for them to report.
_OVERSEEING = frozenset({Lane.MONITOR, Lane.REGISTRAR})


class BadLinkError(TrackerError):
    """No link of ours, or not in one piece: cut by a mail program, typed by hand, forged."""

    code = "bad_link"


class ExpiredLinkError(TrackerError):
    """A genuine link that is too old."""

    code = "expired_link"


@dataclass(frozen=True, slots=True)
class Link:
    """What a genuine link of a mail is for. `digest` tells it from every other."""

    purpose: LinkPurpose
    user: User
    task_id: int
    expires_on: date
    digest: str


def deed_url(purpose: LinkPurpose, message: Message, task_id: int) -> str:
    """The address (route `web:mail-link`); the same for the same mail, however often it is built."""
    plain = f"{purpose.value}-{message.pk}-{task_id}"
    return f"{settings.SITE_URL}/thu/{plain}{_SEPARATOR}{_signature(plain, message.recipient.address)}/"


def offered_deeds(message: Message, task: Task, lanes: Collection[Lane]) -> dict[LinkPurpose, str]:
    """The links that a mail offers for one of its tasks: purpose → address.

    None for an agency's mailbox, since the record has to name a person; none for a secret document,
    since whoever holds the link would see it; none to people who only oversee the task.
    """
    user = message.recipient.user
    is_for_them = user is not None and user.office_role != OfficeRole.AUDITOR and set(lanes) - _OVERSEEING
    if user is None or not is_for_them or task.is_done or task.duty.document.secrecy:
        return {}
    return {
        purpose: deed_url(purpose, message, task.pk)
        for purpose in (LinkPurpose.REPORT, LinkPurpose.EXTEND)
        if purpose is LinkPurpose.REPORT or task.due_on is not None
    }


def read_link(token: str, *, today: date) -> Link:
    """The link behind a token. Raises BadLinkError, or ExpiredLinkError for a genuine one that is old."""
    plain, _separator, signature = token.rpartition(_SEPARATOR)
    form = _FORM.fullmatch(plain)
    mails = Message.objects.select_related("recipient__user")
    message = mails.filter(pk=int(form[2])).first() if form else None
    user = message.recipient.user if message is not None else None
    if form is None or message is None or user is None or not _is_signed(plain, user.email, signature):
        raise BadLinkError(_("Liên kết không đúng hoặc không còn nguyên vẹn."))
    expires_on = last_day(message.day)
    if today > expires_on:
        raise ExpiredLinkError(
            _("Liên kết đã hết hạn ngày %(expires_on)s.") % {"expires_on": f"{expires_on:%d/%m/%Y}"}
        )
    return Link(LinkPurpose(form[1]), user, int(form[3]), expires_on, token_digest(token))


def last_day(day: date) -> date:
    """The last day on which the links of a mail of that day work."""
    return day + timedelta(days=settings.TRACKER_MAIL_LINK_DAYS)


def rhythm_url(recipient: Recipient) -> str:
    """Where a recipient changes how often mails come (route `web:mail-rhythm`). Works as long as the mail."""
    plain = str(recipient.pk)
    signature = _signature(plain, recipient.address)
    return f"{settings.SITE_URL}/thu/nhip/{plain}{_SEPARATOR}{signature}/"


def recipient_of(token: str) -> Recipient:
    """Whose rhythm a token sets. Raises BadLinkError."""
    plain, _separator, signature = token.rpartition(_SEPARATOR)
    rows = Recipient.objects.select_related("user", "agency")
    row = rows.filter(pk=int(plain)).first() if _NUMBER.fullmatch(plain) else None
    if row is None or not _is_signed(plain, row.address, signature):
        raise BadLinkError(_("Liên kết không đúng hoặc không còn nguyên vẹn."))
    return row


def _is_signed(plain: str, address: str, signature: str) -> bool:
    """By the key in force, or by one that it replaced."""
    keys = (None, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(signature, _signature(plain, address, key)) for key in keys)


def _signature(plain: str, address: str, key: str | bytes | None = None) -> str:
    return Signer(salt=_SALT).signature(f"{plain}|{address}", key)
