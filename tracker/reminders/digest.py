"""What a digest says: its lines, grouped by how near the deadline is. No mail format here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.core.text import fold_spaces
from tracker.duties.deadlines import quarter_of
from tracker.duties.enums import WorkState
from tracker.duties.models import Task, TaskQuerySet
from tracker.duties.queries import tasks_visible_to
from tracker.reminders.enums import Lane, LinkPurpose, Rhythm
from tracker.reminders.links import last_day, offered_deeds, rhythm_url
from tracker.reminders.models import Message, Recipient
from tracker.reminders.naming import Named

# Gmail cuts a mail at 102 KB; what is beyond is counted, and stands on the page.
MOST_LINES = 60
_LONGEST_ACTION = 240


@dataclass(frozen=True, slots=True)
class Line:
    """One task in a digest. A secret document's task has its number and link only."""

    task_id: int
    url: str
    document: str
    agency: str
    action: str
    deadline_words: str
    due_on: date | None
    distance: str
    notes: tuple[str, ...]
    is_secret: bool
    is_late: bool
    report_url: str
    extend_url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading. `hidden` lines are left out for length."""

    key: str
    title: str
    lines: tuple[Line, ...]
    hidden: int = 0

    @property
    def count(self) -> int:
        return len(self.lines) + self.hidden

    @property
    def edge(self) -> str:
        """The colour of the line beside its tasks."""
        return {"overdue": "#c62828", "week": "#b45309"}.get(self.key, "#5b6573")


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one mail says. `deeds_note`: what to know of its links to deeds, where it has any.

    `refused`: whose addresses take no mail, for the head of their agency.
    """

    name: str
    day: date
    agency: str
    groups: tuple[Group, ...]
    home_url: str
    rhythm_url: str
    is_weekly: bool
    deeds_note: str
    refused: tuple[str, ...] = ()

    @property
    def task_ids(self) -> list[int]:
        """The tasks that stand in the mail."""
        return [line.task_id for group in self.groups for line in group.lines]

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def rhythm_note(self) -> str:
        """How often such mails come."""
        if self.is_weekly:
            return _(
                "Thư tự động của hệ thống theo dõi nhiệm vụ. Mỗi tuần một thư; việc đến hạn trong ngày và "
                "thông báo chính thức vẫn gửi ngay."
            )
        return _(
            "Thư tự động của hệ thống theo dõi nhiệm vụ. Mỗi ngày làm việc nhiều nhất một thư, chỉ khi có "
            "việc đến lượt nhắc."
        )

    @property
    def subject(self) -> str:
        """`[Nhắc việc] 2 việc quá hạn, 1 việc đến hạn tuần này – Ban Nội chính Tỉnh ủy`."""
        parts = ", ".join(f"{group.count} {_SUBJECT_WORDS[group.key]()}" for group in self.groups)
        where = f" – {self.agency}" if self.agency else ""
        return fold_spaces(f"[{_('Nhắc việc')}] {parts}{where}")


_SUBJECT_WORDS: Mapping[str, Callable[[], str]] = {
    "overdue": lambda: _("việc quá hạn"),
    "week": lambda: _("việc đến hạn tuần này"),
    "quarter": lambda: _("việc đến hạn quý này"),
    "later": lambda: _("việc sắp đến hạn"),
    "new": lambda: _("việc mới giao"),
}
_TITLES: Mapping[str, Callable[[], str]] = {
    "overdue": lambda: _("Quá hạn"),
    "week": lambda: _("Đến hạn tuần này"),
    "quarter": lambda: _("Đến hạn quý này"),
    "later": lambda: _("Sắp đến hạn, sang quý sau"),
    "new": lambda: _("Mới giao"),
}
_NOTES: Mapping[Lane, Callable[[], str]] = {
    Lane.NEW: lambda: _("mới giao"),
    Lane.MOVED: lambda: _("thời hạn thay đổi"),
    Lane.HEAD: lambda: _("báo cáo thủ trưởng"),
    Lane.MONITOR: lambda: _("đề nghị đôn đốc"),
    Lane.REGISTRAR: lambda: _("đề nghị Văn phòng xử lý"),
}


