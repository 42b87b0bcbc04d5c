"""The administration site for registrars who prefer it: a door like the others.

Tasks, drafts and documents are changed through their services; the record is never changed.
"""

from tracker.admin import (
    calendar,
    documents,
    duties,
    extensions,
    people,
    record,
    registry,
    reminders,
    webhooks,
)
from tracker.admin.site import site

__all__ = [
    "calendar",
    "documents",
    "duties",
    "extensions",
    "people",
    "record",
    "registry",
    "reminders",
    "site",
    "webhooks",
]
