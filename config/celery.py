"""The Celery app: settings come from Django's, tasks from `tracker.tasks`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("duty_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def look_at_once(**_options: Any) -> None:
    """Beat waits a whole interval before its first call: after downtime, and at the first start, look now."""
    app.send_task("tracker.tasks.send_reminders", expires=900)
