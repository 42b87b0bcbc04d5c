"""`manage.py import_documents FILE… [--publish] [--start-on DAY]`: texts to documents and drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker import pipeline
from tracker.core import clock
from tracker.core.events import COMMAND
from tracker.documents.models import Document
from tracker.management import arguments
from tracker.management.errors import told_to_operators
from tracker.management.words import import_words


class Command(BaseCommand):
    help = (
        "Đọc các tệp văn bản, giữ nhiệm vụ đọc được làm dự thảo chờ duyệt. Mỗi tệp được nạp trọn hoặc không "
        "nạp gì; tệp lỗi không cản tệp khác. Nạp lại không ghi đè quyết định của người duyệt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="tệp văn bản (UTF-8)")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="nhận luôn các dự thảo và mở việc, không chờ duyệt (dự thảo ngoài phần tổ chức thực hiện "
            "vẫn chờ)",
        )
        parser.add_argument(
            "--start-on",
            type=arguments.day,
            metavar="DAY",
            help="việc có hạn trước ngày này là lịch sử; mặc định: hôm nay",
        )

    def handle(self, *_args: Any, files: list[Path], publish: bool, **options: Any) -> None:
        start_on = options["start_on"] or clock.today()
        with told_to_operators():
            registry = pipeline.current_registry()
        failures = 0
        for path in files:
            try:
                with told_to_operators():
                    imported = pipeline.import_file(
                        path, registry=registry, start_on=start_on, actor=COMMAND, now=clock.now()
                    )
                    self.stdout.write(import_words(imported))
                    if publish:
                        self._publish([loaded.document for loaded in imported.loaded])
            except CommandError as error:
                failures += 1
                self.stderr.write(self.style.ERROR(str(error)))
        if failures:
            raise CommandError(f"{failures} trên {len(files)} tệp không nạp được (nêu ở trên).")

    def _publish(self, documents: list[Document]) -> None:
        opened = [
            pipeline.publish_document(document, today=clock.today(), actor=COMMAND, now=clock.now())
            for document in documents
        ]
        self.stdout.write(f"  Đã mở {sum(map(len, opened))} việc.")
