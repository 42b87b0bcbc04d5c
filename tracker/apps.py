"""The one Django app of the project."""

import logging

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tracker.core.logs import WithoutTokens


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Theo dõi nhiệm vụ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tracker.reminders import checks  # noqa: F401, PLC0415 - registers itself; models are ready now

        # gunicorn's logs have handlers of their own, beside those of the settings; both name addresses.
        for name in ("gunicorn.access", "gunicorn.error"):
            logging.getLogger(name).addFilter(WithoutTokens())
