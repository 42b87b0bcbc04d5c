"""What every page knows: the day, whether it is a fixed one, and what the person may open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tracker.core import clock
from tracker.core.models import User
from tracker.duties.queries import sees_all


def clock_context(_request: HttpRequest) -> dict[str, Any]:
    return {"today": clock.today(), "fixed_day": clock.fixed_day()}


def people_context(request: HttpRequest) -> dict[str, Any]:
    """Which parts the menu offers. Costs no query beyond the person's own."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"sees_all": False, "is_registrar": False}
    return {"sees_all": sees_all(user), "is_registrar": user.is_registrar}
