"""Texts as they were loaded, the documents and clauses found in them, and drafts under review."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.documents.enums import (
    DocumentKind,
    DocumentStatus,
    DraftStatus,
    document_kind_choices,
    document_status_choices,
    draft_status_choices,
    duty_scope_choices,
)

# Not `get_kind_display`: with a callable of choices it translates every kind at every call, and a
# morning's mails ask for a hundred thousand titles.
_KINDS = {kind.value: kind.label for kind in DocumentKind}


class SourceText(models.Model):
    """One loaded file, whole and unchanged (văn bản gốc). A volume holds many documents."""

    name = models.CharField(_("tên tệp"), max_length=255)
    sha256 = models.CharField(_("mã băm"), max_length=64, unique=True)
    text = models.TextField(_("toàn văn"))
    coverage = models.JSONField(_("phần chưa đọc được"), default=dict, blank=True)
    loaded_at = models.DateTimeField(_("nạp lúc"))

    class Meta:
        verbose_name = _("tệp gốc")
        verbose_name_plural = _("tệp gốc")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """One directive (văn bản): `text[start:end]` of its source."""

    key = models.CharField(
        _("khóa"),
        max_length=120,
        unique=True,
        help_text=_("Số, ký hiệu và ngày: nhận ra văn bản khi nạp lại"),
    )
    source = models.ForeignKey(
        SourceText, verbose_name=_("tệp gốc"), on_delete=models.PROTECT, related_name="documents"
    )
    number = models.CharField(_("số, ký hiệu"), max_length=80)
    kind = models.CharField(_("loại"), max_length=32, choices=document_kind_choices)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    subject = models.TextField(_("trích yếu"), blank=True)
    search_text = models.TextField(editable=False, default="")
    secrecy = models.CharField(_("độ mật"), max_length=20, blank=True)
    start = models.PositiveIntegerField(editable=False)
    end = models.PositiveIntegerField(editable=False)
    status = models.CharField(
        _("tình trạng"), max_length=16, choices=document_status_choices, default=DocumentStatus.LOADED
    )
    start_on = models.DateField(
        _("theo dõi từ ngày"),
        help_text=_("Việc có hạn trước ngày này là lịch sử: không nhắc, không tính trễ"),
    )
    needs_confirmation = models.BooleanField(_("báo cáo cần Văn phòng xác nhận"), default=True)
    expired_on = models.DateField(_("hết hiệu lực từ ngày"), null=True, blank=True)
    monitors = models.ManyToManyField(
        Agency, verbose_name=_("cơ quan theo dõi, đôn đốc"), blank=True, related_name="monitored_documents"
    )

    class Meta:
        verbose_name = _("văn bản")
        verbose_name_plural = _("văn bản")
        ordering = ["-issued_on", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="document_place_is_not_empty")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """`Nghị quyết 109-NQ/TU, 08/06/2021`: how people name a document."""
        named = f"{_KINDS.get(self.kind, self.kind)} {self.number}"
        return f"{named}, {self.issued_on:%d/%m/%Y}" if self.issued_on else named


class Clause(models.Model):
    """A marked block of a document's text (khoản, mục), with its place in the source."""

    document = models.ForeignKey(
        Document, verbose_name=_("văn bản"), on_delete=models.CASCADE, related_name="clauses"
    )
    ordinal = models.PositiveIntegerField(_("thứ tự"))
    path = models.CharField(_("mục"), max_length=64)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("khoản, mục")
        verbose_name_plural = _("khoản, mục")
        ordering = ["document_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["document", "ordinal"], name="one_clause_per_ordinal"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="clause_place_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.path}"


class Draft(models.Model):
    """A duty as the extractor read it, and what a person decided about it (dự thảo nhiệm vụ).

    Nothing is tracked before a person has accepted it. Loading the same text again finds the
    same draft by its fingerprint and leaves the decision alone.
    """

    document = models.ForeignKey(
        Document, verbose_name=_("văn bản"), on_delete=models.CASCADE, related_name="drafts"
    )
    clause = models.ForeignKey(
        Clause, verbose_name=_("mục"), on_delete=models.SET_NULL, null=True, blank=True, related_name="drafts"
    )
    fingerprint = models.CharField(max_length=64, editable=False)
    ordinal = models.PositiveIntegerField(_("thứ tự"))
    scope = models.CharField(_("phạm vi"), max_length=16, choices=duty_scope_choices)
    action = models.TextField(_("nội dung"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    leads = models.JSONField(_("chủ trì"), default=list)
    coordinators = models.JSONField(_("phối hợp"), default=list, blank=True)
    due_code = models.CharField(_("mã thời hạn"), max_length=32, default="none")
    due_text = models.CharField(_("thời hạn (nguyên văn)"), max_length=300, blank=True)
    confidence = models.FloatField(_("độ tin cậy"))
    rules = models.JSONField(_("quy tắc đọc"), default=list, blank=True)
    extractor_version = models.CharField(_("phiên bản bộ đọc"), max_length=32)
    status = models.CharField(
        _("quyết định"), max_length=16, choices=draft_status_choices, default=DraftStatus.PENDING
    )
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("người quyết định"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    changes = models.JSONField(
        _("đã sửa"), default=dict, blank=True, help_text=_("Những trường người duyệt đã sửa: từ, thành")
    )

    class Meta:
        verbose_name = _("dự thảo nhiệm vụ")
        verbose_name_plural = _("dự thảo nhiệm vụ")
        ordering = ["document_id", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["document", "fingerprint"], name="one_draft_per_reading"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="confidence_between_0_and_1"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[DraftStatus.PENDING, DraftStatus.SUPERSEDED])
                | Q(decided_at__isnull=False),
                name="decided_draft_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.action[:60]}"
