"""Agencies: the list, one agency with what it owes, and the four changes with their preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tracker.agencies.models import Agency, Succession
from tracker.agencies.services import confirm_succession
from tracker.core import clock
from tracker.core.errors import InvalidInputError
from tracker.core.search import holding_words
from tracker.duties.models import Task
from tracker.duties.queries import agencies_with_figures, standing
from tracker.duties.successions import ChangedMeanwhileError, Consequences, carry_out, preview_change
from tracker.web.access import SignedInRequest, back, for_overseers, for_registrars, web_actor
from tracker.web.agency_changes import KINDS, ChangeForm, Kind
from tracker.web.agency_story import story_of_agency
from tracker.web.pages import page_of

_MOST_MOVES = 200  # shown in a preview; their number is always told
_CONFIRMED = "da-xem"


@require_safe
@for_overseers
def agency_list(request: SignedInRequest) -> HttpResponse:
    words, is_past = request.GET.get("tim", "").strip(), request.GET.get("xem") == "da-thoi"
    today = clock.today()
    agencies = _of_time(is_past).order_by("name")
    if words:
        agencies = holding_words(agencies, words, "search_name", "key")
    context = {
        "words": words,
        "is_past": is_past,
        "page": page_of(request, agencies_with_figures(agencies, today)),
        "doubtful": _doubtful() if request.user.is_registrar else [],
    }
    return render(request, "web/agencies.html", context)


@require_safe
@for_overseers
def agency_page(request: SignedInRequest, key: str) -> HttpResponse:
    agency = get_object_or_404(Agency, key=key)
    tasks = Task.objects.in_published_documents().filter(agency=agency)
    context = {
        "agency": agency,
        "figures": standing(tasks, clock.today()),
        "waiting": tasks.filter(needs_assignment=True).count(),
        "history": tasks.filter(is_history=True).count(),
        "posts": agency.posts.select_related("user").order_by("role", "user__last_name", "user__first_name"),
        "names": list(agency.names.all()),
        "heirs": agency.successions.select_related("successor").order_by("id"),
        "forebears": agency.predecessions.select_related("agency").order_by("id"),
        "memberships": agency.memberships.select_related("collective").order_by("collective__name", "since"),
        "story": story_of_agency(agency),
        "kinds": _possible(agency) if request.user.is_registrar else [],
    }
    return render(request, "web/agency.html", context)


@require_http_methods(["POST"])
@for_registrars
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """The steward vouches for a succession that came from general knowledge."""
    succession = get_object_or_404(Succession.objects.select_related("agency", "successor"), pk=pk)
    if confirm_succession(succession, actor=web_actor(request), now=clock.now()):
        messages.success(request, _("Đã xác nhận: %s") % succession)
    return back(request, reverse("web:agencies"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def change(request: SignedInRequest, key: str, kind: str) -> HttpResponse:
    """A form, then what would happen, then the deed: nothing moves that was not shown."""
    agency = get_object_or_404(Agency, key=key)
    chosen = next((one for one in _possible(agency) if one.name == kind), None)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return _form_page(request, agency, chosen, chosen.form(agency=agency))
    form = chosen.form(request.POST, agency=agency)
    if not form.is_valid():
        return _form_page(request, agency, chosen, form, status=400)
    try:
        return _preview_or_do(request, agency, chosen, form)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _form_page(request, agency, chosen, form, status=400)


def _preview_or_do(request: SignedInRequest, agency: Agency, kind: Kind, form: ChangeForm) -> HttpResponse:
    today, actor, now = clock.today(), web_actor(request), clock.now()
    confirmed = request.POST.get(_CONFIRMED, "")
    if not confirmed:
        shown = preview_change(form.change(), today=today, actor=actor, now=now)
        return _form_page(request, agency, kind, form, shown=shown)
    try:
        done = carry_out(form.change(), today=today, actor=actor, now=now, confirmed=confirmed)
    except ChangedMeanwhileError as error:
        return _form_page(
            request, agency, kind, form, shown=error.consequences, problem=str(error), status=409
        )
    messages.success(request, _done_words(done))
    return redirect("web:agency", key=agency.key)


def _done_words(done: Consequences) -> str:
    if done.day > clock.today():
        return _("Đã ghi. Thay đổi có hiệu lực ngày %(day)s; %(count)d việc sẽ chuyển vào ngày đó.") % {
            "day": f"{done.day:%d/%m/%Y}",
            "count": len(done.moves),
        }
    return _("Đã ghi; %d việc đã chuyển.") % len(done.moves)


def _form_page(
    request: SignedInRequest,
    agency: Agency,
    kind: Kind,
    form: ChangeForm,
    *,
    shown: Consequences | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "agency": agency,
        "kind": kind,
        "form": form,
        "shown": shown,
        "moves": shown.moves[:_MOST_MOVES] if shown else (),
        "unassigned": sum(move.to is None for move in shown.moves) if shown else 0,
        "answers": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", _CONFIRMED}
            for value in values
        ],
        "confirmed": _CONFIRMED,
        "problem": problem,
    }
    return render(request, "web/agency_change.html", context, status=status)


def _of_time(is_past: bool) -> QuerySet[Agency]:
    today = clock.today()
    return Agency.objects.filter(until__lt=today) if is_past else Agency.objects.exclude(until__lt=today)


def _doubtful() -> QuerySet[Succession]:
    rows = Succession.objects.filter(is_confirmed=False).select_related("agency", "successor")
    return rows.order_by("agency__until", "agency__name")


def _possible(agency: Agency) -> list[Kind]:
    """Which changes the body can undergo: none where its heirs are known, only heirs where it ended."""
    if agency.successions.exists():
        return []
    return [kind for kind in KINDS if agency.until is None or kind.names_heirs]
