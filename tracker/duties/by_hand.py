"""Duties that a person writes down: those of a list that an office kept before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tracker.core.events import Actor, record_event
from tracker.core.text import without_accents
from tracker.documents.enums import DutyScope
from tracker.documents.models import Document
from tracker.duties.deadlines import parse_due, quarter_of
from tracker.duties.enums import BodyRole
from tracker.duties.models import Duty
from tracker.duties.services import name_bodies


@transaction.atomic
def write_duty(
    *,
    document: Document,
    action: str,
    leads: Sequence[str],
    coordinators: Sequence[str],
    due_code: str,
    due_text: str,
    actor: Actor,
    now: datetime,
) -> tuple[Duty, bool]:
    """The duty of this document with these words and this deadline; made where there is none.

    Bodies are registry keys, or `other:` and words. Opens no task. The document's row is locked: the
    same list that is loaded twice at once makes each duty once.
    """
    Document.objects.select_for_update().get(pk=document.pk)
    known = document.duties.filter(action=action, due_code=due_code).order_by("id").first()
    if known is not None:
        return known, False
    deadline = parse_due(due_code)
    duty = Duty.objects.create(
        document=document,
        ordinal=document.duties.count(),
        scope=DutyScope.SECTION,
        action=action,
        search_text=without_accents(action),
        due_code=due_code,
        due_text=due_text,
        precision=deadline.precision,
        recurrence=deadline.recurrence,
        due_on=deadline.due_on,
        due_quarter=quarter_of(deadline.due_on) if deadline.due_on else "",
    )
    name_bodies(duty, BodyRole.LEAD, leads)
    name_bodies(duty, BodyRole.COORDINATOR, coordinators)
    record_event(duty, "duty.created", actor=actor, now=now, after={"draft": None, "due": due_code})
    return duty, True
