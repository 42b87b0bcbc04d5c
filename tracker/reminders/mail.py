"""A digest as a mail: headers, text and HTML. Builds, never sends."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from tracker.reminders.digest import Digest
from tracker.reminders.models import Message, mail_domain


def digest_mail(message: Message, digest: Digest, *, address: str) -> EmailMultiAlternatives:
    """The mail of a digest. Its Message-ID is that of the outbox row: a retry is the same mail."""
    context = {"digest": digest, "site_url": settings.SITE_URL}
    mail = EmailMultiAlternatives(
        subject=digest.subject,
        body=render_to_string("mail/digest.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers=_headers(message),
    )
    mail.attach_alternative(render_to_string("mail/digest.html", context), "text/html")
    return mail


def _headers(message: Message) -> dict[str, str]:
    return {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        # Exchange answers no absence notes, receipts or replies to a mail with this.
        "X-Auto-Response-Suppress": "All",
        # Letters of ASCII only: encoded, the angle brackets would be lost on mail programs.
        "List-Id": f"Nhac viec <nhac-viec.{mail_domain()}>",
        "Content-Language": "vi",
    }
