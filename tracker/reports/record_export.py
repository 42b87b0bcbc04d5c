"""The record as a file: the events of a document, an agency or a time, as CSV, row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from tracker.agencies.models import Agency
from tracker.core.models import Event
from tracker.documents.models import Document, Draft
from tracker.duties.models import Duty, Task

_HEADS = (
    "Số",
    "Lúc",
    "Người thực hiện",
    "Qua",
    "Địa chỉ",
    "Việc",
    "Loại đối tượng",
    "Số đối tượng",
    "Trước",
    "Sau",
    "Ghi chú",
)
_BOM = "\ufeff"  # without it, a spreadsheet reads Vietnamese as something else
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Span:
    """Which events: about what, and from which day to which, both included. Nothing given: all."""

    document: Document | None = None
    agency: Agency | None = None
    first: date | None = None
    last: date | None = None


def events_in(span: Span) -> QuerySet[Event]:
    """The events of a span, oldest first. An agency's: of itself and of every task that it has or had."""
    events = Event.objects.select_related("actor").order_by("id")
    if span.first is not None:
        events = events.filter(at__date__gte=span.first)
    if span.last is not None:
        events = events.filter(at__date__lte=span.last)
    if span.document is not None:
        events = events.filter(_of_document(span.document))
    if span.agency is not None:
        events = events.filter(_of_agency(span.agency))
    return events


def record_lines(span: Span) -> Iterator[str]:
    """The record as lines of CSV, with a heading; reads the database in batches, keeps nothing."""
    yield _BOM + _line(_HEADS)
    for event in events_in(span).iterator(chunk_size=_BATCH):
        yield _line(_cells(event))


def _of_document(document: Document) -> Q:
    about = Q(subject_type="document", subject_id=document.pk)
    for model, rows in (
        (Draft, Draft.objects.filter(document=document)),
        (Duty, Duty.objects.filter(document=document)),
        (Task, Task.objects.filter(duty__document=document)),
    ):
        about |= _about(model, rows)
    return about


def _of_agency(agency: Agency) -> Q:
    had = Event.objects.filter(subject_type="task", before__agency=agency.key)
    tasks = Task.objects.filter(
        Q(agency=agency) | Q(named_agency=agency) | Q(pk__in=had.order_by().values("subject_id"))
    )
    return Q(subject_type="agency", subject_id=agency.pk) | _about(Task, tasks)


def _about(model: type[Any], rows: QuerySet[Any]) -> Q:
    return Q(subject_type=model._meta.model_name, subject_id__in=rows.order_by().values("pk"))


def _cells(event: Event) -> list[str]:
    return [
        str(event.pk),
        f"{timezone.localtime(event.at):%d/%m/%Y %H:%M:%S}",
        event.actor.full_name if event.actor else "",
        str(event.get_door_display()),
        event.address or "",
        event.verb,
        event.subject_type,
        str(event.subject_id),
        json.dumps(event.before, ensure_ascii=False) if event.before else "",
        json.dumps(event.after, ensure_ascii=False) if event.after else "",
        event.note,
    ]


def _line(cells: tuple[str, ...] | list[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow([_harmless(cell) for cell in cells])
    return stream.getvalue()


def _harmless(text: str) -> str:
    """A spreadsheet takes what begins so for a formula, whoever wrote it; an apostrophe makes it text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
