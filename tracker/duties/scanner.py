"""Asking a ClamAV daemon (clamd) whether a file carries a virus, by its INSTREAM command.

Of our own, since one command of the protocol is needed, and it is forty lines.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from tracker.core.errors import TrackerError

_PORT = 3310
_LONGEST_ANSWER = 4096


class ScannerUnavailableError(TrackerError):
    """The virus scanner is configured, and did not answer as it should; nothing may be taken unscanned."""

    code = "scanner_unavailable"


def virus_in(chunks: Iterable[bytes]) -> str:
    """The name of the virus that the scanner finds; empty where it finds none, or none is configured.

    Raises ScannerUnavailableError where the scanner cannot be reached, or cannot scan this.
    """
    if not settings.CLAMD_URL:
        return ""
    try:
        with closing(_connected(settings.CLAMD_URL)) as connection:
            answer = _answer(connection, chunks)
    except OSError as error:
        raise ScannerUnavailableError(
            _("Chưa quét được vi-rút nên chưa nhận tệp (%(error)s). Hãy thử lại sau ít phút.")
            % {"error": error}
        ) from error
    return _virus_named(answer)


def _connected(url: str) -> socket.socket:
    timeout: int = settings.CLAMD_TIMEOUT
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((str(parts.hostname), parts.port or _PORT), timeout)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket, chunks: Iterable[bytes]) -> str:
    """Send `zINSTREAM`, each chunk with its length, an empty one as the end; read to the closing NUL."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            if chunk:
                connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
        connection.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # clamd hangs up on a file too large for it; why, stands in its answer
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _virus_named(answer: str) -> str:
    """From `stream: OK` or `stream: Eicar-Test-Signature FOUND`."""
    found = answer.removeprefix("stream:").strip()
    if found == "OK":
        return ""
    if found.endswith(" FOUND"):
        return found.removesuffix(" FOUND")
    raise ScannerUnavailableError(
        _("Chưa quét được vi-rút nên chưa nhận tệp (máy quét trả lời «%(value)s»).")
        % {"value": answer or "không gì cả"}
    )
