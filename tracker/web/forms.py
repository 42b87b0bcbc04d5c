"""What people type: reports, reasons, notes. The services judge it; forms only carry and bound it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.core.errors import InvalidInputError, TrackerError
from tracker.duties.models import Task

LONGEST_NOTE = 4000


class PlainForm(forms.Form):
    """Bound for our templates: labels hold their fields, and a service's error stands at its field.

    No ids: a list repeats the same form for every task.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": False} | kwargs))

    def add_refusal(self, error: TrackerError) -> None:
        """Show a service's error where it belongs, beside what was typed."""
        field = error.field if isinstance(error, InvalidInputError) else ""
        self.add_error(field if field in self.fields else None, str(error))


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Lưu ý: cả hai đều phân biệt chữ hoa, chữ thường."
        ),
        "inactive": _("Tài khoản này đã ngừng hoạt động."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": False} | kwargs))
        self.fields["username"].label = _("Tên đăng nhập")
        self.fields["password"].label = _("Mật khẩu")


class ReportForm(PlainForm):
    """Báo cáo hoàn thành: a note, a document that proves it, or both."""

    note = forms.CharField(
        label=_("Kết quả thực hiện"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence_number = forms.CharField(
        label=_("Số văn bản minh chứng"),
        max_length=Task._meta.get_field("evidence_number").max_length,
        required=False,
        help_text=_("Ví dụ: 125-BC/BNC. Cần ghi kết quả hoặc số văn bản, hoặc cả hai."),
    )


class NoteForm(PlainForm):
    """A remark that may stay empty."""

    note = forms.CharField(
        label=_("Ghi chú (không bắt buộc)"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AgencyForm(PlainForm):
    """One agency of those that exist today."""

    agency = forms.ModelChoiceField(
        label=_("Giao cho"),
        queryset=Agency.objects.none(),
        empty_label=_("(chọn cơ quan)"),
        error_messages={"required": _("Hãy chọn một cơ quan.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = Agency.objects.existing_on(clock.today()).order_by("name")
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]


class ReasonForm(PlainForm):
    """A reason; the service refuses an empty one."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
