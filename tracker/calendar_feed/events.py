"""One task as a VEVENT or a VTODO: a pure function of its facts. The only room that knows icalendar.

The rules: RFC 5545 and 7986. All-day events by `VALUE=DATE`; the end is the first day after; times
come from the row and never from the clock, so that an unchanged task gives unchanged bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Event, Todo

from tracker.calendar_feed.enums import Component
from tracker.calendar_feed.facts import TaskFacts
from tracker.calendar_feed.text import one_line, safe_text, sentence_start
from tracker.duties.deadlines import deadline_words, quarter_of, quarter_words
from tracker.duties.enums import DeadlineState, WorkState
from tracker.duties.models import DONE_STATES

RENDERER = "2"  # raise it whenever the same facts are to give another text
_LONGEST_TITLE = 160
# 9:00 on the day, counted from the midnight at which an all-day event begins.
_ALARMS = (-timedelta(days=6, hours=15), -timedelta(hours=15))


@dataclass(frozen=True, slots=True)
class Variant:
    """How tasks are rendered: as which component, with alarms or without, under which addresses.

    `names_agency`: with the agency in the title, for calendars that hold those of several, where one
    duty of many agencies would otherwise give as many equal titles on one day.
    """

    component: Component
    has_alarms: bool
    names_agency: bool
    domain: str
    site_url: str

    @property
    def key(self) -> str:
        alarms = "+alarms" if self.has_alarms else ""
        return f"{self.component.value}{alarms}{'+agency' if self.names_agency else ''}"

    @property
    def salt(self) -> str:
        return f"{RENDERER} {self.key} {self.domain} {self.site_url}"


def render_task(facts: TaskFacts, variant: Variant) -> str:
    """The component's lines, folded, each ended by CR LF."""
    component = Todo() if variant.component is Component.TODO else Event()
    changed = _last_change(facts)
    component.add("uid", _uid(facts, variant))
    component.add("dtstamp", changed)
    component.add("created", facts.created_at.astimezone(UTC))
    component.add("last-modified", changed)
    component.add("sequence", 2 * facts.revision + _is_late(facts))
    component.add("summary", title_of(facts, variant))
    component.add("description", description_of(facts, variant))
    component.add("url", _task_url(facts, variant))
    component.add("categories", _categories(facts))
    if isinstance(component, Todo):
        _add_todo_parts(component, facts)
    else:
        _add_event_parts(component, facts)
    if variant.has_alarms and _is_open(facts):
        for before in _ALARMS:
            component.add_component(
                _alarm(title_of(facts, variant), before, is_todo=isinstance(component, Todo))
            )
    text: str = component.to_ical().decode()
    return text


def title_of(facts: TaskFacts, variant: Variant) -> str:
    """What stands in the calendar's square: how it stands, the deadline's own words, the action."""
    marks = "".join(f"[{mark}] " for mark in (_mark(facts), _words(facts)) if mark)
    action = one_line(facts.action)
    if facts.secrecy or not action:
        return one_line(marks + _("Việc theo văn bản số %s") % facts.number, longest=_LONGEST_TITLE)
    agency = f"{facts.agency}: " if variant.names_agency else ""
    return one_line(marks + agency + sentence_start(action), longest=_LONGEST_TITLE)


def description_of(facts: TaskFacts, variant: Variant) -> str:
    """What stands behind the square: the whole action, the deadline, how it stands, bodies, document."""
    state = _state_words(facts)
    if facts.secrecy:
        return safe_text(f"{_('Văn bản')}: {facts.number}\n{state}\n{_task_url(facts, variant)}")
    words = one_line(deadline_words(facts.due_text, facts.period))
    lines = [
        sentence_start(facts.action.strip()),
        "",
        f"{_('Thời hạn')}: {words} ({facts.due_on:%d/%m/%Y})" if words else _due_line(facts),
        _original_line(facts),
        f"{_('Tình trạng')}: {state}",
        f"{_('Cơ quan thực hiện')}: {facts.agency}",
        f"{_('Chủ trì')}: {facts.leads}" if facts.leads else "",
        f"{_('Phối hợp')}: {facts.coordinators}" if facts.coordinators else "",
        f"{_('Văn bản')}: {facts.document}" + (f", {_('mục')} {facts.clause}" if facts.clause else ""),
        _task_url(facts, variant),
    ]
    kept = [line for number, line in enumerate(lines) if line or number == 1]
    return safe_text("\n".join(kept))


