"""`manage.py transitions`: the transition table of tasks, as the code has it, in Markdown."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tracker.duties.transitions import table_rows


class Command(BaseCommand):
    help = "In bảng chuyển trạng thái của việc (Markdown), đúng như chương trình thực hiện."

    def handle(self, **_options: Any) -> None:
        header, *rows = table_rows()
        for row in (header, ["---"] * len(header), *rows):
            self.stdout.write(f"| {' | '.join(row)} |")
        self.stdout.write(
            "\n«–»: không được, có lý do. Việc lịch sử: chỉ «đưa vào theo dõi»."
            " Người khác (cơ quan khác, theo dõi, lãnh đạo, kiểm tra): không hành động nào."
        )
