"""People who sign in, and the record: one append-only row for every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.core.enums import OfficeRole, TokenScope, door_choices, office_role_choices, token_scope_choices
from tracker.core.errors import TrackerError


class User(AbstractUser):
    """A person who signs in. What they may see follows from their posts and office role."""

    office_role = models.CharField(
        _("vai trò toàn tỉnh"), max_length=16, blank=True, default="", choices=office_role_choices
    )

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    @property
    def full_name(self) -> str:
        """Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip() or self.username

    @property
    def is_registrar(self) -> bool:
        return self.is_active and (self.is_superuser or self.office_role == OfficeRole.REGISTRAR)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, now: datetime) -> ApiTokenQuerySet:
        """Neither revoked nor expired, of a person who may still sign in."""
        return self.filter(
            models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=now),
            revoked_at__isnull=True,
            user__is_active=True,
        )


class ApiToken(models.Model):
    """A program's key to the API, in a person's name. Kept as a digest; shown once, when issued."""

    user = models.ForeignKey(
        User, verbose_name=_("người dùng"), on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("tên"), max_length=80, help_text=_("Dùng vào việc gì, ở đâu"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(_("quyền"), max_length=8, choices=token_scope_choices, default=TokenScope.READ)
    created_at = models.DateTimeField(_("cấp lúc"))
    expires_at = models.DateTimeField(_("hết hạn lúc"), null=True, blank=True)
    last_used_on = models.DateField(_("dùng gần nhất"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa API")
        verbose_name_plural = _("khóa API")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"


class KeptAnswer(models.Model):
    """The answer to a request that named itself by an `Idempotency-Key`: given again, not done again.

    Only what was done is kept; a refused request may be sent again under its key.
    """

    user = models.ForeignKey(User, verbose_name=_("người dùng"), on_delete=models.CASCADE, related_name="+")
    key = models.CharField(_("khóa chống lặp"), max_length=128)
    request_digest = models.CharField(max_length=64, editable=False)
    status = models.PositiveSmallIntegerField(_("mã trả lời"), default=200)
    etag = models.CharField(max_length=64, blank=True, editable=False)
    body = models.JSONField(_("nội dung trả lời"), default=dict)
    created_at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("yêu cầu API đã trả lời")
        verbose_name_plural = _("yêu cầu API đã trả lời")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_user_and_key")]

    def __str__(self) -> str:
        return self.key


# Events that an official notice tells of (trả lại, quyết định gia hạn, dời hạn): `reminders.notices`.
NOTICE_VERBS = (
    "task.returned",
    "task.restored",
    "task.extension_granted",
    "task.extension_refused",
    "task.deadline_moved",
)


class AppendOnlyError(TrackerError):
    """Someone tried to change or delete the record."""

    code = "append_only"


class EventQuerySet(models.QuerySet["Event"]):
    """Reads only; the database's own triggers refuse what goes round this class."""

    def update(self, **_fields: Any) -> NoReturn:
        raise AppendOnlyError("Nhật ký chỉ được ghi thêm, không sửa.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Nhật ký chỉ được ghi thêm, không xóa.")

    def about(self, subject: models.Model) -> EventQuerySet:
        """Events of one row, oldest first."""
        return self.filter(subject_type=subject._meta.model_name, subject_id=subject.pk).order_by("id")


class Event(models.Model):
    """Who changed what, when, by which door, from what to what (nhật ký)."""

    at = models.DateTimeField(_("lúc"))
    actor = models.ForeignKey(
        User,
        verbose_name=_("người thực hiện"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    door = models.CharField(_("qua"), max_length=16, choices=door_choices)
    address = models.GenericIPAddressField(_("địa chỉ"), null=True, blank=True)
    verb = models.CharField(_("việc"), max_length=40, help_text=_("Mã ổn định, ví dụ task.reported"))
    subject_type = models.CharField(_("loại đối tượng"), max_length=40)
    subject_id = models.BigIntegerField(_("số đối tượng"))
    before = models.JSONField(_("trước"), default=dict)
    after = models.JSONField(_("sau"), default=dict)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("sự kiện")
        verbose_name_plural = _("nhật ký")
        ordering = ["-id"]
        indexes = [
            # The story of one row: Event.objects.about(task).
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_of_subject"),
            # Figures as of a past day: events up to a moment.
            models.Index(fields=["at"], name="event_at"),
            # The few of many that are to be announced: every look asks which of them are new.
            models.Index(fields=["at"], condition=models.Q(verb__in=NOTICE_VERBS), name="event_of_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.verb} {self.subject_type} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("Nhật ký chỉ được ghi thêm, không sửa.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Nhật ký chỉ được ghi thêm, không xóa.")
