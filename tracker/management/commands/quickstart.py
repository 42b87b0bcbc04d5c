"""`manage.py quickstart [--no-serve] [--today DAY]`: an empty machine to a working tracker."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from tracker import pipeline
from tracker.calendar_feed.queries import feeds_of
from tracker.calendar_feed.services import issue_feed
from tracker.core import clock
from tracker.core.events import COMMAND
from tracker.core.models import User
from tracker.documents.enums import DocumentStatus
from tracker.documents.models import Document
from tracker.duties.models import Duty, Task
from tracker.duties.queries import bodies_to_assign, deadline_figures, next_deadlines, tasks_to_assign
from tracker.extraction.registry import load_registry
from tracker.management import arguments
from tracker.management.accounts import Accounts, read_accounts, save_accounts
from tracker.management.errors import told_to_operators
from tracker.management.words import import_words

_FEED = "Lịch dùng thử"
_FEED_OWNER = "ubnd"
_DEADLINES_SHOWN = 5


@dataclass(slots=True)
class Changes:
    """What this run changed. A second run on the same day changes nothing."""

    registry: int = 0
    accounts: int = 0
    documents: int = 0
    tasks: int = 0
    feed_address: str = ""

    @property
    def any(self) -> bool:
        return any((self.registry, self.accounts, self.documents, self.tasks, self.feed_address))


class Command(BaseCommand):
    help = (
        "Từ máy trống đến một bộ theo dõi chạy được: tạo bảng, nạp danh mục, tài khoản mẫu và năm văn bản "
        "mẫu, mở việc, rồi mở trang web. Chạy lại không thay đổi gì. Chỉ dùng trên máy thử: tài khoản mẫu "
        "có mật khẩu ai cũng biết."
    )
    # The tables are made here: checks that look into them come after.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="chuẩn bị xong thì dừng, không mở web")
        parser.add_argument(
            "--today",
            type=arguments.day,
            metavar="DAY",
            help="cho xem bộ theo dõi như vào ngày này (2021-06-15); việc đến hạn trước đó là lịch sử",
        )

    def handle(self, *_args: Any, no_serve: bool, **options: Any) -> None:
        _require_trial_machine()
        if options["today"] is not None:
            settings.TRACKER_TODAY = options["today"]
        started = time.monotonic()
        with told_to_operators():
            call_command("migrate", verbosity=0, interactive=False)
            accounts = read_accounts(Path(settings.TRACKER_SEEDS) / "accounts.yaml")
            changes = self._prepare(accounts, moves_start=options["today"] is not None)
            self._tell(changes, accounts, seconds=time.monotonic() - started)
        if not no_serve:
            self._serve()

    def _prepare(self, accounts: Accounts, *, moves_start: bool) -> Changes:
        """Every step finds what is there already: a run that was interrupted is finished by the next."""
        changes = Changes()
        registry = load_registry(Path(settings.TRACKER_SEEDS) / "agencies.yaml")
        load = pipeline.load_registry(registry, actor=COMMAND, now=clock.now())
        changes.registry = load.new + load.changed
        changes.accounts = save_accounts(accounts, actor=COMMAND, now=clock.now())
        today = clock.today()
        for document in self._import(changes, today):
            changes.tasks += len(
                pipeline.publish_document(document, today=today, actor=COMMAND, now=clock.now())
            )
            if moves_start and document.start_on != today:
                pipeline.move_start(document, today, actor=COMMAND, now=clock.now())
                changes.documents += 1
        changes.tasks += len(pipeline.open_periods(today=today, actor=COMMAND, now=clock.now()))
        changes.feed_address = _new_feed_address()
        return changes

    def _import(self, changes: Changes, today: date) -> list[Document]:
        """The documents of the seed files, which may have been loaded by an earlier run."""
        registry = pipeline.current_registry()
        found: list[Document] = []
        for path in sorted(Path(settings.TRACKER_SEEDS).glob("*.txt")):
            imported = pipeline.import_file(
                path, registry=registry, start_on=today, actor=COMMAND, now=clock.now()
            )
            self.stdout.write(import_words(imported))
            changes.documents += sum(loaded.is_changed for loaded in imported.loaded)
            found += [loaded.document for loaded in imported.loaded]
        return found

    def _tell(self, changes: Changes, accounts: Accounts, *, seconds: float) -> None:
        self._tell_figures()
        self._tell_ways_in(changes, accounts)
        done = "Đã chuẩn bị xong" if changes.any else "Mọi thứ đã có từ trước, không thay đổi gì"
        self.stdout.write(f"\n{done} ({seconds:.1f} giây).")
        if clock.fixed_day():
            self.stdout.write(f"Để lệnh khác cũng coi như vào ngày này: TRACKER_TODAY={clock.today()}.")

    def _tell_figures(self) -> None:
        today = clock.today()
        published = Document.objects.exclude(status=DocumentStatus.LOADED)
        tasks = Task.objects.in_published_documents()
        waiting = bodies_to_assign().count() + tasks_to_assign().count()
        self.stdout.write(
            f"\nHôm nay {today:%d/%m/%Y}. {published.count()} văn bản, {Duty.objects.count()} nhiệm vụ, "
            f"{tasks.count()} việc; cần phân công: {waiting}."
        )
        for state, count in deadline_figures(tasks, today).items():
            self.stdout.write(f"  {state.label}: {count}")
        self.stdout.write("Thời hạn sắp tới:")
        for day, count in next_deadlines(tasks, today, _DEADLINES_SHOWN):
            self.stdout.write(f"  {day:%d/%m/%Y}: {count} việc")

    def _tell_ways_in(self, changes: Changes, accounts: Accounts) -> None:
        self.stdout.write(f"\nĐăng nhập tại {settings.SITE_URL}/ , mật khẩu chung: {accounts.password}")
        for one in accounts.people:
            self.stdout.write(f"  {one.username:<10} {one.does}")
        self.stdout.write(f"Trang quản trị: {settings.SITE_URL}/admin/ (vanphong)")
        feed = changes.feed_address or "địa chỉ chỉ hiện một lần, khi cấp; tạo mới ở trang Lịch của tôi"
        self.stdout.write(f"Lịch của «{_FEED_OWNER}»: {feed}")

    def _serve(self) -> None:
        address = urlsplit(settings.SITE_URL)
        self.stdout.write(f"\nĐang chạy tại {settings.SITE_URL}/ (dừng: Ctrl+C)")
        self.stdout.flush()
        call_command("runserver", f"{address.hostname}:{address.port or 80}", use_reloader=False)


def _require_trial_machine() -> None:
    """Everybody can read the accounts' password in the seeds: never on an address that others reach."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    if not _is_local(host):
        raise CommandError(
            f"SITE_URL là {settings.SITE_URL}: quickstart chỉ dành cho máy thử, vì ai cũng biết mật khẩu của "
            "tài khoản mẫu. Máy chủ thật: migrate, load_registry, createsuperuser, import_documents (README)."
        )


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _new_feed_address() -> str:
    """The address of a new feed for the demonstration officer, empty where one was issued before."""
    user = User.objects.get(username=_FEED_OWNER)
    if feeds_of(user).filter(name=_FEED).exists():
        return ""
    _feed, token = issue_feed(user=user, name=_FEED, actor=COMMAND, now=clock.now())
    return settings.SITE_URL + reverse("calendar-feed", args=[token])
