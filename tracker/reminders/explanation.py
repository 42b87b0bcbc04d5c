"""«Vì sao tôi (không) nhận được?»: what the ledger says of one task and one person, and what comes.

Reads only. The rules are those of planning (`rules`, `recipients`), asked for one task.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.agencies.models import Post
from tracker.core.models import User
from tracker.core.workdays import WorkingDays
from tracker.duties.enums import WorkState
from tracker.duties.models import Task
from tracker.reminders.enums import Lane, MessageState, Outcome, Rhythm
from tracker.reminders.models import Message, Reminder, Suppression
from tracker.reminders.planning import NEW_FOR_DAYS, is_weekly_day
from tracker.reminders.policies import policies_in_force
from tracker.reminders.preferences import preference_of, rhythm_of
from tracker.reminders.queries import last_scan
from tracker.reminders.recipients import Circle, RecipientKey, read_circle
from tracker.reminders.rules import Rules, Step, deadline_steps, escalation_steps, is_open_period

_MOST_COMING = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nothing comes, or why it comes otherwise than one would think. `code` is for programs."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the ledger, with where its mail stands."""

    day: date
    step: str
    lane: Lane
    words: str
    due_on: date | None
    state: str
    state_words: str
    reason: str
    planned_at: datetime
    sent_at: datetime | None
    address: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that will go out, unless the task is done or its deadline moves before."""

    day: date
    step: str
    lane: Lane
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer for one task and one person."""

    task: Task
    person: User
    lanes: tuple[Lane, ...]
    past: tuple[Past, ...]
    coming: tuple[Coming, ...]
    reasons: tuple[Reason, ...]


def explain(task: Task, person: User, *, now: datetime, working: WorkingDays) -> Explanation:
    """Everything that reminding knows of this task and this person, as of now."""
    case = _Case(task, person, now=now, working=working)
    lanes = case.lanes()
    silence = tuple(case.silence())
    coming = () if silence else tuple(case.coming(lanes))[:_MOST_COMING]
    reasons = (*silence, *case.person_reasons(lanes), *case.timing_reasons(lanes, bool(coming)))
    return Explanation(
        task=task, person=person, lanes=lanes, past=tuple(case.past()), coming=coming, reasons=reasons
    )


def step_words(step: str, lane: Lane | str) -> str:
    """`before-7` → «trước hạn 7 ngày»; a step without a distance is called by its lane."""
    kind, _dash, days = step.partition("-")
    if kind == "before" and days.isdecimal():
        return _("trước hạn %(days)s ngày") % {"days": days}
    if kind == "after" and days.isdecimal():
        return _("quá hạn %(days)s ngày") % {"days": days}
    return _("đúng ngày hạn") if step == "on" else str(Lane(lane).label)


