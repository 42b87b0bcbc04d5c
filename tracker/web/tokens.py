"""The page on which a person issues and revokes API tokens of their own.

A secret is shown once, in the answer to the form that made it: never by a redirect, whose session
would keep it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from tracker.core import clock
from tracker.core.enums import TokenScope
from tracker.core.errors import InvalidInputError
from tracker.core.models import ApiToken
from tracker.core.tokens import MOST_TOKEN_DAYS, IssuedToken, issue_token, revoke_token
from tracker.web.access import SignedInRequest, signed_in, web_actor
from tracker.web.forms import PlainForm


class TokenForm(PlainForm):
    """A new token."""

    name = forms.CharField(
        label=gettext_lazy("Tên khóa"),
        max_length=80,
        help_text=gettext_lazy("Dùng vào việc gì, ở đâu: «bảng điều khiển của Ban»."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("Chương trình được"), choices=TokenScope.choices)
    days = forms.IntegerField(
        label=gettext_lazy("Dùng được trong (ngày)"),
        min_value=1,
        max_value=MOST_TOKEN_DAYS,
        initial=180,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sensitive_variables("issued")
def tokens_page(request: SignedInRequest) -> HttpResponse:
    """The person's tokens and the form for another; a posted form makes it and shows its secret."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=400 if form.errors else 200)
    now = clock.now()
    try:
        issued = issue_token(
            user=request.user,
            name=form.cleaned_data["name"],
            scope=TokenScope(form.cleaned_data["scope"]),
            expires_at=now + timedelta(days=form.cleaned_data["days"]),
            actor=web_actor(request),
            now=now,
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(request, form, status=400)
    return _page(request, TokenForm(), issued=issued)


@require_POST
@signed_in
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another person's token does not exist, whoever asks."""
    token = get_object_or_404(ApiToken, user=request.user, pk=pk)
    revoke_token(token, actor=web_actor(request), now=clock.now())
    messages.success(request, _("Đã thu hồi khóa «%s»: chương trình không vào được nữa.") % token.name)
    return redirect("web:tokens")


def _page(
    request: SignedInRequest, form: TokenForm, *, issued: IssuedToken | None = None, status: int = 200
) -> HttpResponse:
    tokens = ApiToken.objects.filter(user=request.user, revoked_at__isnull=True).order_by("-id")
    context: dict[str, Any] = {"tokens": tokens, "form": form, "issued": issued, "now": clock.now()}
    response = render(request, "web/tokens.html", context, status=status)
    response["Referrer-Policy"] = "same-origin" if issued is None else "no-referrer"
    return response
