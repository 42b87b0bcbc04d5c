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

        # gunicorn's access log has handlers of its own, beside those of the settings.
        logging.getLogger("gunicorn.access").addFilter(WithoutTokens())
