"""What every HTTP door needs: who is acting, and from where."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.core.files import File
from django.http import FileResponse, HttpRequest

from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import User


def actor_of(request: HttpRequest, door: Door) -> Actor:
    """The person who signed in, acting through a door."""
    user = request.user
    return Actor(door=door, user=user if isinstance(user, User) else None, address=client_address(request))


def client_address(request: HttpRequest) -> str | None:
    """The client's address, None where there is none (a socket, a test).

    Behind a proxy it is the last one that the proxy added: what stands before it, anyone may write.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.META.get("HTTP_X_FORWARDED_FOR", given).rpartition(",")[2].strip()
    try:
        return str(ip_address(given.partition("%")[0]))  # PostgreSQL knows no zone of a link
    except ValueError:
        return None


def attachment(content: File[bytes], *, name: str, media_type: str) -> FileResponse:
    """A file that someone sent, as a download: a browser never opens it as a part of this site."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
