"""Django's SMTP backend, which lets its caller work while the server takes a mail in."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.mail.backends import smtp

_END_OF_MAIL = b"\r\n.\r\n"  # RFC 5321, 4.1.1.4: no line of a mail looks like this


class EmailBackend(smtp.EmailBackend):
    """`meanwhile` is called once for each mail: the server has its last line and has not answered yet.

    Whether the mail is accepted is not known then. What `meanwhile` raises stands where the answer
    should, so it must not raise.
    """

    meanwhile: Callable[[], None] | None = None

    @property
    def connection_class(self) -> Any:
        return partial(_TlsLine if self.use_ssl else _Line, self._use_the_wait)  # makes one, as a class does

    def _use_the_wait(self) -> None:
        if self.meanwhile is not None:
            self.meanwhile()


class _Line(smtplib.SMTP):
    def __init__(self, meanwhile: Callable[[], None], *args: Any, **options: Any) -> None:
        self._meanwhile = meanwhile  # first: the parent's maker speaks with the server already
        super().__init__(*args, **options)

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes) and s.endswith(_END_OF_MAIL):
            self._meanwhile()


class _TlsLine(_Line, smtplib.SMTP_SSL):
    pass
