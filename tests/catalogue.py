"""When the English catalogue is held to the program: in CI, before a change lands."""

from __future__ import annotations

import os

import pytest

english_may_follow = pytest.mark.skipif(
    os.environ.get("CI_REQUIRES_SERVICES") != "1",
    reason="trong CI: khi đang viết một trang, bản tiếng Anh của nó có thể theo sau",
)
