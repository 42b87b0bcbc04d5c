"""Writing the ledger: which tasks have a step due that nobody was told of, and who is to be told.

Idempotent, also under two workers: the database holds one line for each task, recipient, step and
deadline, and a line that is there is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.core.workdays import WorkingDays
from tracker.duties.models import Task, TaskQuerySet
from tracker.reminders.enums import Lane, Outcome
from tracker.reminders.ledger import Line, write_lines
from tracker.reminders.models import Reminder, ReminderQuerySet, Scan
from tracker.reminders.policies import Policies
from tracker.reminders.recipients import Audience, read_audience
from tracker.reminders.rules import Rules, Step, deadline_steps, escalation_steps, is_open_period

_BATCH = 20_000
_PAGE = 20_000
NEW_FOR_DAYS = 14  # an assignment older than that is no news
_LONGEST_BREAK = 14  # days off in a row; a step moves to the working day before them


class _Owed(NamedTuple):
    """What planning needs to know of a task."""

    pk: int
    agency_id: int
    document_id: int
    due_on: date | None
    recurrence: str
    created_at: datetime


class _Due(NamedTuple):
    """The step that is due for a deadline, and those before it that were missed."""

    step: Step
    missed: tuple[Step, ...] = ()


@dataclass(slots=True)
class Plan:
    """What one look wrote: new lines, and the agencies that nobody can be told for."""

    lines: int = 0
    unreachable: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look: the day that it is about, the real moment, and what was read once for all tasks."""

    today: date
    now: datetime
    since: date | None
    audience: Audience
    plan: Plan
    only: User | None = None

    def lines(self) -> ReminderQuerySet:
        """The ledger: all of it, or the one person's."""
        lines = Reminder.objects.all()
        return lines if self.only is None else lines.filter(recipient__user=self.only)

    def waiting(self) -> ReminderQuerySet:
        return self.lines().waiting()


@transaction.atomic
def plan_reminders(
    *, today: date, now: datetime, policies: Policies, working: WorkingDays, only: User | None = None
) -> Plan:
    """Write the lines that are due by `today` and not in the ledger.

    Of several steps that were missed only the latest is planned; the others are marked merged,
    where their day has really come (`now`): a look ahead must not use up steps of days to come.

    `only` plans for one person: for a preview that is rolled back. Kept, it would pass for the
    whole agency's.
    """
    audience = read_audience(only=only)
    look = _Look(today=today, now=now, since=_last_scan_day(now), audience=audience, plan=Plan(), only=only)
    last_waiting = look.waiting().order_by("-pk").values_list("pk", flat=True).first()
    for rules, tasks in _tasks_by_rules(policies):
        if only is None:
            look.plan.unreachable |= _unreachable(look, tasks)
        _plan_deadlines(look, tasks, rules, working)
        if rules.announces_new:
            _plan_new(look, tasks)
    _plan_moved(look)
    if last_waiting is not None:
        _merge_older(look.waiting(), last_waiting)
        _cancel_stale(look.waiting(), last_waiting)
    return look.plan


def _tasks_by_rules(policies: Policies) -> Iterator[tuple[Rules, TaskQuerySet]]:
    """The open tasks under each policy: a document's own where it has one, else the default."""
    yield policies.default, _open_tasks().exclude(duty__document__in=policies.by_document.keys())
    for document_id, rules in policies.by_document.items():
        yield rules, _open_tasks().filter(duty__document=document_id)


def _unreachable(look: _Look, tasks: TaskQuerySet) -> set[int]:
    """Agencies that owe something and that nobody can be told for."""
    owing = set(tasks.order_by().values_list("agency", flat=True).distinct())
    return owing - look.audience.people.keys()


def _plan_deadlines(look: _Look, tasks: TaskQuerySet, rules: Rules, working: WorkingDays) -> None:
    last = look.today + timedelta(days=rules.longest_before + _LONGEST_BREAK)
    tasks = tasks.filter(due_on__lte=last)
    monitors = _monitors(look.audience)
    for recurrence, steps in _due_steps(look, tasks, rules, working).items():
        group = tasks.filter(duty__recurrence=recurrence)
        for lane, due in steps.values():
            recipients_of, narrow = _told(lane, look, monitors)
            if narrow is not None:
                _plan_step(look, group.filter(narrow, due_on__in=due.keys()), due, recipients_of)


