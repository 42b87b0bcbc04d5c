"""`manage.py sweep_evidence`: remove files that no record names. For cron; safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.duties.evidence import sweep_evidence


class Command(BaseCommand):
    help = (
        "Xóa các tệp minh chứng không thuộc việc nào (để lại khi máy dừng giữa lúc nhận tệp), sau một ngày."
        " Không đụng đến tệp đã được nhận."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        swept = sweep_evidence(now=timezone.now())  # a file's age is real, also under a fixed day
        self.stdout.write(f"Đã xóa {swept} tệp không thuộc việc nào.")
