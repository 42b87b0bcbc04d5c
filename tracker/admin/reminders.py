"""The ledger of reminders and the mails that carried them: was it sent, when, why not."""

from __future__ import annotations

from django.contrib import admin

from tracker.admin.base import ReadOnlyAdmin
from tracker.admin.site import site
from tracker.reminders.models import Message, Recipient, Reminder, Scan


@admin.register(Reminder, site=site)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ["day", "task", "recipient", "lane", "step", "due_on", "message", "outcome", "reason"]
    list_filter = ["lane", "outcome", "step"]
    list_select_related = [
        "task__duty",
        "task__agency",
        "recipient__user",
        "recipient__agency",
        "message__recipient__user",
        "message__recipient__agency",
    ]
    search_fields = ["agency__search_name", "task__duty__search_text"]
    date_hierarchy = "day"


@admin.register(Message, site=site)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["day", "recipient", "kind", "state", "attempts", "address", "sent_at", "last_error"]
    list_filter = ["state", "kind"]
    list_select_related = ["recipient__user", "recipient__agency"]
    search_fields = ["address", "recipient__agency__search_name", "recipient__user__username"]
    date_hierarchy = "day"
    exclude = ["claim", "version"]


@admin.register(Recipient, site=site)
class RecipientAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "user", "agency"]
    list_select_related = ["user", "agency"]
    search_fields = ["agency__search_name", "user__username"]


@admin.register(Scan, site=site)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ["day", "started_at", "finished_at", "planned"]