def build_digest(message: Message, named: Named, *, today: date) -> Digest:
    """The words of a digest as of a day."""
    agencies = {task.agency.name for task in named.tasks}
    agency = agencies.pop() if len(agencies) == 1 else ""
    grouped: dict[str, list[Line]] = {key: [] for key in _TITLES}
    hidden: dict[str, int] = dict.fromkeys(_TITLES, 0)
    room = MOST_LINES
    for task in named.tasks:
        lanes = {Lane(line.lane) for line in named.lines[task.pk]}
        key = _group_of(task, lanes, today)
        if room > 0:
            line = line_of(task, lanes, today, message=message, shows_agency=not agency)
            # Under the heading "new" the note says nothing more.
            grouped[key].append(replace(line, notes=line.notes[1:]) if key == "new" else line)
            room -= 1
        else:
            hidden[key] += 1
    return Digest(
        name=message.recipient.name,
        day=today,
        agency=agency,
        groups=tuple(
            Group(key=key, title=title(), lines=tuple(grouped[key]), hidden=hidden[key])
            for key, title in _TITLES.items()
            if grouped[key] or hidden[key]
        ),
        home_url=f"{settings.SITE_URL}/",
        rhythm_url=rhythm_url(message.recipient),
        is_weekly=message.recipient.rhythm == Rhythm.WEEKLY,
        deeds_note=deeds_note(message, *(line for lines in grouped.values() for line in lines)),
        refused=named.refused,
    )


def deeds_note(message: Message, *lines: Line) -> str:
    """What a mail says of its links to deeds; empty where it has none."""
    if not any(line.report_url for line in lines):
        return ""
    return _(
        "Liên kết «Báo cáo hoàn thành», «Đề nghị gia hạn» dành riêng cho %(name)s, không cần đăng nhập, mỗi "
        "liên kết dùng một lần, đến hết ngày %(day)s. Xin đừng chuyển tiếp thư này."
    ) % {"name": message.recipient.name, "day": f"{last_day(message.day):%d/%m/%Y}"}


def task_url(task: Task) -> str:
    """The page of a task (route `web:task`)."""
    return f"{settings.SITE_URL}/viec/{task.pk}/"


def distance_words(due_on: date | None, today: date) -> str:
    """`quá hạn 3 ngày`, `hôm nay`, `còn 5 ngày`; empty without a deadline."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days < 0:
        return ngettext("quá hạn %(days)d ngày", "quá hạn %(days)d ngày", -days) % {"days": -days}
    if days == 0:
        return _("hạn là hôm nay")
    return ngettext("còn %(days)d ngày", "còn %(days)d ngày", days) % {"days": days}


def visible_tasks(recipient: Recipient) -> TaskQuerySet:
    """What the recipient may see: the one rule for a person; for a mailbox, its own agency's tasks."""
    if recipient.user is not None:
        return tasks_visible_to(recipient.user)
    return Task.objects.in_published_documents().filter(agency=recipient.agency, needs_assignment=False)


def _group_of(task: Task, lanes: Iterable[Lane], today: date) -> str:
    if task.due_on is not None and task.due_on < today:
        return "overdue"
    if task.due_on is not None and task.due_on <= today + timedelta(days=6 - today.weekday()):
        return "week"
    if set(lanes) == {Lane.NEW}:
        return "new"
    return "quarter" if task.due_quarter == quarter_of(today) else "later"


def line_of(
    task: Task, lanes: Collection[Lane], today: date, *, message: Message, shows_agency: bool
) -> Line:
    """One task as a mail names it, with what its reader may do from there."""
    document = task.duty.document
    deeds = offered_deeds(message, task, lanes)
    notes = [words() for lane, words in _NOTES.items() if lane in lanes]
    if task.state == WorkState.RETURNED and Lane.RETURNED not in lanes:
        notes.append(_("bị trả lại, chưa báo cáo lại"))
    is_secret = bool(document.secrecy)
    return Line(
        task_id=task.pk,
        url=task_url(task),
        document=document.number if is_secret else document.title,
        agency=task.agency.name if shows_agency and not is_secret else "",
        action="" if is_secret else _shortened(task.duty.action),
        deadline_words="" if is_secret else _own_words(task),
        due_on=None if is_secret else task.due_on,
        distance="" if is_secret else distance_words(task.due_on, today),
        notes=() if is_secret else tuple(notes),
        is_secret=is_secret,
        is_late=task.due_on is not None and task.due_on < today,
        report_url=deeds.get(LinkPurpose.REPORT, ""),
        extend_url=deeds.get(LinkPurpose.EXTEND, ""),
    )


def _shortened(action: str) -> str:
    return (
        action if len(action) <= _LONGEST_ACTION else Truncator(action).chars(_LONGEST_ACTION, truncate="…")
    )


def _own_words(task: Task) -> str:
    """The deadline's own words, where they are more than the date beside them."""
    words, due_on = task.deadline_words, task.due_on
    bare = () if due_on is None else (f"{due_on:%d/%m/%Y}", f"{due_on.day}/{due_on.month}/{due_on.year}")
    return "" if words in bare else words
