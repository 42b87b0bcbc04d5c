"""Turning declared errors into the one line, and the exit status, that an operator sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db.utils import OperationalError, ProgrammingError

from tracker.core.errors import TrackerError


@contextmanager
def told_to_operators() -> Iterator[None]:
    """Raises CommandError for what a person can mend: bad input, or a database that is not ready."""
    try:
        yield
    except TrackerError as error:
        raise CommandError(str(error)) from error
    except (OperationalError, ProgrammingError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(
            f"Cơ sở dữ liệu chưa sẵn sàng: {reason}. Kiểm tra DATABASE_URL, rồi chạy «manage.py migrate»."
        ) from error
