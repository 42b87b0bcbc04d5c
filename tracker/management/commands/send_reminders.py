"""`manage.py send_reminders`: the day's digests, once. For cron without Celery; safe to run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.calendar_feed.attachment import deadlines_file
from tracker.core import clock
from tracker.core.workdays import working_days
from tracker.management import arguments
from tracker.reminders.digest import Digest
from tracker.reminders.services import Look, Preview, in_hours, look_now, preview


class Command(BaseCommand):
    help = (
        "Gửi thư nhắc việc: mỗi người (hoặc hộp thư cơ quan) nhiều nhất một thư một ngày. Chạy lại trong "
        "ngày không gửi thêm. Ngoài giờ làm việc và ngày nghỉ thì giữ lại, không bỏ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="chỉ cho xem thư nào sẽ đến ai; không ghi gì"
        )
        parser.add_argument("--today", type=arguments.day, help="coi như hôm nay là ngày này (2021-06-15)")
        parser.add_argument("--any-hour", action="store_true", help="gửi cả ngoài giờ làm việc và ngày nghỉ")

    def handle(self, *_args: Any, **options: Any) -> None:
        moment = clock.now()
        if options["today"] is not None:
            day = options["today"]
            moment = in_hours(moment.replace(year=day.year, month=day.month, day=day.day))
        working = working_days()
        if options["dry_run"]:
            plan, unreachable, mails = preview(moment=moment, now=clock.now(), working=working)
            self._show(mails, plan.lines)
            self._warn(unreachable)
            return
        look = look_now(
            moment=moment,
            clock=clock.now,
            working=working,
            any_hour=options["any_hour"],
            calendar_of=deadlines_file,
        )
        self._report(look)

    def _show(self, mails: list[Preview], lines: int) -> None:
        for mail in mails:
            self.stdout.write(f"{mail.recipient} <{mail.address}>\n  {mail.content.subject}")
            for group in mail.content.groups if isinstance(mail.content, Digest) else ():
                self.stdout.write(f"  {group.title}: {group.count}")
        self.stdout.write(f"Chạy thử: {len(mails)} thư sẽ gửi ({lines} lần nhắc mới); chưa ghi, chưa gửi gì.")

    def _report(self, look: Look) -> None:
        delivery = look.delivery
        self.stdout.write(
            f"Ghi sổ {look.plan.lines} lần nhắc. Đã gửi {delivery.sent} thư, hẹn gửi lại "
            f"{delivery.postponed}, không gửi được {len(delivery.failed)}, còn chờ {look.waiting}."
        )
        if look.held_until is not None and look.waiting:
            self.stdout.write(
                f"Ngoài giờ làm việc: giữ lại đến {look.held_until:%H:%M ngày %d/%m/%Y}. "
                "Gửi ngay: thêm --any-hour."
            )
        self._warn(look.unreachable)
        for who, reason in delivery.failed:
            self.stderr.write(f"Không gửi được cho {who}: {reason}")
        if delivery.server_error:
            raise CommandError(f"{delivery.server_error}. Thư còn lại giữ nguyên trong sổ, chạy lại sẽ gửi.")
        if delivery.failed:
            raise CommandError(f"{len(delivery.failed)} thư không gửi được.")

    def _warn(self, unreachable: list[str]) -> None:
        if unreachable:
            self.stderr.write(
                f"Không có địa chỉ thư của {len(unreachable)} cơ quan: {'; '.join(unreachable[:10])}"
                f"{'…' if len(unreachable) > 10 else ''}."  # noqa: PLR2004 - a line to read, not a list
            )
