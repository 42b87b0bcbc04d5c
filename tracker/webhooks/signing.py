"""Signatures in the form of Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

A secret is derived, never kept: whoever reads the database alone can sign nothing. With a new
`SECRET_KEY` every secret changes; receivers then need the new ones.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook as Signer

from tracker.webhooks.models import Webhook
from tracker.webhooks.rules import OLD_SECRET_SIGNS_FOR

_SALT = "tracker.webhooks.signing"


def secret_of(nonce: str) -> str:
    """The secret as the receiver keeps it: `whsec_` and 256 bits in base64."""
    key = salted_hmac(_SALT, nonce, algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(key).decode("ascii")


def signed_headers(
    webhook: Webhook, *, message_id: str, body: str, at: datetime, now: datetime
) -> dict[str, str]:
    """The three headers of a message; `at` is the wall clock's, which receivers compare with their own.

    For a day after a change of the secret both sign, so that nothing is refused while it is changed.
    """
    nonces = [webhook.nonce]
    if webhook.previous_nonce and webhook.rotated_at and now < webhook.rotated_at + OLD_SECRET_SIGNS_FOR:
        nonces.append(webhook.previous_nonce)
    moment = at.astimezone(UTC)  # the library takes any moment for one in UTC
    signatures = [Signer(secret_of(nonce)).sign(message_id, moment, body) for nonce in nonces]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
