"""Who is told about an agency's tasks: its people with an address, else its own mailbox."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency, Post
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.reminders.enums import Rhythm
from tracker.reminders.models import Recipient, Suppression

# A recipient's identity: the person (None for a mailbox) and the agency (None for an officer).
RecipientKey = tuple[int | None, int | None]
_BATCH = 500
_WANTS = "user__reminder_preference__"


@dataclass(frozen=True, slots=True)
class Circle:
    """Who would be told, by agency, whether or not they have a row yet."""

    people: Mapping[int, tuple[RecipientKey, ...]]
    heads: Mapping[int, tuple[RecipientKey, ...]]
    monitors: Mapping[int, tuple[RecipientKey, ...]]
    registrars: tuple[RecipientKey, ...]

    def everybody(self) -> list[RecipientKey]:
        groups = (*self.people.values(), *self.heads.values(), *self.monitors.values(), self.registrars)
        return list(dict.fromkeys(key for group in groups for key in group))


@dataclass(frozen=True, slots=True)
class Audience:
    """Recipients by agency, read once for a whole look. Values are recipient ids."""

    people: dict[int, tuple[int, ...]]
    heads: dict[int, tuple[int, ...]]
    monitors: dict[int, tuple[int, ...]]
    registrars: tuple[int, ...]

    @property
    def recipients(self) -> set[int]:
        groups = (*self.people.values(), *self.heads.values(), *self.monitors.values(), self.registrars)
        return {recipient for group in groups for recipient in group}


class _Member(NamedTuple):
    """A person with a post and an address that works. What they want: None where nothing was chosen."""

    user_id: int
    agency_id: int
    role: str
    address: str
    wants_own: bool | None
    wants_head: bool | None
    wants_monitor: bool | None

    @property
    def key(self) -> RecipientKey:
        """Heads get one digest for each agency, officers one for all of theirs."""
        return (self.user_id, self.agency_id if self.role == PostRole.HEAD else None)


def read_audience(
    *, only: User | None = None, agencies: Collection[int] | None = None, is_official: bool = False
) -> Audience:
    """Everybody who can be told of something (or one person alone, or of these agencies), with a
    recipient row for each.

    An agency that nobody can be told for is not in `people`.
    """
    if only is not None:
        agencies = _agencies_of(only)
    circle = read_circle(agencies=agencies, is_official=is_official)
    keys = [key for key in circle.everybody() if only is None or key[0] == only.pk]
    ids = _recipient_ids(keys, only=only)
    return Audience(
        people=_known_only(circle.people, ids),
        heads=_known_only(circle.heads, ids),
        monitors=_known_only(circle.monitors, ids),
        registrars=tuple(ids[key] for key in circle.registrars if key in ids),
    )


def read_circle(*, agencies: Collection[int] | None = None, is_official: bool = False) -> Circle:
    """Who is told of what, of all agencies or of these. Writes nothing.

    Who does not want to be told is left out, as long as somebody else hears of it: another person
    of the agency, or its mailbox. A duty never goes unheard by a preference, and what `is_official`
    goes to everybody, whatever they chose.
    """
    refuses = Refusals()
    members, mailboxes = _members(agencies, refuses), _mailboxes(agencies, refuses)
    heads = [member for member in members if member.role == PostRole.HEAD]
    return Circle(
        people=_told(members, lambda member: is_official or member.wants_own, mailboxes),
        heads=_told(heads, lambda member: member.wants_head, set()),
        monitors=_told(members, lambda member: member.wants_monitor, mailboxes),
        registrars=_registrars(refuses),
    )


def _members(agencies: Collection[int] | None, refuses: Refusals) -> list[_Member]:
    rows = Post.objects.filter(user__is_active=True).exclude(user__email="").order_by("id")
    if agencies is not None:
        rows = rows.filter(agency__in=agencies)
    wishes = (f"{_WANTS}{name}" for name in ("wants_own", "wants_head", "wants_monitor"))
    members = (_Member(*row) for row in rows.values_list("user", "agency", "role", "user__email", *wishes))
    return [member for member in members if not refuses(member.address)]


def _mailboxes(agencies: Collection[int] | None, refuses: Refusals) -> set[int]:
    rows = Agency.objects.exclude(email="")
    if agencies is not None:
        rows = rows.filter(pk__in=agencies)
    return {pk for pk, address in rows.values_list("pk", "email") if not refuses(address)}


def _registrars(refuses: Refusals) -> tuple[RecipientKey, ...]:
    office = User.objects.filter(is_active=True, office_role=OfficeRole.REGISTRAR).exclude(email="")
    rows = [
        (pk, wants)
        for pk, address, wants in office.order_by("id").values_list(
            "pk", "email", "reminder_preference__wants_registrar"
        )
        if not refuses(address)
    ]
    willing = [pk for pk, wants in rows if wants is not False]
    return tuple((pk, None) for pk in willing or [pk for pk, _wants in rows])


def _told(
    members: Iterable[_Member], wants: Callable[[_Member], bool | None], mailboxes: set[int]
) -> dict[int, tuple[RecipientKey, ...]]:
    """By agency: the willing, else the agency's mailbox, else everybody."""
    everybody: dict[int, list[_Member]] = {}
    for member in members:
        everybody.setdefault(member.agency_id, []).append(member)
    told: dict[int, tuple[RecipientKey, ...]] = {pk: ((None, pk),) for pk in mailboxes}
    for agency_id, people in everybody.items():
        willing = tuple(member.key for member in people if wants(member) is not False)
        if willing or agency_id not in mailboxes:
            told[agency_id] = willing or tuple(member.key for member in people)
    return told


class Refusals:
    """Addresses that refused mail for good: a person without another is as one without an address."""

    def __init__(self) -> None:
        self._addresses = set(Suppression.objects.values_list("address", flat=True))

    def __call__(self, address: str) -> bool:
        return address.strip().lower() in self._addresses


def _agencies_of(user: User) -> list[int]:
    return list(Post.objects.filter(user=user).values_list("agency", flat=True))


def _known_only(
    groups: Mapping[int, tuple[RecipientKey, ...]], ids: Mapping[RecipientKey, int]
) -> dict[int, tuple[int, ...]]:
    found = {agency_id: tuple(ids[key] for key in keys if key in ids) for agency_id, keys in groups.items()}
    return {agency_id: recipients for agency_id, recipients in found.items() if recipients}


def _recipient_ids(keys: Sequence[RecipientKey], *, only: User | None) -> dict[RecipientKey, int]:
    """A row for each key; a person's new row has the rhythm that the person chose."""
    wanted = set(keys)
    kept = Recipient.objects.all() if only is None else Recipient.objects.filter(user=only)
    rows = list(kept.values_list("pk", "user_id", "agency_id", "rhythm"))
    known = {(user_id, agency_id) for _pk, user_id, agency_id, _rhythm in rows}
    if missing := [key for key in keys if key not in known]:
        rhythms = {user_id: rhythm for _pk, user_id, _agency, rhythm in rows if user_id is not None}
        new = [
            Recipient(user_id=user_id, agency_id=agency_id, rhythm=rhythms.get(user_id or 0, Rhythm.DAILY))
            for user_id, agency_id in missing
        ]
        # Another worker may be adding the same rows: the database keeps one of each.
        Recipient.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
        rows = list(kept.values_list("pk", "user_id", "agency_id", "rhythm"))
    return {
        (user_id, agency_id): pk for pk, user_id, agency_id, _rhythm in rows if (user_id, agency_id) in wanted
    }
