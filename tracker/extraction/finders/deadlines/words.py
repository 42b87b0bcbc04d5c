"""Words of the directives' language that more than one rule of the grammar needs."""

from __future__ import annotations

import re

BEGIN = r"(?<![a-zà-ỹđ])"
END = r"(?![a-zà-ỹđ])"


def any_of(*lines: str) -> str:
    """A group of alternatives given in lines of `|`-parted words."""
    return f"(?:{'|'.join(lines)})"


ACTIONS = any_of(
    "báo cáo|tổng hợp|tổ chức|xây dựng|rà soát|kiểm tra|kiểm điểm|đánh giá|sơ kết|tổng kết|tham mưu",
    "ban hành|thực hiện|tiến hành|chủ động|chủ trì|phối hợp|bố trí|cân đối|giao|hướng dẫn|chỉ đạo",
    "lãnh đạo|yêu cầu|đăng ký|cập nhật|công bố|công khai|thông báo|gửi|trình|lập|đưa|mời|phải",
    "có trách nhiệm|có kế hoạch|có định hướng|có báo cáo|dành|phát động|biểu dương|khen thưởng",
    "tuyên truyền|bồi dưỡng|tập huấn|đào tạo|kiện toàn|phân công|đôn đốc|theo dõi|thẩm định|phê duyệt",
    "nghiên cứu|đề xuất|lựa chọn|bình xét|lấy|chấm|họp|giao ban|đối thoại|tiếp xúc|cử|duyệt|nghe",
    "làm việc|xác định|quán triệt|triển khai|cấp|hỗ trợ|khảo sát|điều tra|thống kê|tự|tiếp tục",
    "tăng cường|giám sát|thanh tra|nâng cấp|hoàn thành|hoàn thiện|khởi công|hoàn trả|nộp|bảo đảm",
    "đảm bảo|cho ý kiến|định hướng|ít nhất|tối thiểu|thông tin|gặp mặt|bàn giao|phấn đấu|kết nạp",
    "đi dự|dự|tham gia|tham dự|đi thực tế|mở|áp dụng|vận hành|thí điểm|phát sóng|đăng tải|nhân rộng",
    "vận động|củng cố|sắp xếp|góp ý|thu thập|chi trả|thanh toán|quyết toán|đặt hàng",
    "tuyển dụng|bổ nhiệm|luân chuyển|thu hồi|sửa chữa|di dời|niêm yết|xác minh|xác thực|kê khai|số hóa",
    "cải tạo|chuyển đổi|kết nối",
)
"""Verbs that state what must be done, as they follow a time or a subject."""

STARTS_WITH_ACTION = re.compile(rf"\s?{ACTIONS}{END}")
HOLDS_ACTION = re.compile(rf"{BEGIN}{ACTIONS}{END}")

SENDING = re.compile(
    BEGIN + any_of("báo cáo|gửi|nộp|trình|hoàn thành|xong|tổng hợp|đăng ký|bàn giao|công bố") + END
)
"""Verbs after which even a bare date is the day to do it."""

DUE_VERBS = re.compile(
    BEGIN
    + any_of(
        "sơ kết|tổng kết|trình|ban hành|hoàn thành|khởi công|khánh thành|thông qua|phê duyệt|đưa vào",
        "nghiệm thu|bàn giao|công bố",
    )
    + END
)
"""Verbs whose time may stand without a preposition: `tổng kết quý III/2025`."""

_PERIOD_NOUNS = any_of(
    "kế hoạch|chỉ tiêu|nhiệm vụ|trọng tâm|chương trình|công tác|dự toán|ngân sách|kinh phí|bình quân",
    "trung bình|tỷ lệ|tỉ lệ|kết quả|tình hình|nội dung|chất lượng|tiêu chí|phong trào|quy định",
    "số liệu|mục tiêu|hoạt động|danh mục|các báo cáo|trong báo cáo|vào báo cáo|bản báo cáo|đề án",
    "nghị quyết|hội nghị|giao ban|kỳ họp|dự án|số|mức|vốn|sinh hoạt|sinh hoạt chi bộ",
    "sinh hoạt đảng|đợt|vụ|cao hơn|so với|thu nhập|sản lượng",
)
# Nouns that a period describes (`chỉ tiêu hằng năm`): extraction.md, "These are not deadlines".
ENDS_WITH_PERIOD_NOUN = re.compile(rf"{BEGIN}{_PERIOD_NOUNS}\s?$")
HOLDS_PERIOD_NOUN = re.compile(rf"{BEGIN}{_PERIOD_NOUNS}{END}")

CITED = re.compile(
    BEGIN
    + any_of(
        "nghị quyết|quyết định|chỉ thị|kết luận|kế hoạch|công văn|tờ trình|thông báo|hướng dẫn|quy định",
        "quy chế|luật|bộ luật|pháp lệnh|nghị định|thông tư|biên bản|công điện|hội nghị|phiên họp|cuộc họp",
        r"số \d+|kỳ họp",
    )
    + END
)
"""What carries a date of its own; a bare date behind it is a citation's."""

_CLAUSE_REACH = 400


def clause_start(low: str, place: int, stops: str = ',;.:(“"\n') -> int:
    """Where the clause that holds `place` begins; a full stop within a number does not end it."""
    begin = max(0, place - _CLAUSE_REACH)
    for at in range(place - 1, begin - 1, -1):
        if low[at] in stops and not (low[at] in ".," and _between_digits(low, at)):
            return at + 1
    return begin


def clause_end(low: str, place: int, stops: str = ',;.:)”"\n') -> int:
    """Where the clause that holds `place` ends."""
    end = min(len(low), place + _CLAUSE_REACH)
    for at in range(place, end):
        if low[at] in stops and not (low[at] in ".," and _between_digits(low, at)):
            return at
    return end


def _between_digits(low: str, at: int) -> bool:
    return 0 < at < len(low) - 1 and low[at - 1].isdigit() and low[at + 1].isdigit()
