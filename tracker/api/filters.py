"""Query parameters of the lists. An unknown value is refused, never ignored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator, validate_slug
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field

from tracker.agencies.enums import AgencyKind
from tracker.agencies.models import Agency
from tracker.api.patterns import NO_NUL, WORDS
from tracker.api.problems import UnknownAgency
from tracker.core import clock
from tracker.core.enums import Door
from tracker.core.models import Event
from tracker.core.search import holding_words
from tracker.documents.enums import DocumentKind, DocumentStatus
from tracker.documents.models import Document
from tracker.duties.enums import DeadlineState, ExtensionStatus, Recurrence, Result, WorkState
from tracker.duties.models import Duty, Extension, Task, TaskQuerySet

_QUARTER = r"^\d{4}-Q[1-4]$"
_LARGEST_ID = 2**63 - 1
_ISO_DAY = ["%Y-%m-%d"]


@extend_schema_field({"type": "string", "pattern": _QUARTER, "example": "2026-Q4"})
class QuarterFilter(filters.CharFilter):
    """A calendar quarter, `2026-Q4`."""

    def __init__(self, **kwargs: Any) -> None:
        refusal = RegexValidator(_QUARTER, _("Quý viết như 2026-Q4."))
        super().__init__(validators=[refusal], **kwargs)


class ChoicesFilter(filters.MultipleChoiceFilter):
    """One or more of a list of choices. Never DISTINCT: the columns are the row's own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(distinct=False, **kwargs)


@extend_schema_field({"type": "string", "pattern": WORDS})
class TextFilter(filters.CharFilter):
    """A text, word for word."""


@extend_schema_field({"type": "string", "pattern": NO_NUL})
class SearchFilter(filters.CharFilter):
    """Words to look for; none find everything."""


class SlugsField(forms.Field):
    """One or more registry keys, as they stand in the address."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        for key in value or []:
            validate_slug(key)
        return super().clean(value) or []


@extend_schema_field({"type": "array", "items": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}})
class AgencyFilter(filters.Filter):
    """Agencies by registry key; may be given more than once. Raises UnknownAgency."""

    field_class = SlugsField

    def __init__(self, *, path: str = "agency", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path

    def filter(self, tasks: QuerySet[Any], keys: list[str]) -> QuerySet[Any]:
        if not keys:
            return tasks
        known = Agency.objects.filter(key__in=keys).values_list("key", "pk")
        if unknown := sorted(set(keys) - {key for key, _pk in known}):
            names = ", ".join(unknown)
            raise UnknownAgency(_("Danh mục không có cơ quan nào mang khóa %s.") % names)
        return tasks.filter(**{f"{self.path}__in": [pk for _key, pk in known]})


class MomentField(IsoDateTimeField):
    """A moment in UTC: PostgreSQL knows no zone as far off as `+23:14`, which ISO 8601 allows."""

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        try:
            return moment.astimezone(UTC) if moment else None
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


@extend_schema_field({"type": "boolean"})
class FlagFilter(filters.TypedChoiceFilter):
    """`true` or `false`; the framework's own filter takes anything else for "no filter"."""

    def __init__(self, **kwargs: Any) -> None:
        flags = [("true", "true"), ("false", "false")]
        super().__init__(choices=flags, coerce=lambda word: word == "true", **kwargs)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": _LARGEST_ID})
class IdFilter(filters.NumberFilter):
    """A row by its number."""

    field_class = forms.IntegerField  # type: ignore[assignment]  # a number without decimals

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=_LARGEST_ID, **kwargs)


class OrderFilter(filters.ChoiceFilter):
    """One of the given columns, or `-` before it. Without a value last in either direction; ties by id,
    so that pages never overlap.
    """

    def __init__(self, *columns: str, **kwargs: Any) -> None:
        names = [f"{sign}{column}" for column in columns for sign in ("", "-")]
        super().__init__(choices=[(name, name) for name in names], **kwargs)

    def filter(self, rows: QuerySet[Any], order: Any) -> QuerySet[Any]:
        if not order:
            return rows
        name = order.removeprefix("-")
        if name == "id":
            return rows.order_by(order)
        key = F(name).desc(nulls_last=True) if order != name else F(name).asc(nulls_last=True)
        return rows.order_by(key, "id")