def _due_steps(
    look: _Look, tasks: TaskQuerySet, rules: Rules, working: WorkingDays
) -> dict[str, dict[str, tuple[Lane, dict[date | None, _Due]]]]:
    """By recurrence and step: the deadlines for which that step is the one to go out now.

    Deadlines that share a step are planned together, so that the number of queries does not grow
    with the number of days on which something is due.
    """
    found: dict[str, dict[str, tuple[Lane, dict[date | None, _Due]]]] = {}
    for due_on, recurrence in tasks.order_by().values_list("due_on", "duty__recurrence").distinct():
        if due_on is None or not is_open_period(recurrence, due_on, look.today):
            continue
        for due in _due_now(look, rules, due_on, recurrence, working):
            steps = found.setdefault(recurrence, {})
            steps.setdefault(due.step.key, (due.step.lane, {}))[1][due_on] = due
    return found


def _due_now(
    look: _Look, rules: Rules, due_on: date, recurrence: str, working: WorkingDays
) -> Iterator[_Due]:
    steps = [
        step
        for step in deadline_steps(rules, due_on, recurrence=recurrence, working=working)
        if step.day <= look.today
    ]
    if steps:
        yield _Due(steps[-1], tuple(step for step in steps[:-1] if _is_missed(step, look)))
    for step in escalation_steps(rules, due_on, working=working):
        if step.day <= look.today:
            yield _Due(step)


def _told(
    lane: Lane, look: _Look, monitors: dict[int, tuple[int, ...]]
) -> tuple[Callable[[_Owed], Sequence[int]], Q | None]:
    """Who is told in a lane, and which tasks that can concern (None: none at all)."""
    people, heads, registrars = look.audience.people, look.audience.heads, look.audience.registrars
    if lane is Lane.HEAD:
        return (lambda task: heads.get(task.agency_id, ())), Q(agency__in=heads.keys()) if heads else None
    if lane is Lane.MONITOR:
        concerned = Q(duty__document__in=monitors.keys()) if monitors else None
        return (lambda task: monitors.get(task.document_id, ())), concerned
    if lane is Lane.REGISTRAR:
        return (lambda _task: registrars), Q() if registrars else None
    # What nobody can be told would be read again at every look.
    reached = ~Q(agency__in=look.plan.unreachable) if look.only is None else Q(agency__in=people.keys())
    return (lambda task: people.get(task.agency_id, ())), reached


def _plan_new(look: _Look, tasks: TaskQuerySet) -> None:
    """Announce what was assigned lately; of a recurring duty, the turn that is open."""
    first = _start_of(look.today - timedelta(days=NEW_FOR_DAYS))
    end = _start_of(look.today + timedelta(days=1))
    people = look.audience.people
    due = _Due(Step(Lane.NEW.value, Lane.NEW, look.today))
    _plan_step(
        look,
        tasks.filter(created_at__gte=first, created_at__lt=end),
        defaultdict(lambda: due, {None: due}),
        lambda task: (
            people.get(task.agency_id, ()) if is_open_period(task.recurrence, task.due_on, look.today) else ()
        ),
    )


def _plan_moved(look: _Look) -> None:
    """Announce a deadline that moved after it was announced, to those who know the other one."""
    current = Reminder.objects.filter(
        task=OuterRef("task"), recipient=OuterRef("recipient"), due_on=OuterRef("task__due_on")
    )
    moved = _open_tasks().exclude(due_on=F("original_due_on")).filter(due_on__isnull=False)
    known = (
        look.lines()
        .filter(task__in=moved, due_on__isnull=False)
        .exclude(due_on=F("task__due_on"))
        .exclude(outcome=Outcome.CANCELLED)
        .filter(agency=F("task__agency"))
        .filter(~Exists(current.filter(lane__in=[Lane.MOVED, Lane.EXTENSION])))
    )
    pairs = known.order_by("task", "recipient").values_list("task", "agency", "recipient", "task__due_on")
    rows = [
        Line(
            task_id=task_id,
            recipient_id=recipient_id,
            agency_id=agency_id,
            lane=Lane.MOVED.value,
            step=Lane.MOVED.value,
            due_on=due_on,
            day=look.today,
            planned_at=look.now,
        )
        for task_id, agency_id, recipient_id, due_on in pairs.distinct()
    ]
    look.plan.lines += len(rows)
    write_lines(rows)


def _plan_step(
    look: _Look,
    tasks: TaskQuerySet,
    due: Mapping[date | None, _Due],
    recipients_of: Callable[[_Owed], Sequence[int]],
) -> None:
    """Write one step for every task that was not told of it; `due` places the step for each deadline."""
    rows: list[Line] = []
    step = next(iter(due.values())).step
    for task in _untold(tasks, step):
        own = due[task.due_on]
        missed = _missed_by(task, own)
        for recipient_id in recipients_of(task):
            look.plan.lines += 1
            rows.append(_line(task, recipient_id, own.step, look.now))
            rows += [_line(task, recipient_id, older, look.now, merged_into=own.step) for older in missed]
        if len(rows) >= _BATCH:
            write_lines(rows)
            rows = []
    write_lines(rows)


