"""Documents: the list, one document with its duties and drafts, and its text with the duties marked."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tracker.core import clock
from tracker.core.text import without_accents
from tracker.documents.enums import DraftStatus
from tracker.documents.models import Document
from tracker.documents.queries import marked_text
from tracker.duties.models import DutyBody
from tracker.duties.queries import (
    documents_visible_to,
    documents_with_figures,
    duties_visible_to,
    duties_with_progress,
    tasks_visible_to,
)
from tracker.web.access import SignedInRequest, signed_in
from tracker.web.pages import page_of
from tracker.web.review import review_of


@require_safe
@signed_in
def document_list(request: SignedInRequest) -> HttpResponse:
    words = request.GET.get("tim", "").strip()
    documents = documents_visible_to(request.user)
    for word in without_accents(words).split():
        documents = documents.filter(search_text__icontains=word)
    rows = documents_with_figures(documents, tasks_visible_to(request.user), clock.today())
    return render(request, "web/documents.html", {"words": words, "page": page_of(request, rows)})


@require_safe
@signed_in
def document_page(request: SignedInRequest, pk: int) -> HttpResponse:
    return show_document(request, visible_document(request, pk))


@require_safe
@signed_in
def document_text(request: SignedInRequest, pk: int) -> HttpResponse:
    """The whole text. Marked: the words of the duties that this person may see, and for the reviewer
    those of the drafts that wait.
    """
    document = visible_document(request, pk)
    duties = duties_visible_to(request.user).filter(document=document).order_by()
    places = list(duties.values_list("source_start", "source_end"))
    if request.user.is_registrar:
        places += document.drafts.filter(status=DraftStatus.PENDING).values_list("start", "end")
    marks = [(start, end) for start, end in places if start is not None and end is not None]
    pieces = marked_text(document, marks)
    return render(request, "web/document_text.html", {"document": document, "pieces": pieces})


def visible_document(request: SignedInRequest, pk: int) -> Document:
    return get_object_or_404(documents_visible_to(request.user).select_related(None), pk=pk)


def show_document(
    request: SignedInRequest, document: Document, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The document's page; `problem` says why what was just asked for was refused."""
    user = request.user
    duties = (
        duties_with_progress(duties_visible_to(user).filter(document=document), tasks_visible_to(user))
        .select_related("clause")
        .prefetch_related(
            Prefetch("bodies", queryset=DutyBody.objects.select_related("agency", "collective")),
            "bodies__agency__names",
        )
        .order_by("ordinal", "id")
    )
    context: dict[str, Any] = {
        "document": document,
        "monitors": list(document.monitors.all()),
        "page": page_of(request, duties),
        "review": review_of(document) if user.is_registrar else None,
        "problem": problem,
    }
    return render(request, "web/document.html", context, status=status)
