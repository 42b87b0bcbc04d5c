"""A deed: a form joined to the service that it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from tracker.core.events import Actor
from tracker.duties.models import Task
from tracker.duties.transitions import Action
from tracker.web.task_forms import TaskForm


@dataclass(frozen=True, slots=True)
class Deed:
    """`name` is the route's; `title` and `done` are for people. `needs_request`: only where a request
    for a new deadline waits (True), or where none does (False).
    """

    action: Action
    name: str
    title: str | Promise
    done: str | Promise
    form: type[TaskForm]
    act: Callable[[Task, Mapping[str, Any], Actor], object]
    is_about_deadline: bool = False
    needs_request: bool | None = None

    @property
    def verb(self) -> str:
        return self.action.verb

    @property
    def is_for_registrar(self) -> bool:
        return self.action.is_for_registrar
