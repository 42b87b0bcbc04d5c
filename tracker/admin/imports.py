"""Lists that an office kept before (CSV, XLSX) brought in: tried first, with every error, then done whole.

Reading, trying and rolling back are django-import-export's; every row goes through the services, so
that it is judged and recorded like what a person types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import PurePath
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from import_export import resources
from import_export.admin import ImportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ImportForm
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult
from import_export.widgets import Widget
from openpyxl.utils import get_column_letter

from tracker.admin.base import admin_actor
from tracker.core import clock
from tracker.core.errors import InvalidInputError, TrackerError
from tracker.core.events import Actor
from tracker.core.text import fold_spaces

_LARGEST_MB = 5
MOST_ROWS = 5000
_FORMATS = {".csv": 0, ".xlsx": 1}
_DAYS = ("%d/%m/%Y", "%Y-%m-%d")

NEW, CHANGED, SAME = RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE, RowResult.IMPORT_TYPE_SKIP


def words(value: Any) -> str:
    """A cell as words: a whole number without its decimals, a date as people write it."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return fold_spaces("" if value is None else str(value))


def names(value: Any) -> list[str]:
    """A cell that holds several names, with semicolons or on lines of their own."""
    parts = str("" if value is None else value).replace("\n", ";").split(";")
    return [name for name in map(fold_spaces, parts) if name]


