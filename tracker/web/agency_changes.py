"""The four changes of a body as forms; each makes the change that `carry_out` takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.agencies.changes import NewAgency, abolish_agency, merge_agencies, rename_agency, split_agency
from tracker.agencies.enums import AgencyKind
from tracker.agencies.models import Agency
from tracker.core import clock
from tracker.duties.successions import Change
from tracker.web.forms import LONGEST_NOTE, DayField, PlainForm

_NAME_LENGTH = Agency._meta.get_field("name").max_length


class ChangeForm(PlainForm):
    """What every change says: from which day, on what ground."""

    day = DayField(
        label=_("Có hiệu lực từ ngày"),
        help_text=_(
            "Ngày đầu tiên theo cách mới; theo cách cũ đến hết ngày liền trước. Có thể là ngày sau này."
        ),
        error_messages={"required": _("Cần ghi ngày."), "invalid": _("Ngày ghi như 31/12/2026.")},
    )
    note = forms.CharField(
        label=_("Căn cứ"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Số, ngày của quyết định hoặc nghị quyết."),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        others = Agency.objects.exclude(until__lt=clock.today()).exclude(pk=agency.pk).order_by("name")
        for name in {"agencies", "into"} & set(self.fields):
            self.fields[name].queryset = others  # type: ignore[attr-defined]

    def change(self) -> Change:
        raise NotImplementedError

    def new_agencies(self) -> list[NewAgency]:
        """The bodies that the form founds, one to a line."""
        lines = self.cleaned_data["new"].splitlines()
        kind = self.cleaned_data["kind"] or self.agency.kind
        return [NewAgency(line.strip(), kind) for line in lines if line.strip()]


class RenameForm(ChangeForm):
    name = forms.CharField(
        label=_("Tên mới"), max_length=_NAME_LENGTH, error_messages={"required": _("Cần ghi tên mới.")}
    )
    field_order = ["name"]

    def change(self) -> Change:
        words = self.cleaned_data
        return partial(rename_agency, self.agency, name=words["name"], day=words["day"], note=words["note"])


class HeirsForm(ChangeForm):
    """Who takes over: bodies of the list, bodies to be founded, or both."""

    kind = forms.ChoiceField(
        label=_("Loại của cơ quan mới"),
        required=False,
        choices=lambda: [("", _("như cơ quan cũ")), *AgencyKind.choices],
    )
    joins_collectives = forms.BooleanField(
        label=_("Cơ quan kế thừa vào các tập thể mà cơ quan cũ là thành viên"), required=False, initial=True
    )


class MergeForm(HeirsForm):
    into = forms.ModelChoiceField(
        label=_("Cơ quan kế thừa"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("(cơ quan mới, ghi ở dưới)"),
    )
    new = forms.CharField(label=_("hoặc tên cơ quan mới"), required=False, max_length=_NAME_LENGTH)
    agencies = forms.ModelMultipleChoiceField(
        label=_("Cùng nhập với"),
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people_follow = forms.BooleanField(
        label=_("Người của cơ quan cũ được gắn với cơ quan kế thừa vào ngày đó"), required=False, initial=True
    )
    field_order = ["into", "new", "kind", "day", "note", "agencies", "people_follow", "joins_collectives"]

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        if bool(words.get("into")) == bool(words.get("new", "").strip()):
            self.add_error("into", _("Hãy chọn một cơ quan kế thừa, hoặc ghi tên cơ quan mới."))
        return words

    def change(self) -> Change:
        words = self.cleaned_data
        return partial(
            merge_agencies,
            [self.agency, *words["agencies"]],
            into=words["into"] or self.new_agencies()[0],
            day=words["day"],
            people_follow=words["people_follow"],
            joins_collectives=words["joins_collectives"],
            note=words["note"],
        )


class SplitForm(HeirsForm):
    new = forms.CharField(
        label=_("Cơ quan mới"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một tên."),
    )
    into = forms.ModelMultipleChoiceField(
        label=_("Cơ quan kế thừa đã có"),
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["new", "kind", "day", "note", "into", "joins_collectives"]

    def change(self) -> Change:
        words = self.cleaned_data
        return partial(
            split_agency,
            self.agency,
            into=[*words["into"], *self.new_agencies()],
            day=words["day"],
            joins_collectives=words["joins_collectives"],
            note=words["note"],
        )


class AbolishForm(ChangeForm):
    def change(self) -> Change:
        return partial(
            abolish_agency, self.agency, day=self.cleaned_data["day"], note=self.cleaned_data["note"]
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """One change: its name in the address, its title, its form; whether it says who takes over."""

    name: str
    title: str | Promise
    hint: str | Promise
    form: type[ChangeForm]
    names_heirs: bool = False


KINDS = (
    Kind(
        "doi-ten",
        _("Đổi tên"),
        _("Vẫn là cơ quan ấy: việc, người và thành viên tập thể giữ nguyên; tên cũ vẫn tìm được."),
        RenameForm,
    ),
    Kind(
        "sap-nhap",
        _("Sáp nhập, hợp nhất"),
        _("Một cơ quan kế thừa: việc chưa xong của cơ quan cũ chuyển sang."),
        MergeForm,
        names_heirs=True,
    ),
    Kind(
        "chia-tach",
        _("Chia tách"),
        _("Nhiều cơ quan kế thừa: việc chưa xong vào «Cần phân công», Văn phòng giao từng việc."),
        SplitForm,
        names_heirs=True,
    ),
    Kind(
        "ket-thuc",
        _("Kết thúc hoạt động"),
        _("Không có cơ quan kế thừa: việc chưa xong vào «Cần phân công». Có thể ghi cơ quan kế thừa sau."),
        AbolishForm,
    ),
)
