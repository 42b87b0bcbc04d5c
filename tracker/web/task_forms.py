"""The forms of a task's page. They know the task that they are about, and ask only what concerns it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.duties.models import Extension, Task
from tracker.reminders.urging import LONGEST_WORDS
from tracker.web.forms import LONGEST_NOTE, PlainForm

_LONGEST_DUE = 300


class TaskForm(PlainForm):
    """Asks nothing by itself."""

    def fit(self, task: Task, request: Extension | None, today: date) -> None:
        """Fit the form to the task and the request for a new deadline that waits, where one does."""


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. What they hold is judged by the service."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"required": False, "allow_empty_file": True} | kwargs))

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002 – the framework's signature
        files: Iterable[UploadedFile[Any]] = data or []
        return list(files)


class WithFiles(TaskForm):
    # The form's own `files`, what was sent, stays: a declared field is no attribute.
    files = FilesField(label=gettext_lazy("Tệp minh chứng"))  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, types = self.fields["files"], settings.TRACKER_EVIDENCE_TYPES
        field.widget.attrs["accept"] = ",".join(f".{name}" for name in types)
        field.help_text = _("Nhiều nhất %(count)d tệp, mỗi tệp tới %(size)d MB: %(types)s.") % {
            "count": settings.TRACKER_EVIDENCE_MOST_FILES,
            "size": settings.TRACKER_EVIDENCE_LARGEST_MB,
            "types": ", ".join(types),
        }


def _words(label: Any, rows: int = 2, **kwargs: Any) -> forms.CharField:
    """A text that may stay empty; where one is needed, the service says so."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_NOTE, required=False, widget=widget, **kwargs)


def _new_due(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=_LONGEST_DUE, required=False, help_text=help_text)


_DUE_HELP = gettext_lazy("Ví dụ: 31/3/2027; trước ngày 15/4/2027; tháng 6/2027; quý I/2027.")


class UrgingForm(PlainForm):
    """Đôn đốc: words that may stay empty."""

    words = forms.CharField(
        label=gettext_lazy("Lời đôn đốc (không bắt buộc)"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Thư đến mọi người của cơ quan có việc; mỗi việc một lần trong bốn giờ."),
    )


class ReportForm(WithFiles):
    """Báo cáo hoàn thành: a note, a document that proves it, files, or several of these."""

    note = _words(gettext_lazy("Kết quả thực hiện"), rows=3)
    evidence_number = forms.CharField(
        label=gettext_lazy("Số văn bản minh chứng"),
        max_length=Task._meta.get_field("evidence_number").max_length,
        required=False,
        help_text=gettext_lazy("Ví dụ: 125-BC/BNC. Cần ghi kết quả, số văn bản hoặc gửi tệp."),
    )
    late_reason = _words(gettext_lazy("Lý do chậm (việc đã quá hạn)"))

    field_order = ["note", "evidence_number", "late_reason", "files"]

    def fit(self, task: Task, _request: Extension | None, today: date) -> None:
        if task.due_on is None or today <= task.due_on:
            del self.fields["late_reason"]


class ProgressForm(TaskForm):
    percent = forms.IntegerField(
        label=gettext_lazy("Tiến độ (%)"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": 100}),
    )
    stage = forms.CharField(
        label=gettext_lazy("Giai đoạn"),
        max_length=Task._meta.get_field("stage").max_length,
        required=False,
        help_text=gettext_lazy("Ví dụ: đã có dự thảo, đang lấy ý kiến."),
    )
    difficulties = _words(gettext_lazy("Khó khăn, vướng mắc"))
    proposals = _words(gettext_lazy("Kiến nghị, đề xuất"))

    def fit(self, task: Task, _request: Extension | None, _today: date) -> None:
        """What was said last stands there already: the new words take its place."""
        self.initial.update({name: getattr(task, name) for name in self.fields})


class NoteForm(TaskForm):
    note = _words(gettext_lazy("Ghi chú (không bắt buộc)"))


class ReasonForm(TaskForm):
    reason = _words(gettext_lazy("Lý do"))


class AgencyForm(TaskForm):
    """One agency of those that exist today."""

    agency = forms.ModelChoiceField(
        label=gettext_lazy("Giao cho"),
        queryset=Agency.objects.none(),
        empty_label=gettext_lazy("(chọn cơ quan)"),
        error_messages={"required": gettext_lazy("Hãy chọn một cơ quan.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.existing_on(clock.today()).order_by("name")
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class ReassignForm(AgencyForm):
    reason = _words(gettext_lazy("Lý do"))


class AskForm(WithFiles):
    """Đề nghị gia hạn."""

    new_due = _new_due(gettext_lazy("Hạn đề nghị"), _DUE_HELP)
    reason = _words(gettext_lazy("Lý do"), rows=3)

    field_order = ["new_due", "reason", "files"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].label = _("Văn bản đề nghị, nếu có")


class MoveForm(TaskForm):
    new_due = _new_due(gettext_lazy("Hạn mới"), _DUE_HELP)
    reason = _words(gettext_lazy("Lý do"))


class _OfRequest(TaskForm):
    """About one request: had it been replaced meanwhile, another than was read would be decided."""

    extension = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def fit(self, _task: Task, request: Extension | None, _today: date) -> None:
        if request is not None:
            self.initial["extension"] = request.pk


class GrantForm(_OfRequest):
    new_due = _new_due(
        gettext_lazy("Gia đến"), gettext_lazy("Để trống là đúng như đề nghị; hoặc một hạn ngắn hơn.")
    )
    note = _words(gettext_lazy("Ghi chú (không bắt buộc)"))


class RefuseForm(_OfRequest):
    reason = _words(gettext_lazy("Lý do không đồng ý"))


class TakeBackForm(_OfRequest):
    note = _words(gettext_lazy("Ghi chú (không bắt buộc)"))
