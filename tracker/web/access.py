"""Who may come in: signed-in people, and registrars. What one may not see does not exist (404)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from tracker.core.doors import actor_of
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.duties.queries import sees_all

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request of a person who has signed in."""

    user: User


View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> PlainView[P]:
    """Send everyone else to the sign-in page. Nothing stays in the browser: desks are shared."""
    return cast("PlainView[P]", never_cache(login_required(view)))


def for_registrars(view: View[P]) -> PlainView[P]:
    """For whom the office has not made a registrar, the page does not exist."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_registrar:
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(cast("View[P]", guarded))


def for_overseers(view: View[P]) -> PlainView[P]:
    """For who does not see every task (registrars, leaders, auditors do), the page does not exist."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not (request.user.is_active and sees_all(request.user)):
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(cast("View[P]", guarded))


def back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To the page that a form was on (its field `next`), where that is one of ours; else elsewhere."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else otherwise)


def by_post(home_of: Callable[[int], str]) -> Callable[[View[P]], View[P]]:
    """Only a POST does the deed. Whoever opens its address (a reload of a refusal) is shown its page.

    `home_of` gives that page's address for the row's number; the page itself decides who may see it.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in {"GET", "HEAD"}:
                return HttpResponseRedirect(home_of(cast("int", kwargs["pk"])))
            return HttpResponseNotAllowed(["POST"])

        return cast("View[P]", guarded)

    return decorate


def web_actor(request: HttpRequest) -> Actor:
    return actor_of(request, Door.WEB)
