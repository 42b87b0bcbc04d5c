"""The office's list of requests for a new deadline: those that wait, and those that were answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.core import clock
from tracker.duties.models import Extension
from tracker.duties.queries import decided_extensions, open_extensions
from tracker.web.access import SignedInRequest, for_registrars
from tracker.web.pages import page_of
from tracker.web.task_forms import GrantForm, RefuseForm

_DECIDED = "da-quyet"


@dataclass(frozen=True, slots=True)
class Row:
    """A request that waits, with the two forms that answer it."""

    request: Extension
    grant: GrantForm
    refuse: RefuseForm


@require_safe
@for_registrars
def extension_list(request: SignedInRequest) -> HttpResponse:
    is_decided = request.GET.get("xem") == _DECIDED
    waiting = open_extensions(request.user)
    page = page_of(request, decided_extensions(request.user) if is_decided else waiting)
    context = {
        "page": page,
        "rows": [] if is_decided else [_row(one) for one in page],
        "is_decided": is_decided,
        "waiting_count": waiting.count(),
    }
    return render(request, "web/extensions.html", context)


def _row(extension: Extension) -> Row:
    grant, refuse = GrantForm(), RefuseForm()
    for form in (grant, refuse):
        form.fit(extension.task, extension, clock.today())
    return Row(request=extension, grant=grant, refuse=refuse)
