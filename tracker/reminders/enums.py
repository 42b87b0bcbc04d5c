"""Kinds and states of reminders and mails."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """Why a task is named to somebody. In one lane only the latest step goes out."""

    DEADLINE = "deadline", _("nhắc theo thời hạn")
    NEW = "new", _("việc mới giao")
    MOVED = "moved", _("thời hạn thay đổi")
    HEAD = "head", _("báo cáo thủ trưởng cơ quan")
    MONITOR = "monitor", _("báo cáo cơ quan theo dõi")
    REGISTRAR = "registrar", _("báo cáo Văn phòng")
    URGED = "urged", _("đôn đốc")
    RETURNED = "returned", _("báo cáo bị trả lại")
    RESTORED = "restored", _("việc được khôi phục")
    EXTENSION = "extension", _("quyết định gia hạn")


class Outcome(models.TextChoices):
    """What was decided about one reminder apart from its mail. Empty: it goes as its mail goes."""

    GOES = "", _("theo thư")
    MERGED = "merged", _("gộp vào lần nhắc sau")
    CANCELLED = "cancelled", _("bỏ")


# What is owed to an office, not to a person's taste: it goes out at once, whatever the rhythm.
OFFICIAL_LANES = (
    Lane.MOVED,
    Lane.HEAD,
    Lane.MONITOR,
    Lane.REGISTRAR,
    Lane.URGED,
    Lane.RETURNED,
    Lane.RESTORED,
    Lane.EXTENSION,
)


class Rhythm(models.TextChoices):
    """How often a recipient wants the digest."""

    DAILY = "daily", _("mỗi ngày làm việc, khi có việc đến lượt nhắc")
    WEEKLY = "weekly", _("mỗi tuần một thư, vào ngày làm việc đầu tuần")


class MessageKind(models.TextChoices):
    """What a mail is. All but the digest tell of one event, about one task, at once."""

    DIGEST = "digest", _("thư nhắc việc trong ngày")
    URGING = "urging", _("thư đôn đốc")
    NOTICE = "notice", _("thông báo về một việc")


class LinkPurpose(models.TextChoices):
    """The one thing that a link in a mail lets its reader do. The values stand in the link."""

    REPORT = "bc", _("báo cáo hoàn thành")
    EXTEND = "gh", _("đề nghị gia hạn")


class MessageState(models.TextChoices):
    """Where a mail stands."""

    PLANNED = "planned", _("chờ gửi")
    CLAIMED = "claimed", _("đang gửi")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("không gửi được")
    HELD = "held", _("giữ lại đến giờ làm việc")
    CANCELLED = "cancelled", _("bỏ")


class Patience(models.TextChoices):
    """When it makes sense to try a failed delivery again."""

    QUICK = "quick", _("thử lại ngay trong giờ")
    SLOW = "slow", _("thử lại sau vài giờ")
    NEVER = "never", _("không thử lại")


def lane_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Lane.choices]


def rhythm_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Rhythm.choices]


def outcome_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Outcome.choices]


def message_kind_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in MessageKind.choices]


def message_state_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in MessageState.choices]


def link_purpose_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in LinkPurpose.choices]


def patience_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Patience.choices]
