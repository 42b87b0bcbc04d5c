"""States of documents and drafts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """The kind of a directive, by the unaccented slug of its printed name."""

    RESOLUTION = "nghi-quyet", _("Nghị quyết")
    DIRECTIVE = "chi-thi", _("Chỉ thị")
    CONCLUSION = "ket-luan", _("Kết luận")
    PLAN = "ke-hoach", _("Kế hoạch")
    PROGRAMME = "chuong-trinh-hanh-dong", _("Chương trình hành động")
    DECISION = "quyet-dinh", _("Quyết định")
    NOTICE = "thong-bao", _("Thông báo")
    REPORT = "bao-cao", _("Báo cáo")
    OTHER = "khac", _("Văn bản khác")


class DocumentStatus(models.TextChoices):
    """Where a document stands: loaded, its duties tracked, or no longer in force."""

    LOADED = "loaded", _("đã nạp, chờ duyệt")
    PUBLISHED = "published", _("đang theo dõi")
    EXPIRED = "expired", _("hết hiệu lực")


class DraftStatus(models.TextChoices):
    """What a person has decided about a duty that was read out of a text."""

    PENDING = "pending", _("chờ duyệt")
    ACCEPTED = "accepted", _("đã nhận")
    REJECTED = "rejected", _("đã loại")
    SUPERSEDED = "superseded", _("bản đọc sau không còn")


class DutyScope(models.TextChoices):
    """Which part of a document a duty was read from."""

    SECTION = "section", _("phần tổ chức thực hiện")
    DIRECTIVE = "directive", _("các mục của văn bản")
    BODY = "body", _("phần nội dung, có thời hạn")


def document_kind_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in DocumentKind.choices]


def document_status_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in DocumentStatus.choices]


def draft_status_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in DraftStatus.choices]


def duty_scope_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in DutyScope.choices]
