"""Lists of bodies, taken apart."""

from __future__ import annotations

import pytest

from tracker.extraction.finders.bodies import BodyFinder
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.passages import fold_passage


def read(index: NameIndex, text: str) -> tuple[tuple[str, ...], str]:
    passage = fold_passage(text, [(0, len(text))])
    bodies = BodyFinder(index, passage).read_list(0, len(passage.text))
    assert bodies is not None
    return bodies.keys, passage.text[bodies.end :].strip()


@pytest.mark.parametrize(
    ("text", "keys", "rest"),
    [
        ("Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy xây dựng", ("hu", "thu", "dutt"), "xây dựng"),
        ("Các huyện, thành ủy có trách nhiệm", ("hu", "thu"), "có trách nhiệm"),
        ("HĐND, UBND tỉnh ban hành", ("hdnd", "ubnd"), "ban hành"),
        ("Ủy ban MTTQ và các đoàn thể tỉnh vận động", ("mttq", "ctxh"), "vận động"),
        (
            "Mặt trận Tổ quốc và các tổ chức chính trị - xã hội các cấp vận động",
            ("mttq-cap", "ctxh-cap"),
            "vận động",
        ),
        ("Ban Tổ chức, Ban Nội chính Tỉnh ủy tham mưu", ("btc", "bnc"), "tham mưu"),
        ("Sở Nội vụ, Tài chính, Y tế hướng dẫn", ("so-nv", "so-tc", "so-yt"), "hướng dẫn"),
        ("chính quyền cùng cấp phối hợp", ("cq",), "phối hợp"),
        ("các tổ chức đảng, cơ quan liên quan kiểm tra", ("cap-uy", "lq"), "kiểm tra"),
        ("Sở Y tế; các cấp ủy đảng; Tỉnh đoàn phối hợp", ("so-yt", "cap-uy", "td"), "phối hợp"),
        ("Các cấp ủy đảng từ cấp huyện, cấp xã và Tỉnh đoàn quán triệt", ("cap-uy", "td"), "quán triệt"),
        ("các cơ quan: Sở Y tế, Sở Nội vụ lập", ("so-yt", "so-nv"), "lập"),
        ("Các cấp ủy có dự án đi qua hoàn thành", ("cap-uy",), "hoàn thành"),
        ("Sở Y tế (qua Thanh tra Sở) và Sở Nội vụ báo cáo", ("so-yt", "so-nv"), "báo cáo"),
    ],
)
def test_known_bodies(index: NameIndex, text: str, keys: tuple[str, ...], rest: str) -> None:
    assert read(index, text) == (keys, rest)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Sở Xây dựng và Sở Y tế thẩm định", ("other:Sở Xây dựng", "so-yt")),
        ("Đảng đoàn Hội Nông dân tỉnh chỉ đạo", ("other:Đảng đoàn Hội Nông dân tỉnh",)),
        ("Huyện ủy Núi Cao chỉ đạo", ("other:Huyện ủy Núi Cao",)),
        ("UBND cấp trên giao chỉ tiêu", ("other:UBND cấp trên",)),
        ("ban tuyên giáo cấp ủy cùng cấp xây dựng", ("other:ban tuyên giáo cấp ủy cùng cấp",)),
        (
            "Người đứng đầu cấp ủy đảng, chính quyền các cấp chịu",
            ("other:Người đứng đầu cấp ủy đảng, chính quyền các cấp",),
        ),
        (
            "Người đứng cầu cấp ủy, chính quyền cấp huyện, cấp xã phải",
            ("other:Người đứng cầu cấp ủy, chính quyền",),
        ),
        (
            "Ban Thường vụ các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy phân công",
            ("other:Ban Thường vụ các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy",),
        ),
        ("các Ban cán sự đảng: Sở Y tế, UBND tỉnh lập", ("other:Ban cán sự đảng Sở Y tế", "bcs")),
        (
            "Sở Y tế, Viện Nghiên cứu phát triển Thành phố",
            ("so-yt", "other:Viện Nghiên cứu phát triển Thành phố"),
        ),
        (
            "Các Tập đoàn: Điện lực, Bưu chính chủ động",
            ("other:Tập đoàn Điện lực", "other:Tập đoàn Bưu chính"),
        ),
    ],
)
def test_unknown_bodies_keep_their_words(index: NameIndex, text: str, keys: tuple[str, ...]) -> None:
    assert read(index, text)[0] == keys


@pytest.mark.parametrize(
    "text",
    ["Tổ chức quán triệt", "Báo cáo kết quả", "Ban hành kế hoạch", "Xã hội hóa", "Thanh tra, kiểm tra"],
)
def test_a_verb_is_no_body(index: NameIndex, text: str) -> None:
    passage = fold_passage(text, [(0, len(text))])
    assert BodyFinder(index, passage).read_list(0, len(text)) is None
