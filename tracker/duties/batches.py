"""Doing the same to many tasks: each gets its own answer, one refusal stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tracker.core.errors import TrackerError
from tracker.duties.models import Task


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one task: done, or refused with a reason for people."""

    task: Task
    refusal: TrackerError | None = None


def answer_each(tasks: Iterable[Task], act: Callable[[Task], Task]) -> list[Answer]:
    """Act on every task, each in a transaction of its own (the service's), in the order given."""
    return [_answer(task, act) for task in tasks]


def _answer(task: Task, act: Callable[[Task], Task]) -> Answer:
    try:
        return Answer(act(task))
    except TrackerError as refusal:
        return Answer(task, refusal)
