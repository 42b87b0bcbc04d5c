"""The list of all tasks that a person may see, with filters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.core.models import User
from tracker.documents.models import Document
from tracker.duties.batches import Answer, answer_each
from tracker.duties.enums import DeadlineState, WorkState
from tracker.duties.models import Task, TaskQuerySet
from tracker.duties.queries import documents_visible_to, tasks_visible_to
from tracker.duties.workflow import take_into_tracking
from tracker.reminders.urging import may_urge_any, with_urgings
from tracker.web.access import SignedInRequest, back, for_registrars, signed_in, web_actor
from tracker.web.forms import PlainForm
from tracker.web.pages import page_of
from tracker.web.task_forms import UrgingForm

_ANY = ("", _("Tất cả"))
_MOST_CHOSEN = 500


class TitledDocumentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    def label_from_instance(self, obj: Document) -> str:
        return obj.title


class TaskFilterForm(PlainForm):
    """What stands in the address; a part that cannot be understood is named, and left out."""

    tim = forms.CharField(label=_("Từ cần tìm"), required=False, max_length=200)
    co_quan = forms.ModelChoiceField(
        label=_("Cơ quan"),
        queryset=Agency.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("Tất cả"),
    )
    van_ban = TitledDocumentField(
        label=pgettext_lazy("một", "Văn bản"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=_("Tất cả"),
    )
    han = forms.ChoiceField(
        label=_("Thời hạn"), required=False, choices=lambda: [_ANY, *DeadlineState.choices]
    )
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"), required=False, choices=lambda: [_ANY, *WorkState.choices]
    )
    quy = forms.RegexField(
        label=_("Quý đến hạn"),
        regex=r"^\d{4}-Q[1-4]$",
        required=False,
        help_text=_("Ví dụ: 2026-Q4"),
        error_messages={"invalid": _("Quý ghi như 2026-Q4.")},
    )
    nhiem_vu = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = tasks_visible_to(user)
        self.fields["co_quan"].queryset = Agency.objects.filter(pk__in=visible.values("agency"))  # type: ignore[attr-defined]
        self.fields["van_ban"].queryset = documents_visible_to(user)  # type: ignore[attr-defined]


@require_safe
@signed_in
def task_list(request: SignedInRequest) -> HttpResponse:
    today = clock.today()
    form = TaskFilterForm(request.GET, user=request.user)
    form.is_valid()
    tasks = _chosen(tasks_visible_to(request.user), form.cleaned_data, today)
    is_history = form.cleaned_data.get("han") == DeadlineState.HISTORY
    may_urge = not is_history and may_urge_any(request.user)
    if may_urge:
        tasks = with_urgings(tasks, request.user)
    context = {
        "form": form,
        "may_take": request.user.is_registrar and is_history,
        "urging_form": UrgingForm() if may_urge else None,
        "is_filtered": any(form.cleaned_data.values()),
        "page": page_of(request, tasks.with_states(today).with_details().by_deadline()),
    }
    return render(request, "web/tasks.html", context)


@require_POST
@for_registrars
def take_selection(request: SignedInRequest) -> HttpResponse:
    """Take the chosen tasks out of history; each gets its own answer."""
    actor, now = web_actor(request), clock.now()
    answers = answer_each(
        chosen_tasks(request, tasks_visible_to(request.user)),
        lambda task: take_into_tracking(task, actor=actor, now=now),
    )
    say_answers(request, answers, done=_("Đã đưa %d việc vào theo dõi."))
    return back(request, reverse("web:tasks"))


def chosen_tasks(request: SignedInRequest, tasks: TaskQuerySet) -> list[Task]:
    """Those of these tasks that were ticked in a list."""
    numbers = [number for number in request.POST.getlist("task") if number.isdecimal()]
    return list(tasks.filter(pk__in=numbers[:_MOST_CHOSEN]).order_by("id"))


def say_answers(request: SignedInRequest, answers: Sequence[Answer], *, done: str | Promise) -> None:
    """What became of a selection: how many were done, and why each other was not."""
    refused = [answer for answer in answers if answer.refusal is not None]
    count = len(answers) - len(refused)
    if count or not refused:
        messages.add_message(request, messages.SUCCESS if count else messages.WARNING, str(done) % count)
    for answer in refused:
        messages.warning(request, _("Việc số %d: %s") % (answer.task.pk, answer.refusal))


def _chosen(tasks: TaskQuerySet, choice: dict[str, Any], today: date) -> TaskQuerySet:
    tasks = _in_states(tasks, choice.get("han", ""), choice.get("tinh_trang", ""), today)
    if choice.get("co_quan"):
        tasks = tasks.filter(agency=choice["co_quan"])
    if choice.get("van_ban"):
        tasks = tasks.filter(duty__document=choice["van_ban"])
    if choice.get("nhiem_vu"):
        tasks = tasks.filter(duty=choice["nhiem_vu"])
    if choice.get("quy"):
        tasks = tasks.filter(due_quarter=choice["quy"])
    return tasks.matching(choice["tim"]) if choice.get("tim") else tasks


def _in_states(tasks: TaskQuerySet, deadline: str, state: str, today: date) -> TaskQuerySet:
    """Tracked tasks, unless history or withdrawn ones are asked for.

    A deadline state alone means open tasks, as in the overview: what is done is late no more.
    """
    if deadline == DeadlineState.HISTORY:
        return tasks.filter(is_history=True)
    tasks = tasks.filter(is_history=False) if state == WorkState.WITHDRAWN else tasks.tracked()
    if state:
        tasks = tasks.filter(state=state)
    if deadline:
        tasks = (tasks if state else tasks.open()).with_states(today)
        # The mypy plugin does not see what a queryset method annotates.
        tasks = tasks.filter(deadline_state=deadline)  # type: ignore[misc]
    return tasks
