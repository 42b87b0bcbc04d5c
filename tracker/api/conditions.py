"""`ETag` and `If-Match`: nobody changes a task on the strength of what it was before.

The tag counts the task's own changes (`revision`). What is computed for the day, like
`deadline_state`, or read from elsewhere, like an agency's name, does not move it.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from tracker.api.problems import PreconditionFailed, PreconditionRequired
from tracker.duties.models import Task

_ANY = "*"
_TAG = r'(?:W/)?"[^"]*"'
CONDITION = rf"^(?:\*|{_TAG}(?:, *{_TAG})*)$"  # also in the description


def etag_of(task: Task) -> str:
    return f'"{task.pk}.{task.revision}"'


def require_match(request: Request, task: Task) -> None:
    """Refuse without a condition (428), and where the task is no longer what the caller read (412).

    Call it on a locked row. Weak tags never match, as RFC 9110 has it. Raises ValidationError for
    what is no condition.
    """
    condition = request.headers.get("If-Match", "").strip()
    if not condition:
        raise PreconditionRequired
    if not re.match(CONDITION, condition):
        raise ValidationError({"If-Match": [_("Phải là «*» hoặc ETag trong ngoặc kép.")]})
    if condition != _ANY and etag_of(task) not in re.findall(_TAG, condition):
        raise PreconditionFailed
