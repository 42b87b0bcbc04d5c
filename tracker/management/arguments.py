"""Argument types that the commands share."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date


def day(text: str) -> date:
    """A day as an argument: `2021-06-15`. argparse shows the sentence and exits with status 2."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"«{text}» không phải là một ngày; viết như 2021-06-15.") from error
