"""The envelope sender of a mail: a signed address of its own, to which mail servers return it.

`thu-tra-lai+b8812-1-3f0c….@example.vn` names the outbox row and its version. Whoever cannot sign
cannot make one, so that a forged return changes nothing. Used where `BOUNCE_ADDRESS` is set: the
office's mail server has to know addresses with a plus sign.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import constant_time_compare, salted_hmac

from tracker.reminders.models import Message

_SALT = "tracker.reminders.envelopes"
_SIGNATURE = 20  # letters: 80 bits; a mailbox name has 64 at most
_TAG = re.compile(rf"\+b([0-9]{{1,18}})-([0-9]{{1,5}})-([0-9a-f]{{{_SIGNATURE}}})@", re.IGNORECASE)


class Envelope(NamedTuple):
    """The mail that an envelope names: its row in the outbox and its version."""

    message_id: int
    version: int


class ForgedEnvelopeError(Exception):
    """An address that looks like one of ours and that we have not signed."""


def set_envelope(mail: EmailMessage, message: Message) -> None:
    """Let the mail be returned to its own address; what the reader sees as the sender stays."""
    if not settings.BOUNCE_ADDRESS:
        return
    mail.extra_headers.setdefault("From", mail.from_email)
    mail.from_email = envelope_address(Envelope(message.pk, message.version))


def envelope_address(envelope: Envelope) -> str:
    name, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+b{envelope.message_id}-{envelope.version}-{_sign(envelope, settings.SECRET_KEY)}@{domain}"


def read_envelope(address: str) -> Envelope | None:
    """The mail that an address was made for; None where it is none of ours.

    Raises ForgedEnvelopeError where the signature is wrong. Servers may have changed the case.
    """
    match = _TAG.search(address)
    if match is None:
        return None
    envelope = Envelope(int(match[1]), int(match[2]))
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    if not any(constant_time_compare(match[3].lower(), _sign(envelope, key)) for key in keys):
        raise ForgedEnvelopeError(address)
    return envelope


def _sign(envelope: Envelope, key: str) -> str:
    value = f"{envelope.message_id}-{envelope.version}"
    return salted_hmac(_SALT, value, secret=key, algorithm="sha256").hexdigest()[:_SIGNATURE]
