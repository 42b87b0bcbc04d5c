"""`Idempotency-Key`: a request that is sent twice is done once, and answered twice alike.

The key is claimed, the deed done and its answer kept in one transaction. A twin that comes at the
same moment waits for that transaction and is then given its answer; where the deed was refused
nothing is kept, and the twin is done as if it were the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.problems import KeyReused
from tracker.core import clock
from tracker.core.models import KeptAnswer, User

HEADER = "Idempotency-Key"
LONGEST = 128
KEPT_FOR = timedelta(days=7)


def answered_once(request: Request, user: User, do: Callable[[], Response]) -> Response:
    """What `do` answers; or, where the request's key has been answered before, that answer again."""
    key = request.headers.get(HEADER)
    if key is None:
        return do()
    if not 1 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise ValidationError({HEADER: [_("Phải là 1–%d ký tự ASCII in được.") % LONGEST]})
    with transaction.atomic():
        now = clock.now()
        KeptAnswer.objects.filter(user=user, created_at__lt=now - KEPT_FOR).delete()
        # The unique key makes a twin wait here until the first has committed.
        answer, is_first = KeptAnswer.objects.get_or_create(
            user=user, key=key, defaults={"request_digest": _digest(request), "created_at": now}
        )
        if not is_first:
            return _again(answer, request)
        response = do()
        answer.status, answer.etag = response.status_code, response.get("ETag", "")
        answer.body = json.loads(JSONRenderer().render(response.data))
        answer.save()
    return response


def _again(answer: KeptAnswer, request: Request) -> Response:
    if answer.request_digest != _digest(request):
        raise KeyReused
    response = Response(answer.body, status=answer.status, headers={"Idempotent-Replayed": "true"})
    if answer.etag:
        response["ETag"] = answer.etag
    return response


def _digest(request: Request) -> str:
    """What makes two requests the same: method, address, condition and content."""
    content = json.dumps(_told(request.data), sort_keys=True)
    parts = [str(request.method), request.get_full_path(), request.headers.get("If-Match", ""), content]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _told(data: Any) -> Any:
    """The content as JSON can hold it: of a form every value, and files by what is in them."""
    if not isinstance(data, QueryDict):
        return data
    return {name: [_digest_of(value) for value in values] for name, values in data.lists()}


def _digest_of(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    value.seek(0)
    digest = hashlib.sha256(b"".join(value.chunks())).hexdigest()
    value.seek(0)
    return f"{value.name}\x1f{digest}"