def day(value: Any) -> date | None:
    """A cell as a day: a date of the sheet, `31/12/2026` or `2026-12-31`; nothing for an empty one."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = words(value)
    for pattern in _DAYS if text else ():
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a day, not a moment
        except ValueError:
            continue
    if text:
        raise ValueError(_("«%s» không phải một ngày; viết như 31/12/2026.") % text)
    return None


class _Reading(Widget):  # type: ignore[misc]  # the library has no types
    def __init__(self, read: Callable[[Any], Any], *, is_required: bool) -> None:
        super().__init__()
        self.read, self.is_required = read, is_required

    def clean(self, value: Any, row: Any = None, **_more: Any) -> Any:
        read = self.read(value)
        if self.is_required and not read:
            raise ValueError(_("Còn trống."))
        return read


def column(heading: str, read: Callable[[Any], Any] = words, *, is_required: bool = False) -> Field:
    """A column by its heading in the file. ValueError of `read` is the error of the cell."""
    return Field(attribute=heading, column_name=heading, widget=_Reading(read, is_required=is_required))


class RowsByService(resources.Resource):  # type: ignore[misc]  # the library has no types
    """Rows of a file, each given to a service. Subclasses name their columns and say what a row does.

    `of_fields` names the column that a service's error belongs to, by the error's field.
    """

    required: frozenset[str] = frozenset()
    of_fields: Mapping[str, str] = {}

    class Meta:
        instance_loader_class = BaseInstanceLoader  # rows are found by the services
        skip_diff = store_instance = store_row_values = report_skipped = True

    def __init__(self, *, actor: Actor, today: date, now: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.actor, self.today, self.now = actor, today, now

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__

    def do(self, row: SimpleNamespace) -> str:
        """Bring one row in; NEW, CHANGED or SAME. May raise any declared error."""
        raise NotImplementedError

    def before_import(self, dataset: Any, **_kwargs: Any) -> None:
        """The headings, before any row is looked at."""
        headings = [words(heading) for heading in dataset.headers or []]
        dataset.headers = headings
        known = {field.column_name for field in self.fields.values()}
        faults = [_("Thiếu cột «%s».") % name for name in sorted(self.required - set(headings))]
        faults += [_("Không biết cột «%s».") % name for name in headings if name and name not in known]
        faults += [_("Cột «%s» có hai lần.") % name for name in set(headings) if headings.count(name) > 1]
        if len(dataset) > MOST_ROWS:
            faults.append(_("Tệp có %(count)d dòng; mỗi lần nhiều nhất %(most)d dòng.")
                          % {"count": len(dataset), "most": MOST_ROWS})  # fmt: skip
        if faults:
            raise InvalidInputError(" ".join(faults))

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> Any:
        """Lines that hold nothing are passed over: spreadsheets are full of them."""
        if any(words(value) for value in row.values()):
            return super().import_row(row, instance_loader, **kwargs)
        empty = RowResult()
        empty.import_type = SAME
        return empty

    def after_import(self, dataset: Any, result: Any, **_kwargs: Any) -> None:
        result.headings = list(dataset.headers or [])

    def get_instance(self, _instance_loader: Any, _row: Any) -> None:
        return None

    def init_instance(self, _row: Any = None) -> SimpleNamespace:
        return SimpleNamespace(pk=None)

    def do_instance_save(self, instance: SimpleNamespace, _is_create: bool) -> None:
        try:
            instance.outcome = self.do(instance)
        except InvalidInputError as error:
            raise ValidationError({self.of_fields.get(error.field, ""): str(error)}) from error
        except TrackerError as error:
            raise ValidationError(str(error)) from error

    def after_import_row(self, _row: Any, row_result: Any, **_kwargs: Any) -> None:
        row_result.import_type = getattr(row_result.instance, "outcome", row_result.import_type)


class FileForm(ImportForm):  # type: ignore[misc]  # the library has no types
    """One file; its format is told by its name."""

    import_file = forms.FileField(label=_lazy("Tệp"))
    format = forms.CharField(required=False, widget=forms.HiddenInput)

    def _init_formats(self, formats: Any) -> None:
        """Nothing to choose."""

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if PurePath(file.name).suffix.lower() not in _FORMATS:
            raise forms.ValidationError(_("Chỉ nhận tệp .csv (UTF-8) hoặc .xlsx."))
        if file.size > _LARGEST_MB * 1024 * 1024:
            raise forms.ValidationError(_("Tệp lớn hơn %d MB; hãy chia nhỏ.") % _LARGEST_MB)
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if file := given.get("import_file"):
            given["format"] = str(_FORMATS[PurePath(file.name).suffix.lower()])
        return given


class RowsImportMixin(ImportMixin):  # type: ignore[misc]  # the library has no types
    """Adds `import/` to an admin page: try a file, see every error with its row and column, then do it."""

    import_form_class = FileForm
    import_template_name = "admin/import_rows.html"
    import_export_change_list_template = "admin/list_with_import.html"
    import_formats = [CSV, XLSX]
    skip_admin_log = True  # the services record what they do

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.admin_site.has_permission(request))

    def get_import_formats(self) -> list[Any]:
        return self.import_formats

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        kwargs = super().get_import_resource_kwargs(request, **kwargs)
        kwargs.pop("form", None)
        return {"actor": admin_actor(request), "today": clock.today(), "now": clock.now()}

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """All of the file or nothing, also where something changed after it was tried."""
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form: forms.Form, _error: Exception) -> None:
        form.add_error("import_file", _("Không đọc được tệp: cần CSV mã UTF-8, hoặc XLSX."))

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response: Any = super().import_action(request, **kwargs)
        result = response.context_data.get("result")
        response.context_data["title"] = _("Nhập từ tệp")
        if result is not None:
            response.context_data["faults"] = list(faults_of(result))
            response.context_data["totals"] = _totals(result)
        return response  # type: ignore[no-any-return]

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        faults = list(faults_of(result))
        if faults:
            messages.error(
                request, _("Không nhập gì cả: dữ liệu đã thay đổi từ lúc chạy thử. %s") % faults[0]
            )
            return HttpResponseRedirect("../import/")
        messages.success(request, _("Đã nhập: %s.") % _totals(result))
        return HttpResponseRedirect("../")


def faults_of(result: Any) -> Iterable[str]:
    """Every error of a trial in words: of the file, then row by row and column by column."""
    if result.base_errors:  # the headings: what stands under them says nothing
        yield from (str(error.error) for error in result.base_errors)
        return
    headings = list(result.headings)
    for row in result.invalid_rows:
        for heading, found in row.error_dict.items():
            for fault in found:
                yield _place(row.number, heading, headings) + str(fault)
    for number, errors in result.row_errors():
        yield from (_place(number, "", headings) + _("Lỗi: %s") % error.error for error in errors)


def _place(number: int, heading: str, headings: list[str]) -> str:
    """The row as a spreadsheet numbers it, under its line of headings."""
    row = _("Dòng %d") % (number + 1)
    if heading not in headings:
        return f"{row}: "
    letter = get_column_letter(headings.index(heading) + 1)
    return _("%(row)s, cột %(letter)s «%(heading)s»: ") % {"row": row, "letter": letter, "heading": heading}


def _totals(result: Any) -> str:
    counts = {"new": result.totals[NEW], "changed": result.totals[CHANGED], "same": result.totals[SAME]}
    return _("%(new)d dòng mới, %(changed)d dòng sửa, %(same)d dòng giữ nguyên") % counts
