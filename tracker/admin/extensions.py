"""Requests for new deadlines, and files of evidence: looked up here, decided and fetched on the pages."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse

from tracker.admin.base import ReadOnlyAdmin
from tracker.admin.site import site
from tracker.duties.models import Evidence, Extension


@admin.register(Extension, site=site)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ["task", "due_on_before", "asked_due_on", "status", "granted_due_on", "requested_at"]
    list_filter = ["status", ("task__agency", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["task__duty", "task__agency"]
    search_fields = ["task__duty__search_text", "task__agency__search_name"]

    def view_on_site(self, extension: Extension) -> str:
        return reverse("web:task", args=[extension.task_id])


@admin.register(Evidence, site=site)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ["name", "task", "media_type", "size", "added_by", "added_at"]
    list_select_related = ["task__duty", "task__agency", "added_by"]
    search_fields = ["name", "task__duty__search_text", "task__agency__search_name"]

    def view_on_site(self, evidence: Evidence) -> str:
        return reverse("web:task", args=[evidence.task_id])
