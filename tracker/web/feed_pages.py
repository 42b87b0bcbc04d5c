"""The page on which a person makes, rotates and revokes calendar feeds; a single task's download.

An address is shown once, in the answer to the form that made it: never by a redirect, whose address
or session would keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.calendar_feed.building import calendar_bytes, variant
from tracker.calendar_feed.clients import client_words
from tracker.calendar_feed.enums import Component, FeedKind, Only
from tracker.calendar_feed.models import Feed
from tracker.calendar_feed.queries import feeds_of, visible_task
from tracker.calendar_feed.services import issue_feed, revoke_feed, rotate_feed
from tracker.core import clock
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.models import User
from tracker.documents.models import Document
from tracker.duties.deadlines import quarter_of, quarter_words
from tracker.duties.queries import documents_visible_to
from tracker.web.access import SignedInRequest, signed_in, web_actor
from tracker.web.feeds import CALENDAR_TYPE
from tracker.web.forms import PlainForm
from tracker.web.tasks import TitledDocumentField

_QUARTERS_AHEAD = 6


class FeedForm(PlainForm):
    """A new feed; what goes together is judged by the service."""

    name = forms.CharField(label=gettext_lazy("Tên lịch"), max_length=120, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Gồm"), choices=FeedKind.choices)
    document = TitledDocumentField(
        label=pgettext_lazy("một", "Văn bản"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=gettext_lazy("(chỉ khi chọn «một văn bản»)"),
    )
    quarter = forms.ChoiceField(label=gettext_lazy("Đến hạn trong"), required=False)
    only = forms.ChoiceField(label=gettext_lazy("Tình trạng"), choices=Only.choices, required=False)
    component = forms.ChoiceField(
        label=gettext_lazy("Dạng"),
        choices=Component.choices,
        help_text=gettext_lazy(
            "Google và Outlook chỉ đọc sự kiện; việc cần làm dành cho Thunderbird, Apple."
        ),
    )
    has_alarms = forms.BooleanField(
        label=gettext_lazy("Có chuông nhắc lúc 9 giờ, trước hạn 7 ngày và 1 ngày"), required=False
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        documents = cast("TitledDocumentField", self.fields["document"])
        quarter = cast("forms.ChoiceField", self.fields["quarter"])
        documents.queryset = documents_visible_to(user).order_by("-issued_on", "number")
        quarter.choices = [("", _("mọi quý")), *((one, quarter_words(one)) for one in _quarters(today))]
        self.fields["name"].widget.attrs["placeholder"] = _("Ví dụ: Việc của cơ quan tôi")


@dataclass(frozen=True, slots=True)
class Address:
    """A feed's address, for the one page that may show it."""

    feed: Feed
    https: str

    @property
    def webcal(self) -> str:
        """The scheme that opens the phone's or computer's own calendar program."""
        return "webcal:" + self.https.partition(":")[2]

    @property
    def qr_code(self) -> str:
        """For a phone's camera: a data URI of an SVG picture."""
        picture: str = segno.make(self.webcal, error="m", micro=False).svg_data_uri(scale=4, border=3)
        return picture


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sensitive_variables("token", "address")
def feeds_page(request: SignedInRequest) -> HttpResponse:
    """The person's feeds and the form for another; a posted form makes it and shows its address."""
    form = _form(request, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=400 if form.errors else 200)
    values = form.cleaned_data
    document = values.pop("document")
    try:
        feed, token = issue_feed(
            user=request.user,
            document_id=document.pk if document else None,
            actor=web_actor(request),
            now=clock.now(),
            **values,
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(request, form, status=400)
    return _page(request, _form(request, None), address=_address(feed, token))


@require_POST
@signed_in
@sensitive_variables("token", "address")
def rotate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a feed another address, and show that one."""
    feed = _own_feed(request, pk)
    try:
        feed, token = rotate_feed(feed, actor=web_actor(request), now=clock.now())
    except TransitionError as error:
        raise Http404 from error
    return _page(request, _form(request, None), address=_address(feed, token))


@require_POST
@signed_in
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    feed = _own_feed(request, pk)
    try:
        revoke_feed(feed, actor=web_actor(request), now=clock.now())
    except TransitionError as error:
        raise Http404 from error
    messages.success(request, _("Đã thu hồi lịch «%s»: địa chỉ cũ không dùng được nữa.") % feed.name)
    return redirect("web:feeds")


@require_safe
@signed_in
def task_calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """One task as a file, for whoever keeps a calendar without subscribing. It does not follow changes."""
    task = visible_task(request.user, pk).filter(due_on__isnull=False)
    if not task.exists():
        raise Http404
    body = calendar_bytes(
        task, variant=variant(Component.EVENT, has_alarms=False), name=_("Một việc"), today=clock.today()
    )
    response = HttpResponse(body, content_type=CALENDAR_TYPE)
    response["Content-Disposition"] = f'attachment; filename="viec-{pk}.ics"'
    return response


def _page(
    request: SignedInRequest, form: FeedForm, *, address: Address | None = None, status: int = 200
) -> HttpResponse:
    feeds = list(feeds_of(request.user))
    for feed in feeds:
        feed.last_client = client_words(feed.last_client)
    context = {"feeds": feeds, "form": form, "address": address}
    response = render(request, "web/feeds.html", context, status=status)
    response["Referrer-Policy"] = "same-origin" if address is None else "no-referrer"
    return response


def _form(request: SignedInRequest, data: Any) -> FeedForm:
    return FeedForm(data, user=request.user, today=clock.today())


def _own_feed(request: SignedInRequest, pk: int) -> Feed:
    """Another person's feed does not exist, whoever asks."""
    return get_object_or_404(feeds_of(request.user), pk=pk)


def _address(feed: Feed, token: str) -> Address:
    """Under the configured address, never the request's host."""
    return Address(feed, settings.SITE_URL + reverse("calendar-feed", args=[token]))


def _quarters(today: date) -> list[str]:
    """The last quarter, this one, and those to come."""
    this = today.year * 4 + (today.month - 1) // 3
    return [quarter_of(date(n // 4, n % 4 * 3 + 1, 1)) for n in range(this - 1, this + 1 + _QUARTERS_AHEAD)]
