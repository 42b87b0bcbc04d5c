"""The record of a task, told in sentences."""

from __future__ import annotations

from collections.abc import Iterable
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
    "task.opened": gettext_lazy("mở việc"),
    "task.started": gettext_lazy("bắt đầu thực hiện"),
    "task.reported": gettext_lazy("báo cáo hoàn thành"),
    "task.report_withdrawn": gettext_lazy("rút báo cáo"),
    "task.confirmed": gettext_lazy("xác nhận hoàn thành"),
    "task.returned": gettext_lazy("trả lại báo cáo"),
    "task.withdrawn": gettext_lazy("rút việc"),
    "task.taken_into_tracking": gettext_lazy("đưa việc từ lịch sử vào theo dõi"),
    "task.became_history": gettext_lazy("chuyển việc sang phần lịch sử"),
    "task.needs_assignment": gettext_lazy("chuyển việc sang chờ phân công, vì cơ quan không còn"),
    "task.handed_over": gettext_lazy("giao lại việc"),
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
    if event.after.get("evidence_number"):
        yield _("Minh chứng: %(number)s") % {"number": event.after["evidence_number"]}
    if event.verb == "task.reported" and event.after.get("reported_on"):
        day = date.fromisoformat(event.after["reported_on"])
        yield _("Ngày tính hoàn thành: %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    if event.verb == "task.handed_over":
        old, new = (names.get(side.get("agency", ""), "?") for side in (event.before, event.after))
        yield f"{old} → {new}"
    if event.verb == "duty.assigned":
        assigned = ", ".join(names.get(key, key) for key in event.after.get("agencies", []))
        yield f"{event.after.get('body', '')} → {assigned}"
