"""What the OpenAPI description says beyond the views: tokens, and problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from tracker.api.patterns import NO_NUL, WORDS
from tracker.api.problems import MEDIA_TYPE, TYPE_PREFIX

PREFIX = "/api/v1/"

_STRING = {"type": "string"}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Lỗi theo RFC 9457. Chương trình dựa vào `code`; `detail` để người đọc.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {**_STRING, "format": "uri", "example": f"{TYPE_PREFIX}not_found"},
        "title": {**_STRING, "example": "Không tìm thấy"},
        "status": {"type": "integer", "example": 404},
        "detail": _STRING,
        "code": {**_STRING, "example": "not_found"},
        "errors": {
            "type": "array",
            "description": "Từng lỗi của dữ liệu gửi lên; `field` rỗng: cả yêu cầu.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": _STRING, "message": _STRING},
            },
        },
    },
}
_WORDS = {
    "400": "Tham số hoặc dữ liệu gửi lên không hợp lệ (`invalid_input`, `malformed_request`).",
    "401": "Chưa đăng nhập, hoặc khóa không dùng được (`not_authenticated`, `invalid_token`).",
    "403": "Được xem nhưng không được làm (`permission_denied`, `token_is_read_only`, `not_your_task`).",
    "404": "Không có, hoặc không thuộc phạm vi được xem (`not_found`).",
    "406": "API chỉ trả `application/json` (`not_acceptable`).",
    "409": "Tình trạng hiện tại không cho phép; `detail` nêu lý do (`transition_not_allowed`).",
    "412": "Việc đã thay đổi từ lần đọc trước (`changed_meanwhile`).",
    "415": "Kiểu nội dung này không gửi được đến địa chỉ này (`unsupported_media_type`).",
    "422": "Đúng dạng nhưng không dùng được: khóa cơ quan không có trong danh mục (`unknown_agency`),"
    " `Idempotency-Key` đã dùng cho yêu cầu khác (`idempotency_key_reused`), địa chỉ không gửi tới được"
    " (`unusable_address`), hạn mới, cơ quan hay tệp không dùng được (`unusable_deadline`, `unusable_agency`,"
    " `unusable_file`).",
    "428": "Thiếu `If-Match` (`if_match_required`).",
    "503": "Máy quét vi-rút không trả lời: chưa nhận được tệp, hãy thử lại (`scanner_unavailable`).",
    "429": "Quá nhiều yêu cầu; chờ theo `Retry-After` (`too_many_requests`).",
}
_READING = ("400", "401", "403", "404", "406", "422", "429")
_WRITING = (*_READING, "409", "415")
_CONDITIONAL = (*_WRITING, "412", "428")
_NEED_A_BODY = ("tasks_report", "tasks_reports", "tasks_progress")
# Rows that `fields` may cut down to what is wanted: nothing of them is sure to be there.
_CUT_DOWN = ("Agency", "Document", "Duty", "Record", "Task")


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer …`."""

    target_class = "tracker.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "Khóa API của một người dùng."}


def add_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Every operation says which problems it may answer with; requests admit no unknown member."""
    schemas = result["components"].setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    for name in _CUT_DOWN:
        schemas[name].pop("required", None)
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False
            for member in schema.get("properties", {}).values():
                if member.get("type") == "string":
                    member.setdefault("pattern", NO_NUL)
    _say_what_is_needed(schemas)
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if operation["operationId"] in _NEED_A_BODY:
                operation["requestBody"]["required"] = True
            for number in _problems_of(method, operation):
                operation["responses"].setdefault(number, _problem(number))
    return result


def _say_what_is_needed(schemas: dict[str, Any]) -> None:
    """One of several members, at least; the serializers leave that to the workflow.

    Of many reports each is answered for itself: there the request as a whole is right without.
    """
    words = {"pattern": WORDS}
    _say_one_is_needed(schemas["ReportRequest"], {"note": words, "evidence_number": words})
    progress = {"percent": {"type": "integer"}, "stage": words, "difficulties": words, "proposals": words}
    _say_one_is_needed(schemas["ProgressRequest"], progress)


def _say_one_is_needed(schema: dict[str, Any], members: dict[str, dict[str, str]]) -> None:
    schema["anyOf"] = [{"required": [name], "properties": {name: said}} for name, said in members.items()]


def _problems_of(method: str, operation: dict[str, Any]) -> tuple[str, ...]:
    if method == "get":
        return _READING
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    numbers = _CONDITIONAL if "If-Match" in names else _WRITING
    takes_files = "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
    return (*numbers, "503") if takes_files else numbers


def _problem(number: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _WORDS[number], "content": {MEDIA_TYPE: {"schema": schema}}}
