"""What a token may do. Which rows a person sees is decided by the querysets, never here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from tracker.core.enums import TokenScope
from tracker.core.models import ApiToken

if TYPE_CHECKING:  # the views import the settings, which name this module
    from rest_framework.views import APIView


class ScopeAllowsMethod(BasePermission):
    """A token that may only read never changes anything, whoever it belongs to."""

    message = _("Khóa API này chỉ được đọc.")
    code = "token_is_read_only"

    def has_permission(self, request: Request, _view: APIView) -> bool:
        if request.method in SAFE_METHODS or not isinstance(request.auth, ApiToken):
            return True
        return request.auth.scope == TokenScope.WRITE
