"""`manage.py extract [--registry FILE] [--coverage] FILE…`: duties as JSON Lines; no database."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.core.errors import TrackerError
from tracker.extraction.extract import Extractor
from tracker.extraction.readers.plain_text import decode_text, read_text_file
from tracker.extraction.registry import load_registry
from tracker.extraction.rows import coverage_row, row_of
from tracker.extraction.types import ExtractionResult

_STDIN = "-"
_CLOSED_PIPE = 128 + 13  # as a shell reports a program that SIGPIPE ended


class Command(BaseCommand):
    help = (
        "Đọc nhiệm vụ từ các tệp văn bản và in ra mỗi nhiệm vụ một dòng JSON. Không dùng cơ sở dữ liệu. "
        "Văn bản không giao nhiệm vụ nào (như báo cáo) không phải là lỗi: lệnh báo ra stderr và vẫn "
        "thành công."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="tệp văn bản (UTF-8); «-» đọc từ stdin")
        parser.add_argument(
            "--registry",
            type=Path,
            default=Path(settings.BASE_DIR) / "seeds" / "agencies.yaml",
            metavar="FILE",
            help="danh mục cơ quan (YAML); mặc định: seeds/agencies.yaml",
        )
        parser.add_argument(
            "--coverage",
            action="store_true",
            help="thay cho nhiệm vụ, in mỗi văn bản một dòng JSON về những gì chưa đọc được",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            extractor = Extractor(load_registry(options["registry"]))
        except TrackerError as error:
            raise CommandError(str(error)) from error
        failures = 0
        for name in options["files"]:
            try:
                result = extractor.extract(_read(name), name="stdin" if name == _STDIN else Path(name).stem)
            except TrackerError as error:
                failures += 1
                self.stderr.write(self.style.ERROR(str(error)))
                continue
            self._print(result, coverage=options["coverage"])
        if failures:
            raise CommandError(f"{failures} trên {len(options['files'])} tệp không đọc được (nêu ở trên).")

    def _print(self, result: ExtractionResult, *, coverage: bool) -> None:
        duties = [duty for document in result.documents for duty in document.duties]
        rows = (
            [coverage_row(document) for document in result.documents]
            if coverage
            else [row_of(d) for d in duties]
        )
        try:
            for row in rows:
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            self.stdout.flush()
        except BrokenPipeError:
            _leave_quietly()
        if not duties:
            self.stderr.write(f"«{result.name}»: không thấy nhiệm vụ nào được giao.")


def _read(name: str) -> str:
    if name == _STDIN:
        return decode_text(sys.stdin.buffer.read(), name="stdin")
    return read_text_file(Path(name))


def _leave_quietly() -> None:
    """The reader has gone (`… | head`): leave without a trace, and without a second error at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(_CLOSED_PIPE)
