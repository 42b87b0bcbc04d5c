"""`manage.py send_webhooks`: one look, for cron without Celery; safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tracker.core import clock
from tracker.webhooks.look import look_now


class Command(BaseCommand):
    help = "Gửi webhook: ghi những sự kiện mới, gửi những gì đến lúc. Chạy lại không gửi hai lần."

    def handle(self, *_args: Any, **_options: Any) -> None:
        look = look_now(today=clock.today(), now=clock.now())
        self.stdout.write(f"Ghi {look.planned} tin mới, đã gửi {look.sent}, hẹn gửi lại {look.failed}.")
        if look.given_up:
            raise CommandError(f"Thôi gửi {look.given_up} tin: xem trang quản trị, mục webhook.")
