"""Calendar addresses: who subscribes, and when a feed was last fetched."""

from __future__ import annotations

from django.contrib import admin

from tracker.admin.base import ReadOnlyAdmin
from tracker.admin.site import site
from tracker.calendar_feed.models import Feed, KeptEvent


@admin.register(Feed, site=site)
class FeedAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "kind", "document", "created_at", "last_fetched_at", "revoked_at"]
    list_filter = ["kind", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "document"]
    search_fields = ["user__username"]
    exclude = ["token_digest", "kept_state", "kept_etag", "kept_modified_at"]


@admin.register(KeptEvent, site=site)
class KeptEventAdmin(ReadOnlyAdmin):
    """A cache; here for whoever looks for the text that a calendar was given."""

    list_display = ["task_id", "variant", "digest"]
