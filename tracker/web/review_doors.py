"""The registrars' doors: accept or reject a draft, put a document under tracking, load a text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tracker import pipeline
from tracker.core import clock
from tracker.core.edits import save_edited
from tracker.core.errors import AlreadyDecidedError, InvalidInputError, TrackerError
from tracker.documents.enums import DocumentStatus, DraftStatus
from tracker.documents.models import Document, Draft
from tracker.web.access import SignedInRequest, by_post, for_registrars, web_actor
from tracker.web.documents import show_document
from tracker.web.forms import DayField, PlainForm
from tracker.web.review import draft_values, passage_of, row_of

_MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 10 * _MEGABYTE


def _address_of_draft(pk: int) -> str:
    draft = get_object_or_404(Draft.objects.only("document"), pk=pk)
    return f"{reverse('web:document', args=[draft.document_id])}#du-thao-{pk}"


@for_registrars
@by_post(_address_of_draft)
def accept_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    def accept(draft: Draft) -> None:
        pipeline.accept_draft(draft, today=clock.today(), actor=web_actor(request), now=clock.now())

    return _decide(request, pk, accept, _("Đã nhận nhiệm vụ."))


@for_registrars
@by_post(_address_of_draft)
def reject_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    def reject(draft: Draft) -> None:
        note = request.POST.get("note", "").strip()
        pipeline.reject_draft(draft, note=note, actor=web_actor(request), now=clock.now())

    return _decide(request, pk, reject, _("Đã loại dự thảo."))


def _decide(request: SignedInRequest, pk: int, decide: Callable[[Draft], object], done: str) -> HttpResponse:
    """Decide, then on to the next draft that waits."""
    draft = get_object_or_404(Draft.objects.select_related("document", "clause"), pk=pk)
    try:
        decide(draft)
    except AlreadyDecidedError as error:
        return show_document(request, draft.document, problem=str(error), status=409)
    except InvalidInputError as error:
        return show_document(request, draft.document, problem=str(error), status=400)
    messages.success(request, done)
    page = reverse("web:document", args=[draft.document_id])
    waiting = draft.document.drafts.filter(status=DraftStatus.PENDING, ordinal__gt=draft.ordinal).first()
    return redirect(f"{page}#du-thao-{waiting.pk}" if waiting else page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def edit_draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a draft that waits, beside its words in the document."""
    drafts = Draft.objects.select_related("document", "clause").filter(status=DraftStatus.PENDING)
    draft = get_object_or_404(drafts, pk=pk)
    is_answer = request.method == "POST"
    form = DraftForm(request.POST) if is_answer else DraftForm(initial=draft_values(draft))
    if is_answer and form.is_valid():
        try:
            pipeline.change_draft(draft, form.correction(), actor=web_actor(request), now=clock.now())
        except (AlreadyDecidedError, InvalidInputError) as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Đã sửa dự thảo."))
            return redirect(f"{reverse('web:document', args=[draft.document_id])}#du-thao-{draft.pk}")
    context = {"draft": draft, "row": row_of(draft), "form": form, "passage": passage_of(draft)}
    return render(request, "web/draft_edit.html", context, status=400 if is_answer else 200)


