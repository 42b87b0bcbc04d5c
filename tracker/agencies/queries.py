"""Reading the registry: who existed, who belonged to what, who holds a body's duties today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.agencies.models import Agency, Collective, Membership, Succession
from tracker.core.models import User

# A chain of successions longer than this is a mistake in the registry, most likely a ring.
_LONGEST_CHAIN = 12


def agencies_by_key(keys: Iterable[str]) -> dict[str, Agency]:
    return {agency.key: agency for agency in Agency.objects.filter(key__in=keys)}


def collectives_by_key(keys: Iterable[str]) -> dict[str, Collective]:
    return {collective.key: collective for collective in Collective.objects.filter(key__in=keys)}


def members_on(collective: Collective, day: date) -> list[Agency]:
    """The agencies that belonged to a collective on a day and existed then, in registry order."""
    memberships = Membership.objects.filter(collective=collective).on(day).select_related("agency")
    return [membership.agency for membership in memberships.order_by("id")]


def agencies_of(user: User) -> list[Agency]:
    """The agencies that a person works in."""
    return list(Agency.objects.filter(posts__user=user).order_by("name"))


class Heirs:
    """Who holds an agency's duties on a day, by the successions on record (read once, kept).

    `holder(agency, day)` is the agency itself while it exists, its only successor after, and so
    on along the chain; None where there are several successors, or none: a person decides.
    """

    def __init__(self) -> None:
        self._successors: dict[int, list[Agency]] = {}
        for succession in Succession.objects.select_related("successor").order_by("id"):
            self._successors.setdefault(succession.agency_id, []).append(succession.successor)

    def holder(self, agency: Agency, day: date) -> Agency | None:
        current = agency
        for _step in range(_LONGEST_CHAIN):
            if current.until is None or day <= current.until:
                return current
            successors = self._successors.get(current.pk, [])
            if len(successors) != 1:
                return None
            current = successors[0]
        return None
