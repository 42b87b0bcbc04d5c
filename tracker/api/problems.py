"""Errors as RFC 9457 `application/problem+json`: Vietnamese words, stable English codes.

A problem's `code` is the contract (docs/api.md lists them); its `detail` is for people. What a
person may not see gives the same 404, to the byte, as what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from tracker.core.errors import (
    AlreadyDecidedError,
    InvalidInputError,
    TransitionError,
    UnusableInputError,
)
from tracker.duties.scanner import ScannerUnavailableError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:duty-tracker:problem:"


class PreconditionFailed(exceptions.APIException):
    """The task has changed since the caller read it."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("Việc đã thay đổi từ lần đọc trước. Hãy đọc lại rồi thử lại.")
    default_code = "changed_meanwhile"


class PreconditionRequired(exceptions.APIException):
    """The caller must say which revision it has read."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _("Cần gửi If-Match với ETag của việc (hoặc «*» nếu chấp nhận mọi thay đổi trước đó).")
    default_code = "if_match_required"


class Conflict(exceptions.APIException):
    """The request is right, but not now; `code` says why."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Không thực hiện được ở tình trạng hiện tại.")
    default_code = "conflict"


class KeyReused(exceptions.APIException):
    """An Idempotency-Key came back with another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("Idempotency-Key này đã dùng cho một yêu cầu khác.")
    default_code = "idempotency_key_reused"


class Unusable(exceptions.APIException):
    """Well formed, but of no use here; `code` says why."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "unprocessable"

    def __init__(self, detail: str, *, code: str, field: str = "") -> None:
        super().__init__(detail, code=code)
        self.field = field


class ScannerAway(exceptions.APIException):
    """Files cannot be taken while the virus scanner does not answer."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "scanner_unavailable"


class UnknownAgency(exceptions.APIException):
    """A key, well formed, that the registry does not hold."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("Danh mục không có cơ quan này.")
    default_code = "unknown_agency"


# Status → (code, title). An exception's own code, where it is one of ours, goes before.
_KNOWN: dict[int, tuple[str, Any]] = {
    400: ("invalid_input", _("Dữ liệu không hợp lệ")),
    401: ("not_authenticated", _("Chưa đăng nhập")),
    403: ("permission_denied", _("Không được phép")),
    404: ("not_found", _("Không tìm thấy")),
    405: ("method_not_allowed", _("Phương thức không dùng được ở địa chỉ này")),
    406: ("not_acceptable", _("Không trả được kiểu dữ liệu yêu cầu")),
    409: ("conflict", _("Không thực hiện được ở tình trạng hiện tại")),
    412: ("changed_meanwhile", _("Đã thay đổi từ lần đọc trước")),
    415: ("unsupported_media_type", _("Kiểu dữ liệu gửi lên không đọc được")),
    422: ("unprocessable", _("Không thực hiện được với dữ liệu này")),
    428: ("if_match_required", _("Thiếu điều kiện If-Match")),
    429: ("too_many_requests", _("Quá nhiều yêu cầu")),
    503: ("unavailable", _("Tạm thời không làm được")),
}
# What the framework says in English, or differently from case to case, is said here once.
_DETAILS: dict[str, Any] = {
    "not_authenticated": _("Cần khóa API (Authorization: Bearer …) hoặc phiên đăng nhập."),
    "not_found": _("Không có đối tượng này, hoặc không thuộc phạm vi được xem."),
    "method_not_allowed": _("Phương thức này không dùng được ở địa chỉ này."),
    "not_acceptable": _("API chỉ trả application/json."),
    "unsupported_media_type": _("Kiểu nội dung này không gửi được đến địa chỉ này."),
    "malformed_request": _("Nội dung gửi lên không phải JSON đúng."),
    "too_many_requests": _("Quá nhiều yêu cầu; hãy chờ theo Retry-After."),
}
# Messages that Django has no Vietnamese for.
_SAID_IN_ENGLISH = {"Null characters are not allowed.": "Không dùng được ký tự NUL."}
_CODES = {
    "authentication_failed": "invalid_token",
    "parse_error": "malformed_request",
    "throttled": "too_many_requests",
    "invalid": "invalid_input",
}


def problem_response(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None (a 500, with its traceback in the log) for what is a bug."""
    raised = as_api_exception(error)
    if raised is None:
        return None
    set_rollback()
    response = Response(problem_of(raised), status=raised.status_code, content_type=MEDIA_TYPE)
    if header := getattr(raised, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(raised, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response


def problem_of(error: exceptions.APIException) -> dict[str, Any]:
    """The problem document of an error: type, title, status, detail, code, and `errors` by field."""
    known_code, title = _KNOWN.get(error.status_code, ("error", _("Lỗi")))
    if isinstance(error, exceptions.ValidationError):
        errors = list(_field_errors(error.detail))
        detail = errors[0]["message"] if len(errors) == 1 else _("Một số trường không hợp lệ.")
        return _problem(known_code, title, error.status_code, detail, errors)
    own = error.get_codes()
    code = _CODES.get(str(own), str(own) if isinstance(own, str) else known_code)
    field = getattr(error, "field", "")
    at_field = [{"field": field, "message": str(error.detail)}] if field else None
    return _problem(code, title, error.status_code, _DETAILS.get(code, error.detail), at_field)


def as_api_exception(error: Exception) -> exceptions.APIException | None:
    """A declared error as the API's own; None for any other: that is a bug, not an answer."""
    answer: exceptions.APIException | None = None
    match error:
        case exceptions.APIException():
            answer = error
        case Http404():
            answer = exceptions.NotFound()
        case PermissionDenied():
            answer = exceptions.PermissionDenied()
        case UnusableInputError():
            answer = Unusable(str(error), code=error.code, field=error.field)
        case InvalidInputError():
            answer = exceptions.ValidationError({error.field: [str(error)]})
        case TransitionError() | AlreadyDecidedError():
            answer = Conflict(str(error), code=error.code)
        case ScannerUnavailableError():
            answer = ScannerAway(str(error))
    return answer


def _problem(
    code: str, title: Any, number: int, detail: Any, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    problem = {
        "type": f"{TYPE_PREFIX}{code}",
        "title": str(title),
        "status": number,
        "detail": str(detail),
        "code": code,
    }
    return problem if errors is None else {**problem, "errors": errors}


def _field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Every message of a validation error with the field it is about (`items.0.note`; empty: the whole)."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, ".".join(part for part in (path, own) if part))
    elif isinstance(detail, list) and any(isinstance(inner, (Mapping, list)) for inner in detail):
        for number, inner in enumerate(detail):
            yield from _field_errors(inner, f"{path}.{number}".lstrip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, path)
    else:
        yield {"field": path, "message": _SAID_IN_ENGLISH.get(str(detail), str(detail))}
