"""Writing the registry: bodies, successions, collectives, people. Idempotent by natural key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracker.agencies.changes import ENDINGS, FOUNDED, RENAMED, record_joining
from tracker.agencies.models import Agency, Collective, Membership, Post, Succession
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor, record_event
from tracker.core.models import Event, User


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did to one row."""

    is_new: bool
    is_changed: bool
    is_renamed: bool = False


@transaction.atomic
def save_agency(
    *,
    key: str,
    name: str,
    kind: str,
    aliases: Sequence[str],
    since: date | None,
    until: date | None,
    actor: Actor,
    now: datetime,
) -> Saved:
    """Create or change the agency with this key; an equal one is left alone.

    What a person has decided with a date (another name, an end) is never taken back.
    """
    fields = {"name": name, "kind": kind, "aliases": list(aliases), "since": since, "until": until}
    return _save(Agency, key, fields | _decided(key, aliases), actor=actor, now=now)


@transaction.atomic
def save_collective(
    *,
    key: str,
    name: str,
    aliases: Sequence[str],
    is_open: bool,
    members: Collection[str],
    actor: Actor,
    now: datetime,
) -> Saved:
    """Create or change a collective and add members by key. Never ends a membership.

    A member that the list no longer names stays, since a person may have added it: ending a
    membership is a decision with a date.
    """
    fields = {"name": name, "aliases": list(aliases), "is_open": is_open}
    saved = _save(Collective, key, fields, actor=actor, now=now)
    collective = Collective.objects.get(key=key)
    missing = Agency.objects.filter(key__in=members).exclude(memberships__collective=collective)
    added = [Membership(collective=collective, agency=agency) for agency in missing]
    Membership.objects.bulk_create(added)
    if added and not saved.is_new:
        names = sorted(membership.agency.key for membership in added)
        record_event(collective, "collective.members_added", actor=actor, now=now, after={"members": names})
    return Saved(is_new=saved.is_new, is_changed=saved.is_changed or bool(added and not saved.is_new))


@transaction.atomic
def join_collective(
    collective: Collective, agency: Agency, *, since: date, note: str = "", actor: Actor, now: datetime
) -> Membership:
    """A body belongs to a collective from a day on. Raises InvalidInputError where it does already then."""
    Collective.objects.select_for_update().get(pk=collective.pk)  # one at a time
    if Membership.objects.filter(collective=collective, agency=agency).from_day_on(since).exists():
        raise InvalidInputError(
            _("«%(agency)s» là thành viên của «%(collective)s» vào ngày đó rồi.")
            % {"agency": agency, "collective": collective},
            field="agency",
        )
    membership = Membership.objects.create(collective=collective, agency=agency, since=since)
    record_joining(membership, note=note, actor=actor, now=now)
    return membership


@transaction.atomic
def leave_collective(
    membership: Membership, *, until: date, note: str = "", actor: Actor, now: datetime
) -> Membership:
    """End a membership; `until` is its last day. Duties of documents up to then stay as they are."""
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    if row.until is not None:
        raise InvalidInputError(
            _("«%(agency)s» đã thôi là thành viên từ trước.") % {"agency": row.agency}, field="until"
        )
    if row.since is not None and until < row.since:
        raise InvalidInputError(_("Ngày kết thúc không được trước ngày bắt đầu."), field="until")
    row.until = until
    row.save(update_fields=["until"])
    after = {"agency": row.agency.key, "until": until.isoformat()}
    record_event(row.collective, "collective.member_left", actor=actor, now=now, after=after, note=note)
    return row


@transaction.atomic
def confirm_succession(succession: Succession, *, actor: Actor, now: datetime) -> bool:
    """The registry's steward vouches for a succession; False where it was vouched for before."""
    if not Succession.objects.filter(pk=succession.pk, is_confirmed=False).update(is_confirmed=True):
        return False
    after = {"successor": succession.successor.key}
    record_event(succession.agency, "agency.succession_confirmed", actor=actor, now=now, after=after)
    return True


