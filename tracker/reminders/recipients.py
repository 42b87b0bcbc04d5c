"""Who is told about an agency's tasks: its people with an address, else its own mailbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency, Post
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.reminders.models import Recipient, Suppression

# A recipient's identity: the person (None for a mailbox) and the agency (None for an officer).
RecipientKey = tuple[int | None, int | None]
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Audience:
    """Recipients by agency, read once for a whole look. Values are recipient ids."""

    people: dict[int, tuple[int, ...]]
    heads: dict[int, tuple[int, ...]]
    registrars: tuple[int, ...]


def read_audience() -> Audience:
    """Everybody who can be told of something, with a recipient row for each.

    An agency without any person who has an address is told through its own address; one that has
    neither is not in `people`.
    """
    refuses = _Refusals()
    rows = Post.objects.filter(user__is_active=True).exclude(user__email="").order_by("id")
    posts = [
        (user_id, agency_id, role)
        for user_id, agency_id, role, address in rows.values_list("user", "agency", "role", "user__email")
        if not refuses(address)
    ]
    staffed = {agency_id for _user, agency_id, _role in posts}
    agencies = Agency.objects.exclude(email="").order_by("id").values_list("pk", "email")
    mailboxes = [pk for pk, address in agencies if pk not in staffed and not refuses(address)]
    office = User.objects.filter(is_active=True, office_role=OfficeRole.REGISTRAR).exclude(email="")
    registrars = [
        pk for pk, address in office.order_by("id").values_list("pk", "email") if not refuses(address)
    ]
    keys: list[RecipientKey] = [_key(*post) for post in posts]
    keys += [(None, agency_id) for agency_id in mailboxes] + [(user_id, None) for user_id in registrars]
    ids = _recipient_ids(keys)
    everyone = [(agency_id, ids[_key(user_id, agency_id, role)]) for user_id, agency_id, role in posts]
    heads = [
        (agency_id, ids[user_id, agency_id]) for user_id, agency_id, role in posts if role == PostRole.HEAD
    ]
    return Audience(
        people=_grouped([*everyone, *((agency_id, ids[None, agency_id]) for agency_id in mailboxes)]),
        heads=_grouped(heads),
        registrars=tuple(ids[user_id, None] for user_id in registrars),
    )


class _Refusals:
    """Addresses that refused mail for good: a person without another is as one without an address."""

    def __init__(self) -> None:
        self._addresses = set(Suppression.objects.values_list("address", flat=True))

    def __call__(self, address: str) -> bool:
        return address.strip().lower() in self._addresses


def _key(user_id: int, agency_id: int, role: str) -> RecipientKey:
    """Heads get one digest for each agency, officers one for all of theirs."""
    return (user_id, agency_id) if role == PostRole.HEAD else (user_id, None)


def _recipient_ids(keys: Sequence[RecipientKey]) -> dict[RecipientKey, int]:
    known = _known()
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        # Another worker may be adding the same rows: the database keeps one of each.
        rows = [Recipient(user_id=user_id, agency_id=agency_id) for user_id, agency_id in missing]
        Recipient.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
        known = _known()
    return known


def _known() -> dict[RecipientKey, int]:
    return {
        (user_id, agency_id): pk
        for pk, user_id, agency_id in Recipient.objects.values_list("pk", "user_id", "agency_id")
    }


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    groups: dict[int, list[int]] = {}
    for agency_id, recipient_id in pairs:
        groups.setdefault(agency_id, []).append(recipient_id)
    return {agency_id: tuple(ids) for agency_id, ids in groups.items()}
