"""What a mail says, as a mail: headers, text and HTML. Builds, never sends."""

from __future__ import annotations

from datetime import date
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from jinja2 import Environment, StrictUndefined, select_autoescape

from tracker.reminders.digest import Digest
from tracker.reminders.letters import Letter
from tracker.reminders.models import Message, mail_domain


class Mail(EmailMultiAlternatives):
    """A mail whose form on the line is made once, when it is first asked for: that may be before its turn."""

    @cached_property
    def _written(self) -> Any:
        written: Any = super().message()
        written.as_bytes = cache(written.as_bytes)  # what Django's backend asks for
        return written

    def message(self) -> Any:  # type: ignore[override]  # the stubs are of Django 6
        return self._written


def template_environment(**options: Any) -> Environment:
    """What the templates of mails know (`TEMPLATES` in the settings). HTML is escaped, text is not.

    A macro is escaped as its own file asks, and believed by its caller: text must not lend one to HTML.
    """
    environment = Environment(
        loader=options["loader"],
        auto_reload=options["auto_reload"],
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.globals["_"] = gettext
    environment.filters |= {"capfirst": capfirst, "day": _day, "linebreaksbr": linebreaksbr}
    return environment


def digest_mail(message: Message, digest: Digest, *, address: str) -> Mail:
    """The mail of a digest. Its Message-ID is that of the outbox row: a retry is the same mail."""
    headers = _headers(message) | _unsubscribing(digest.rhythm_url)
    if len(digest.task_ids) == digest.count == 1:
        headers |= _thread(digest.task_ids[0])
    return _mail("digest", {"digest": digest}, digest.subject, address=address, headers=headers)


def letter_mail(message: Message, letter: Letter, *, address: str) -> Mail:
    """The mail of an urging or a notice. No unsubscribing: an official notice stays."""
    headers = _headers(message) | _thread(letter.line.task_id)
    return _mail("letter", {"letter": letter}, letter.subject, address=address, headers=headers)


def calendar_part(content: bytes) -> MIMEBase:
    """An iCalendar file as an attachment, to the byte: a text part would have its line ends changed."""
    part = MIMEBase("text", "calendar", charset="utf-8", name="thoi-han.ics")
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename="thoi-han.ics")
    return part


def _mail(
    template: str, context: dict[str, object], subject: str, *, address: str, headers: dict[str, str]
) -> Mail:
    context["language"] = _language()
    text, html = (
        render_to_string(f"mail/{template}.{form}", context, using="mail") for form in ("txt", "html")
    )
    mail = Mail(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers=headers,
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _headers(message: Message) -> dict[str, str]:
    return {
        "Message-ID": message.message_id,
        "Auto-Submitted": "auto-generated",
        # Exchange answers no absence notes, receipts or replies to a mail with this.
        "X-Auto-Response-Suppress": "All",
        # Letters of ASCII only: encoded, the angle brackets would be lost on mail programs.
        "List-Id": f"Nhac viec <nhac-viec.{mail_domain()}>",
        "Content-Language": _language(),
    }


def _language() -> str:
    return get_language() or "vi"


def _thread(task_id: int) -> dict[str, str]:
    """All mails about one task stand together: they answer a mail that was never sent."""
    root = f"<task-{task_id}@{mail_domain()}>"
    return {"In-Reply-To": root, "References": root}


def _unsubscribing(url: str) -> dict[str, str]:
    """One click in the mail program's own button (RFC 8058), which asks for HTTPS."""
    headers = {"List-Unsubscribe": f"<{url}>"}
    if urlsplit(url).scheme == "https":
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