class TaskFilter(filters.FilterSet):
    """Filters of tasks; expects `with_states`."""

    agency = AgencyFilter(label=_("Khóa của cơ quan được giao; lặp lại được."))
    state = ChoicesFilter(label=_("Tình trạng thực hiện; lặp lại được."), choices=WorkState.choices)
    deadline_state = ChoicesFilter(
        label=_("Tình trạng thời hạn hôm nay; lặp lại được."), choices=DeadlineState.choices
    )
    result = ChoicesFilter(label=_("Kết quả theo bốn loại; lặp lại được."), choices=Result.choices)
    due_quarter = QuarterFilter(label=_("Quý của ngày đến hạn, ví dụ 2026-Q4."))
    due_before = filters.DateFilter(
        field_name="due_on",
        lookup_expr="lt",
        input_formats=_ISO_DAY,
        label=_("Hạn trước ngày này (không kể ngày này)."),
    )
    due_from = filters.DateFilter(
        field_name="due_on", lookup_expr="gte", input_formats=_ISO_DAY, label=_("Hạn từ ngày này trở đi.")
    )
    document = TextFilter(
        field_name="duty__document__number", label=_("Số, ký hiệu văn bản, ví dụ 109-NQ/TU.")
    )
    document_id = IdFilter(field_name="duty__document", label=_("Số định danh của văn bản."))
    duty_id = IdFilter(field_name="duty", label=_("Số định danh của nhiệm vụ."))
    period = TextFilter(label=_("Kỳ của nhiệm vụ lặp lại: 2026, 2026-Q4, 2026-12."))
    is_history = FlagFilter(label=_("Việc thuộc phần lịch sử (trước ngày bắt đầu theo dõi)."))
    changed_since = MomentFilter(
        field_name="changed_at", lookup_expr="gte", label=_("Thay đổi từ lúc này trở đi.")
    )
    q = SearchFilter(
        method="containing", label=_("Chứa mọi từ này, có dấu hay không: nội dung, văn bản, cơ quan.")
    )
    ordering = OrderFilter(
        "due_on", "changed_at", "id", label=_("Thứ tự; mặc định due_on. Việc không có hạn đứng cuối.")
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def containing(self, tasks: TaskQuerySet, _name: str, words: str) -> TaskQuerySet:
        return tasks.matching(words)


class DocumentFilter(filters.FilterSet):
    number = TextFilter(label=_("Số, ký hiệu văn bản, ví dụ 109-NQ/TU."))
    kind = ChoicesFilter(label=_("Loại văn bản; lặp lại được."), choices=DocumentKind.choices)
    status = ChoicesFilter(label=_("Tình trạng; lặp lại được."), choices=DocumentStatus.choices)
    issued_from = filters.DateFilter(
        field_name="issued_on", lookup_expr="gte", input_formats=_ISO_DAY, label=_("Ban hành từ ngày này.")
    )
    issued_before = filters.DateFilter(
        field_name="issued_on", lookup_expr="lt", input_formats=_ISO_DAY, label=_("Ban hành trước ngày này.")
    )
    q = SearchFilter(method="containing", label=_("Chứa mọi từ này trong số, ký hiệu, trích yếu."))
    ordering = OrderFilter("issued_on", "number", "id", label=_("Thứ tự; mặc định mới ban hành đứng trước."))

    class Meta:
        model = Document
        fields: list[str] = []

    def containing(self, documents: QuerySet[Document], _name: str, words: str) -> QuerySet[Document]:
        return holding_words(documents, words, "search_text")


class DutyFilter(filters.FilterSet):
    document = TextFilter(field_name="document__number", label=_("Số, ký hiệu văn bản."))
    document_id = IdFilter(field_name="document", label=_("Số định danh của văn bản."))
    recurrence = ChoicesFilter(label=_("Lặp lại; lặp lại được."), choices=Recurrence.choices)
    due_quarter = QuarterFilter(label=_("Quý của ngày đến hạn, ví dụ 2026-Q4."))
    q = SearchFilter(method="containing", label=_("Chứa mọi từ này trong nội dung, văn bản."))
    ordering = OrderFilter("due_on", "id", label=_("Thứ tự; mặc định theo thứ tự trong văn bản."))

    class Meta:
        model = Duty
        fields: list[str] = []

    def containing(self, duties: QuerySet[Duty], _name: str, words: str) -> QuerySet[Duty]:
        return holding_words(duties, words, "search_text", "document__search_text")


class AgencyListFilter(filters.FilterSet):
    kind = ChoicesFilter(label=_("Loại cơ quan; lặp lại được."), choices=AgencyKind.choices)
    existing = FlagFilter(method="existing_today", label=_("Đang hoạt động hôm nay."))
    q = SearchFilter(method="containing", label=_("Chứa mọi từ này trong tên."))

    class Meta:
        model = Agency
        fields: list[str] = []

    def existing_today(self, agencies: QuerySet[Agency], _name: str, wanted: bool) -> QuerySet[Agency]:
        existing = Agency.objects.existing_on(clock.today())
        return agencies.filter(pk__in=existing) if wanted else agencies.exclude(pk__in=existing)

    def containing(self, agencies: QuerySet[Agency], _name: str, words: str) -> QuerySet[Agency]:
        return holding_words(agencies, words, "search_name")


class ExtensionFilter(filters.FilterSet):
    status = ChoicesFilter(label=_("Quyết định; lặp lại được."), choices=ExtensionStatus.choices)
    agency = AgencyFilter(path="task__agency", label=_("Khóa của cơ quan được giao; lặp lại được."))
    document = TextFilter(field_name="task__duty__document__number", label=_("Số, ký hiệu văn bản."))

    class Meta:
        model = Extension
        fields: list[str] = []


class NoFilter(filters.FilterSet):
    """A short list, read whole."""


class EventFilter(filters.FilterSet):
    verb = TextFilter(label=_("Mã sự kiện, ví dụ task.reported."))
    subject_type = TextFilter(label=_("Loại đối tượng, ví dụ task."))
    subject_id = IdFilter(label=_("Số định danh của đối tượng."))
    actor = TextFilter(field_name="actor__username", label=_("Tên đăng nhập của người thực hiện."))
    door = ChoicesFilter(label=_("Vào qua đâu; lặp lại được."), choices=Door.choices)
    at_from = MomentFilter(field_name="at", lookup_expr="gte", label=_("Từ lúc này trở đi."))
    at_before = MomentFilter(field_name="at", lookup_expr="lt", label=_("Trước lúc này."))

    class Meta:
        model = Event
        fields: list[str] = []


def lists_of(filters_of_list: type[filters.FilterSet]) -> set[str]:
    """The parameters that may be given more than once."""
    return {
        name
        for name, one in filters_of_list.base_filters.items()
        if isinstance(one, (ChoicesFilter, AgencyFilter))
    }
