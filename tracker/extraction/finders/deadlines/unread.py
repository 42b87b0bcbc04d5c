"""Words of a time that the grammar took for no deadline: a reason to look twice at an undated row."""

from __future__ import annotations

import re

from .cores import lowered

_CITES = re.compile(
    r"(?:số\s\S{1,24}[^;.]{0,24}|\S/\S{1,12}\s|khóa|luật|hiến pháp|sinh)\s?,?\s?\(?(?:ngày\s)?$"
)
_PERIOD = re.compile(r"(?:giai đoạn|nhiệm kỳ|năm học|thời kỳ|kế hoạch|dự toán|nghị quyết)[^;.]{0,24}$")
_TIME = re.compile(
    r"(?:ngày\s)?[0-9]{1,2}(?:/|\stháng\s)(?:1[0-2]|0?[1-9])(?:(?:/|\snăm\s)20[0-9]{2})?(?![0-9%])"
    r"|(?:tháng|qu[ýí])\s?(?:[0-9]{1,2}|[ivx]{1,4})(?:/|\snăm\s)20[0-9]{2}|\(\s?(?:năm|quý|tháng)\s[^()]{1,16}\)"
    r"|từ năm\s20[0-9]{2}(?!\s?(?:-|–|đến))|h[ằàă]ng\s(?:quý|tháng|tuần)(?![a-zà-ỹđ])"
    r"|(?:một|[0-9]{1,2})\s(?:lần|kỳ|buổi|số)\s?/\s?(?:tuần|tháng|quý|năm)|\s(?:một|0?1)\slần(?![a-zà-ỹđ])"
)
_BEFORE = 60


def tells_unread_time(text: str) -> bool:
    """Whether the words of an undated row hold a time that is neither a citation's nor a plan's period."""
    low = lowered(text)
    return any(
        not _CITES.search(low, max(0, found.start() - _BEFORE), found.start())
        and not _PERIOD.search(low, max(0, found.start() - _BEFORE), found.start())
        for found in _TIME.finditer(low)
    )
