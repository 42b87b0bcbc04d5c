"""`manage.py read_bounces [FILE…]`: mails that came back, from a pipe, a Maildir, an mbox or files."""

from __future__ import annotations

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.core import clock
from tracker.reminders.bounces import LARGEST, Returned, note_returned_mail

_STDIN = "-"
_SEEN, _FLAGS = "S", ":2,"  # of a Maildir


class Command(BaseCommand):
    help = (
        "Đọc thư bị trả lại (RFC 3464) và ghi vào sổ: thư nào không đến, địa chỉ nào hỏng. Máy chủ thư "
        "đưa từng thư vào stdin, hoặc chỉ tới một Maildir, một tệp mbox, các tệp .eml. Đọc lại không đổi "
        "gì thêm; thư giả mạo (chữ ký sai) bị bỏ qua."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "places",
            nargs="*",
            default=[_STDIN],
            metavar="FILE",
            help="Maildir, mbox hoặc tệp thư; «-» (mặc định) đọc một thư từ stdin",
        )
        parser.add_argument(
            "--recipient",
            default="",
            metavar="ĐỊA_CHỈ",
            help="địa chỉ mà thư được trả về, nếu máy chủ thư cho biết (Postfix: ${original_recipient})",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        outcomes: Counter[Returned] = Counter()
        failures = 0
        for place in options["places"]:
            try:
                for raw in _mails(place):
                    outcomes[note_returned_mail(raw, now=clock.now(), given_to=options["recipient"])] += 1
            except (OSError, mailbox.Error) as error:
                failures += 1
                self.stderr.write(self.style.ERROR(f"Không đọc được «{place}»: {error}."))
        parts = [f"{outcome.label} {number}" for outcome, number in sorted(outcomes.items())]
        self.stdout.write(f"Đã đọc {outcomes.total()} thư: {', '.join(parts) or 'không có gì'}.")
        if failures:
            raise CommandError(f"{failures} nơi không đọc được (nêu ở trên).")


def _mails(place: str) -> Iterator[bytes]:
    """Every mail of a place; of a Maildir the unseen ones, each marked as seen once it is noted."""
    if place == _STDIN:
        yield sys.stdin.buffer.read(LARGEST + 1)
        return
    path = Path(place)
    if path.is_dir():
        yield from _maildir(path)
        return
    with path.open("rb") as stream:
        is_mbox = stream.read(5) == b"From "
        stream.seek(0)
        if not is_mbox:
            yield stream.read(LARGEST + 1)
            return
    with closing(mailbox.mbox(path, create=False)) as box:
        for key in box.iterkeys():
            yield box.get_file(key).read(LARGEST + 1)


def _maildir(path: Path) -> Iterator[bytes]:
    for folder in ("new", "cur"):
        if not (path / folder).is_dir():
            raise NotADirectoryError(f"không phải Maildir, thiếu thư mục {folder}")
    files = sorted([*(path / "new").iterdir(), *(path / "cur").iterdir()])
    for file in files:
        name, _mark, flags = file.name.partition(_FLAGS)
        if _SEEN in flags:
            continue
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
        yield raw
        # After it is noted: killed before, it is read again, which changes nothing.
        file.rename(path / "cur" / f"{name}{_FLAGS}{''.join(sorted(flags + _SEEN))}")
