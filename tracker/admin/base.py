"""What every page of the site shares: who may look, search without accents, and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from tracker.core import clock
from tracker.core.doors import actor_of
from tracker.core.edits import names_of, record_lists, save_edited
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import Event
from tracker.core.search import holding_words

_MOST_EVENTS = 500  # on one page

if TYPE_CHECKING:  # generic for the type checker only
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyInline = admin.TabularInline[Any, Any]
    AnyModelForm = forms.ModelForm[Any]
else:
    AnyModelAdmin, AnyInline, AnyModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm


def admin_actor(request: HttpRequest) -> Actor:
    return actor_of(request, Door.ADMIN)


class ReadOnlyAdmin(AnyModelAdmin):
    """Rows that are looked at here and written by services alone. Nothing is ever deleted.

    `search_fields` name columns that hold unaccented text; words are folded before the look-up.
    """

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions_on_bottom = True
    view_on_site: Any = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        columns = [str(column) for column in self.get_search_fields(request)]
        return holding_words(queryset, search_term, *columns), False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row's own record, whatever door its changes came in by."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        events = Event.objects.about(row).select_related("actor").reverse()[:_MOST_EVENTS]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Nhật ký"),
            "row": row,
            "events": events,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/record_of_row.html", context)


class EditableAdmin(ReadOnlyAdmin):
    """Rows that a registrar may correct by hand; every change is recorded with what it was."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: AnyModelForm, change: bool) -> None:
        lists = {field.name for field in obj._meta.many_to_many}
        fields = [name for name in form.changed_data if name not in lists]
        save_edited(obj, fields, actor=admin_actor(request), now=clock.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        row = form.instance
        before = self._lists(row, form, formsets)
        super().save_related(request, form, formsets, change)
        after = self._lists(row, form, formsets)
        record_lists(row, before, after, actor=admin_actor(request), now=clock.now())

    def _lists(self, row: Any, form: Any, formsets: Any) -> dict[str, list[str]]:
        """The row's many-to-many fields on the form and its inline rows, by name."""
        own = {field.name for field in row._meta.many_to_many} & set(form.cleaned_data)
        lists = {name: names_of(getattr(row, name).all()) for name in own}
        for formset in formsets:
            rows = formset.model._base_manager.filter(**{formset.fk.name: row})
            lists[str(formset.model._meta.model_name)] = names_of(rows)
        return lists


class RowsOfParent(AnyInline):
    """Inline rows that a registrar may add, change and take away; the parent's record tells."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)


class LinesField(forms.CharField):
    """A list of texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Mỗi dòng một tên."))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class NumbersField(forms.CharField):
    """A list of whole numbers, with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Các số, cách nhau bằng dấu phẩy: 30, 14, 7."))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(number) for number in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = value if isinstance(value, list) else str(value or "").replace(",", " ").split()
        if not all(str(word).isascii() and str(word).isdigit() for word in words):
            raise forms.ValidationError(_("Chỉ gồm các số nguyên, cách nhau bằng dấu phẩy."))
        return [int(word) for word in words]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True
