"""Reading the policies: the default, and what documents override."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.reminders.models import Policy
from tracker.reminders.rules import Rules


@dataclass(frozen=True, slots=True)
class Policies:
    """The rules in force: `by_document` holds the overrides by document id."""

    default: Rules = Rules()  # noqa: RUF009 - frozen
    by_document: dict[int, Rules] = field(default_factory=dict)


def policies_in_force() -> Policies:
    """Read every policy; without a default row the built-in rules hold. Writes nothing."""
    default = Policy.objects.filter(is_default=True).first() or Policy()
    overrides = Policy.objects.filter(document__isnull=False)
    return Policies(
        default=default.rules,
        by_document={
            policy.document_id: policy.rules for policy in overrides if policy.document_id is not None
        },
    )


def seed_default_policy() -> bool:
    """Make the default row for the office to edit; an edited one is left alone. True where it is new."""
    _policy, is_new = Policy.objects.get_or_create(is_default=True)
    return is_new
