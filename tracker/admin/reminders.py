"""The ledger of reminders and the mails that carried them: was it sent, when, why not."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracker.admin.base import AnyModelForm, EditableAdmin, NumbersField, ReadOnlyAdmin, admin_actor
from tracker.admin.site import site
from tracker.core import clock
from tracker.reminders.addresses import lift_suppression
from tracker.reminders.models import Message, Policy, Recipient, Reminder, Scan, Suppression
from tracker.reminders.preferences import Preference
from tracker.reminders.records import Urging, UsedLink


class PolicyForm(AnyModelForm):
    days_before = NumbersField(label=_("Nhắc trước (ngày)"))

    class Meta:
        model = Policy
        fields = [
            "document",
            "days_before",
            "on_the_day",
            "every_days_after",
            "times_after",
            "head_after",
            "monitor_after",
            "registrar_after",
            "announces_new",
            "opens",
            "closes",
        ]


@admin.register(Policy, site=site)
class PolicyAdmin(EditableAdmin):
    """The office's own policy, and what single documents override."""

    form = PolicyForm
    list_display = [
        "__str__",
        "days_before",
        "on_the_day",
        "every_days_after",
        "head_after",
        "opens",
        "closes",
    ]
    list_select_related = ["document"]
    autocomplete_fields = ["document"]


@admin.register(Preference, site=site)
class PreferenceAdmin(ReadOnlyAdmin):
    """Chosen by each person on a page of their own."""

    list_display = [
        "user",
        "wants_own",
        "wants_head",
        "wants_monitor",
        "wants_registrar",
        "opens",
        "closes",
        "language",
    ]
    list_select_related = ["user"]
    search_fields = ["user__username"]


@admin.register(Suppression, site=site)
class SuppressionAdmin(ReadOnlyAdmin):
    list_display = ["address", "since", "reason"]
    search_fields = ["address"]
    actions = ["lift"]

    @admin.action(description=_("Gửi lại cho địa chỉ này"))
    def lift(self, request: HttpRequest, addresses: QuerySet[Suppression]) -> None:
        for address in addresses:
            lift_suppression(address, actor=admin_actor(request), now=clock.now())


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


@admin.register(Urging, site=site)
class UrgingAdmin(ReadOnlyAdmin):
    """Who urged whom, when, with what words: the proof."""

    list_display = ["at", "task", "agency", "urged_by", "words"]
    list_select_related = ["task__duty", "task__agency", "agency", "urged_by"]
    search_fields = ["agency__search_name", "task__duty__search_text", "urged_by__username"]
    date_hierarchy = "at"


@admin.register(UsedLink, site=site)
class UsedLinkAdmin(ReadOnlyAdmin):
    """What people did from their mails, without signing in."""

    list_display = ["at", "purpose", "task", "user"]
    list_filter = ["purpose"]
    list_select_related = ["task__duty", "task__agency", "user"]
    search_fields = ["user__username", "task__duty__search_text"]
    date_hierarchy = "at"


@admin.register(Scan, site=site)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ["day", "started_at", "finished_at", "planned"]