class DraftForm(PlainForm):
    """A draft as a person reads it: one body to a line."""

    action = forms.CharField(
        label=gettext_lazy("Nội dung"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    leads = forms.CharField(
        label=gettext_lazy("Chủ trì"),
        required=False,
        help_text=gettext_lazy("Mỗi dòng một cơ quan. Tên không có trong danh mục sẽ vào «Cần phân công»."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    coordinators = forms.CharField(
        label=gettext_lazy("Phối hợp"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_text = forms.CharField(label=gettext_lazy("Thời hạn (nguyên văn)"), required=False, max_length=300)
    due_as = forms.CharField(
        label=gettext_lazy("Hiểu là (nếu lời văn không đủ rõ)"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Ví dụ: 31/12/2026; trước ngày 15/12/2026; quý IV/2026; tháng 6 hằng năm."),
    )

    def correction(self) -> pipeline.Correction:
        words = self.cleaned_data
        return pipeline.Correction(
            action=words["action"],
            leads=words["leads"].splitlines(),
            coordinators=words["coordinators"].splitlines(),
            due_text=words["due_text"],
            due_as=words["due_as"],
        )


@for_registrars
@by_post(lambda pk: reverse("web:document", args=[pk]))
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept every draft of the document's assigning part and open the tasks."""
    document = get_object_or_404(Document, pk=pk)
    if document.status != DocumentStatus.LOADED:
        problem = _("Không đưa vào theo dõi được: văn bản %s.") % document.get_status_display()
        return show_document(request, document, problem=problem, status=409)
    try:
        opened = pipeline.publish_document(
            document, today=clock.today(), actor=web_actor(request), now=clock.now()
        )
    except InvalidInputError as error:
        return show_document(request, document, problem=str(error), status=400)
    messages.success(request, _("Đã đưa văn bản vào theo dõi; mở %d việc.") % len(opened))
    return redirect("web:document", pk=pk)


@for_registrars
@by_post(lambda pk: reverse("web:document", args=[pk]))
def set_confirmation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether reports of the document's tasks wait for the office. What was reported before still does."""
    document = get_object_or_404(Document, pk=pk)
    document.needs_confirmation = request.POST.get("needs") == "1"
    if save_edited(document, ["needs_confirmation"], actor=web_actor(request), now=clock.now()):
        messages.success(
            request,
            _("Từ nay báo cáo cần Văn phòng xác nhận.")
            if document.needs_confirmation
            else _("Từ nay báo cáo được ghi nhận hoàn thành ngay, không cần xác nhận."),
        )
    return redirect("web:document", pk=pk)


class UploadForm(PlainForm):
    file = forms.FileField(
        label=gettext_lazy("Tệp văn bản (.txt)"),
        help_text=gettext_lazy("Văn bản thuần, mã UTF-8, tối đa 10 MB. Một tệp có thể gồm nhiều văn bản."),
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
        error_messages={
            "required": gettext_lazy("Hãy chọn một tệp."),
            "empty": gettext_lazy("Tệp này rỗng."),
        },
    )
    start_on = DayField(
        label=gettext_lazy("Theo dõi từ ngày"),
        help_text=gettext_lazy(
            "Việc có hạn trước ngày này được giữ làm lịch sử: không nhắc, không tính trễ."
        ),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(
                _("Tệp lớn hơn %(limit)d MB. Hãy chia nhỏ tệp, hoặc nạp bằng lệnh trên máy chủ."),
                params={"limit": LARGEST_UPLOAD // _MEGABYTE},
            )
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@for_registrars
def upload(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        form = UploadForm(initial={"start_on": clock.today()})
        return render(request, "web/upload.html", {"form": form})
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            imported = _import(request, form)
        except TrackerError as error:
            form.add_error("file", str(error))
        else:
            return _after_import(request, imported)
    return render(request, "web/upload.html", {"form": form}, status=400)


def _import(request: SignedInRequest, form: UploadForm) -> pipeline.ImportedFile:
    file: UploadedFile[Any] = form.cleaned_data["file"]
    return pipeline.import_bytes(
        file.read(),
        name=PurePath(file.name or "tep").name,
        registry=pipeline.current_registry(),
        start_on=form.cleaned_data["start_on"],
        actor=web_actor(request),
        now=clock.now(),
    )


def _after_import(request: SignedInRequest, imported: pipeline.ImportedFile) -> HttpResponse:
    if not imported.loaded:
        messages.warning(request, _("Không tìm thấy văn bản nào trong tệp «%s».") % imported.name)
        return redirect("web:upload")
    words = _("Đã đọc %(documents)d văn bản, %(drafts)d nhiệm vụ mới chờ duyệt.") % {
        "documents": len(imported.loaded),
        "drafts": imported.new_drafts,
    }
    if not imported.is_changed:
        words = _("Tệp này đã được nạp từ trước: không thay đổi gì.")
    elif not imported.new_drafts:
        words += " " + _("Không đọc ra nhiệm vụ nào: hãy xem phần chưa đọc được.")
    messages.success(request, words)
    if len(imported.loaded) == 1:
        return redirect("web:document", pk=imported.loaded[0].document.pk)
    return redirect("web:documents")
