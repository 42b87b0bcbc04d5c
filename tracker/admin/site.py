"""The site itself, and who comes in: registrars with a place on the staff, nobody else."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracker.core.models import User


class TrackerAdminSite(AdminSite):
    site_header = _("Theo dõi nhiệm vụ · quản trị")
    site_title = _("Theo dõi nhiệm vụ")
    index_title = _("Danh mục, văn bản và việc")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_staff and user.is_registrar


site = TrackerAdminSite(name="admin")