class _Case:
    """One task and one person, with what was read of them once."""

    def __init__(self, task: Task, person: User, *, now: datetime, working: WorkingDays) -> None:
        self.task, self.person, self.now, self.working = task, person, now, working
        self.today = now.date()
        policies = policies_in_force()
        self.office = policies.default
        self.rules: Rules = policies.by_document.get(task.duty.document_id, policies.default)
        self.monitoring = list(task.duty.document.monitors.values_list("pk", flat=True))
        self.circle: Circle = read_circle(agencies=[task.agency_id, *self.monitoring])
        self.posts = set(Post.objects.filter(user=person).values_list("agency", flat=True))
        self.preference, self.rhythm = preference_of(person), rhythm_of(person)
        ledger = Reminder.objects.filter(task=task)
        own = ledger.filter(recipient__user=person).with_states().select_related("message")
        self.own = list(own.order_by("planned_at", "day", "id"))
        # What the agency was told of, whoever it was: planning asks no more.
        steps = ledger.filter(agency=task.agency).values_list("step", "due_on").order_by()
        self.told = set(steps.distinct())

    def lanes(self) -> tuple[Lane, ...]:
        """In which ways this person would be told of this task."""
        monitors = [key for agency in self.monitoring for key in self.circle.monitors.get(agency, ())]
        told = {
            Lane.DEADLINE: self.circle.people.get(self.task.agency_id, ()),
            Lane.HEAD: self.circle.heads.get(self.task.agency_id, ()),
            Lane.MONITOR: monitors,
            Lane.REGISTRAR: self.circle.registrars,
        }
        return tuple(lane for lane, keys in told.items() if self._is_among(keys))

    def _is_among(self, keys: Sequence[RecipientKey]) -> bool:
        return any(user_id == self.person.pk for user_id, _agency in keys)

    def past(self) -> Iterator[Past]:
        return map(_past, self.own)

    def silence(self) -> Iterator[Reason]:
        """Why nobody at all is reminded of this task."""
        task = self.task
        if task.duty.document.status == "loaded":
            yield Reason("not_published", _("Văn bản chưa được đưa vào theo dõi."))
        if task.is_history:
            yield Reason("history", _("Việc lịch sử: có trước ngày bắt đầu theo dõi, không nhắc."))
        if task.state == WorkState.WITHDRAWN:
            yield Reason("withdrawn", _("Việc đã rút."))
        if task.is_done and task.reported_on:
            words = _("Đã báo cáo hoàn thành ngày %(day)s: không nhắc nữa, trừ khi báo cáo bị trả lại.")
            yield Reason("done", words % {"day": f"{task.reported_on:%d/%m/%Y}"})
        if task.needs_assignment:
            yield Reason("needs_assignment", _("Việc đang chờ phân công: chưa thuộc cơ quan nào."))
        if not is_open_period(task.duty.recurrence, task.due_on, self.today):
            yield Reason("other_period", _("Việc định kỳ: chỉ nhắc kỳ đang mở, không nhắc kỳ này."))

    def person_reasons(self, lanes: tuple[Lane, ...]) -> Iterator[Reason]:
        """Why this person is not told, or is told against a wish."""
        if not self.person.is_active:
            yield Reason("inactive", _("Tài khoản đã ngừng hoạt động."))
        elif not self._belongs():
            yield Reason(
                "not_recipient",
                _("Không thuộc cơ quan thực hiện, không thuộc cơ quan theo dõi, không phải Văn phòng."),
            )
        elif not self.person.email:
            yield Reason("no_address", _("Tài khoản chưa có địa chỉ thư."))
        elif refusal := Suppression.objects.filter(address=self.person.email.strip().lower()).first():
            yield Reason(
                "suppressed",
                _("Địa chỉ %(address)s không nhận được thư từ %(day)s (%(reason)s).")
                % {
                    "address": refusal.address,
                    "day": f"{timezone.localtime(refusal.since):%d/%m/%Y}",
                    "reason": refusal.reason,
                },
            )
        yield from self._role_reasons(lanes)
        if mailbox := self._mailbox():
            yield Reason(
                "mailbox", _("Cơ quan được nhắc qua hộp thư chung %(address)s.") % {"address": mailbox}
            )

    def _belongs(self) -> bool:
        return bool(self.posts & {self.task.agency_id, *self.monitoring}) or self.person.is_registrar

    def _role_reasons(self, lanes: tuple[Lane, ...]) -> Iterator[Reason]:
        """A role that was switched off; it counts only while somebody else is told."""
        holds = {
            Lane.DEADLINE: (self.task.agency_id in self.posts, self.preference.wants_own),
            Lane.MONITOR: (bool(self.posts & set(self.monitoring)), self.preference.wants_monitor),
            Lane.REGISTRAR: (self.person.is_registrar, self.preference.wants_registrar),
        }
        for lane, (is_held, is_wanted) in holds.items():
            if is_held and not is_wanted:
                still = lane in lanes
                words = (
                    _("Đã tắt «%(lane)s», nhưng không còn ai khác nhận nên vẫn gửi.")
                    if still
                    else _("Đã tắt «%(lane)s» trong tùy chọn nhận thư.")
                )
                yield Reason("role_kept" if still else "role_off", words % {"lane": lane.label})

    def _mailbox(self) -> str:
        key = (None, self.task.agency_id)
        if key not in self.circle.people.get(self.task.agency_id, ()):
            return ""
        return self.task.agency.email

    def timing_reasons(self, lanes: tuple[Lane, ...], is_coming: bool) -> Iterator[Reason]:
        """Why it does not come just now."""
        if not last_scan(self.now).is_fresh:
            yield Reason(
                "no_scan", _("Hệ thống không quét nhắc việc từ hơn một ngày nay: báo người quản trị.")
            )
        if self.task.due_on is None:
            yield Reason(
                "no_deadline", _("Việc không có thời hạn: chỉ báo khi mới giao, trả lại hoặc đôn đốc.")
            )
        if not lanes:
            return
        yield from self._waiting_reasons()
        if Lane.DEADLINE in lanes:
            if self.rhythm == Rhythm.WEEKLY and is_coming:
                yield Reason("weekly", _("Nhận thư mỗi tuần: các bước gộp vào ngày làm việc đầu tuần."))
            yield from self._ledger_reasons()

    def _waiting_reasons(self) -> Iterator[Reason]:
        """Something is written down and its mail has not gone yet."""
        waiting = [past for past in self.past() if past.state in {MessageState.PLANNED, MessageState.HELD}]
        if not waiting:
            return
        local = timezone.localtime(self.now)
        opening = self.working.next_opening(local, opens=self.office.opens, closes=self.office.closes)
        if opening != local:
            words = _("Ngoài giờ làm việc hoặc ngày nghỉ: thư giữ lại đến %(moment)s.")
            yield Reason("held", words % {"moment": _moment_words(opening)})
        if self.preference.opens or self.preference.closes:
            opens = self.preference.opens or self.office.opens
            closes = self.preference.closes or self.office.closes
            words = _("Chỉ nhận thư từ %(opens)s đến %(closes)s.")
            yield Reason("hours", words % {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"})

    def _ledger_reasons(self) -> Iterator[Reason]:
        due = [step for step in self._steps() if step.day <= self.today]
        if due and not self._knows(due[-1]) and self._is_told(due[-1]):
            words = _("Bước «%(step)s» đã báo cho cơ quan trước khi người này nhận thư của cơ quan.")
            yield Reason("told_before", words % {"step": step_words(due[-1].key, due[-1].lane)})
        if due and not [step for step in self._steps() if step.day > self.today]:
            words = _("Đã nhắc đủ %(times)d lần sau hạn: không nhắc thêm.")
            yield Reason("enough", words % {"times": self.rules.times_after})

    def coming(self, lanes: tuple[Lane, ...]) -> Iterator[Coming]:
        """The steps to come, nearest first. One that is due already comes at the next look."""
        opening = self._next_day()
        found: list[Coming] = []
        if Lane.DEADLINE in lanes:
            found += self._coming_new(opening)
            found += [self._coming(step, opening) for step in self._left(self._steps())]
        found += [
            self._coming(step, opening)
            for step in self._escalations()
            if step.lane in lanes and not self._is_told(step)
        ]
        return iter(sorted(found, key=lambda step: step.day))

    def _left(self, steps: list[Step]) -> list[Step]:
        """Of the steps whose day has come only the last can still go, and those of the days to come."""
        due = [step for step in steps if step.day <= self.today][-1:]
        return [step for step in due if not self._is_told(step)] + [
            step for step in steps if step.day > self.today and not self._is_told(step)
        ]

    def _coming_new(self, opening: date) -> list[Coming]:
        created = timezone.localdate(self.task.created_at)
        step = Step(Lane.NEW.value, Lane.NEW, opening)
        is_news = self.rules.announces_new and self.today - created <= timedelta(days=NEW_FOR_DAYS)
        return [self._coming(step, opening)] if is_news and not self._is_told(step) else []

    def _coming(self, step: Step, opening: date) -> Coming:
        day = max(step.day, opening)
        if self.rhythm == Rhythm.WEEKLY and step.lane in {Lane.DEADLINE, Lane.NEW} and step.key != "on":
            while not is_weekly_day(day, self.working):
                day += timedelta(days=1)
        return Coming(day=day, step=step.key, lane=step.lane, words=step_words(step.key, step.lane))

    def _next_day(self) -> date:
        local = timezone.localtime(self.now)
        return self.working.next_opening(local, opens=self.office.opens, closes=self.office.closes).date()

    def _steps(self) -> list[Step]:
        if self.task.due_on is None:
            return []
        return deadline_steps(
            self.rules, self.task.due_on, recurrence=self.task.duty.recurrence, working=self.working
        )

    def _escalations(self) -> list[Step]:
        if self.task.due_on is None:
            return []
        return escalation_steps(self.rules, self.task.due_on, working=self.working)

    def _is_told(self, step: Step) -> bool:
        """Is the step in the ledger for the agency, as planning asks it? A task is new once."""
        if step.lane is Lane.NEW:
            return any(key == step.key for key, _due_on in self.told)
        return (step.key, self.task.due_on) in self.told

    def _knows(self, step: Step) -> bool:
        return any((line.step, line.due_on) == (step.key, self.task.due_on) for line in self.own)


def _past(line: Reminder) -> Past:
    message = line.message
    return Past(
        day=line.day,
        step=line.step,
        lane=Lane(line.lane),
        words=step_words(line.step, line.lane),
        due_on=line.due_on,
        state=line.state,
        state_words=_state_words(line.state),
        reason=line.reason or _mail_reason(message),
        planned_at=line.planned_at,
        sent_at=message.sent_at if message and line.outcome == Outcome.GOES else None,
        address=message.address if message and line.outcome == Outcome.GOES else "",
    )


def _state_words(state: str) -> str:
    if state in Outcome.values:
        return str(Outcome(state).label)
    return str(MessageState(state).label)


def _mail_reason(message: Message | None) -> str:
    if message is None:
        return _("chờ vào thư tới")
    if message.state == MessageState.HELD:
        return _("giữ đến %(moment)s") % {"moment": _moment_words(message.due_at)}
    if message.state == MessageState.PLANNED and message.attempts:
        return _("đã thử %(times)d lần, thử lại lúc %(moment)s: %(error)s") % {
            "times": message.attempts,
            "moment": _moment_words(message.due_at),
            "error": message.last_error,
        }
    return message.last_error


def _moment_words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"
