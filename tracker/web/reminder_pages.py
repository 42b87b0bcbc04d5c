"""A person's pages about mail: what to be told and when, tomorrow's digest, and why it came or did not."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tracker.agencies.queries import agencies_of
from tracker.core import clock
from tracker.core.errors import InvalidInputError
from tracker.core.models import User
from tracker.core.workdays import working_days
from tracker.duties.queries import tasks_visible_to
from tracker.reminders.enums import Rhythm
from tracker.reminders.explanation import explain
from tracker.reminders.policies import policies_in_force
from tracker.reminders.preferences import (
    Choices,
    Preference,
    languages_available,
    preference_of,
    rhythm_of,
    roles_of,
    set_preference,
)
from tracker.reminders.queries import mails_to, people_to_ask_about
from tracker.reminders.services import next_morning, preview
from tracker.web.access import SignedInRequest, signed_in, web_actor
from tracker.web.forms import PlainForm

_RECENT_MAILS = 20


class PreferenceForm(PlainForm):
    """How often, in which roles, within which hours. The service judges the hours."""

    rhythm = forms.ChoiceField(label=gettext_lazy("Nhận thư"), choices=Rhythm.choices)
    opens = forms.TypedChoiceField(
        label=gettext_lazy("Từ giờ"), required=False, coerce=time.fromisoformat, empty_value=None
    )
    closes = forms.TypedChoiceField(
        label=gettext_lazy("Đến trước giờ"), required=False, coerce=time.fromisoformat, empty_value=None
    )
    language = forms.ChoiceField(label=gettext_lazy("Ngôn ngữ của thư"))
    wants_calendar = forms.BooleanField(
        label=gettext_lazy("Kèm tệp lịch (.ics) với các thời hạn trong thư"), required=False
    )

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = _hours()
        self.fields["opens"].choices = [("", _("theo giờ cơ quan")), *hours[:-1]]  # type: ignore[attr-defined]
        self.fields["closes"].choices = [("", _("theo giờ cơ quan")), *hours[1:]]  # type: ignore[attr-defined]
        self.fields["language"].choices = languages_available()  # type: ignore[attr-defined]
        self.role_names = roles
        for role in roles:
            label = str(Preference._meta.get_field(role).verbose_name)  # type: ignore[union-attr]
            self.fields[role] = forms.BooleanField(label=label.capitalize(), required=False)
        if len(languages_available()) == 1:
            self.fields["language"].widget = forms.HiddenInput()

    @property
    def role_fields(self) -> list[forms.BoundField]:
        return [self[role] for role in self.role_names]

    def choices(self) -> Choices:
        values = self.cleaned_data
        return Choices(
            rhythm=Rhythm(values["rhythm"]),
            roles={role: values[role] for role in self.role_names},
            opens=values["opens"],
            closes=values["closes"],
            language=values["language"],
            wants_calendar=values["wants_calendar"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preferences(request: SignedInRequest) -> HttpResponse:
    """The person's choices, the digest of the next working day as they stand, and the mails of late."""
    form = _form(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            set_preference(request.user, form.choices(), actor=web_actor(request), now=clock.now())
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Đã lưu tùy chọn nhận thư."))
            return redirect("web:reminders")
    return render(
        request,
        "web/reminders.html",
        {"form": form, **_preview_facts(request.user), "mails": mails_to(request.user)[:_RECENT_MAILS]},
        status=400 if form.errors else 200,
    )


@require_safe
@signed_in
def why(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why one person was told of one task, or was not. Registrars may ask about anybody."""
    task = get_object_or_404(tasks_visible_to(request.user).select_related("duty__document", "agency"), pk=pk)
    name = request.GET.get("nguoi", "").strip()
    person = request.user
    if name and name != request.user.username:
        if not request.user.is_registrar:
            raise Http404
        person = get_object_or_404(User, username=name)
    context = {
        "task": task,
        "person": person,
        "told": explain(task, person, now=clock.now(), working=working_days()),
        "people": people_to_ask_about(task) if request.user.is_registrar else [],
    }
    return render(request, "web/why.html", context)


def _form(user: User, data: Any) -> PreferenceForm:
    row, roles = preference_of(user), roles_of(user)
    initial = {
        "rhythm": rhythm_of(user).value,
        "opens": _shown(row.opens),
        "closes": _shown(row.closes),
        "language": row.language,
        "wants_calendar": row.wants_calendar,
        **{role: getattr(row, role) for role in roles},
    }
    return PreferenceForm(data, roles=roles, initial=initial)


def _preview_facts(user: User) -> dict[str, Any]:
    now, working = clock.now(), working_days()
    moment = next_morning(now, working)
    _plan, _unreachable, previews = preview(moment=moment, now=now, working=working, only=user)
    return {"morning": moment.date(), "previews": previews, "agencies": agencies_of(user)}


def _hours() -> list[tuple[str, str]]:
    """Whole hours within the office's."""
    office = policies_in_force().default
    hours = [time(hour) for hour in range(24) if office.opens <= time(hour) <= office.closes]
    return [(_shown(hour), f"{hour:%H:%M}") for hour in hours]


def _shown(value: time | None) -> str:
    return f"{value:%H:%M}" if value is not None else ""
