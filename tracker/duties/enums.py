"""The two axes of a task's state, and the words around them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkState(models.TextChoices):
    """What has been done (tình trạng thực hiện). Changed only by the workflow."""

    NOT_STARTED = "not_started", _("chưa thực hiện")
    IN_PROGRESS = "in_progress", _("đang thực hiện")
    REPORTED = "reported", _("đã báo cáo, chờ xác nhận")
    CONFIRMED = "confirmed", _("đã hoàn thành")
    RETURNED = "returned", _("bị trả lại")
    WITHDRAWN = "withdrawn", _("đã rút")


class DeadlineState(models.TextChoices):
    """How a task stands to its deadline on a day (tình trạng thời hạn). Computed, never stored."""

    NO_DEADLINE = "no_deadline", _("không có thời hạn")
    IN_TIME = "in_time", _("còn hạn")
    DUE_SOON = "due_soon", _("sắp đến hạn")
    OVERDUE = "overdue", _("quá hạn")
    HISTORY = "history", _("lịch sử")


class Result(models.TextChoices):
    """The official four-way statistic."""

    DONE_ON_TIME = "done_on_time", _("hoàn thành đúng hạn")
    DONE_LATE = "done_late", _("hoàn thành quá hạn")
    OPEN_IN_TIME = "open_in_time", _("chưa hoàn thành trong hạn")
    OPEN_OVERDUE = "open_overdue", _("chưa hoàn thành quá hạn")


class ExtensionStatus(models.TextChoices):
    """What became of a request to move a deadline (đề nghị gia hạn)."""

    OPEN = "open", _("chờ quyết định")
    GRANTED = "granted", _("đồng ý")
    GRANTED_SHORTER = "granted_shorter", _("đồng ý, ngắn hơn đề nghị")
    REFUSED = "refused", _("không đồng ý")
    WITHDRAWN = "withdrawn", _("đã rút")


class BodyRole(models.TextChoices):
    """What a body does in a duty."""

    LEAD = "lead", _("chủ trì")
    COORDINATOR = "coordinator", _("phối hợp")
    MONITOR = "monitor", _("theo dõi")


class Precision(models.TextChoices):
    """How exactly a deadline is written."""

    NONE = "none", _("không có")
    DAY = "day", _("ngày")
    WEEK = "week", _("tuần")
    MONTH = "month", _("tháng")
    QUARTER = "quarter", _("quý")
    HALF = "half", _("sáu tháng")
    YEAR = "year", _("năm")


class Recurrence(models.TextChoices):
    """How often a duty comes back."""

    ONCE = "once", _("một lần")
    WEEKLY = "weekly", _("hằng tuần")
    MONTHLY = "monthly", _("hằng tháng")
    QUARTERLY = "quarterly", _("hằng quý")
    HALF_YEARLY = "half-yearly", _("6 tháng")
    YEARLY = "yearly", _("hằng năm")


def work_state_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in WorkState.choices]


def extension_status_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in ExtensionStatus.choices]


def body_role_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in BodyRole.choices]


def precision_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Precision.choices]


def recurrence_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Recurrence.choices]
