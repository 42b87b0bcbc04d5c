"""The registry: bodies, collectives, successions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracker.admin.base import AnyModelForm, EditableAdmin, LinesField, ReadOnlyAdmin, RowsOfParent
from tracker.admin.import_rows import AgencyRows
from tracker.admin.imports import RowsImportMixin
from tracker.admin.site import site
from tracker.agencies.models import Agency, AgencyName, Collective, Membership, Post, Succession
from tracker.core import clock
from tracker.duties.services import note_new_name


class AgencyForm(AnyModelForm):
    aliases = LinesField(label=_("Tên khác"))

    class Meta:
        model = Agency
        fields = ["key", "name", "kind", "aliases", "email", "since", "until"]


class PostsOfAgency(RowsOfParent):
    model = Post
    autocomplete_fields = ["user"]
    verbose_name_plural = _("người làm việc ở đây")


class SuccessionsOfAgency(RowsOfParent):
    model = Succession
    fk_name = "agency"
    autocomplete_fields = ["successor"]


@admin.register(Agency, site=site)
class AgencyAdmin(RowsImportMixin, EditableAdmin):
    """The key is what documents and other systems know a body by: given once."""

    form = AgencyForm
    list_display = ["name", "key", "kind", "email", "since", "until"]
    list_filter = ["kind", ("until", admin.EmptyFieldListFilter)]
    search_fields = ["search_name", "key"]
    inlines = [PostsOfAgency, SuccessionsOfAgency]
    resource_classes = [AgencyRows]

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Agency, form: AnyModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            note_new_name(obj.key, now=clock.now())


class CollectiveForm(AnyModelForm):
    aliases = LinesField(label=_("Tên khác"))

    class Meta:
        model = Collective
        fields = ["key", "name", "aliases", "is_open"]


class MembersOfCollective(RowsOfParent):
    model = Membership
    autocomplete_fields = ["agency"]


@admin.register(Collective, site=site)
class CollectiveAdmin(EditableAdmin):
    form = CollectiveForm
    list_display = ["name", "key", "is_open"]
    list_filter = ["is_open"]
    search_fields = ["key"]
    inlines = [MembersOfCollective]

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key"] if obj is not None else []


@admin.register(Succession, site=site)
class SuccessionAdmin(EditableAdmin):
    list_display = ["agency", "successor", "is_confirmed"]
    list_filter = ["is_confirmed"]
    list_select_related = ["agency", "successor"]
    autocomplete_fields = ["agency", "successor"]
    search_fields = ["agency__search_name", "successor__search_name"]


@admin.register(AgencyName, site=site)
class AgencyNameAdmin(ReadOnlyAdmin):
    """What bodies were called, and are to be called; a body is renamed on its page under /co-quan/."""

    list_display = ["name", "agency", "since", "is_waiting"]
    list_filter = ["is_waiting"]
    list_select_related = ["agency"]
    search_fields = ["agency__search_name"]


@admin.register(Membership, site=site)
class MembershipAdmin(ReadOnlyAdmin):
    """To look across collectives; changed on the collective's own page."""

    list_display = ["agency", "collective", "since", "until"]
    list_filter = ["collective"]
    list_select_related = ["agency", "collective"]
    search_fields = ["agency__search_name"]


@admin.register(Post, site=site)
class PostAdmin(ReadOnlyAdmin):
    """To look across agencies; changed on the person's or the agency's own page."""

    list_display = ["user", "agency", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "agency"]
    search_fields = ["agency__search_name", "user__username", "user__email"]
