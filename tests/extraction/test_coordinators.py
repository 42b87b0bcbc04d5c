"""Bodies named after `phối hợp với`."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.bodies import BodyFinder
from tracker.extraction.finders.coordinators import read_coordinations
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.passages import fold_passage


def finder(index: NameIndex, text: str) -> BodyFinder:
    return BodyFinder(index, fold_passage(text, [(0, len(text))]))


@pytest.mark.parametrize(
    ("text", "keys", "leading"),
    [
        ("chủ trì, phối hợp với Sở Y tế và các cơ quan liên quan theo dõi", ("so-yt", "lq"), True),
        ("chủ trì phối hợp cùng Sở Y tế theo dõi", ("so-yt",), True),
        ("chủ trì, phối với Sở Y tế theo dõi", ("so-yt",), True),
        ("theo chức năng, nhiệm vụ chủ động phối hợp với Sở Y tế vận động", ("so-yt",), False),
        ("phối hợp Sở Y tế kiểm tra", ("so-yt",), False),
        (
            "phối hợp với viện kiểm sát nhân dân, tòa án cùng cấp và các cơ quan liên quan xử lý",
            ("other:viện kiểm sát nhân dân", "other:tòa án cùng cấp", "lq"),
            False,
        ),
        ("tăng cường phối hợp chặt chẽ với chính quyền đồng cấp", ("cq",), False),
    ],
)
def test_coordinators(index: NameIndex, text: str, keys: tuple[str, ...], *, leading: bool) -> None:
    (found,) = read_coordinations(finder(index, text), 0, len(text))
    assert (found.keys, found.leading) == (keys, leading)


@pytest.mark.parametrize(
    "text",
    [
        "ban hành quy chế phối hợp với Sở Y tế",
        "chương trình phối hợp với Tỉnh đoàn",
        "Phối hợp tham mưu Ban Thường vụ Tỉnh ủy ban hành quy định",
        "công tác phối hợp giữa Sở Y tế và Sở Nội vụ",
    ],
)
def test_what_names_no_coordinator(index: NameIndex, text: str) -> None:
    assert read_coordinations(finder(index, text), 0, len(text)) == []
