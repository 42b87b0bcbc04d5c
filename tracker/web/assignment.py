"""The queue *cần phân công*: duties that name nobody in particular, tasks whose body is no more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tracker import pipeline
from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.duties.queries import bodies_to_assign, tasks_to_assign
from tracker.duties.services import assign_body
from tracker.web.access import SignedInRequest, for_registrars, web_actor
from tracker.web.forms import PlainForm
from tracker.web.pages import page_of


class AgenciesForm(PlainForm):
    agencies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Giao cho"),
        queryset=Agency.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Hãy chọn ít nhất một cơ quan.")},
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].queryset = agencies  # type: ignore[attr-defined]


@require_safe
@for_registrars
def queue(request: SignedInRequest) -> HttpResponse:
    bodies = bodies_to_assign().select_related("duty__document", "duty__clause", "collective")
    tasks = tasks_to_assign().with_states(clock.today()).with_details().by_deadline()
    return render(request, "web/assignment.html", {"page": page_of(request, bodies), "tasks": tasks[:100]})


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
        opened = assign_body(
            body,
            list(form.cleaned_data["agencies"]),
            horizon=pipeline.horizon(today),
            actor=web_actor(request),
            now=clock.now(),
        )
        messages.success(request, _("Đã phân công; mở %d việc.") % len(opened))
        return redirect("web:assignment")
    return render(request, "web/assign.html", {"body": body, "form": form}, status=400 if is_answer else 200)
