"""The doors of links in mails: one deed for one person without signing in; how often mails come.

A GET changes nothing, since mail scanners follow links. The token in the address is the right, so
the form needs none of its own against forgery, and no cookie: mail programs' browsers keep none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from tracker.core import clock
from tracker.core.doors import client_address
from tracker.core.enums import Door
from tracker.core.errors import TrackerError
from tracker.core.events import Actor
from tracker.duties.models import Task
from tracker.duties.transitions import state_refusal
from tracker.reminders.acting import DeadLinkError, require_unused, task_of, use_link
from tracker.reminders.addresses import set_rhythm
from tracker.reminders.enums import LinkPurpose, Rhythm
from tracker.reminders.links import BadLinkError, ExpiredLinkError, Link, read_link, recipient_of
from tracker.web import deadline_deeds, deeds
from tracker.web.deed import Deed
from tracker.web.task import STATUS_OF_REFUSALS
from tracker.web.task_forms import TaskForm

_View = Callable[[HttpRequest, str], HttpResponse]
_DEEDS: Mapping[LinkPurpose, Deed] = {
    LinkPurpose.REPORT: deeds.REPORT,
    LinkPurpose.EXTEND: deadline_deeds.ASK,
}


def _by_link(view: _View) -> _View:
    """For whoever holds the address. A dead one gets a page that says what to do."""

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @sensitive_variables("token")
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except BadLinkError as error:
            response = _dead(request, error, status=404)
        except (ExpiredLinkError, DeadLinkError) as error:
            response = _dead(request, error, status=410)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@_by_link
def deed_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """One form about one task (báo cáo hoàn thành, đề nghị gia hạn)."""
    today = clock.today()
    link = read_link(token, today=today)
    require_unused(link)
    task, deed = task_of(link, today=today), _DEEDS[link.purpose]
    refusal = state_refusal(task, deed.action)
    if refusal:
        raise DeadLinkError(refusal)
    form = deed.form(request.POST, request.FILES) if request.method == "POST" else deed.form()
    form.fit(task, None, today)
    if request.method != "POST":
        return _form_page(request, link, task, form)
    return _do(request, link, task, form) if form.is_valid() else _form_page(request, link, task, form, 400)


@_by_link
def rhythm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """How often the digest comes. A POST of the mail program's own button (RFC 8058) means weekly."""
    recipient = recipient_of(token)
    is_changed = False
    if request.method == "POST":
        wanted = request.POST.get("rhythm", Rhythm.WEEKLY)
        actor = Actor(door=Door.MAIL, user=recipient.user, address=client_address(request))
        rhythm = Rhythm(wanted) if wanted in Rhythm.values else Rhythm.WEEKLY
        is_changed = set_rhythm(recipient, rhythm, actor=actor, now=clock.now())
    other = Rhythm.DAILY if recipient.rhythm == Rhythm.WEEKLY else Rhythm.WEEKLY
    context = {"recipient": recipient, "other": other, "is_changed": is_changed}
    return render(request, "web/mail_rhythm.html", context)


def _do(request: HttpRequest, link: Link, task: Task, form: TaskForm) -> HttpResponse:
    """The deed and the link's use, together or not at all; a refusal stands beside what was typed."""
    deed = _DEEDS[link.purpose]
    try:
        use_link(
            link,
            lambda owed, actor: deed.act(owed, form.cleaned_data, actor),
            address=client_address(request),
            today=clock.today(),
            now=clock.now(),
        )
    except TrackerError as error:
        if type(error) not in STATUS_OF_REFUSALS:
            raise
        form.add_refusal(error)
        return _form_page(request, link, task, form, STATUS_OF_REFUSALS[type(error)])
    return render(request, "web/mail_link_done.html", {"task": task, "deed": deed, "link": link})


def _form_page(
    request: HttpRequest, link: Link, task: Task, form: TaskForm, status: int = 200
) -> HttpResponse:
    context = {"link": link, "task": task, "deed": _DEEDS[link.purpose], "form": form}
    return render(request, "web/mail_link.html", context, status=status)


def _dead(request: HttpRequest, reason: TrackerError, *, status: int) -> HttpResponse:
    return render(request, "web/mail_link_dead.html", {"reason": str(reason)}, status=status)
