"""Running commands as an operator does."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

Run = Callable[..., str]

# Two duties of Sở Y tế, due on 31/3/2026 and 14/12/2026.
DIRECTIVE = """ĐẢNG CỘNG SẢN VIỆT NAM
TỈNH ỦY
Số 9-CT/TU
ngày 05 tháng 01 năm 2026

CHỈ THỊ
về một việc

III- TỔ CHỨC THỰC HIỆN

1. Giao Sở Y tế xây dựng kế hoạch, hoàn thành trong quý I/2026.
2. Giao Sở Y tế tổng hợp kết quả, báo cáo trước ngày 15/12/2026.

T/M BAN THƯỜNG VỤ
"""


@pytest.fixture
def run() -> Run:
    """`run("open_periods", …)`: what the command printed; a CommandError tells that too."""

    def run_command(name: str, *arguments: str) -> str:
        out = StringIO()
        try:
            call_command(name, *arguments, stdout=out, stderr=out)
        except CommandError as error:
            raise CommandError(out.getvalue() + str(error)) from error
        return out.getvalue()

    return run_command
