"""Running commands as an operator does."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

Run = Callable[..., str]


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
