"""Duties and tasks: looked up here, changed through the workflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from tracker.admin.base import AnyInline, ReadOnlyAdmin, admin_actor
from tracker.admin.import_rows import TaskRows
from tracker.admin.imports import RowsImportMixin
from tracker.admin.site import site
from tracker.core import clock
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.duties import workflow
from tracker.duties.batches import answer_each
from tracker.duties.enums import DeadlineState, Result
from tracker.duties.models import Duty, DutyBody, Task, TaskQuerySet
from tracker.duties.queries import tasks_visible_to


class ReportForm(forms.Form):
    note = forms.CharField(label=_lazy("Kết quả thực hiện"), widget=forms.Textarea, required=False)
    evidence_number = forms.CharField(label=_lazy("Số văn bản minh chứng"), max_length=120, required=False)
    late_reason = forms.CharField(
        label=_lazy("Lý do chậm (với việc đã quá hạn)"), widget=forms.Textarea, required=False
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_lazy("Lý do"), widget=forms.Textarea)


class _StateFilter(admin.SimpleListFilter):
    """A state that is computed for today, not stored."""

    choices_of: ClassVar[type[DeadlineState] | type[Result]]

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in self.choices_of.choices]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class DeadlineStateFilter(_StateFilter):
    title = _lazy("tình trạng thời hạn")
    parameter_name = "deadline_state"
    choices_of = DeadlineState


class ResultFilter(_StateFilter):
    title = _lazy("kết quả")
    parameter_name = "result"
    choices_of = Result


class BodiesOfDuty(AnyInline):
    model = DutyBody
    fields = ["role", "agency", "collective", "words", "assigned_names"]
    readonly_fields = ["role", "agency", "collective", "words", "assigned_names"]
    can_delete = False
    extra = max_num = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    @admin.display(description=_lazy("đã phân công cho"))
    def assigned_names(self, body: DutyBody) -> str:
        return ", ".join(agency.name for agency in body.assigned.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[DutyBody]:
        bodies = super().get_queryset(request).select_related("agency", "collective")
        return bodies.prefetch_related("assigned")


@admin.register(Duty, site=site)
class DutyAdmin(ReadOnlyAdmin):
    list_display = ["document", "clause_path", "short_action", "due_text", "due_on", "recurrence"]
    list_filter = ["recurrence", "precision", "due_quarter", ("document", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["document", "clause"]
    search_fields = ["search_text", "document__search_text"]
    inlines = [BodiesOfDuty]
    fields = [
        "document",
        "clause",
        "scope",
        "action",
        "source_words",
        "due_text",
        "due_code",
        "due_on",
        "due_quarter",
        "precision",
        "recurrence",
        "ends_on",
        "draft",
    ]

    @admin.display(description=_lazy("nguyên văn"))
    def source_words(self, duty: Duty) -> str:
        return duty.source_words

    @admin.display(description=_lazy("nội dung"))
    def short_action(self, duty: Duty) -> str:
        return Truncator(duty.action).chars(120)

    @admin.display(description=_lazy("mục"))
    def clause_path(self, duty: Duty) -> str:
        return duty.clause.path if duty.clause else ""


@admin.register(DutyBody, site=site)
class DutyBodyAdmin(ReadOnlyAdmin):
    """To look across duties, above all for bodies that no registry entry knows."""

    list_display = ["name", "role", "duty"]
    list_filter = ["role", ("words", admin.EmptyFieldListFilter)]
    list_select_related = ["duty", "agency", "collective"]
    search_fields = ["agency__search_name", "duty__search_text"]


@admin.register(Task, site=site)
class TaskAdmin(RowsImportMixin, ReadOnlyAdmin):
    """States are changed by the actions, which call the workflow: one answer for each task."""

    list_display = [
        "short_action",
        "agency",
        "document",
        "deadline",
        "state",
        "deadline_state_words",
        "result_words",
    ]
    list_filter = [
        DeadlineStateFilter,
        ResultFilter,
        "state",
        "is_history",
        "needs_assignment",
        "due_quarter",
        ("agency", admin.RelatedOnlyFieldListFilter),
        ("duty__document", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["duty__document", "agency"]
    search_fields = ["duty__search_text", "duty__document__search_text", "agency__search_name"]
    date_hierarchy = "due_on"
    fields = [
        "action",
        "agency",
        "coordinators",
        "document",
        "clause_path",
        "source_words",
        "deadline",
        "original_due_on",
        "due_quarter",
        "state",
        "deadline_state_words",
        "result_words",
        "is_history",
        "needs_assignment",
        "reported_on",
        "report_note",
        "evidence_number",
        "created_at",
        "changed_at",
    ]
    resource_classes = [TaskRows]
    actions = ["report", "confirm", "send_back", "take_into_tracking", "withdraw", "restore"]

    def get_queryset(self, request: HttpRequest) -> TaskQuerySet:
        user = cast("User", request.user)
        return tasks_visible_to(user).with_states(clock.today()).by_deadline()

    def get_ordering(self, _request: HttpRequest) -> list[Any]:
        return []  # the queryset's: without a deadline last

    def view_on_site(self, task: Task) -> str:
        return reverse("web:task", args=[task.pk])

    @admin.display(description=_lazy("nội dung"), ordering="duty__search_text")
    def short_action(self, task: Task) -> str:
        return Truncator(task.duty.action).chars(120)

    @admin.display(description=_lazy("nội dung"))
    def action(self, task: Task) -> str:
        return task.duty.action

    @admin.display(description=_lazy("phối hợp"))
    def coordinators(self, task: Task) -> str:
        return ", ".join(body.name for body in task.coordinators)

    @admin.display(description=_lazy("mục"))
    def clause_path(self, task: Task) -> str:
        return task.duty.clause.path if task.duty.clause else ""

    @admin.display(description=_lazy("nguyên văn"))
    def source_words(self, task: Task) -> str:
        return task.duty.source_words

    @admin.display(description=_lazy("văn bản"), ordering="duty__document__number")
    def document(self, task: Task) -> str:
        return task.duty.document.number

    @admin.display(description=_lazy("thời hạn"), ordering="due_on")
    def deadline(self, task: Task) -> str:
        day = f"{task.due_on:%d/%m/%Y}" if task.due_on else ""
        return " · ".join(part for part in (task.deadline_words, day) if part)

    @admin.display(description=_lazy("tình trạng thời hạn"))
    def deadline_state_words(self, task: Task) -> str:
        return str(DeadlineState(task.deadline_state).label)

    @admin.display(description=_lazy("kết quả"))
    def result_words(self, task: Task) -> str:
        return str(Result(task.result).label) if task.result else ""

    @admin.action(description=_lazy("Đánh dấu hoàn thành"))
    def report(self, request: HttpRequest, tasks: TaskQuerySet) -> HttpResponse | None:
        def act(task: Task, words: dict[str, str], actor: Actor) -> Task:
            return workflow.report_task(
                task,
                note=words["note"],
                evidence_number=words["evidence_number"],
                late_reason=words["late_reason"],
                today=clock.today(),
                actor=actor,
                now=clock.now(),
            )

        return self._ask_and_act(request, tasks, ReportForm, act, _("Đánh dấu hoàn thành"))

    @admin.action(description=_lazy("Xác nhận báo cáo"))
    def confirm(self, request: HttpRequest, tasks: TaskQuerySet) -> None:
        def act(task: Task) -> Task:
            return workflow.confirm_task(task, actor=admin_actor(request), now=clock.now())

        self._act(request, tasks, act)

    @admin.action(description=_lazy("Trả lại báo cáo"))
    def send_back(self, request: HttpRequest, tasks: TaskQuerySet) -> HttpResponse | None:
        def act(task: Task, words: dict[str, str], actor: Actor) -> Task:
            return workflow.return_task(task, **words, actor=actor, now=clock.now())

        return self._ask_and_act(request, tasks, ReasonForm, act, _("Trả lại báo cáo"))

    @admin.action(description=_lazy("Đưa vào theo dõi"))
    def take_into_tracking(self, request: HttpRequest, tasks: TaskQuerySet) -> None:
        def act(task: Task) -> Task:
            return workflow.take_into_tracking(task, actor=admin_actor(request), now=clock.now())

        self._act(request, tasks, act)

    @admin.action(description=_lazy("Rút việc"))
    def withdraw(self, request: HttpRequest, tasks: TaskQuerySet) -> HttpResponse | None:
        def act(task: Task, words: dict[str, str], actor: Actor) -> Task:
            return workflow.withdraw_task(task, **words, actor=actor, now=clock.now())

        return self._ask_and_act(request, tasks, ReasonForm, act, _("Rút việc"))

    @admin.action(description=_lazy("Khôi phục việc đã rút"))
    def restore(self, request: HttpRequest, tasks: TaskQuerySet) -> HttpResponse | None:
        def act(task: Task, words: dict[str, str], actor: Actor) -> Task:
            return workflow.restore_task(task, **words, actor=actor, now=clock.now())

        return self._ask_and_act(request, tasks, ReasonForm, act, _("Khôi phục việc đã rút"))

    def _ask_and_act(
        self,
        request: HttpRequest,
        tasks: TaskQuerySet,
        form_class: type[forms.Form],
        act: Callable[[Task, dict[str, str], Actor], Task],
        title: str,
    ) -> HttpResponse | None:
        """Ask for the words first, on a page of its own; then act on every task."""
        form = form_class(request.POST if "apply" in request.POST else None)
        if form.is_bound and form.is_valid():
            words = form.cleaned_data
            self._act(request, tasks, lambda task: act(task, words, admin_actor(request)))
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "tasks": tasks.select_related("duty__document", "agency"),
            "opts": self.opts,
            "action": request.POST["action"],
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/act_on_tasks.html", context)

    def _act(self, request: HttpRequest, tasks: TaskQuerySet, act: Callable[[Task], Task]) -> None:
        answers = answer_each(tasks.select_related("duty__document", "agency"), act)
        done = sum(answer.refusal is None for answer in answers)
        if done:
            said = ngettext("Xong %(count)d việc.", "Xong %(count)d việc.", done) % {"count": done}
            messages.success(request, said)
        for answer in answers:
            if answer.refusal is not None:
                messages.error(request, f"{answer.task}: {answer.refusal}")
