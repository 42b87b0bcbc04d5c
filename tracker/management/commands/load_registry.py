"""`manage.py load_registry [FILE]`: bring the database's registry up to a file's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tracker import pipeline
from tracker.core import clock
from tracker.core.events import COMMAND
from tracker.extraction.registry import load_registry
from tracker.management.errors import told_to_operators


class Command(BaseCommand):
    help = (
        "Nạp danh mục cơ quan: thêm cái mới, sửa cái đã đổi, không xóa gì. Tệp sai ở đâu thì nói ở đó và "
        "không nạp gì cả. Chạy lại không thay đổi gì."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=Path(settings.TRACKER_SEEDS) / "agencies.yaml",
            metavar="FILE",
            help="danh mục cơ quan (YAML); mặc định: seeds/agencies.yaml",
        )

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        with told_to_operators():
            registry = load_registry(file)
            load = pipeline.load_registry(registry, actor=COMMAND, now=clock.now())
        self.stdout.write(
            f"«{file.name}»: {load.new} mục mới, {load.changed} mục đổi, {load.unchanged} mục giữ nguyên."
        )
