"""Kinds of bodies, and what people do in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyKind(models.TextChoices):
    """What a body is, as the registry file writes it."""

    PARTY = "party", _("cơ quan lãnh đạo Đảng")
    PARTY_ADVISORY = "party-advisory", _("cơ quan tham mưu, giúp việc")
    PARTY_UNIT = "party-unit", _("đơn vị sự nghiệp của Đảng")
    PARTY_CAUCUS = "party-caucus", _("ban cán sự đảng, đảng đoàn")
    PARTY_COMMITTEE = "party-committee", _("đảng bộ trực thuộc")
    STATE = "state", _("cơ quan nhà nước")
    JUDICIAL = "judicial", _("cơ quan tư pháp, lực lượng vũ trang")
    FRONT = "front", _("Mặt trận và đoàn thể")
    ASSOCIATION = "association", _("hội, hiệp hội")


class PostRole(models.TextChoices):
    """What a person does in an agency."""

    OFFICER = "officer", _("cán bộ")
    HEAD = "head", _("thủ trưởng")


def agency_kind_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in AgencyKind.choices]


def post_role_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in PostRole.choices]
