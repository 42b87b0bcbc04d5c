"""Urging from the pages: one task on its page, or a selection of a list."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker.core import clock
from tracker.core.errors import TrackerError
from tracker.core.workdays import working_days
from tracker.duties.batches import answer_each
from tracker.duties.queries import tasks_visible_to
from tracker.reminders.services import next_opening
from tracker.reminders.urging import may_urge, may_urge_any, urge_task
from tracker.web.access import SignedInRequest, back, by_post, signed_in, web_actor
from tracker.web.task import STATUS_OF_REFUSALS, address_of_task, task_response, visible_task
from tracker.web.task_forms import UrgingForm
from tracker.web.tasks import chosen_tasks, say_answers


@signed_in
@by_post(address_of_task)
def urge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Urge one task's agency. For whom that is not meant, there is no such page."""
    task = visible_task(request, pk)
    if not may_urge(request.user, task):
        raise Http404
    form, status = UrgingForm(request.POST), 400
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            urged = urge_task(task, words=words, actor=web_actor(request), now=clock.now())
        except TrackerError as error:
            if type(error) not in STATUS_OF_REFUSALS:
                raise
            form.add_refusal(error)
            status = STATUS_OF_REFUSALS[type(error)]
        else:
            told = _("Đã đôn đốc %(agency)s: thư cho %(count)d người nhận.") % {
                "agency": task.agency.name,
                "count": len(urged.recipients),
            }
            messages.success(request, f"{told} {_when()}".strip())
            return back(request, address_of_task(pk))
    return task_response(request, visible_task(request, pk), urging_form=form, status=status)


@require_POST
@signed_in
def urge_selection(request: SignedInRequest) -> HttpResponse:
    """Urge the agencies of the chosen tasks with the same words; each task gets its own answer."""
    if not may_urge_any(request.user):
        raise Http404
    form = UrgingForm(request.POST)
    if not form.is_valid():
        for error in form.errors.get("words", []):
            messages.warning(request, str(error))
        return back(request, reverse("web:tasks"))
    words, actor, now = form.cleaned_data["words"], web_actor(request), clock.now()
    answers = answer_each(
        chosen_tasks(request, tasks_visible_to(request.user)),
        lambda task: urge_task(task, words=words, actor=actor, now=now).urging.task,
    )
    say_answers(request, answers, done=_("Đã đôn đốc %d việc."))
    return back(request, reverse("web:tasks"))


def _when() -> str:
    """Said where the office is closed: the mail waits."""
    now = clock.now()
    opening = next_opening(now, working_days())
    return "" if opening == now else _("Thư gửi lúc %s, khi đến giờ làm việc.") % f"{opening:%H:%M %d/%m/%Y}"
