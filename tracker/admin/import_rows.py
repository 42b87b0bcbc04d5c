"""What the lists hold, column by column: agencies, and tasks as an office kept them in a spreadsheet."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker import pipeline
from tracker.admin.imports import CHANGED, NEW, SAME, RowsByService, column, day, names, words
from tracker.agencies.enums import AgencyKind
from tracker.agencies.models import Agency
from tracker.core.edits import save_edited
from tracker.core.errors import TransitionError
from tracker.core.text import slug
from tracker.documents.models import Document
from tracker.duties import workflow
from tracker.duties.models import Duty, Task
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.registry import Body

KEY, NAME, KIND, ALIASES, EMAIL, SINCE, UNTIL = (
    "Khóa",
    "Tên",
    "Loại",
    "Tên khác",
    "Thư điện tử",
    "Từ ngày",
    "Đến hết ngày",
)
NUMBER, ACTION, LEADS, COORDINATORS, DUE, DONE_ON, RESULT, EVIDENCE = (
    "Số văn bản",
    "Nội dung",
    "Chủ trì",
    "Phối hợp",
    "Thời hạn",
    "Hoàn thành ngày",
    "Kết quả",
    "Số văn bản minh chứng",
)


def _kind(value: Any) -> str:
    """The kind of a body, by its code or its Vietnamese name."""
    text = words(value)
    for code, label in AgencyKind.choices:
        if text and slug(text) in {code, slug(str(label))}:
            return str(code)
    if text:
        known = "; ".join(str(label) for label in AgencyKind.labels)
        raise ValueError(
            _("Không biết loại «%(text)s». Các loại: %(known)s.") % {"text": text, "known": known}
        )
    return ""


def _key(value: Any) -> str:
    text = words(value)
    if text and text != slug(text):
        raise ValueError(_("Khóa chỉ gồm chữ thường không dấu, số và «-», ví dụ so-y-te."))
    return text


class AgencyRows(RowsByService):
    """Bodies by their key. A column that the file does not have leaves what is kept as it is."""

    key = column(KEY, _key, is_required=True)
    title = column(NAME, is_required=True)
    kind = column(KIND, _kind, is_required=True)
    aliases = column(ALIASES, names)
    email = column(EMAIL)
    since = column(SINCE, day)
    until = column(UNTIL, day)
    required = frozenset({KEY, NAME, KIND})

    class Meta(RowsByService.Meta):
        model = Agency

    def do(self, row: SimpleNamespace) -> str:
        given = vars(row)
        kept = Agency.objects.filter(key=given[KEY]).first() or Agency(key=given[KEY])
        try:
            body = Body(
                key=given[KEY],
                name=given[NAME],
                kind=given[KIND],
                aliases=tuple(given.get(ALIASES, kept.aliases)),
                since=given.get(SINCE, kept.since),
                until=given.get(UNTIL, kept.until),
            )
            saved = pipeline.save_body(body, actor=self.actor, now=self.now)
            is_changed = saved.is_changed | self._save_email(given)
        except ValidationError as error:
            raise ValidationError(_by_column(error)) from error
        if saved.is_new:
            return str(NEW)
        return str(CHANGED if is_changed else SAME)

    def _save_email(self, given: dict[str, Any]) -> bool:
        agency = Agency.objects.get(key=given[KEY])
        agency.email = given.get(EMAIL, agency.email)
        agency.full_clean()
        return save_edited(agency, ["email"], actor=self.actor, now=self.now)


def _by_column(error: ValidationError) -> dict[str, list[str]]:
    """A model's own errors under the headings of the file; what belongs to no column stands at the key."""
    headings = {
        "name": NAME,
        "kind": KIND,
        "aliases": ALIASES,
        "email": EMAIL,
        "since": SINCE,
        "until": UNTIL,
    }
    return {headings.get(field, KEY): found for field, found in error.message_dict.items()}


class TaskRows(RowsByService):
    """Duties of documents under tracking, each with its tasks; a row that is known already is left alone.

    With a day of completion the row's tasks are reported as of that day, and confirmed.
    """

    number = column(NUMBER, is_required=True)
    action = column(ACTION, is_required=True)
    leads = column(LEADS, names, is_required=True)
    coordinators = column(COORDINATORS, names)
    due = column(DUE)
    done_on = column(DONE_ON, day)
    outcome = column(RESULT)
    evidence = column(EVIDENCE)
    required = frozenset({NUMBER, ACTION, LEADS})
    of_fields = {
        "document": NUMBER,
        "action": ACTION,
        "leads": LEADS,
        "due_text": DUE,
        "due": DUE,
        "note": RESULT,
    }

    class Meta(RowsByService.Meta):
        model = Task

    def do(self, row: SimpleNamespace) -> str:
        given = vars(row)
        correction = pipeline.Correction(
            action=given[ACTION],
            leads=given[LEADS],
            coordinators=given.get(COORDINATORS) or [],
            due_text=given.get(DUE) or "",
        )
        document = _document(given[NUMBER])
        duty, is_new = pipeline.add_duty(
            document, correction, bodies=self._bodies, today=self.today, actor=self.actor, now=self.now
        )
        is_done = given.get(DONE_ON) is not None and self._complete(duty, given)
        if is_new:
            return str(NEW)
        return str(CHANGED if is_done else SAME)

    @cached_property
    def _bodies(self) -> NameIndex:
        """Read once for the whole file."""
        return pipeline.known_bodies()

    def _complete(self, duty: Duty, given: dict[str, Any]) -> bool:
        """Report the duty's open tasks as of the day given; False where none was open."""
        if given[DONE_ON] > self.today:
            raise ValidationError({DONE_ON: _("Ngày này chưa đến.")})
        tasks = [task for task in duty.tasks.select_related("duty__document") if not task.is_done]
        for task in tasks:
            try:
                self._report(task, given)
            except TransitionError as error:
                raise ValidationError({DONE_ON: str(error)}) from error
        return bool(tasks)

    def _report(self, task: Task, given: dict[str, Any]) -> None:
        reported = workflow.report_task(
            task,
            note=given.get(RESULT) or "",
            evidence_number=given.get(EVIDENCE) or "",
            today=given[DONE_ON],
            actor=self.actor,
            now=self.now,
        )
        if reported.state != "confirmed":
            workflow.confirm_task(reported, note=_("Nhập từ danh sách."), actor=self.actor, now=self.now)


def _document(number: str) -> Document:
    found = list(Document.objects.filter(number=number)[:2])
    if not found:
        raise ValidationError({NUMBER: _("Chưa nạp văn bản %s.") % number})
    if len(found) > 1:
        raise ValidationError({NUMBER: _("Có hơn một văn bản mang số %s.") % number})
    return found[0]
