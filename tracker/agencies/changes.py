"""Bodies change, on a day: renamed, merged, split, abolished. The registry's half of the change.

What the bodies owe follows through `duties.successions.carry_out`, which calls these functions; a
change that is made without it leaves the tasks to the daily look. A change's `day` is the first day
on which things are otherwise: the old body's last day is the day before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tracker.agencies.enums import AgencyKind
from tracker.agencies.models import Agency, AgencyName, Membership, Post, Succession
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor, record_event
from tracker.core.text import fold_spaces, slug, without_accents

RENAMED, MERGED, SPLIT, ABOLISHED = "agency.renamed", "agency.merged", "agency.split", "agency.abolished"
FOUNDED, PEOPLE_FOLLOWED = "agency.founded", "agency.people_followed"
ENDINGS = frozenset({MERGED, SPLIT, ABOLISHED})

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewAgency:
    """A body that a change founds: its key is the slug of its name."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did to the registry. `ended` bodies are no more from `day` on; `heirs` take over."""

    day: date
    ended: tuple[Agency, ...] = ()
    heirs: tuple[Agency, ...] = ()
    joined: tuple[Membership, ...] = ()


@transaction.atomic
def rename_agency(
    agency: Agency, *, name: str, day: date, note: str = "", actor: Actor, now: datetime
) -> Changed:
    """Give a body another name from a day on; what it was called before stays on record.

    The name itself changes by `take_effect`, on the day. Raises InvalidInputError for an empty name, the
    name it has, the name of another body of that day, or a day on which it does not exist.
    """
    agency = _locked(agency)
    name = _name_for(name, day, field="name", but=agency)
    if not agency.existed_on(day):
        raise InvalidInputError(
            _("Ngày %(day)s «%(name)s» không tồn tại.") % {"day": f"{day:%d/%m/%Y}", "name": agency.name},
            field="day",
        )
    if name == agency.name_on(day):
        raise InvalidInputError(_("Tên mới trùng với tên đang dùng."), field="name")
    if agency.names.filter(since__gte=day).exists():
        raise InvalidInputError(_("Đã có lần đổi tên vào ngày đó hoặc sau đó."), field="day")
    if not agency.names.exists():
        AgencyName.objects.create(agency=agency, name=agency.name, since=None)
    before = agency.name_on(day)
    AgencyName.objects.create(agency=agency, name=name, since=day, is_waiting=True)
    _record(agency, RENAMED, day, note, actor, now, before={"name": before}, after={"name": name})
    return Changed(day=day)


