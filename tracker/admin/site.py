"""The site itself, and who comes in: registrars with a place on the staff, nobody else."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracker.core.models import User

# The front page in the order of the office's work; what is named nowhere comes last.
_SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Việc và nhiệm vụ"), ("Task", "Duty", "DutyBody", "Extension", "Evidence")),
    (_("Văn bản"), ("Document", "Draft", "Clause", "SourceText")),
    (_("Danh mục cơ quan"), ("Agency", "AgencyName", "Collective", "Membership", "Succession")),
    (
        _("Người dùng và API"),
        ("User", "Post", "ApiToken", "KeptAnswer", "Webhook", "WebhookDelivery", "WebhookCursor"),
    ),
    (
        _("Nhắc việc và lịch"),
        (
            "Policy",
            "Preference",
            "Reminder",
            "Message",
            "Urging",
            "Recipient",
            "Suppression",
            "Scan",
            "UsedLink",
            "Feed",
            "KeptEvent",
        ),
    ),
    (_("Nhật ký"), ("Event",)),
)


class TrackerAdminSite(AdminSite):
    site_header = _("Theo dõi nhiệm vụ · quản trị")
    site_title = _("Theo dõi nhiệm vụ")
    index_title = _("Danh mục, văn bản và việc")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_staff and user.is_registrar

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """One list of all models on the app's own page; on the front page, by subject."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else [section for app in apps for section in _sections(app)]


def _sections(app: Any) -> list[Any]:
    models = {model["object_name"]: model for model in app["models"]}
    sections = [
        {**app, "name": name, "models": [models.pop(one) for one in names if one in models]}
        for name, names in _SECTIONS
    ]
    rest = {**app, "name": _("Khác"), "models": list(models.values())}
    return [section for section in (*sections, rest) if section["models"]]


site = TrackerAdminSite(name="admin")
