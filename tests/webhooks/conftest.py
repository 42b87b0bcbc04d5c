"""A receiver on this machine: keeps what it was sent and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook as Checker


@dataclass
class Receiver:
    """`statuses` are answered in turn, then 204 for ever."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def messages(self, secret: str) -> list[Any]:
        """What was sent, each checked by the library that receivers use."""
        for headers, body in self.taken:
            Checker(secret).verify(body, headers)
        return [json.loads(body) for _headers, body in self.taken]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.taken]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(kept.statuses.pop(0) if kept.statuses else 204)
            if kept.location:
                self.send_header("Location", kept.location)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    settings.TRACKER_WEBHOOK_INNER_HOSTS = ["127.0.0.1"]
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        kept.url = f"http://127.0.0.1:{server.server_port}/nhan"
        yield kept
        server.shutdown()
        thread.join()
