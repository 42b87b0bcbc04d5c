"""A real SMTP server in the test run: keeps what it accepts, refuses what it is told to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Postbox:
    """What the server has seen. `answers` gives a recipient another answer than 250."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    refused_texts: set[str] = field(default_factory=set)  # recipients whose mail is refused once it is here
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    conversations: int = 0
    before_answer: Callable[[], object] = lambda: None  # runs when a mail is here whole and not yet answered

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for _address, mail in self.mails]

    async def handle_EHLO(  # noqa: N802 - the server's own name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.conversations += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        if self.refused_texts.intersection(envelope.rcpt_tos):
            return "554 5.6.0 text refused"
        self.senders.append(str(envelope.mail_from))
        self.mails.extend((address, mail) for address in envelope.rcpt_tos)
        self.before_answer()
        return "250 OK"


@contextmanager
def smtp_server(tls: SSLContext | None = None, *, is_asked_for: bool = False) -> Iterator[Postbox]:
    """With `tls` spoken from the first byte, or once the client asks for it (STARTTLS), and never without."""
    postbox = Postbox(port=_free_port())
    how: dict[str, Any] = (
        {"tls_context": tls, "require_starttls": True} if is_asked_for else {"ssl_context": tls}
    )
    controller = Controller(postbox, hostname="127.0.0.1", port=postbox.port, **how)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
