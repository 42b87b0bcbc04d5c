"""The queue *cần phân công*: duties that name nobody in particular, tasks whose body is no more."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tracker import pipeline
from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.core.events import Actor
from tracker.core.text import without_accents
from tracker.duties.models import DutyBody
from tracker.duties.queries import bodies_like, bodies_to_assign, tasks_to_assign
from tracker.duties.services import assign_body
from tracker.web.access import SignedInRequest, for_registrars, web_actor
from tracker.web.forms import PlainForm
from tracker.web.pages import page_of

_MOST_TASKS = 100  # shown at once: those nearest to their deadline


class AgenciesForm(PlainForm):
    agencies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Giao cho"),
        queryset=Agency.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Hãy chọn ít nhất một cơ quan.")},
    )

    too = forms.BooleanField(required=False)

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies  # type: ignore[attr-defined]


@require_safe
@for_registrars
def queue(request: SignedInRequest) -> HttpResponse:
    words = request.GET.get("tim", "").strip()
    bodies = bodies_to_assign().select_related("duty__document", "duty__clause", "collective")
    if words:
        plain = without_accents(words)
        bodies = bodies.filter(
            Q(words__icontains=words)
            | Q(collective__name__icontains=words)
            | Q(duty__document__search_text__icontains=plain)
            | Q(duty__search_text__icontains=plain)
        )
    tasks = tasks_to_assign().with_states(clock.today()).with_details().by_deadline()
    context = {"page": page_of(request, bodies), "tasks": tasks[:_MOST_TASKS], "words": words}
    return render(request, "web/assignment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose who owes the duty in the place of a body that names nobody; opens their tasks."""
    body = get_object_or_404(bodies_to_assign().select_related("duty__document", "duty__clause"), pk=pk)
    today = clock.today()
    is_answer = request.method == "POST"
    form = AgenciesForm(
        request.POST if is_answer else None, agencies=Agency.objects.existing_on(today).order_by("name")
    )
    if is_answer and form.is_valid():
        bodies = [body, *(bodies_like(body) if form.cleaned_data["too"] else [])]
        opened = _assign(bodies, list(form.cleaned_data["agencies"]), actor=web_actor(request), today=today)
        messages.success(
            request,
            _("Đã phân công %(places)d nơi; mở %(tasks)d việc.") % {"places": len(bodies), "tasks": opened},
        )
        return redirect("web:assignment")
    context = {"body": body, "form": form, "like_count": bodies_like(body).count()}
    return render(request, "web/assign.html", context, status=400 if is_answer else 200)


@transaction.atomic
def _assign(bodies: list[DutyBody], agencies: list[Agency], *, actor: Actor, today: date) -> int:
    """The same answer for all these bodies, or for none. Returns the tasks opened."""
    horizon, now = pipeline.horizon(today), clock.now()
    return sum(len(assign_body(body, agencies, horizon=horizon, actor=actor, now=now)) for body in bodies)
