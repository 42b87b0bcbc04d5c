"""What a person sees first: the own agencies' tasks by deadline, or who is late."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tracker.agencies.models import Agency
from tracker.agencies.queries import agencies_of
from tracker.core import clock
from tracker.documents.models import Document
from tracker.duties.enums import DeadlineState, WorkState
from tracker.duties.models import Task, TaskQuerySet
from tracker.duties.queries import (
    Standing,
    open_extensions,
    sees_all,
    standing,
    standing_by_agency,
    tasks_owed_by,
    tasks_visible_to,
)
from tracker.reminders.queries import refusals, undelivered
from tracker.web.access import SignedInRequest, signed_in
from tracker.web.pages import page_of
from tracker.web.task_forms import ReportForm


class Shelf(models.TextChoices):
    """The parts of "my tasks"; the values stand in the address."""

    TO_DO = "can-lam", _("Cần làm")
    REPORTED = "cho-xac-nhan", _("Chờ xác nhận")
    DONE = "da-xong", _("Đã hoàn thành")
    HISTORY = "lich-su", _("Lịch sử")


@dataclass(frozen=True, slots=True)
class Tab:
    shelf: Shelf
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of one page that stand alike to their deadline; `total` counts all pages."""

    state: DeadlineState
    total: int
    tasks: list[Task]


@require_safe
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """The overview for those who see everything, the own tasks for everyone else."""
    return _overview(request) if sees_all(request.user) else _own_tasks(request)


@require_safe
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    """Who is late, among the tasks that this person may see (a monitor's: of the documents monitored)."""
    return _overview(request)


@require_safe
@signed_in
def own_tasks(request: SignedInRequest) -> HttpResponse:
    return _own_tasks(request)


def _overview(request: SignedInRequest) -> HttpResponse:
    today = clock.today()
    rows = standing_by_agency(tasks_visible_to(request.user), today)
    context = {
        "rows": rows,
        "total": _sum(rows),
        "undelivered": undelivered(today) if request.user.is_registrar else None,
        "requests_waiting": open_extensions(request.user).count() if request.user.is_registrar else 0,
    }
    return render(request, "web/overview.html", context)


def _sum(rows: list[tuple[Agency, Standing]]) -> Standing:
    standings = [standing for _agency, standing in rows]
    return Standing(
        overdue=sum(one.overdue for one in standings),
        due_soon=sum(one.due_soon for one in standings),
        in_time=sum(one.in_time for one in standings),
        no_deadline=sum(one.no_deadline for one in standings),
        reported=sum(one.reported for one in standings),
        confirmed=sum(one.confirmed for one in standings),
        oldest_overdue_on=min(
            (one.oldest_overdue_on for one in standings if one.oldest_overdue_on), default=None
        ),
    )


def _own_tasks(request: SignedInRequest) -> HttpResponse:
    today, user = clock.today(), request.user
    agencies = agencies_of(user)
    agency = next((one for one in agencies if one.key == request.GET.get("co_quan")), None)
    owed = tasks_owed_by(user)
    if agency is not None:
        owed = owed.filter(agency=agency)
    words = request.GET.get("tim", "").strip()
    if words:
        owed = owed.matching(words)
    figures = standing(owed, today)
    shelf = _shelf(request.GET.get("xem", ""))
    page = page_of(request, _on_shelf(owed, shelf).with_states(today).with_details())
    context = {
        "refusals": refusals(of=user),
        "agencies": agencies,
        "agency": agency,
        "several": len(agencies) > 1,
        "words": words,
        "figures": figures,
        "tabs": _tabs(owed, figures),
        "shelf": shelf,
        "page": page,
        "groups": _groups(list(page), figures) if shelf is Shelf.TO_DO else [],
        "is_monitor": Document.objects.filter(monitors__in=agencies).exists(),
        # The same fields for every task: drawn once, not thirty times.
        "report_fields": _report_fields(is_late=False),
        "late_report_fields": _report_fields(is_late=True),
    }
    return render(request, "web/own_tasks.html", context)


def _report_fields(*, is_late: bool) -> str:
    form = ReportForm()
    if not is_late:
        del form.fields["late_reason"]
    return render_to_string("web/_form.html", {"form": form})


def _shelf(value: str) -> Shelf:
    return Shelf(value) if value in Shelf.values else Shelf.TO_DO


def _on_shelf(tasks: TaskQuerySet, shelf: Shelf) -> TaskQuerySet:
    """Open tasks by deadline; what is done, the latest first."""
    match shelf:
        case Shelf.TO_DO:
            return tasks.open().by_deadline()
        case Shelf.REPORTED:
            return tasks.tracked().filter(state=WorkState.REPORTED).by_deadline()
        case Shelf.DONE:
            return tasks.tracked().filter(state=WorkState.CONFIRMED).order_by("-reported_on", "-id")
        case Shelf.HISTORY:
            return tasks.filter(is_history=True).order_by("-due_on", "-id")


def _tabs(tasks: TaskQuerySet, figures: Standing) -> list[Tab]:
    return [
        Tab(Shelf.TO_DO, figures.open),
        Tab(Shelf.REPORTED, figures.reported),
        Tab(Shelf.DONE, figures.confirmed),
        Tab(Shelf.HISTORY, tasks.filter(is_history=True).count()),
    ]


def _groups(tasks: list[Task], figures: Standing) -> list[Group]:
    """Nearest deadline first puts the groups in order already: overdue, due soon, in time, none."""
    totals = {
        DeadlineState.OVERDUE: figures.overdue,
        DeadlineState.DUE_SOON: figures.due_soon,
        DeadlineState.IN_TIME: figures.in_time,
        DeadlineState.NO_DEADLINE: figures.no_deadline,
    }
    return [
        Group(state, totals[state], list(members))
        for state, members in groupby(tasks, key=lambda task: DeadlineState(task.deadline_state))
    ]
