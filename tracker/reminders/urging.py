"""Urging by a person (đôn đốc): a mail of its own, at most one in four hours for a task, kept as proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.agencies.models import Agency
from tracker.core.after_commit import ask_for
from tracker.core.enums import OfficeRole
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor, record_event
from tracker.core.models import User
from tracker.duties.models import OPEN_STATES, Task, TaskQuerySet
from tracker.duties.workflow import locked_task
from tracker.reminders import outbox
from tracker.reminders.enums import Lane, MessageKind
from tracker.reminders.models import Message, Recipient
from tracker.reminders.recipients import read_audience
from tracker.reminders.records import Urging

PAUSE = timedelta(hours=4)
LONGEST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Urged:
    """What one urging came to. `turn` counts the task's urgings, this one included."""

    urging: Urging
    turn: int
    recipients: tuple[str, ...]


@transaction.atomic
def urge_task(task: Task, *, words: str = "", actor: Actor, now: datetime) -> Urged:
    """Urge the agency of a task: writes the proof, the event and the mails; the outbox sends them.

    `words` may be empty. The task's row is locked, so that of two who urge at once one is refused.
    Raises TransitionError for who may not urge it, where the task is not owed, was urged less than
    four hours ago, or has nobody who can be told; InvalidInputError where the words are too long.
    """
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise InvalidInputError(
            _("Lời đôn đốc dài quá %(longest_words)s ký tự.") % {"longest_words": LONGEST_WORDS},
            field="words",
        )
    locked = locked_task(task)
    person = _urger(locked, actor)
    _require_owed(locked)
    _require_pause(locked, now)
    told = read_audience(agencies=[locked.agency_id], is_official=True).people.get(locked.agency_id, ())
    if not told:
        raise TransitionError(
            _("Không thể đôn đốc: %(agency)s chưa có ai nhận được thư. Hãy bổ sung địa chỉ thư của cơ quan.")
            % {"agency": locked.agency}
        )
    names = _names(told)
    turn = locked.urgings.count() + 1
    after = {
        "agency": locked.agency.key,
        "on_behalf_of": _on_behalf_of(person, locked),
        "recipients": list(names),
        "turn": turn,
    }
    event = record_event(locked, "task.urged", actor=actor, now=now, after=after, note=words)
    urging = Urging.objects.create(
        task=locked, agency=locked.agency, urged_by=person, at=now, words=words, event=event
    )
    tidings = outbox.Tidings(event, locked, told, Lane.URGED)
    outbox.add_mails_about([tidings], kind=MessageKind.URGING, now=now)
    ask_for("send_notices")
    return Urged(urging=urging, turn=turn, recipients=names)


def may_urge(user: User, task: Task) -> bool:
    """Whether a person may urge a task that they see: registrars, and the bodies that follow its document up.

    An auditor changes nothing, whatever post they hold.
    """
    if not user.is_active or user.office_role == OfficeRole.AUDITOR:
        return False
    return user.is_registrar or _bodies(user).filter(monitored_documents=task.duty.document_id).exists()


def may_urge_any(user: User) -> bool:
    """Whether a list is to offer urging at all."""
    if not user.is_active or user.office_role == OfficeRole.AUDITOR:
        return False
    return user.is_registrar or _bodies(user).filter(monitored_documents__isnull=False).exists()


def with_urgings(rows: TaskQuerySet, user: User) -> TaskQuerySet:
    """Adds to each task how often it was urged (`urging_count`), when last (`urged_at`, or None), and
    whether this person may urge it in its state (`is_urgeable`). No further query.
    """
    own = Urging.objects.filter(task=OuterRef("pk")).order_by().values("task")
    return rows.annotate(
        urging_count=Coalesce(
            Subquery(own.annotate(count=Count("pk")).values("count"), output_field=IntegerField()), 0
        ),
        urged_at=Subquery(own.annotate(last=Max("at")).values("last")),
        is_urgeable=_urgeable(user),
    )


def mails_of(urging: Urging) -> Sequence[Message]:
    """The mails that carried an urging: to whom, and what became of each."""
    return list(
        Message.objects.filter(event=urging.event_id)
        .select_related("recipient__user", "recipient__agency")
        .order_by("id")
    )


def _bodies(user: User) -> QuerySet[Agency]:
    return Agency.objects.filter(posts__user=user)


def _urgeable(user: User) -> Case:
    owed = Q(is_history=False, needs_assignment=False, state__in=OPEN_STATES)
    if user.office_role == OfficeRole.AUDITOR:
        owed = Q(pk__in=[])
    elif not user.is_registrar:
        owed &= Q(Exists(_bodies(user).filter(monitored_documents=OuterRef("duty__document"))))
    return Case(When(owed, then=Value(True)), default=Value(False))


def _urger(task: Task, actor: Actor) -> User:
    if actor.user is None or not may_urge(actor.user, task):
        raise TransitionError(
            _("Chỉ cán bộ Văn phòng hoặc cơ quan theo dõi văn bản mới được đôn đốc việc này.")
        )
    return actor.user


def _on_behalf_of(person: User, task: Task) -> str:
    """For whom the person urges: the office, or the body that the document charges with it."""
    if person.is_registrar:
        return "Văn phòng"
    bodies = _bodies(person).filter(monitored_documents=task.duty.document_id)
    return "; ".join(bodies.order_by("name").values_list("name", flat=True))


def _require_owed(task: Task) -> None:
    if not Task.objects.in_published_documents().filter(pk=task.pk).exists():
        raise TransitionError(_("Không thể đôn đốc: văn bản chưa được đưa vào theo dõi."))
    if task.is_history:
        raise TransitionError(_("Không thể đôn đốc: việc thuộc phần lịch sử, cần đưa vào theo dõi trước."))
    if task.needs_assignment:
        raise TransitionError(_("Không thể đôn đốc: việc đang chờ phân công cơ quan thực hiện."))
    if task.state not in OPEN_STATES:
        raise TransitionError(_("Không thể đôn đốc: việc %(state)s.") % {"state": task.get_state_display()})


def _require_pause(task: Task, now: datetime) -> None:
    last = task.urgings.filter(at__gt=now - PAUSE).order_by("-at").first()
    if last is not None:
        since, until = (timezone.localtime(moment) for moment in (last.at, last.at + PAUSE))
        raise TransitionError(
            _(
                "Việc này vừa được %(full_name)s đôn đốc lúc %(since)s. Mỗi việc chỉ đôn đốc một lần"
                " trong bốn giờ: có thể đôn đốc lại từ %(until)s."
            )
            % {
                "full_name": last.urged_by.full_name,
                "since": f"{since:%H:%M ngày %d/%m/%Y}",
                "until": f"{until:%H:%M ngày %d/%m/%Y}",
            }
        )


def _names(recipients: Sequence[int]) -> tuple[str, ...]:
    rows = Recipient.objects.filter(pk__in=recipients).select_related("user", "agency").order_by("id")
    return tuple(f"{row} <{row.address}>" for row in rows)
