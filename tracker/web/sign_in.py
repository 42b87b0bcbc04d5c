"""Signing in, with a bound on guessing; changing one's own password."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from tracker.core.counting import count_one_more
from tracker.core.doors import client_address
from tracker.web.forms import SignInForm

# Wrong answers for one name from one address; whoever waits may try again. An address alone is no
# bound: a whole office stands behind one.
MOST_WRONG = 10
_SECONDS = 15 * 60


class SignInView(LoginView):
    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if cache.get(_key(request), 0) < MOST_WRONG:
            return super().post(request, *args, **kwargs)
        form = SignInForm(request, initial={"username": request.POST.get("username", "")})
        context = self.get_context_data(form=form, is_too_often=True)
        response = self.render_to_response(context, status=429)
        response["Retry-After"] = str(_SECONDS)
        return response

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        cache.delete(_key(self.request))
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        count_one_more(_key(self.request), seconds=_SECONDS)
        return super().form_invalid(form)


def _key(request: HttpRequest) -> str:
    name = request.POST.get("username", "").strip().lower()
    return "sign-in:" + hashlib.sha256(f"{name}\x1f{client_address(request)}".encode()).hexdigest()


class PasswordView(PasswordChangeView):
    """Signs the person's other browsers out, as Django does with a new password."""

    template_name = "web/password.html"
    success_url = reverse_lazy("web:home")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"auto_id": False}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponseBase:  # type: ignore[override]
        messages.success(self.request, _("Đã đổi mật khẩu."))
        return super().form_valid(form)