def _add_event_parts(event: Event, facts: TaskFacts) -> None:
    event.add("dtstart", facts.due_on)
    event.add("dtend", facts.due_on + timedelta(days=1))
    event.add("status", "CANCELLED" if facts.state == WorkState.WITHDRAWN else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")


def _add_todo_parts(todo: Todo, facts: TaskFacts) -> None:
    todo.add("due", facts.due_on)
    if facts.state == WorkState.WITHDRAWN:
        todo.add("status", "CANCELLED")
    elif facts.state in DONE_STATES:
        todo.add("status", "COMPLETED")
        todo.add("percent-complete", 100)
        # The day is what the tracker knows; noon keeps it that day in every zone that matters.
        todo.add("completed", _at(facts.reported_on or facts.due_on, time(12)))
    elif facts.state == WorkState.NOT_STARTED:
        todo.add("status", "NEEDS-ACTION")
        todo.add("percent-complete", 0)
    else:
        todo.add("status", "IN-PROCESS")
        if facts.percent is not None:
            todo.add("percent-complete", facts.percent)


def _alarm(title: str, before: timedelta, *, is_todo: bool) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    # A to-do has no start: its alarm counts from its due day.
    alarm.add("trigger", before, parameters={"RELATED": "END"} if is_todo else {})
    return alarm


def _due_line(facts: TaskFacts) -> str:
    return f"{_('Thời hạn')}: {facts.due_on:%d/%m/%Y}"


def _original_line(facts: TaskFacts) -> str:
    """The first deadline, where it has been moved."""
    if facts.original_due_on in {None, facts.due_on}:
        return ""
    return f"{_('Hạn ban đầu')}: {facts.original_due_on:%d/%m/%Y}"


def _mark(facts: TaskFacts) -> str:
    if facts.state == WorkState.WITHDRAWN:
        return _("ĐÃ RÚT")
    if facts.state in DONE_STATES:
        return _("ĐÃ XONG")
    return _("QUÁ HẠN") if _is_late(facts) else ""


def _words(facts: TaskFacts) -> str:
    """The deadline in its own words; a secret document's words stay with it."""
    if facts.secrecy:
        return ""
    words = one_line(deadline_words(facts.due_text, facts.period), longest=60)
    return sentence_start(words) if words else f"{facts.due_on:%d/%m/%Y}"


def _state_words(facts: TaskFacts) -> str:
    words = str(WorkState(facts.state).label)
    if facts.needs_assignment:
        return f"{words}, {_('cần phân công')}"
    if not _is_late(facts):
        return words
    return f"{words}, {_('muộn') if facts.state in DONE_STATES else _('quá hạn')}"


def _categories(facts: TaskFacts) -> list[str]:
    """What people filter by: the document, the quarter, how it stands."""
    mark = _mark(facts)
    names = [facts.number, sentence_start(quarter_words(quarter_of(facts.due_on))), mark.capitalize()]
    return [one_line(name, longest=60) for name in names if name]


def _is_open(facts: TaskFacts) -> bool:
    return facts.state not in DONE_STATES and facts.state != WorkState.WITHDRAWN


def _is_late(facts: TaskFacts) -> bool:
    return facts.deadline_state == DeadlineState.OVERDUE


def _last_change(facts: TaskFacts) -> datetime:
    """When the event last changed: with its row, or at the midnight that made it overdue."""
    changed = facts.changed_at.astimezone(UTC)
    if not (_is_open(facts) and _is_late(facts)):
        return changed
    return max(changed, _at(facts.due_on + timedelta(days=1), time.min))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def _uid(facts: TaskFacts, variant: Variant) -> str:
    kind = "todo" if variant.component is Component.TODO else "task"
    return f"{kind}-{facts.id}@{variant.domain}"


def _task_url(facts: TaskFacts, variant: Variant) -> str:
    return variant.site_url + reverse("web:task", args=[facts.id])
