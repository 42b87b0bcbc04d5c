"""The virus scanner: asked by its own protocol, believed, and missed aloud."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.duties.makers import PDF, a_file, record_of, stored_files
from tests.factories import NOW, TODAY
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor
from tracker.duties import workflow
from tracker.duties.models import Evidence, Task
from tracker.duties.scanner import ScannerUnavailableError, virus_in

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Judge = Callable[[bytes], bytes]


def _clamd_judges(content: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@contextmanager
def clamd(listening: socket.socket, judge: Judge = _clamd_judges) -> Iterator[list[bytes]]:
    """A daemon that speaks INSTREAM on a socket; gives what it was sent."""
    seen: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while length := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(length)
                seen.append(content)
                connection.sendall(judge(content))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


@contextmanager
def clamd_at_a_port(settings: Settings, judge: Judge = _clamd_judges) -> Iterator[list[bytes]]:
    listening = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD_URL = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
    with clamd(listening, judge) as seen:
        yield seen


def test_clean_content_has_no_virus(settings: Settings) -> None:
    with clamd_at_a_port(settings) as seen:
        assert virus_in([b"a" * 70_000, b"", b"b"]) == ""
    assert seen == [b"a" * 70_000 + b"b"]


def test_virus_is_named(settings: Settings) -> None:
    with clamd_at_a_port(settings):
        assert virus_in([EICAR]) == "Eicar-Test-Signature"


def test_socket_in_a_file_is_asked_alike(settings: Settings, tmp_path: Path) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "clamd.ctl"))
    listening.listen()
    settings.CLAMD_URL = f"unix://{tmp_path}/clamd.ctl"
    with clamd(listening):
        assert virus_in([EICAR]) == "Eicar-Test-Signature"


def test_nothing_is_asked_where_no_scanner_is_configured(settings: Settings) -> None:
    settings.CLAMD_URL = ""
    assert virus_in([EICAR]) == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"INSTREAM size limit exceeded. ERROR\0", "INSTREAM size limit exceeded. ERROR"),
        (b"", "không gì cả"),
        (b"stream: \0", "stream:"),
        (b"PONG\0", "PONG"),
    ],
)
def test_answer_that_is_none_takes_nothing(settings: Settings, answer: bytes, words: str) -> None:
    with (
        clamd_at_a_port(settings, lambda _content: answer),
        pytest.raises(ScannerUnavailableError) as refusal,
    ):
        virus_in([PDF])
    assert f"Chưa quét được vi-rút nên chưa nhận tệp (máy quét trả lời «{words}»)" == str(
        refusal.value
    ).removesuffix(".")


def test_scanner_that_never_answers_is_given_up(settings: Settings) -> None:
    settings.CLAMD_TIMEOUT = 1
    silent = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD_URL = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
    with silent, pytest.raises(ScannerUnavailableError, match="timed out"):
        virus_in([PDF])


@pytest.mark.django_db
def test_infected_file_is_refused_and_nothing_stays(task: Task, officer: Actor, settings: Settings) -> None:
    with clamd_at_a_port(settings), pytest.raises(InvalidInputError) as refusal:
        workflow.report_task(
            task,
            note="xong",
            files=[a_file("sach.pdf"), a_file("ban.pdf", PDF + EICAR)],
            today=TODAY,
            actor=officer,
            now=NOW,
        )
    task.refresh_from_db()
    assert str(refusal.value) == "Tệp «ban.pdf» có vi-rút (Eicar-Test-Signature); không nhận tệp này."
    assert (task.state, Evidence.objects.count(), stored_files(), record_of(task)) == (
        "not_started",
        0,
        [],
        [],
    )


@pytest.mark.django_db
def test_file_is_refused_while_the_scanner_is_away(task: Task, officer: Actor, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(ScannerUnavailableError, match="Hãy thử lại sau ít phút"):
        workflow.add_evidence(task, [a_file()], actor=officer, now=NOW)
    assert (Evidence.objects.count(), stored_files(), record_of(task)) == (0, [], [])


@pytest.mark.django_db
def test_report_without_files_needs_no_scanner(task: Task, officer: Actor, settings: Settings) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    reported = workflow.report_task(task, note="xong", today=TODAY, actor=officer, now=NOW)
    assert reported.state == "reported"
