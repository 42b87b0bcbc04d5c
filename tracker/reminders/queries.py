"""Reading the reminders: when tasks were last looked at, what waits, what did not arrive."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency, Post
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.duties.models import Task
from tracker.reminders.enums import MessageState
from tracker.reminders.models import Message, Scan, Suppression
from tracker.reminders.recipients import read_circle

# Beat looks every quarter of an hour, cron perhaps once a morning: longer than a day is nobody.
SCAN_LASTS = timedelta(hours=24)
_FAILURES_SHOWN = timedelta(days=60)
_OF_LATE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class LastScan:
    """The last look that came to its end. `age` is None where there was none yet."""

    scan: Scan | None
    age: timedelta | None

    @property
    def is_fresh(self) -> bool:
        return self.age is not None and self.age < SCAN_LASTS


def last_scan(now: datetime) -> LastScan:
    """In one query. A look from a day to come does not count: the clock was set back.

    Less than a day may be: under a fixed day (`TRACKER_TODAY`) the hour starts anew at midnight.
    """
    scan = Scan.objects.filter(finished_at__lt=now + SCAN_LASTS).order_by("-finished_at").first()
    if scan is None or scan.finished_at is None:
        return LastScan(scan=None, age=None)
    return LastScan(scan=scan, age=max(now - scan.finished_at, timedelta(0)))


def mails_overdue(now: datetime) -> int:
    """Mails that should have gone by now and have not been taken up."""
    return Message.objects.filter(
        state__in=[MessageState.PLANNED, MessageState.HELD], due_at__lte=now
    ).count()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address that refuses mail, and who is behind it: people with their agencies, or an agency."""

    row: Suppression
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What a registrar should know of: mails that failed of late, addresses that are written to no more."""

    mails: int
    addresses: int

    def __bool__(self) -> bool:
        return bool(self.mails or self.addresses)


def undelivered(today: date) -> Undelivered:
    failed = Message.objects.filter(state=MessageState.FAILED, day__gte=today - _OF_LATE)
    return Undelivered(mails=failed.count(), addresses=Suppression.objects.count())


def failed_mails(today: date) -> QuerySet[Message]:
    """Mails that will not arrive, the newest first."""
    rows = Message.objects.filter(state=MessageState.FAILED, day__gte=today - _FAILURES_SHOWN)
    return rows.select_related("recipient__user", "recipient__agency").order_by("-day", "-id")


def refusals(*, of: User | None = None) -> list[Refusal]:
    """Refused addresses with who is behind them: all, or those in the agencies that a person heads."""
    rows = list(Suppression.objects.order_by("-since"))
    if not rows:
        return []
    people, agencies = _people_at(rows), _agencies_at(rows)
    if of is not None:
        headed = Agency.objects.filter(posts__user=of, posts__role=PostRole.HEAD)
        people = people.filter(posts__agency__in=headed)
        agencies = agencies.filter(pk__in=headed)
    holders: dict[str, list[str]] = {}
    for person in people.distinct().prefetch_related("agencies"):
        places = ", ".join(agency.name for agency in person.agencies.all())
        name = f"{person.full_name} ({places})" if places else person.full_name
        holders.setdefault(person.email.strip().lower(), []).append(name)
    for agency in agencies:
        holders.setdefault(agency.email.strip().lower(), []).append(agency.name)
    found = [Refusal(row=row, holders=tuple(holders.get(row.address, ()))) for row in rows]
    return found if of is None else [refusal for refusal in found if refusal.holders]


def _people_at(rows: Iterable[Suppression]) -> QuerySet[User]:
    addresses = [row.address for row in rows]
    return User.objects.annotate(address=Lower("email")).filter(address__in=addresses, is_active=True)


def _agencies_at(rows: Iterable[Suppression]) -> QuerySet[Agency]:
    addresses = [row.address for row in rows]
    return Agency.objects.annotate(address=Lower("email")).filter(address__in=addresses)


def refused_at(agencies: Collection[int]) -> dict[int, tuple[str, ...]]:
    """By agency: «name <address>» of its people, and its own mailbox, whose addresses take no mail."""
    rows = list(Suppression.objects.all()) if agencies else []
    if not rows:
        return {}
    posts = Post.objects.filter(agency__in=agencies, user__in=_people_at(rows)).select_related("user")
    found: dict[int, list[str]] = {}
    for post in posts.order_by("id"):
        found.setdefault(post.agency_id, []).append(f"{post.user.full_name} <{post.user.email}>")
    for agency in _agencies_at(rows).filter(pk__in=agencies):
        found.setdefault(agency.pk, []).append(f"{agency.name} <{agency.email}>")
    return {agency_id: tuple(names) for agency_id, names in found.items()}


def unreachable_agencies() -> list[Agency]:
    """Agencies that owe something and that nobody can be told for."""
    owing = Task.objects.open().in_published_documents().order_by().values("agency").distinct()
    reached = read_circle().people
    return [agency for agency in Agency.objects.filter(pk__in=owing) if agency.pk not in reached]


def mails_to(user: User) -> QuerySet[Message]:
    """A person's mails, the newest first."""
    return Message.objects.filter(recipient__user=user).order_by("-day", "-id")


def people_to_ask_about(task: Task) -> list[User]:
    """Whom a registrar may ask about: the people of the task's agency and of its monitors, the registrars."""
    agencies = [task.agency_id, *task.duty.document.monitors.values_list("pk", flat=True)]
    concerned = Q(posts__agency__in=agencies) | Q(office_role=OfficeRole.REGISTRAR)
    people = User.objects.filter(concerned).distinct()
    return sorted(people, key=lambda person: person.full_name)
