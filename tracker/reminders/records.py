"""Models of what people do about mails: who urged whom, and which links of mails were used."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.enums import link_purpose_choices


class Urging(models.Model):
    """A reminder that a person sent on purpose (đôn đốc): kept as proof.

    To whom it went, and what became of each mail, say the messages of its `event`.
    """

    task = models.ForeignKey(
        Task, verbose_name=_("việc"), on_delete=models.PROTECT, related_name="urgings", db_index=False
    )
    agency = models.ForeignKey(
        Agency, verbose_name=_("cơ quan được đôn đốc"), on_delete=models.PROTECT, related_name="+"
    )
    urged_by = models.ForeignKey(
        User, verbose_name=_("người đôn đốc"), on_delete=models.PROTECT, related_name="urgings"
    )
    at = models.DateTimeField(_("lúc"))
    words = models.TextField(_("lời đôn đốc"), blank=True)
    event = models.OneToOneField(
        Event, verbose_name=_("sự kiện"), on_delete=models.PROTECT, related_name="urging"
    )

    class Meta:
        verbose_name = _("lần đôn đốc")
        verbose_name_plural = _("đôn đốc")
        ordering = ["-id"]
        indexes = [
            # How often and when last, on the task's page and before another one.
            models.Index(fields=["task", "at"], name="urging_of_task")
        ]

    def __str__(self) -> str:
        return f"{self.urged_by} → {self.agency}, {self.at:%d/%m/%Y %H:%M}"


class UsedLink(models.Model):
    """A link of a mail that has done what it was for: it does so once (liên kết đã dùng)."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(_("để làm gì"), max_length=2, choices=link_purpose_choices)
    task = models.ForeignKey(Task, verbose_name=_("việc"), on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, verbose_name=_("người dùng"), on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("liên kết trong thư đã dùng")
        verbose_name_plural = _("liên kết trong thư đã dùng")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.task_id}"
