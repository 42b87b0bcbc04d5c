"""One task: its page, and the doors of what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.core import clock
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.documents.queries import CONTEXT, PassageInContext, passage_in_context
from tracker.duties.models import Task
from tracker.duties.queries import may_act_for_agency, tasks_visible_to
from tracker.web.access import SignedInRequest, back, by_post, signed_in, web_actor
from tracker.web.deeds import Deed, possible_deeds
from tracker.web.forms import PlainForm
from tracker.web.story import story_of


@dataclass(frozen=True, slots=True)
class Refused:
    """A deed that the service refused, with what was typed and the reason in its form."""

    deed: Deed
    form: PlainForm


@dataclass(frozen=True, slots=True)
class Offer:
    """A deed as the page offers it."""

    deed: Deed
    form: PlainForm
    url: str
    is_open: bool


@require_safe
@signed_in
def task_page(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


def door_of(deed: Deed) -> Callable[..., HttpResponseBase]:
    """The view that does a deed. For whom it is not meant, there is no such page."""

    @signed_in
    @by_post(_address)
    def view(request: SignedInRequest, pk: int) -> HttpResponse:
        task = _visible(request, pk)
        is_allowed = (
            request.user.is_registrar if deed.is_for_registrar else may_act_for_agency(request.user, task)
        )
        if not is_allowed:
            raise Http404
        return _do(request, task, deed)

    return view


def _address(pk: int) -> str:
    return reverse("web:task", args=[pk])


def _visible(request: SignedInRequest, pk: int) -> Task:
    tasks = tasks_visible_to(request.user).with_states(clock.today()).with_details()
    return get_object_or_404(tasks, pk=pk)


def _do(request: SignedInRequest, task: Task, deed: Deed) -> HttpResponse:
    """Call the service; where it refuses, show the page again with its reason and what was typed."""
    form = deed.form(request.POST)
    status = 400
    if form.is_valid():
        try:
            deed.act(task, form.cleaned_data, web_actor(request))
        except InvalidInputError as error:
            form.add_refusal(error)
        except TransitionError as error:
            form.add_refusal(error)
            status = 409
        else:
            messages.success(request, f"{deed.done} «{truncatechars(task.duty.action, 90)}»")
            return back(request, _address(task.pk))
    return _page(request, _visible(request, task.pk), refused=Refused(deed, form), status=status)


def _page(
    request: SignedInRequest, task: Task, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    offers = _offers(request, task, refused)
    context = {"task": task, "passage": _passage(task), "story": story_of(task), "offers": offers}
    return render(request, "web/task.html", context, status=status)


def _offers(request: SignedInRequest, task: Task, refused: Refused | None) -> list[Offer]:
    """What may be done now; a refused deed stays in its place, so that what was typed is not lost."""
    deeds = possible_deeds(
        task, web_actor(request), may_act_for_agency=may_act_for_agency(request.user, task)
    )
    if refused and refused.deed not in deeds:
        deeds.insert(0, refused.deed)
    return [
        Offer(
            deed=deed,
            form=refused.form if refused and refused.deed is deed else deed.form(),
            url=reverse(f"web:{deed.name}", args=[task.pk]),
            is_open=bool(refused and refused.deed is deed),
        )
        for deed in deeds
    ]


def _passage(task: Task) -> PassageInContext | None:
    """The duty's words in their clause; None for a duty that was not read from a text."""
    duty = task.duty
    if duty.source_start is None or duty.source_end is None:
        return None
    clause = duty.clause or duty.document
    return passage_in_context(
        duty.document.source_id,
        start=duty.source_start,
        end=duty.source_end,
        first=max(clause.start, duty.source_start - CONTEXT),
        last=min(clause.end, duty.source_end + CONTEXT),
    )
