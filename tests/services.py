"""Services that some tests need: skipped with the reason where missing, failed where CI promised them."""

from __future__ import annotations

import os

import pytest


def require(name: str, is_there: bool, reason: str) -> None:
    """Go on where the service is there; else skip, or fail under `CI_REQUIRES_SERVICES=1`."""
    if is_there:
        return
    words = f"{name}: {reason}"
    if os.environ.get("CI_REQUIRES_SERVICES") == "1":
        pytest.fail(f"CI promises {words}", pytrace=False)
    pytest.skip(words)
