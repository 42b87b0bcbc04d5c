"""Asking for a task once the change at hand is committed."""

from __future__ import annotations

from django.db import transaction
from django.utils.module_loading import import_string


def ask_for(task: str) -> None:
    """After the commit, ask for a task of `tracker.tasks`, which takes no arguments and may come twice.

    By name: tasks know every package, and no package knows them. A broker that is away undoes
    nothing (the failure is logged): whatever is asked for here, a regular look does as well.
    """

    def enqueue() -> None:
        import_string(f"tracker.tasks.{task}").delay()

    transaction.on_commit(enqueue, robust=True)
