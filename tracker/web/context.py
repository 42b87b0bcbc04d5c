"""What every page knows: the day, and whether it is a fixed one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tracker.core import clock


def clock_context(_request: HttpRequest) -> dict[str, Any]:
    return {"today": clock.today(), "fixed_day": clock.fixed_day()}
