"""The registrars' page of mails that did not arrive, addresses that are refused, agencies out of reach."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.core import clock
from tracker.core.errors import TransitionError
from tracker.reminders.addresses import lift_suppression, retry_message
from tracker.reminders.models import Message, Suppression
from tracker.reminders.queries import failed_mails, last_scan, refusals, unreachable_agencies
from tracker.web.access import SignedInRequest, by_post, for_registrars, web_actor
from tracker.web.pages import page_of


@require_safe
@for_registrars
def undelivered(request: SignedInRequest) -> HttpResponse:
    context = {
        "page": page_of(request, failed_mails(clock.today())),
        "refusals": refusals(),
        "unreachable": unreachable_agencies(),
        "last": last_scan(clock.now()),
    }
    return render(request, "web/undelivered.html", context)


def _page(_pk: int) -> str:
    return reverse("web:undelivered")


@for_registrars
@by_post(_page)
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Try a mail anew, after its cause was mended."""
    message = get_object_or_404(Message, pk=pk)
    try:
        retry_message(message, actor=web_actor(request), now=clock.now())
    except TransitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Thư sẽ được gửi lại ở lượt quét tới."))
    return redirect("web:undelivered")


@for_registrars
@by_post(_page)
def lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write to an address again."""
    row = Suppression.objects.filter(pk=pk).first()
    if row is not None:  # else a colleague was quicker: it is as asked
        lift_suppression(row, actor=web_actor(request), now=clock.now())
    messages.success(request, _("Từ lượt quét tới sẽ lại gửi thư đến địa chỉ này."))
    return redirect("web:undelivered")
