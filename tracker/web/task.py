"""One task: its page, and the doors of what may be done about it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.core import clock
from tracker.core.doors import attachment
from tracker.core.errors import InvalidInputError, TrackerError, TransitionError
from tracker.documents.queries import CONTEXT, PassageInContext, passage_in_context
from tracker.duties.enums import ExtensionStatus, Result
from tracker.duties.evidence import open_evidence
from tracker.duties.models import Extension, Task
from tracker.duties.queries import (
    evidence_visible_to,
    extensions_of,
    may_act_for_agency,
    tasks_visible_to,
)
from tracker.duties.scanner import ScannerUnavailableError
from tracker.reminders.urging import with_urgings
from tracker.web.access import SignedInRequest, back, by_post, signed_in, web_actor
from tracker.web.deed import Deed
from tracker.web.deeds import possible_deeds
from tracker.web.story import story_of
from tracker.web.task_forms import TaskForm, UrgingForm

logger = logging.getLogger(__name__)

STATUS_OF_REFUSALS: dict[type[TrackerError], int] = {
    InvalidInputError: 400,
    TransitionError: 409,
    ScannerUnavailableError: 503,
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A deed that the service refused, with what was typed and the reason in its form."""

    deed: Deed
    form: TaskForm


@dataclass(frozen=True, slots=True)
class Offer:
    """A deed as the page offers it."""

    deed: Deed
    form: TaskForm
    url: str
    is_open: bool


@require_safe
@signed_in
def task_page(request: SignedInRequest, pk: int) -> HttpResponse:
    return task_response(request, visible_task(request, pk))


def door_of(deed: Deed) -> Callable[..., HttpResponseBase]:
    """The view that does a deed. For whom it is not meant, there is no such page."""

    @signed_in
    @by_post(address_of_task)
    def view(request: SignedInRequest, pk: int) -> HttpResponse:
        task = visible_task(request, pk)
        is_allowed = (
            request.user.is_registrar if deed.is_for_registrar else may_act_for_agency(request.user, task)
        )
        if not is_allowed:
            raise Http404
        return _do(request, task, deed)

    return view


@require_safe
@signed_in
def evidence(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A file of evidence, as a download, for whoever may see its task."""
    found = get_object_or_404(evidence_visible_to(request.user), pk=pk)
    try:
        content = open_evidence(found)
    except FileNotFoundError as error:
        logger.error("evidence %d has lost its file %s", found.pk, found.stored_as)
        raise Http404 from error
    return attachment(content, name=found.name, media_type=found.media_type)


def address_of_task(pk: int) -> str:
    return reverse("web:task", args=[pk])


def visible_task(request: SignedInRequest, pk: int) -> Task:
    today = clock.today()
    tasks = tasks_visible_to(request.user).with_states(today).with_original_result(today)
    return get_object_or_404(with_urgings(tasks.with_details(), request.user), pk=pk)


def _do(request: SignedInRequest, task: Task, deed: Deed) -> HttpResponse:
    """Call the service; where it refuses, show the page again with its reason and what was typed."""
    form = deed.form(request.POST, request.FILES)
    status = 400
    if form.is_valid():
        try:
            deed.act(task, form.cleaned_data, web_actor(request))
        except TrackerError as error:
            if type(error) not in STATUS_OF_REFUSALS:
                raise
            form.add_refusal(error)
            status = STATUS_OF_REFUSALS[type(error)]
        else:
            messages.success(request, f"{deed.done} «{truncatechars(task.duty.action, 90)}»")
            return back(request, address_of_task(task.pk))
    return task_response(request, visible_task(request, task.pk), refused=Refused(deed, form), status=status)


def task_response(
    request: SignedInRequest,
    task: Task,
    *,
    refused: Refused | None = None,
    urging_form: UrgingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with a refused form in its place, where there is one."""
    requests = list(extensions_of(task))
    waiting = next((one for one in requests if one.status == ExtensionStatus.OPEN), None)
    offers = _offers(request, task, waiting, refused)
    context = {
        "task": task,
        "original_result": Result(task.original_result).label if task.original_result else "",
        "passage": _passage(task),
        "story": story_of(task),
        "work_offers": [offer for offer in offers if not offer.deed.is_about_deadline],
        "deadline_offers": [offer for offer in offers if offer.deed.is_about_deadline],
        "requests": requests,
        "urging_form": urging_form or _urging_form(task),
        "files": task.evidence.filter(extension=None).select_related("added_by"),
    }
    return render(request, "web/task.html", context, status=status)


def _urging_form(task: Task) -> UrgingForm | None:
    return UrgingForm() if task.is_urgeable else None  # type: ignore[attr-defined]  # by `with_urgings`


def _offers(
    request: SignedInRequest, task: Task, waiting: Extension | None, refused: Refused | None
) -> list[Offer]:
    """What may be done now; a refused deed stays in its place, so that what was typed is not lost."""
    deeds = possible_deeds(
        task,
        web_actor(request),
        may_act_for_agency=may_act_for_agency(request.user, task),
        is_request_open=waiting is not None,
    )
    if refused and refused.deed not in deeds:
        deeds.insert(0, refused.deed)
    return [_offer(deed, task, waiting, refused) for deed in deeds]


def _offer(deed: Deed, task: Task, waiting: Extension | None, refused: Refused | None) -> Offer:
    is_refused = refused is not None and refused.deed is deed
    form = refused.form if refused is not None and is_refused else deed.form()
    form.fit(task, waiting, clock.today())
    url = reverse(f"web:{deed.name}", args=[task.pk])
    return Offer(deed=deed, form=form, url=url, is_open=is_refused)


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
