"""The quarterly report: on the page, as a spreadsheet and as a letter; and the record as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.core.models import User
from tracker.documents.models import Document
from tracker.duties.deadlines import quarter_of, quarter_words
from tracker.duties.models import Task
from tracker.duties.record import sees_whole_record
from tracker.reports.letter import Letterhead, report_letter
from tracker.reports.quarterly import QuarterlyReport, quarterly_report, usual_day
from tracker.reports.record_export import Span, record_lines
from tracker.reports.spreadsheet import report_workbook
from tracker.reports.words import METHOD
from tracker.web.access import SignedInRequest, for_overseers
from tracker.web.forms import DayField, PlainForm
from tracker.web.tasks import TitledDocumentField

_MOST_LATE = 100  # on the page; the files hold them all
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class QuarterForm(PlainForm):
    """Which quarter, as of which day; a part that is left out has its usual value."""

    quy = forms.ChoiceField(label=_("Quý"), required=False)
    ngay = DayField(
        label=_("Tính đến hết ngày"),
        required=False,
        help_text=_("Để trống: ngày cuối quý, hoặc hôm nay nếu quý chưa hết."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        known = (
            Task.objects.exclude(due_quarter="").order_by("due_quarter").values_list("due_quarter", flat=True)
        )
        quarters = sorted({*known.distinct(), quarter_of(today)}, reverse=True)
        choices = [("", _("quý này")), *((quarter, quarter_words(quarter)) for quarter in quarters)]
        self.fields["quy"].choices = choices  # type: ignore[attr-defined]

    def clean_ngay(self) -> date | None:
        day: date | None = self.cleaned_data["ngay"]
        if day is not None and day > self.today:
            raise forms.ValidationError(_("Chưa có số liệu của ngày sau hôm nay."))
        return day

    def report(self) -> QuarterlyReport:
        quarter = self.cleaned_data.get("quy") or quarter_of(self.today)
        return quarterly_report(quarter, self.cleaned_data.get("ngay") or usual_day(quarter, self.today))


@require_safe
@for_overseers
def report(request: SignedInRequest) -> HttpResponse:
    form = QuarterForm(request.GET, today=clock.today())
    is_clear = form.is_valid()
    shown = form.report() if is_clear else None
    context = {
        "form": form,
        "report": shown,
        "quarter": quarter_words(shown.quarter) if shown else "",
        "late": shown.late[:_MOST_LATE] if shown else (),
        "method": METHOD,
        "may_read_record": sees_whole_record(request.user),
    }
    return render(request, "web/report.html", context, status=200 if is_clear else 400)


@require_safe
@for_overseers
def spreadsheet(request: SignedInRequest) -> HttpResponse:
    return _file(request, "xlsx", _XLSX, report_workbook)


@require_safe
@for_overseers
def letter(request: SignedInRequest) -> HttpResponse:
    head = Letterhead(
        committee=settings.TRACKER_REPORT_COMMITTEE,
        office=settings.TRACKER_REPORT_OFFICE,
        place=settings.TRACKER_REPORT_PLACE,
    )
    return _file(request, "docx", _DOCX, lambda report: report_letter(report, head, today=clock.today()))


def _file(
    request: SignedInRequest, ending: str, kind: str, write: Callable[[QuarterlyReport], bytes]
) -> HttpResponse:
    """The report as a file to keep; where the address cannot be understood, the page says why."""
    form = QuarterForm(request.GET, today=clock.today())
    if not form.is_valid():
        return render(request, "web/report.html", {"form": form, "report": None}, status=400)
    report = form.report()
    name = f"bao-cao-{report.quarter}-den-{report.day.isoformat()}.{ending}"
    return HttpResponse(
        write(report), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


class RecordForm(PlainForm):
    """Which part of the record."""

    van_ban = TitledDocumentField(
        label=_("Văn bản"), queryset=Document.objects.all(), required=False, empty_label=_("Tất cả")
    )
    co_quan = forms.ModelChoiceField(
        label=_("Cơ quan"),
        queryset=Agency.objects.all(),
        to_field_name="key",
        required=False,
        empty_label=_("Tất cả"),
    )
    tu = DayField(label=_("Từ ngày"), required=False)
    den = DayField(label=_("Đến hết ngày"), required=False)

    def span(self) -> Span:
        chosen = self.cleaned_data
        return Span(
            document=chosen["van_ban"], agency=chosen["co_quan"], first=chosen["tu"], last=chosen["den"]
        )


@require_safe
@for_overseers
def record(request: SignedInRequest) -> HttpResponse:
    _require_record(request.user)
    return render(request, "web/record.html", {"form": RecordForm()})


@require_safe
@for_overseers
def record_file(request: SignedInRequest) -> HttpResponseBase:
    """The record, streamed as it is read: a year's is long."""
    _require_record(request.user)
    form = RecordForm(request.GET)
    if not form.is_valid():
        return render(request, "web/record.html", {"form": form}, status=400)
    return StreamingHttpResponse(
        record_lines(form.span()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="nhat-ky.csv"'},
    )


def _require_record(user: User) -> None:
    if not sees_whole_record(user):
        raise Http404
