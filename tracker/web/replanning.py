"""Registrars' forms that plan tasks anew: a duty's deadline or end, a document's expiry. Shown, then done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tracker import pipeline
from tracker.core import clock
from tracker.core.errors import InvalidInputError
from tracker.documents.enums import DocumentStatus
from tracker.documents.models import Document
from tracker.duties.enums import Recurrence
from tracker.duties.models import Duty
from tracker.duties.replanning import (
    Replan,
    confirm_replan,
    expire_document,
    preview_replan,
    set_duty_end,
)
from tracker.web.access import SignedInRequest, for_registrars, web_actor
from tracker.web.forms import LONGEST_NOTE, DayField, PlainForm

_CONFIRMED = "da-xem"
_MOST_SHOWN = 100  # tasks of each list of a preview


class ReplanForm(PlainForm):
    reason = forms.CharField(
        label=gettext_lazy("Lý do, căn cứ"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeadlineForm(ReplanForm):
    due_text = forms.CharField(
        label=gettext_lazy("Thời hạn (nguyên văn)"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Để trống: nhiệm vụ không có thời hạn."),
    )
    due_as = forms.CharField(
        label=gettext_lazy("Hiểu là (nếu lời văn không đủ rõ)"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Ví dụ: 31/12/2026; trước ngày 15/12/2026; quý IV/2026; tháng 6 hằng năm."),
    )
    since = DayField(
        label=gettext_lazy("Với nhiệm vụ lặp lại: áp dụng cho kỳ có hạn từ ngày"),
        required=False,
        help_text=gettext_lazy("Để trống: từ hôm nay. Kỳ có hạn trước ngày đó giữ như cũ."),
    )
    field_order = ["due_text", "due_as", "since", "reason"]


class EndForm(ReplanForm):
    ends_on = DayField(
        label=gettext_lazy("Thôi lặp sau ngày"),
        required=False,
        help_text=gettext_lazy("Để trống: lặp đến khi văn bản hết hiệu lực."),
    )
    field_order = ["ends_on", "reason"]


class ExpiryForm(ReplanForm):
    day = DayField(
        label=gettext_lazy("Hết hiệu lực từ ngày"),
        error_messages={
            "required": gettext_lazy("Cần ghi ngày."),
            "invalid": gettext_lazy("Ngày ghi như 31/12/2026."),
        },
    )
    field_order = ["day", "reason"]


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def deadline(request: SignedInRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(Duty.objects.select_related("document"), pk=pk)
    form = DeadlineForm(request.POST or None, initial={"due_text": duty.due_text})

    def act() -> Replan:
        words = form.cleaned_data
        return pipeline.change_duty_deadline(
            duty,
            due_text=words["due_text"],
            due_as=words["due_as"],
            since=words["since"],
            reason=words["reason"],
            today=clock.today(),
            actor=web_actor(request),
            now=clock.now(),
        )

    return _answer(request, form, act, duty.document, title=_("Sửa thời hạn của nhiệm vụ"), duty=duty)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    recurring = Duty.objects.select_related("document").exclude(recurrence=Recurrence.ONCE)
    duty = get_object_or_404(recurring, pk=pk)
    form = EndForm(request.POST or None, initial={"ends_on": duty.ends_on})

    def act() -> Replan:
        return set_duty_end(
            duty,
            ends_on=form.cleaned_data["ends_on"],
            reason=form.cleaned_data["reason"],
            horizon=pipeline.horizon(clock.today()),
            actor=web_actor(request),
            now=clock.now(),
        )

    return _answer(request, form, act, duty.document, title=_("Ngày thôi lặp của nhiệm vụ"), duty=duty)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def expire(request: SignedInRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(Document.objects.exclude(status=DocumentStatus.LOADED), pk=pk)
    form = ExpiryForm(request.POST or None, initial={"day": document.expired_on})

    def act() -> Replan:
        return expire_document(
            document,
            day=form.cleaned_data["day"],
            reason=form.cleaned_data["reason"],
            horizon=pipeline.horizon(clock.today()),
            actor=web_actor(request),
            now=clock.now(),
        )

    return _answer(request, form, act, document, title=_("Văn bản hết hiệu lực"), duty=None)


def _answer(
    request: SignedInRequest,
    form: ReplanForm,
    act: Callable[[], Replan],
    document: Document,
    *,
    title: str,
    duty: Duty | None,
) -> HttpResponse:
    """The form; then what would happen; then, if that is still so, the deed."""
    context: dict[str, Any] = {"form": form, "document": document, "title": title, "duty": duty}
    if request.method != "POST":
        return _page(request, context)
    if not form.is_valid():
        return _page(request, context, status=400)
    confirmed = request.POST.get(_CONFIRMED, "")
    try:
        shown, is_done = confirm_replan(act, confirmed) if confirmed else (preview_replan(act), False)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(request, context, status=400)
    if not is_done:
        context["problem"] = _("Dữ liệu đã thay đổi trong lúc xem trước: hãy xem lại.") if confirmed else ""
        return _page(request, context, shown=shown, status=409 if confirmed else 200)
    messages.success(request, _done_words(shown))
    return redirect("web:document", pk=document.pk)


def _done_words(done: Replan) -> str:
    return _("Đã ghi: dời hạn %(moved)d việc, mở %(opened)d, rút %(withdrawn)d; giữ nguyên %(kept)d.") % {
        "moved": len(done.moved),
        "opened": len(done.opened),
        "withdrawn": len(done.withdrawn),
        "kept": len(done.kept),
    }


def _page(
    request: SignedInRequest, context: dict[str, Any], *, shown: Replan | None = None, status: int = 200
) -> HttpResponse:
    lists = (
        [
            (_("Dời hạn"), shown.moved),
            (_("Mở mới"), shown.opened),
            (_("Rút, vì chưa ai bắt đầu"), shown.withdrawn),
            (_("Vẫn phải làm, giữ nguyên"), shown.kept),
            (_("Đã rút từ trước, khôi phục từng việc nếu còn phải làm"), shown.lapsed),
        ]
        if shown
        else []
    )
    names = {"problem": "", **context}
    names |= {
        "shown": shown,
        "lists": [(title, len(tasks), tasks[:_MOST_SHOWN]) for title, tasks in lists if tasks],
        "confirmed": _CONFIRMED,
        "answers": [
            (name, value)
            for name, value in request.POST.items()
            if name not in {"csrfmiddlewaretoken", _CONFIRMED}
        ],
    }
    return render(request, "web/replan.html", names, status=status)
