"""The record of an agency, told in sentences."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.agencies.models import Agency
from tracker.core.enums import Door
from tracker.core.models import Event
from tracker.web.story import Line

_SENTENCES = {
    "agency.created": gettext_lazy("ghi cơ quan vào danh mục"),
    "agency.changed": gettext_lazy("sửa thông tin"),
    "agency.founded": gettext_lazy("ghi cơ quan mới thành lập"),
    "agency.renamed": gettext_lazy("đổi tên"),
    "agency.merged": gettext_lazy("sáp nhập, hợp nhất"),
    "agency.split": gettext_lazy("chia tách"),
    "agency.abolished": gettext_lazy("kết thúc hoạt động"),
    "agency.succession_noted": gettext_lazy("ghi cơ quan kế thừa"),
    "agency.succession_confirmed": gettext_lazy("xác nhận cơ quan kế thừa"),
    "agency.people_followed": gettext_lazy("nhận người của cơ quan cũ"),
}
_MOST_EVENTS = 100


def story_of_agency(agency: Agency) -> list[Line]:
    """What is on record about an agency, the newest first, in two queries."""
    events = list(Event.objects.about(agency).select_related("actor").reverse()[:_MOST_EVENTS])
    keys = {key for event in events for key in _keys(event)}
    names = dict(Agency.objects.filter(key__in=keys).values_list("key", "name"))
    return [_line(event, names) for event in events]


def _line(event: Event, names: dict[str, str]) -> Line:
    return Line(
        at=event.at,
        who=event.actor.full_name if event.actor else _("Hệ thống"),
        what=str(_SENTENCES.get(event.verb, event.verb)),
        door="" if event.door == Door.WEB else event.get_door_display(),
        facts=tuple(_facts(event, names)),
        note=event.note,
    )


def _facts(event: Event, names: dict[str, str]) -> list[str]:
    facts = []
    if event.verb == "agency.renamed":
        facts.append(f"{event.before.get('name', '')} → {event.after.get('name', '')}")
    heirs = [names.get(key, key) for key in _keys(event)]
    if heirs:
        facts.append("; ".join(heirs))
    if event.after.get("people"):
        facts.append(_("Số người: %d") % len(event.after["people"]))
    if event.after.get("day"):
        facts.append(_("Từ ngày %s") % f"{date.fromisoformat(event.after['day']):%d/%m/%Y}")
    return facts


def _keys(event: Event) -> list[str]:
    keys = [*event.after.get("heirs", []), event.after.get("successor"), event.after.get("agency")]
    return [key for key in keys if isinstance(key, str)]
