"""`manage.py check --database default`: is anybody looking at the deadlines?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import checks
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.core import clock
from tracker.duties.models import Task
from tracker.reminders.queries import last_scan


@checks.register(checks.Tags.database)
def check_last_scan(*, databases: Sequence[str] | None = None, **_options: Any) -> list[checks.CheckMessage]:
    """Warn where tasks are followed and no look has come to its end for a day.

    Quiet before the tables are there: `migrate` runs the checks of the database first.
    """
    if not databases:
        return []
    try:
        last = last_scan(clock.now())
        if last.is_fresh or not Task.objects.open().in_published_documents().exists():
            return []
    except DatabaseError:
        return []
    return [
        checks.Warning(
            _words(last.scan.finished_at if last.scan else None),
            hint=_(
                "Chạy Celery (worker và beat), hoặc đặt cron gọi «manage.py send_reminders» mỗi 15 phút, "
                "mọi ngày."
            ),
            id="tracker.W001",
        )
    ]


def _words(moment: datetime | None) -> str:
    if moment is None:
        return _("Chưa có lượt quét nhắc việc nào: không ai được nhắc.")
    since = f"{timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"
    return _("Không có lượt quét nhắc việc nào từ %(since)s: không ai được nhắc.") % {"since": since}
