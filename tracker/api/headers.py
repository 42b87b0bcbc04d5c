"""Headers that the description tells of: conditions, and requests that are done once."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from tracker.api.conditions import CONDITION
from tracker.api.idempotency import HEADER, LONGEST

IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="Gửi lại cùng yêu cầu với cùng khóa thì chỉ làm một lần; câu trả lời được giữ 7 ngày.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": CONDITION},
    OpenApiParameter.HEADER,
    required=True,
    description="`ETag` của việc khi đọc, hoặc `*` để chấp nhận mọi thay đổi trước đó.",
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200], description="Đổi theo mỗi lần việc thay đổi."
)
