"""`manage.py issue_token USERNAME NAME`: an API token, printed once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.core import clock
from tracker.core.enums import TokenScope
from tracker.core.errors import InvalidInputError
from tracker.core.events import COMMAND
from tracker.core.models import User
from tracker.core.tokens import issue_token

_MOST_DAYS = 3650


class Command(BaseCommand):
    help = "Cấp khóa API cho một người dùng; khóa chỉ hiện một lần."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="tên đăng nhập của người mà chương trình làm thay")
        parser.add_argument("name", help="tên của khóa: dùng vào việc gì, ở đâu")
        parser.add_argument("--write", action="store_true", help="được báo cáo, không chỉ đọc")
        parser.add_argument("--days", type=int, default=365, help="số ngày có hiệu lực (mặc định 365)")

    def handle(self, *, username: str, name: str, write: bool, days: int, **_options: Any) -> None:
        if not 1 <= days <= _MOST_DAYS:
            raise CommandError(f"--days phải từ 1 đến {_MOST_DAYS}.")
        now = clock.now()
        try:
            user = User.objects.get(username=username)
            issued = issue_token(
                user=user,
                name=name,
                scope=TokenScope.WRITE if write else TokenScope.READ,
                expires_at=now + timedelta(days=days),
                actor=COMMAND,
                now=now,
            )
        except User.DoesNotExist as error:
            raise CommandError(f"Không có người dùng «{username}».") from error
        except InvalidInputError as error:
            raise CommandError(str(error)) from error
        self.stderr.write("Giữ kỹ khóa này: không xem lại được.")
        self.stdout.write(issued.secret)
