"""What a mail about one task says: an urging, a returned report, a decision. No mail format here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from tracker.core.models import Event
from tracker.core.text import fold_spaces
from tracker.duties.enums import WorkState
from tracker.duties.models import Task
from tracker.reminders.digest import Line, deeds_note, line_of, visible_tasks
from tracker.reminders.enums import Lane
from tracker.reminders.models import Message
from tracker.reminders.notices import NOTICE_LANES

_LONGEST_SUBJECT_ACTION = 90


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that a mail about one task says. A secret document's has its number only."""

    lane: Lane
    name: str
    day: date
    title: str
    sentences: tuple[str, ...]
    quote_title: str
    quote: str
    line: Line
    deeds_note: str

    @property
    def subject(self) -> str:
        """`[Đôn đốc] Xây dựng kế hoạch … – Nghị quyết 09-NQ/TU`."""
        what = Truncator(capfirst(self.line.action)).chars(_LONGEST_SUBJECT_ACTION, truncate="…")
        parts = [part for part in (what, self.line.document) if part]
        return fold_spaces(f"[{self.title}] {' – '.join(parts)}")


def letter_of(message: Message, *, today: date) -> Letter | None:
    """The words of a mail, as things stand now; None where it has nothing to say any more.

    Nothing is said of a task that was done, withdrawn or taken from the recipient since, nor that a
    report was returned when the agency has reported again.
    """
    event = message.event
    if event is None:
        return None
    tasks = visible_tasks(message.recipient).tracked().select_related("duty__document", "agency")
    task = tasks.filter(pk=event.subject_id).first()
    if task is None or not _is_news(event, task):
        return None
    line = line_of(task, {_LANES[event.verb]}, today, message=message, shows_agency=True)
    return Letter(
        lane=_LANES[event.verb],
        name=message.recipient.name,
        day=today,
        title=_TITLES[event.verb](),
        sentences=() if line.is_secret else tuple(_SENTENCES[event.verb](event, task)),
        quote_title=_QUOTES[_LANES[event.verb]](),
        quote="" if line.is_secret else event.note,
        line=line,
        deeds_note=deeds_note(message, line),
    )


def _is_news(event: Event, task: Task) -> bool:
    """Who asked for an extension is owed the answer, even after the report; the rest is about open tasks."""
    if event.verb == "task.returned":
        return task.state == WorkState.RETURNED
    return NOTICE_LANES.get(event.verb) is Lane.EXTENSION or not task.is_done


def _urged(event: Event, _task: Task) -> list[str]:
    by = event.after.get("on_behalf_of", "")
    who = event.actor.full_name if event.actor else ""
    sentences = [
        _("%(who)s (%(by)s) đôn đốc việc dưới đây.") % {"who": who, "by": by}
        if by
        else _("%(who)s đôn đốc việc dưới đây.") % {"who": who}
    ]
    turn = event.after.get("turn", 1)
    return sentences if turn == 1 else [*sentences, _("Đây là lần đôn đốc thứ %(turn)d.") % {"turn": turn}]


def _returned(_event: Event, _task: Task) -> list[str]:
    return [
        _("Văn phòng đã trả lại báo cáo hoàn thành của việc dưới đây."),
        _("Việc được tính là chưa hoàn thành cho đến khi cơ quan báo cáo lại."),
    ]


def _restored(_event: Event, _task: Task) -> list[str]:
    return [_("Văn phòng đã khôi phục việc dưới đây, trước đó đã rút: cơ quan tiếp tục thực hiện.")]


def _granted(event: Event, _task: Task) -> list[str]:
    asked, new = (_day(event.after.get(name)) for name in ("asked_due_on", "due_on"))
    sentences = [
        _("Đề nghị gia hạn được chấp thuận: thời hạn chuyển từ %(old)s sang %(new)s.") % _move(event)
    ]
    if asked and asked != new:
        sentences.append(_("Hạn được gia ngắn hơn hạn đề nghị (%(asked)s).") % {"asked": asked})
    return sentences


def _moved(event: Event, _task: Task) -> list[str]:
    return [_("Văn phòng dời hạn của việc dưới đây từ %(old)s sang %(new)s.") % _move(event)]


def _move(event: Event) -> dict[str, str]:
    old, new = (_day(side.get("due_on")) for side in (event.before, event.after))
    return {"old": old or _("chưa có hạn"), "new": new}


def _refused(_event: Event, task: Task) -> list[str]:
    return [
        _("Đề nghị gia hạn không được chấp thuận: thời hạn vẫn là %(day)s.")
        % {"day": f"{task.due_on:%d/%m/%Y}" if task.due_on else task.deadline_words}
    ]


def _day(written: object) -> str:
    return f"{date.fromisoformat(written):%d/%m/%Y}" if isinstance(written, str) and written else ""


_LANES: Mapping[str, Lane] = {"task.urged": Lane.URGED, **NOTICE_LANES}
_TITLES: Mapping[str, Callable[[], str]] = {
    "task.urged": lambda: _("Đôn đốc"),
    "task.returned": lambda: _("Trả lại báo cáo"),
    "task.restored": lambda: _("Khôi phục việc"),
    "task.extension_granted": lambda: _("Đồng ý gia hạn"),
    "task.extension_refused": lambda: _("Không đồng ý gia hạn"),
    "task.deadline_moved": lambda: _("Dời hạn"),
}
_QUOTES: Mapping[Lane, Callable[[], str]] = {
    Lane.URGED: lambda: _("Lời đôn đốc:"),
    Lane.RETURNED: lambda: _("Lý do trả lại:"),
    Lane.RESTORED: lambda: _("Lý do khôi phục:"),
    Lane.EXTENSION: lambda: _("Ý kiến của Văn phòng:"),
    Lane.MOVED: lambda: _("Lý do dời hạn:"),
}
_SENTENCES: Mapping[str, Callable[[Event, Task], list[str]]] = {
    "task.urged": _urged,
    "task.returned": _returned,
    "task.restored": _restored,
    "task.extension_granted": _granted,
    "task.extension_refused": _refused,
    "task.deadline_moved": _moved,
}
