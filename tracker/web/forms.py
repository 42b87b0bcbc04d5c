"""What people type: reports, reasons, notes. The services judge it; forms only carry and bound it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from tracker.core.errors import InvalidInputError, TrackerError

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


class DayField(forms.DateField):
    """A day as people write it: `31/12/2026`."""

    def __init__(self, **kwargs: Any) -> None:
        # Not type="date": a browser in English would show the month first.
        kwargs.setdefault(
            "widget",
            forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y"),
        )
        kwargs.setdefault("error_messages", {"invalid": _("Ngày ghi như 31/12/2026.")})
        super().__init__(input_formats=["%d/%m/%Y", "%Y-%m-%d"], **kwargs)


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
