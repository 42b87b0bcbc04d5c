"""Writing the record. Every service calls this in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from tracker.core.enums import Door
from tracker.core.models import Event, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting, and by which door. `user` is None for commands and the clock."""

    door: Door
    user: User | None = None
    address: str | None = None


# What changed, by field: the same for every row, or told of each.
Facts = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]

SYSTEM = Actor(door=Door.SYSTEM)
COMMAND = Actor(door=Door.COMMAND)


def record_event(
    subject: models.Model,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> Event:
    """Add one event. Call it inside the transaction that makes the change."""
    event = _event(subject, verb, actor=actor, now=now, before=before, after=after, note=note)
    event.save()
    return event


def record_events(
    subjects: Iterable[models.Model],
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    after: Facts,
    before: Facts | None = None,
    note: str = "",
) -> int:
    """Add an event for each of many rows in one statement; returns how many.

    `before` and `after` are the same for all, or a function of the row.
    """
    events = [
        _event(
            subject,
            verb,
            actor=actor,
            now=now,
            before=_of(before, subject) if before else None,
            after=_of(after, subject),
            note=note,
        )
        for subject in subjects
    ]
    Event.objects.bulk_create(events, batch_size=500)
    return len(events)


def _of(facts: Facts, subject: models.Model) -> Mapping[str, Any]:
    return facts(subject) if callable(facts) else facts


def _event(
    subject: models.Model,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> Event:
    return Event(
        at=now,
        actor=actor.user,
        door=actor.door,
        address=actor.address,
        verb=verb,
        subject_type=str(subject._meta.model_name),
        subject_id=subject.pk,
        before=dict(before or {}),
        after=dict(after or {}),
        note=note,
    )
