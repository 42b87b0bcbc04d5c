"""What a feed carries."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedKind(models.TextChoices):
    """Whose tasks a feed carries; always within what its person may see."""

    OWN = "own", _("việc của cơ quan tôi")
    DOCUMENT = "document", _("một văn bản")
    ALL = "all", _("mọi việc tôi được xem")


class Component(models.TextChoices):
    """How a task stands in the calendar: an all-day event, or a to-do for clients that read it."""

    EVENT = "event", _("sự kiện cả ngày")
    TODO = "todo", _("việc cần làm (to-do)")


class Only(models.TextChoices):
    """The filter by state."""

    ANY = "", _("mọi tình trạng")
    OPEN = "open", _("chỉ việc chưa hoàn thành")
    OVERDUE = "overdue", _("chỉ việc quá hạn")


def feed_kind_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in FeedKind.choices]


def component_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Component.choices]


def only_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Only.choices]
