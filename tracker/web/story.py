"""The record of a task, told in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.agencies.queries import agencies_by_key
from tracker.core.enums import Door
from tracker.core.models import Event
from tracker.duties.models import Task

_SENTENCES = {
    "duty.created": gettext_lazy("duyệt nhiệm vụ đọc được từ văn bản"),
    "duty.assigned": gettext_lazy("phân công cơ quan thực hiện"),
    "duty.deadline_changed": gettext_lazy("đổi thời hạn của nhiệm vụ"),
    "duty.end_set": gettext_lazy("đặt ngày thôi lặp của nhiệm vụ"),
    "task.opened": gettext_lazy("mở việc"),
    "task.started": gettext_lazy("bắt đầu thực hiện"),
    "task.reported": gettext_lazy("báo cáo hoàn thành"),
    "task.report_withdrawn": gettext_lazy("rút báo cáo"),
    "task.confirmed": gettext_lazy("xác nhận hoàn thành"),
    "task.returned": gettext_lazy("trả lại báo cáo"),
    "task.urged": gettext_lazy("đôn đốc"),
    "task.withdrawn": gettext_lazy("rút việc"),
    "task.restored": gettext_lazy("khôi phục việc"),
    "task.taken_into_tracking": gettext_lazy("đưa việc từ lịch sử vào theo dõi"),
    "task.became_history": gettext_lazy("chuyển việc sang phần lịch sử"),
    "task.needs_assignment": gettext_lazy("chuyển việc sang chờ phân công, vì cơ quan không còn"),
    "task.handed_over": gettext_lazy("giao lại việc"),
    "task.reassigned": gettext_lazy("giao việc cho cơ quan khác"),
    "task.progress_noted": gettext_lazy("báo tiến độ"),
    "task.extension_requested": gettext_lazy("đề nghị gia hạn"),
    "task.extension_withdrawn": gettext_lazy("rút đề nghị gia hạn"),
    "task.extension_granted": gettext_lazy("đồng ý gia hạn"),
    "task.extension_refused": gettext_lazy("không đồng ý gia hạn"),
    "task.deadline_moved": gettext_lazy("dời hạn"),
    "task.replanned": gettext_lazy("xếp lại hạn theo nhiệm vụ"),
    "evidence.added": gettext_lazy("gửi tệp"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the story: who did what, when, by which way, with the words they left."""

    at: datetime
    who: str
    what: str
    door: str
    facts: tuple[str, ...]
    note: str


def story_of(task: Task) -> list[Line]:
    """Everything on record about a task and its duty, oldest first, in two queries."""
    events = (
        Event.objects.filter(
            Q(subject_type="task", subject_id=task.pk) | Q(subject_type="duty", subject_id=task.duty_id)
        )
        .select_related("actor")
        .order_by("id")
    )
    rows = list(events)
    names = _agency_names(rows)
    return [_line(event, names) for event in rows]


def _agency_names(events: Iterable[Event]) -> dict[str, str]:
    keys = {key for event in events for key in _agency_keys(event)}
    return {key: agency.name for key, agency in agencies_by_key(keys).items()}


def _agency_keys(event: Event) -> list[str]:
    keys = [event.before.get("agency"), event.after.get("agency"), *event.after.get("agencies", [])]
    return [key for key in keys if isinstance(key, str)]


def _line(event: Event, names: dict[str, str]) -> Line:
    return Line(
        at=event.at,
        who=event.actor.full_name if event.actor else _("Hệ thống"),
        what=str(_SENTENCES.get(event.verb, event.verb)),
        door="" if event.door == Door.WEB else event.get_door_display(),
        facts=tuple(_facts(event, names)),
        note=event.note,
    )


def _facts(event: Event, names: dict[str, str]) -> Iterable[str]:
    tell = _TOLD.get(event.verb)
    return tell(event, names) if tell else ()


def _report_facts(event: Event, _names: dict[str, str]) -> Iterable[str]:
    if event.after.get("evidence_number"):
        yield _("Minh chứng: %(number)s") % {"number": event.after["evidence_number"]}
    if event.after.get("reported_on"):
        yield _("Ngày tính hoàn thành: %(day)s") % {"day": _day(event.after["reported_on"])}
    if event.after.get("late_reason"):
        yield _("Lý do chậm: %(words)s") % {"words": event.after["late_reason"]}


def _agency_facts(event: Event, names: dict[str, str]) -> Iterable[str]:
    old, new = (names.get(side.get("agency", ""), "?") for side in (event.before, event.after))
    yield f"{old} → {new}"


def _assigned_facts(event: Event, names: dict[str, str]) -> Iterable[str]:
    assigned = ", ".join(names.get(key, key) for key in event.after.get("agencies", []))
    yield f"{event.after.get('body', '')} → {assigned}"


def _progress_facts(event: Event, _names: dict[str, str]) -> Iterable[str]:
    if event.after.get("percent") is not None:
        yield _("Tiến độ: %(percent)d%%") % {"percent": event.after["percent"]}
    for name, words in (
        ("stage", _("Giai đoạn: %(words)s")),
        ("difficulties", _("Khó khăn, vướng mắc: %(words)s")),
        ("proposals", _("Kiến nghị, đề xuất: %(words)s")),
    ):
        if event.after.get(name):
            yield words % {"words": event.after[name]}


def _asked_facts(event: Event, _names: dict[str, str]) -> Iterable[str]:
    words, day = event.after.get("asked_due_text", ""), _day(event.after.get("asked_due_on"))
    asked = words if words == day else f"{words} ({day})"
    yield f"{_day(event.before.get('due_on'))} → {asked}"


def _moved_facts(event: Event, _names: dict[str, str]) -> Iterable[str]:
    words, day = event.after.get("moved_due_text", ""), _day(event.after.get("due_on"))
    yield f"{_day(event.before.get('due_on'))} → {day if words in {'', day} else f'{words} ({day})'}"
    asked = _day(event.after.get("asked_due_on"))
    if event.verb == "task.extension_granted" and asked != day:
        yield _("Ngắn hơn đề nghị (%(day)s)") % {"day": asked}


def _urging_facts(event: Event, _names: dict[str, str]) -> Iterable[str]:
    yield _("Thư đến: %(names)s") % {"names": "; ".join(event.after.get("recipients", []))}


def _changed_words(event: Event, _names: dict[str, str]) -> Iterable[str]:
    old, new = (side.get("due_text") or _("không có hạn") for side in (event.before, event.after))
    yield f"{old} → {new}"


def _end_facts(event: Event, _names: dict[str, str]) -> Iterable[str]:
    old, new = (
        _day(side["ends_on"]) if side.get("ends_on") else _("không hạn chế")
        for side in (event.before, event.after)
    )
    yield f"{old} → {new}"


def _file_facts(event: Event, _names: dict[str, str]) -> Iterable[str]:
    yield from event.after.get("files", [])


def _day(iso: str | None) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else _("không có hạn")


_TOLD: dict[str, Callable[[Event, dict[str, str]], Iterable[str]]] = {
    "task.reported": _report_facts,
    "task.handed_over": _agency_facts,
    "task.reassigned": _agency_facts,
    "duty.assigned": _assigned_facts,
    "task.progress_noted": _progress_facts,
    "task.extension_requested": _asked_facts,
    "task.extension_granted": _moved_facts,
    "task.deadline_moved": _moved_facts,
    "task.replanned": _moved_facts,
    "duty.deadline_changed": _changed_words,
    "duty.end_set": _end_facts,
    "evidence.added": _file_facts,
    "task.urged": _urging_facts,
}
