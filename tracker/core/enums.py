"""Where a change came in, and what a person may do for the whole province."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Door(models.TextChoices):
    """The way by which a change entered the tracker; every event names its door."""

    COMMAND = "command", _("lệnh vận hành")
    SYSTEM = "system", _("tự động")
    WEB = "web", _("trang web")
    ADMIN = "admin", _("trang quản trị")
    API = "api", _("API")
    MAIL = "mail", _("liên kết trong thư")


class OfficeRole(models.TextChoices):
    """What a person may do for the whole province, beside any post in an agency."""

    NONE = "", _("không")
    REGISTRAR = "registrar", _("cán bộ Văn phòng (vào sổ, duyệt)")
    LEADER = "leader", _("lãnh đạo (xem tất cả)")
    AUDITOR = "auditor", _("kiểm tra (xem tất cả)")


class TokenScope(models.TextChoices):
    """What the holder of an API token may do in its owner's name."""

    READ = "read", _("chỉ đọc")
    WRITE = "write", _("đọc và báo cáo")


def door_choices() -> list[tuple[str, str]]:
    """For model fields: a callable keeps the list out of the migrations."""
    return [(value, str(label)) for value, label in Door.choices]


def office_role_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in OfficeRole.choices]


def token_scope_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in TokenScope.choices]
