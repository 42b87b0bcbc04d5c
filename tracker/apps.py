"""The one Django app of the project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("Theo dõi nhiệm vụ")
    default_auto_field = "django.db.models.BigAutoField"
