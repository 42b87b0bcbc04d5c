"""People who sign in, and their programs at the API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tracker.admin.base import AnyModelForm, EditableAdmin, ReadOnlyAdmin, RowsOfParent, admin_actor
from tracker.admin.site import site
from tracker.agencies.models import Post
from tracker.core import clock
from tracker.core.events import record_event
from tracker.core.models import ApiToken, KeptAnswer, User
from tracker.core.tokens import issue_token, revoke_token


class PostsOfPerson(RowsOfParent):
    model = Post
    autocomplete_fields = ["agency"]


class PersonCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic for the checker only
    class Meta:
        model = User
        fields = ["username", "last_name", "first_name", "email", "office_role"]


class PersonChangeForm(UserChangeForm):  # type: ignore[type-arg]  # generic for the checker only
    class Meta:
        model = User
        fields = ["username", "last_name", "first_name", "email", "office_role", "is_active", "is_staff"]


@admin.register(User, site=site)
class PersonAdmin(EditableAdmin, UserAdmin):  # type: ignore[type-arg]
    """Accounts. Nobody becomes a superuser here, and superusers' accounts are out of reach."""

    form = PersonChangeForm
    add_form = PersonCreationForm
    list_display = ["username", "full_name", "email", "office_role", "is_active", "last_login"]
    list_filter = ["office_role", "is_active", "is_staff"]
    search_fields = ["username", "email"]
    ordering = ["username"]
    filter_horizontal = []
    inlines = [PostsOfPerson]
    fieldsets = [
        (None, {"fields": ["username", "password", "last_name", "first_name", "email"]}),
        (_lazy("Quyền"), {"fields": ["office_role", "is_active", "is_staff"]}),
        (_lazy("Ngày tháng"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "last_name", "first_name", "email", "office_role"]}),
        (_lazy("Mật khẩu"), {"fields": ["usable_password", "password1", "password2"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(is_superuser=False)

    def save_model(self, request: HttpRequest, obj: Any, form: AnyModelForm, change: bool) -> None:
        """The password's digest is nothing for the record."""
        form.changed_data = [name for name in form.changed_data if name in PersonChangeForm.Meta.fields]
        super().save_model(request, obj, form, change)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        response = super().user_change_password(request, id, form_url)
        is_changed = request.method == "POST" and response.status_code == HTTPStatus.FOUND
        if is_changed:
            person = self.get_queryset(request).get(pk=id)
            record_event(person, "user.password_set", actor=admin_actor(request), now=clock.now())
        return response


class TokenForm(AnyModelForm):
    class Meta:
        model = ApiToken
        fields = ["user", "name", "scope", "expires_at"]


@admin.register(ApiToken, site=site)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens are issued and revoked, never changed; the secret is shown once, after it was issued."""

    form = TokenForm
    list_display = ["name", "user", "scope", "created_at", "expires_at", "last_used_on", "revoked_at"]
    list_filter = ["scope", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["name", "user__username"]
    autocomplete_fields = ["user"]
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """No token in a superuser's name."""
        kwargs["queryset"] = User.objects.filter(is_superuser=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: AnyModelForm, change: bool) -> None:
        given = form.cleaned_data
        issued = issue_token(
            user=given["user"],
            name=given["name"],
            scope=given["scope"],
            expires_at=given["expires_at"],
            actor=admin_actor(request),
            now=clock.now(),
        )
        obj.pk = issued.row.pk
        messages.warning(request, _("Khóa, chỉ hiện lần này: %s") % issued.secret)

    @admin.action(description=_lazy("Thu hồi khóa"))
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        actor, now = admin_actor(request), clock.now()
        count = sum(revoke_token(token, actor=actor, now=now) for token in tokens)
        messages.success(request, _("Đã thu hồi %d khóa.") % count)


@admin.register(KeptAnswer, site=site)
class KeptAnswerAdmin(ReadOnlyAdmin):
    """What the API remembers of named requests, for a week."""

    list_display = ["created_at", "user", "key", "status"]
    list_select_related = ["user"]
    search_fields = ["user__username", "key"]
