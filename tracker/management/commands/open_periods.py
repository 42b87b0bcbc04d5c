"""`manage.py open_periods`: open what recurring duties owe a year ahead. For cron; safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tracker import pipeline
from tracker.core import clock
from tracker.core.events import COMMAND
from tracker.management import arguments
from tracker.management.errors import told_to_operators


class Command(BaseCommand):
    help = (
        "Mở việc cho các kỳ sắp tới của nhiệm vụ lặp lại (trước một năm), và chuyển việc của cơ quan đã "
        "sáp nhập, giải thể. Chạy lại, hay chạy hai nơi cùng lúc, không mở thêm gì."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=arguments.day, help="coi như hôm nay là ngày này (2021-06-15)")

    def handle(self, *_args: Any, **options: Any) -> None:
        today = options["today"] or clock.today()
        with told_to_operators():
            opened = pipeline.open_periods(today=today, actor=COMMAND, now=clock.now())
        self.stdout.write(f"Đã mở {len(opened)} việc.")
