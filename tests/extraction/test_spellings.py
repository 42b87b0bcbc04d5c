"""Other ways in which a name is written."""

from __future__ import annotations

import pytest
import yaml

from tracker.core.text import plain_letters
from tracker.extraction.finders.names import NameIndex, compare_words, outermost
from tracker.extraction.finders.spellings import initials, spellings, without_place
from tracker.extraction.registry import registry_from_data

BODIES = """
agencies:
  - {key: vhttdl, name: "Sở Văn hóa, Thể thao và Du lịch", kind: state}
  - {key: khcn, name: "Sở Khoa học và Công nghệ", kind: state}
  - {key: nnmt, name: "Sở Nông nghiệp và Môi trường", kind: state}
  - {key: ldtbxh, name: "Sở Lao động - Thương binh và Xã hội", kind: state}
  - {key: ubnd-xa, name: "UBND các xã, phường", kind: state}
  - {key: ubnd-huyen, name: "UBND các huyện, thành phố", kind: state}
  - {key: lq, name: "Các sở, ngành liên quan", kind: state}
  - {key: cap-uy, name: "Các cấp ủy", kind: party}
  - {key: bo, name: "Các bộ", kind: state}
"""


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(registry_from_data(yaml.safe_load(BODIES), source="tests"))


def found(index: NameIndex, text: str) -> list[str]:
    return outermost(index.find(text, compare_words(text, plain_letters(text))))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Sở KH&CN tham mưu", "khcn"),
        ("Sở KHCN tham mưu", "khcn"),
        ("Sở NN&MT tham mưu", "nnmt"),
        ("Sở VHTT&DL tham mưu", "vhttdl"),
        ("Sở VH, TT và DL tham mưu", "vhttdl"),
        ("Sở Văn hóa Thể thao Du lịch tham mưu", "vhttdl"),
        ("Sở LĐ-TB&XH tham mưu", "ldtbxh"),
        ("Sở LĐTBXH tham mưu", "ldtbxh"),
        ("Ủy ban nhân dân các phường, xã, đặc khu bố trí", "ubnd-xa"),
        ("UBND xã, phường và thị trấn bố trí", "ubnd-xa"),
        ("UBND các huyện, thị xã, thành phố bố trí", "ubnd-huyen"),
        ("các sở, ngành có liên quan phối hợp", "lq"),
    ],
)
def test_a_name_in_other_spellings(index: NameIndex, text: str, key: str) -> None:
    assert found(index, text) == [key]


@pytest.mark.parametrize("text", ["các cấp ủy viên dự họp", "các Bộ trưởng ký", "các bộ phận một cửa"])
def test_a_name_that_goes_on_as_another_word(index: NameIndex, text: str) -> None:
    assert found(index, text) == []


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("UBND tỉnh Nghệ An", ["UBND tỉnh"]),
        ("Sở Y tế tỉnh Nghệ An", ["Sở Y tế tỉnh", "Sở Y tế"]),
        ("Tỉnh ủy Đồng Tháp", ["Tỉnh ủy"]),
        ("Huyện ủy Việt Yên", []),
        ("Ban Thường vụ Tỉnh ủy", []),
    ],
)
def test_a_province_calls_its_own_bodies_without_its_name(name: str, shorter: list[str]) -> None:
    assert list(without_place(name)) == shorter


def test_the_name_itself_comes_first() -> None:
    assert next(spellings("so y te")) == "so y te"


@pytest.mark.parametrize("name", ["Sở Y tế", "Công an tỉnh", "Ban Tổ chức Tỉnh ủy"])
def test_no_initials_where_they_would_say_too_little(name: str) -> None:
    assert list(initials(name)) == []


def test_a_spelling_that_two_bodies_share_belongs_to_neither() -> None:
    bodies = {
        "agencies": [
            {"key": key, "name": name, "kind": "state"}
            for key, name in (("xd", "Sở Thủy lợi và Nông lâm"), ("kh", "Sở Thương lục và Năng lượng"))
        ]
    }
    assert found(NameIndex(registry_from_data(bodies, source="tests")), "Sở TLNL") == []
