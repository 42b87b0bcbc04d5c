"""What a receiver is told: the event, and the task as it stands at the moment of sending."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tracker.core.models import Event
from tracker.duties.models import Task


def message_of(event: Event, task: Task) -> str:
    """The body, as it is signed and sent. `task` was read `with_states` and `with_details`.

    Of a secret document only numbers and dates go out, no text (rule 11): the receiver asks the API.
    """
    is_secret = bool(task.duty.document.secrecy)
    message = {
        "type": event.verb,
        "timestamp": _moment(event),
        "data": {"event": _event(event, is_secret=is_secret), "task": _task(task, is_secret=is_secret)},
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _moment(event: Event) -> str:
    return timezone.localtime(event.at).isoformat()


def _event(event: Event, *, is_secret: bool) -> dict[str, Any]:
    return {
        "id": event.pk,
        "at": _moment(event),
        "verb": event.verb,
        "actor": event.actor.full_name if event.actor else None,
        "door": event.door,
        "before": {} if is_secret else event.before,
        "after": {} if is_secret else event.after,
        "note": "" if is_secret else event.note,
    }


def _task(task: Task, *, is_secret: bool) -> dict[str, Any]:
    document = task.duty.document
    return {
        "id": task.pk,
        "url": settings.SITE_URL + reverse("api:tasks-detail", args=[task.pk]),
        "page": settings.SITE_URL + reverse("web:task", args=[task.pk]),
        "action": "" if is_secret else task.duty.action,
        "agency": {"key": task.agency.key, "name": task.agency.name},
        "document": {"id": document.pk, "number": document.number},
        "period": task.period,
        "deadline_words": "" if is_secret else task.deadline_words,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "state": task.state,
        "deadline_state": task.deadline_state,
        "result": task.result,
        "revision": task.revision,
    }
