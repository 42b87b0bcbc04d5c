"""Plain corrections of a row by a person: saved and recorded in one transaction.

For rows that have no workflow of their own (an agency's mail address, a document's monitors).
What has one, like a task's state, is changed by its service and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import models, transaction

from tracker.core.events import Actor, record_event


@transaction.atomic
def save_edited(row: models.Model, fields: Collection[str], *, actor: Actor, now: datetime) -> bool:
    """Save a new row, or these fields of a known one; False where nothing is different."""
    name = row._meta.model_name
    after = {field: getattr(row, field) for field in fields}
    if row._state.adding:
        row.save()
        record_event(row, f"{name}.created", actor=actor, now=now, after=shown(after))
        return True
    kept = type(row)._base_manager.select_for_update().get(pk=row.pk)
    before = {field: getattr(kept, field) for field in fields}
    if before == after:
        return False
    row.save()
    record_event(row, f"{name}.changed", actor=actor, now=now, before=shown(before), after=shown(after))
    return True


def record_lists(
    row: models.Model,
    before: Mapping[str, list[str]],
    after: Mapping[str, list[str]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Record what changed in a row's lists (its members, monitors, posts); nothing where nothing did."""
    changed = [name for name in after if before.get(name, []) != after[name]]
    if changed:
        record_event(
            row,
            f"{row._meta.model_name}.changed",
            actor=actor,
            now=now,
            before={name: before.get(name, []) for name in changed},
            after={name: after[name] for name in changed},
        )


def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Field values as the record keeps them: days as ISO text, rows by their name."""
    return {name: _shown(value) for name, value in fields.items()}


def names_of(rows: Iterable[models.Model]) -> list[str]:
    return sorted(str(row) for row in rows)


def _shown(value: Any) -> Any:
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    return str(value) if isinstance(value, models.Model) else value