@transaction.atomic
def merge_agencies(
    agencies: Sequence[Agency],
    *,
    into: Agency | NewAgency,
    day: date,
    people_follow: bool = True,
    joins_collectives: bool = True,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Changed:
    """One body, new or there already, takes over from others from a day on.

    `people_follow`: who works in an old body is given a post in the heir, on the day.
    `joins_collectives`: the heir becomes a member of the collectives that the old bodies belonged to.
    """
    return _end(
        [agency for agency in agencies if agency != into],
        [into],
        MERGED,
        day,
        people_follow=people_follow,
        joins_collectives=joins_collectives,
        note=note,
        actor=actor,
        now=now,
    )


@transaction.atomic
def split_agency(
    agency: Agency,
    *,
    into: Sequence[Agency | NewAgency],
    day: date,
    joins_collectives: bool = True,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Changed:
    """Several bodies take over from one from a day on; a person decides who owes which of its tasks."""
    if len(into) < 2:  # noqa: PLR2004 - what a split is
        raise InvalidInputError(_("Chia tách cần ít nhất hai cơ quan kế thừa."), field="into")
    return _end(
        [agency],
        into,
        SPLIT,
        day,
        people_follow=False,
        joins_collectives=joins_collectives,
        note=note,
        actor=actor,
        now=now,
    )


@transaction.atomic
def abolish_agency(agency: Agency, *, day: date, note: str = "", actor: Actor, now: datetime) -> Changed:
    """A body is no more from a day on, and nobody takes over: a person decides about its tasks."""
    ended = _ended_before(agency, day)
    _record(ended, ABOLISHED, day, note, actor, now)
    return Changed(day=day, ended=(ended,))


@transaction.atomic
def take_effect(*, today: date, actor: Actor, now: datetime) -> list[Agency]:
    """Do in the registry what waited for its day: new names, people who follow.

    Returns who has another name now.
    """
    names = AgencyName.objects.select_for_update(of=("self",)).filter(is_waiting=True, since__lte=today)
    due = list(names.select_related("agency").order_by("since", "id"))
    for one in due:
        _take_name(one)
    moves = Succession.objects.select_for_update(of=("self",)).filter(
        people_follow=True, agency__until__lt=today
    )
    following = list(moves.select_related("agency", "successor").order_by("id"))
    for succession in following:
        move_people(succession, actor=actor, now=now)
    return [one.agency for one in due]


def move_people(succession: Succession, *, actor: Actor, now: datetime) -> list[Post]:
    """Give who works in the old body the same post in its successor; the old posts stay. Once."""
    succession.people_follow = False
    succession.save(update_fields=["people_follow"])
    posts = succession.agency.posts.exclude(user__posts__agency=succession.successor).select_related("user")
    added = [Post(user=post.user, agency=succession.successor, role=post.role) for post in posts]
    Post.objects.bulk_create(added)
    if added:
        record_event(
            succession.successor,
            PEOPLE_FOLLOWED,
            actor=actor,
            now=now,
            after={"agency": succession.agency.key, "people": sorted(post.user.username for post in added)},
        )
    return added


def _take_name(one: AgencyName) -> None:
    """The old name stays an alias: documents of its time are read by it."""
    agency = one.agency
    if agency.name not in agency.aliases:
        agency.aliases = [*agency.aliases, agency.name]
    agency.name = one.name
    agency.save(update_fields=["name", "search_name", "aliases"])
    one.is_waiting = False
    one.save(update_fields=["is_waiting"])


def _end(
    agencies: Sequence[Agency],
    into: Sequence[Agency | NewAgency],
    verb: str,
    day: date,
    *,
    people_follow: bool,
    joins_collectives: bool,
    note: str,
    actor: Actor,
    now: datetime,
) -> Changed:
    if not agencies:
        raise InvalidInputError(_("Hãy chọn ít nhất một cơ quan cũ, khác cơ quan kế thừa."), field="agencies")
    ended = [_ended_before(agency, day) for agency in agencies]
    heirs = [_heir(one, day, actor=actor, now=now) for one in dict.fromkeys(into)]
    if set(ended) & set(heirs):
        raise InvalidInputError(_("Một cơ quan không kế thừa chính mình."), field="into")
    for agency in ended:
        for heir in heirs:
            Succession.objects.create(
                agency=agency, successor=heir, is_confirmed=True, people_follow=people_follow
            )
        after = {"heirs": [heir.key for heir in heirs]}
        _record(agency, verb, day, note, actor, now, after=after)
    joined = _join_collectives(ended, heirs, day) if joins_collectives else []
    for membership in joined:
        record_joining(membership, note=note, actor=actor, now=now)
    return Changed(day=day, ended=tuple(ended), heirs=tuple(heirs), joined=tuple(joined))


def _ended_before(agency: Agency, day: date) -> Agency:
    """The body, with the day before as its last. One that ended then already only lacks its heirs."""
    agency, last = _locked(agency), day - _DAY
    if agency.until not in {None, last}:
        raise InvalidInputError(
            _("«%(name)s» đã kết thúc ngày %(until)s: ngày thay đổi phải là ngày liền sau.")
            % {"name": agency.name, "until": f"{agency.until:%d/%m/%Y}"},
            field="day",
        )
    if agency.since is not None and last < agency.since:
        raise InvalidInputError(
            _("«%(name)s» mới có từ ngày %(since)s: ngày thay đổi phải sau ngày đó.")
            % {"name": agency.name, "since": f"{agency.since:%d/%m/%Y}"},
            field="day",
        )
    if agency.successions.exists():
        raise InvalidInputError(
            _("«%(name)s» đã có cơ quan kế thừa.") % {"name": agency.name}, field="agencies"
        )
    if agency.until is None:
        agency.until = last
        agency.save(update_fields=["until"])
    return agency


def _heir(one: Agency | NewAgency, day: date, *, actor: Actor, now: datetime) -> Agency:
    if isinstance(one, NewAgency):
        return _founded(one, day, actor=actor, now=now)
    heir = _locked(one)
    if not heir.existed_on(day):
        raise InvalidInputError(
            _("Ngày %(day)s «%(name)s» không tồn tại.") % {"day": f"{day:%d/%m/%Y}", "name": heir.name},
            field="into",
        )
    return heir


def _founded(new: NewAgency, day: date, *, actor: Actor, now: datetime) -> Agency:
    name = _name_for(new.name, day, field="new", but=None)
    if new.kind not in AgencyKind.values:
        raise InvalidInputError(_("Hãy chọn loại cơ quan."), field="kind")
    key = slug(name)[:120]
    if not key or Agency.objects.filter(key=key).exists():
        raise InvalidInputError(
            _("Đã có cơ quan mang khóa «%(key)s»: hãy chọn trong danh sách.") % {"key": key}, field="new"
        )
    agency = Agency.objects.create(key=key, name=name, kind=new.kind, since=day)
    record_event(
        agency, FOUNDED, actor=actor, now=now, after={"name": name, "kind": new.kind, "day": day.isoformat()}
    )
    return agency


def _name_for(name: str, day: date, *, field: str, but: Agency | None) -> str:
    """A name that may be given from a day on: not empty, not too long, no other body's of that day."""
    name = fold_spaces(name)
    longest = Agency._meta.get_field("name").max_length or 0
    if not name or len(name) > longest:
        raise InvalidInputError(
            _("Tên cơ quan phải có, dài không quá %(longest)s chữ.") % {"longest": longest}, field=field
        )
    alike = Agency.objects.existing_on(day).filter(
        search_name__iexact=without_accents(name), name__iexact=name
    )
    if any(one != but for one in alike):
        raise InvalidInputError(_("Đã có cơ quan tên «%(name)s».") % {"name": name}, field=field)
    return name


def _join_collectives(ended: Sequence[Agency], heirs: Sequence[Agency], day: date) -> list[Membership]:
    """The heirs join what the old bodies belonged to on their last day."""
    left = Membership.objects.filter(agency__in=ended).on(day - _DAY).select_related("collective")
    collectives = {membership.collective_id: membership.collective for membership in left.order_by("id")}
    members = set(
        Membership.objects.filter(collective__in=collectives)
        .from_day_on(day)
        .values_list("collective_id", "agency_id")
    )
    joined = [
        Membership(collective=collective, agency=heir, since=day)
        for collective in collectives.values()
        for heir in heirs
        if (collective.pk, heir.pk) not in members
    ]
    return Membership.objects.bulk_create(joined)


def record_joining(membership: Membership, *, note: str, actor: Actor, now: datetime) -> None:
    """That a body belongs to a collective from a day on, whoever made it so."""
    since = membership.since.isoformat() if membership.since else None
    after = {"agency": membership.agency.key, "since": since}
    collective = membership.collective
    record_event(collective, "collective.member_joined", actor=actor, now=now, after=after, note=note.strip())


def _record(
    agency: Agency,
    verb: str,
    day: date,
    note: str,
    actor: Actor,
    now: datetime,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    facts = {"day": day.isoformat(), **(after or {})}
    record_event(agency, verb, actor=actor, now=now, before=before, after=facts, note=note.strip())


def _locked(agency: Agency) -> Agency:
    return Agency.objects.select_for_update().get(pk=agency.pk)