@transaction.atomic
def save_succession(*, agency: str, successor: str, is_confirmed: bool, actor: Actor, now: datetime) -> Saved:
    """Note that one agency takes over from another. A confirmation by a person is never taken back.

    Nothing is added where a person has said who takes over, or that nobody does.
    """
    if Event.objects.filter(
        subject_type="agency",
        subject_id__in=Agency.objects.filter(key=agency).values("pk"),
        verb__in=ENDINGS,
    ).exists():
        return Saved(is_new=False, is_changed=False)
    row, is_new = Succession.objects.get_or_create(
        agency=Agency.objects.get(key=agency),
        successor=Agency.objects.get(key=successor),
        defaults={"is_confirmed": is_confirmed},
    )
    if is_new:
        record_event(
            row.agency, "agency.succession_noted", actor=actor, now=now, after={"successor": successor}
        )
    return Saved(is_new=is_new, is_changed=False)


@transaction.atomic
def save_person(
    *,
    username: str,
    family_name: str,
    given_name: str,
    email: str,
    office_role: str,
    password: str,
    is_staff: bool,
    posts: dict[str, str],
    actor: Actor,
    now: datetime,
) -> Saved:
    """Create a person with posts (agency key → role); one who exists is left alone, password and all.

    Raises InvalidInputError for a post in an agency that the registry lacks.
    """
    if User.objects.filter(username=username).exists():
        return Saved(is_new=False, is_changed=False)
    agencies = {agency.key: agency for agency in Agency.objects.filter(key__in=posts)}
    for key in posts:
        if key not in agencies:
            raise InvalidInputError(
                _("«%(username)s»: danh mục không có cơ quan «%(key)s».")
                % {"username": username, "key": key},
                field="posts",
            )
    user = User(
        username=username,
        last_name=family_name,
        first_name=given_name,
        email=email,
        office_role=office_role,
        is_staff=is_staff,
    )
    user.set_password(password)
    user.save()
    for key, role in posts.items():
        Post.objects.create(user=user, agency=agencies[key], role=role)
    record_event(user, "person.created", actor=actor, now=now, after={"username": username, "posts": posts})
    return Saved(is_new=True, is_changed=False)


def _decided(key: str, aliases: Sequence[str]) -> dict[str, Any]:
    """The fields of a known body that a dated change has settled, as they stand."""
    agency = Agency.objects.filter(key=key).first()
    if agency is None:
        return {}
    verbs = set(Event.objects.about(agency).values_list("verb", flat=True))
    settled: dict[str, Any] = {}
    if RENAMED in verbs:
        kept = [alias for alias in agency.aliases if alias not in aliases]
        settled |= {"name": agency.name, "aliases": [*aliases, *kept]}
    if FOUNDED in verbs:
        settled["since"] = agency.since
    if verbs & ENDINGS:
        settled["until"] = agency.until
    return settled


def _save(
    model: type[Agency] | type[Collective], key: str, fields: dict[str, Any], *, actor: Actor, now: datetime
) -> Saved:
    row = model.objects.select_for_update().filter(key=key).first()
    if row is None:
        row = model(key=key, **fields)
        row.full_clean(exclude=["search_name"])
        row.save()
        record_event(row, f"{model._meta.model_name}.created", actor=actor, now=now, after=_shown(fields))
        return Saved(is_new=True, is_changed=False)
    before = {name: getattr(row, name) for name in fields}
    if before == fields:
        return Saved(is_new=False, is_changed=False)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean(exclude=["search_name"])
    row.save()
    changed = {name for name in fields if before[name] != fields[name]}
    record_event(
        row,
        f"{model._meta.model_name}.changed",
        actor=actor,
        now=now,
        before=_shown({name: before[name] for name in changed}),
        after=_shown({name: fields[name] for name in changed}),
    )
    return Saved(is_new=False, is_changed=True, is_renamed="name" in changed)


def _shown(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
