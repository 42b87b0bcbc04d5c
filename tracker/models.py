"""Every model of the app, for Django to find. Code imports them from their own packages."""

from tracker.agencies.models import Agency, AgencyName, Collective, Membership, Post, Succession
from tracker.calendar_feed.models import Feed, KeptEvent
from tracker.core.models import ApiToken, Event, KeptAnswer, User
from tracker.documents.models import Clause, Document, Draft, SourceText
from tracker.duties.models import Duty, DutyBody, Evidence, Extension, Task
from tracker.reminders.models import Message, Policy, Recipient, Reminder, Scan, Suppression
from tracker.reminders.preferences import Preference
from tracker.reminders.records import Urging, UsedLink
from tracker.webhooks.models import Webhook, WebhookCursor, WebhookDelivery

__all__ = [
    "Agency",
    "AgencyName",
    "ApiToken",
    "Clause",
    "Collective",
    "Document",
    "Draft",
    "Duty",
    "DutyBody",
    "Event",
    "Evidence",
    "Extension",
    "Feed",
    "KeptAnswer",
    "KeptEvent",
    "Membership",
    "Message",
    "Policy",
    "Post",
    "Preference",
    "Recipient",
    "Reminder",
    "Scan",
    "SourceText",
    "Succession",
    "Suppression",
    "Task",
    "Urging",
    "UsedLink",
    "User",
    "Webhook",
    "WebhookCursor",
    "WebhookDelivery",
]
