"""The record: looked at, never changed."""

from __future__ import annotations

from django.contrib import admin

from tracker.admin.base import ReadOnlyAdmin
from tracker.admin.site import site
from tracker.core.models import Event


@admin.register(Event, site=site)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "verb", "subject_type", "subject_id", "actor", "door", "note"]
    list_filter = ["door", "subject_type", "verb"]
    list_select_related = ["actor"]
    date_hierarchy = "at"
