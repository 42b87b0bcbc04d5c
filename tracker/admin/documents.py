"""Texts, documents, clauses, and the drafts that wait for a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tracker import pipeline
from tracker.admin.base import EditableAdmin, ReadOnlyAdmin, admin_actor
from tracker.admin.site import site
from tracker.core import clock
from tracker.core.errors import TrackerError
from tracker.documents.models import Clause, Document, Draft, SourceText


@admin.register(SourceText, site=site)
class SourceTextAdmin(ReadOnlyAdmin):
    list_display = ["name", "loaded_at", "sha256"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceText]:
        """A volume is a megabyte long: read on its own page only."""
        return super().get_queryset(request).defer("text", "coverage")


@admin.register(Document, site=site)
class DocumentAdmin(EditableAdmin):
    """How a document is followed may be corrected; what it says may not."""

    list_display = [
        "number",
        "kind",
        "issued_on",
        "short_subject",
        "status",
        "start_on",
        "needs_confirmation",
    ]
    list_filter = ["status", "kind", "needs_confirmation"]
    search_fields = ["search_text"]
    date_hierarchy = "issued_on"
    autocomplete_fields = ["monitors"]
    fields = [
        "number",
        "kind",
        "issuer",
        "issued_on",
        "subject",
        "secrecy",
        "source",
        "status",
        "start_on",
        "expired_on",
        "needs_confirmation",
        "monitors",
    ]
    actions = ["publish"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Documents come from files."""
        return False

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> list[str]:
        return [str(name) for name in self.fields if name not in {"needs_confirmation", "monitors"}]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).select_related("source").defer("source__text")

    @admin.display(description=_lazy("trích yếu"))
    def short_subject(self, document: Document) -> str:
        return Truncator(document.subject).chars(100)

    @admin.action(description=_lazy("Nhận mọi dự thảo và đưa văn bản vào theo dõi"))
    def publish(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        for document in documents:
            opened = pipeline.publish_document(
                document, today=clock.today(), actor=admin_actor(request), now=clock.now()
            )
            said = _("%(document)s: đã mở %(count)d việc.") % {"document": document, "count": len(opened)}
            messages.success(request, said)


@admin.register(Clause, site=site)
class ClauseAdmin(ReadOnlyAdmin):
    list_display = ["document", "ordinal", "path", "start", "end"]
    list_select_related = ["document"]
    search_fields = ["document__search_text"]


@admin.register(Draft, site=site)
class DraftAdmin(ReadOnlyAdmin):
    """Decided by the actions, once; the reading itself never changes."""

    list_display = ["document", "short_action", "due_text", "due_code", "confidence", "status", "decided_by"]
    list_filter = ["status", "scope", ("document", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["document", "decided_by"]
    search_fields = ["document__search_text"]
    actions = ["accept", "reject"]

    @admin.display(description=_lazy("nội dung"))
    def short_action(self, draft: Draft) -> str:
        return Truncator(draft.action).chars(120)

    @admin.action(description=_lazy("Nhận dự thảo"))
    def accept(self, request: HttpRequest, drafts: QuerySet[Draft]) -> None:
        def act(draft: Draft) -> object:
            return pipeline.accept_draft(
                draft, today=clock.today(), actor=admin_actor(request), now=clock.now()
            )

        self._decide(request, drafts, act, _("Đã nhận %d dự thảo."))

    @admin.action(description=_lazy("Loại dự thảo"))
    def reject(self, request: HttpRequest, drafts: QuerySet[Draft]) -> None:
        def act(draft: Draft) -> object:
            return pipeline.reject_draft(draft, actor=admin_actor(request), now=clock.now())

        self._decide(request, drafts, act, _("Đã loại %d dự thảo."))

    def _decide(
        self, request: HttpRequest, drafts: QuerySet[Draft], act: Callable[[Draft], object], done: str
    ) -> None:
        count = 0
        for draft in drafts.select_related("document", "clause"):
            try:
                act(draft)
            except TrackerError as refusal:
                messages.error(request, f"{draft}: {refusal}")
            else:
                count += 1
        if count:
            messages.success(request, done % count)