def _untold(tasks: TaskQuerySet, step: Step) -> Iterator[_Owed]:
    """Tasks for whose agency the step is not in the ledger; a task is new once, whatever its deadline.

    Read page by page: the first morning of a large installation holds all of them.
    """
    told = Reminder.objects.filter(task=OuterRef("pk"), agency=OuterRef("agency"), step=step.key)
    if step.lane is not Lane.NEW:
        told = told.filter(due_on=OuterRef("due_on"))
    fields = ("pk", "agency_id", "duty__document_id", "due_on", "duty__recurrence", "created_at")
    rows = tasks.filter(~Exists(told)).order_by("pk").values_list(*fields)
    last = 0
    while page := [_Owed(*row) for row in rows.filter(pk__gt=last)[:_PAGE]]:
        yield from page
        last = page[-1].pk
        if len(page) < _PAGE:
            return


def _missed_by(task: _Owed, due: _Due) -> tuple[Step, ...]:
    """The steps that a task has missed: none from before it was there."""
    if not due.missed:
        return ()
    created_on = timezone.localdate(task.created_at)
    return tuple(step for step in due.missed if step.day >= created_on)


def _line(
    task: _Owed, recipient_id: int, step: Step, now: datetime, *, merged_into: Step | None = None
) -> Line:
    return Line(
        task_id=task.pk,
        recipient_id=recipient_id,
        agency_id=task.agency_id,
        lane=step.lane.value,
        step=step.key,
        due_on=task.due_on,
        day=step.day,
        planned_at=now,
        outcome=Outcome.MERGED.value if merged_into else Outcome.GOES.value,
        reason=f"lỡ lượt, gộp vào bước {merged_into.key}" if merged_into else "",
    )


def _merge_older(waiting: ReminderQuerySet, last: int) -> None:
    """Of the lines that wait for the same recipient about the same task, only the latest goes out.

    `last` is the last line that waited before this look.
    """
    newer = Reminder.objects.waiting().filter(
        task=OuterRef("task"), recipient=OuterRef("recipient"), lane=OuterRef("lane"), pk__gt=OuterRef("pk")
    )
    older = waiting.filter(Exists(newer), pk__lte=last)
    ids = list(older.values_list("pk", flat=True))
    Reminder.objects.filter(pk__in=ids).update(outcome=Outcome.MERGED, reason="đã có bước sau")


def _cancel_stale(waiting: ReminderQuerySet, last: int) -> None:
    """Drop waiting lines of tasks that are done, withdrawn or handed over, or whose deadline moved."""
    current = waiting.filter(pk__lte=last)
    same = _open_tasks().filter(pk=OuterRef("task"), agency=OuterRef("agency"))
    undated = current.filter(due_on__isnull=True).filter(~Exists(same.filter(due_on__isnull=True)))
    dated = current.filter(due_on__isnull=False).filter(~Exists(same.filter(due_on=OuterRef("due_on"))))
    for stale in (undated, dated):
        ids = list(stale.values_list("pk", flat=True))
        Reminder.objects.filter(pk__in=ids).update(
            outcome=Outcome.CANCELLED, reason="việc không còn phải nhắc hoặc thời hạn đã đổi"
        )


def _monitors(audience: Audience) -> dict[int, tuple[int, ...]]:
    """Recipients by document: the people of the bodies that the document charges with following it up."""
    monitors: dict[int, dict[int, None]] = {}
    pairs = Agency.objects.filter(monitored_documents__isnull=False).values_list("monitored_documents", "pk")
    for document_id, agency_id in pairs:
        people = audience.monitors.get(agency_id, ())
        monitors.setdefault(document_id, {}).update(dict.fromkeys(people))
    return {document_id: tuple(people) for document_id, people in monitors.items()}


def _open_tasks() -> TaskQuerySet:
    return Task.objects.open().in_published_documents()


def _is_missed(step: Step, look: _Look) -> bool:
    """Did the step's day come and go since the last look?"""
    return look.since is not None and look.since < step.day <= timezone.localdate(look.now)


def _last_scan_day(now: datetime) -> date | None:
    scans = Scan.objects.filter(finished_at__isnull=False, day__lte=timezone.localdate(now))
    return scans.order_by("-day").values_list("day", flat=True).first()


def is_weekly_day(day: date, working: WorkingDays) -> bool:
    """The first working day of the week: a week that is wholly off has none."""
    return working.on_or_after(day - timedelta(days=day.weekday())) == day


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
