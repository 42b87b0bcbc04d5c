"""Labelled forms: `Đơn vị chủ trì: … Cơ quan phối hợp: … Thời gian hoàn thành: …`."""

from __future__ import annotations

import pytest

from tracker.extraction.extract import Extractor
from tracker.extraction.finders.blocks import Block, find_blocks
from tracker.extraction.finders.forms import FormDuty
from tracker.extraction.finders.labelled import labelled_duties
from tracker.extraction.finders.lines import furniture, split_lines
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.registry import Body, Registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    bodies = ["Sở Tài chính", "Sở Y tế", "Sở Nội vụ", "Công an tỉnh"]
    return Registry(bodies={name: Body(key=name, name=name, kind="so") for name in bodies})


@pytest.fixture(scope="module")
def index(registry: Registry) -> NameIndex:
    return NameIndex(registry)


def blocks_of(text: str) -> list[Block]:
    lines = split_lines(text)
    return find_blocks(lines, furniture(lines))


def read(text: str, index: NameIndex) -> list[FormDuty]:
    return labelled_duties(text, blocks_of(text), index)[0]


def shown(duty: FormDuty) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    return duty.clause, duty.leads, duty.coordinators, duty.due


INLINE = (
    "1. Xây dựng đề án y tế cơ sở. Đơn vị chủ trì: Sở Y tế. Cơ quan phối hợp: Sở Tài chính, Sở Nội vụ. "
    "Thời gian hoàn thành: Tháng 11/2025.\n"
)


def test_labelled_duties_read_one_block(index: NameIndex) -> None:
    (duty,) = read(INLINE, index)
    assert shown(duty) == ("1", ("Sở Y tế",), ("Sở Tài chính", "Sở Nội vụ"), "2025-11")
    assert INLINE[duty.due_start : duty.due_end] == "Tháng 11/2025"


def test_labelled_duties_quote_from_the_action_to_the_deadline(index: NameIndex) -> None:
    (duty,) = read(INLINE, index)
    quote = INLINE[duty.start : duty.end]
    assert quote.startswith("Xây dựng đề án")
    assert quote.endswith("Tháng 11/2025.")


PARAGRAPHS = """**7. Đẩy mạnh chuyển đổi số**

- Ra mắt cổng pháp luật hỗ trợ cán bộ, công chức trên địa bàn
tỉnh.

*Đơn vị chủ trì tham mưu thực
hiện: *Sở Y tế.

*Đơn vị phối hợp: *Sở Nội
vụ.

*Thời gian thực hiện: *Tháng
12/2025.

- Cập nhật cơ sở dữ liệu quốc gia.

*Đơn vị thực hiện: *Sở Tài chính.

*Thời gian thực hiện: *Thường xuyên.
"""


def test_labelled_duties_read_paragraphs(index: NameIndex) -> None:
    assert [shown(duty) for duty in read(PARAGRAPHS, index)] == [
        ("7/1", ("Sở Y tế",), ("Sở Nội vụ",), "2025-12"),
        ("7/2", ("Sở Tài chính",), (), "none"),
    ]


def test_labelled_duties_tell_which_blocks_they_took(index: NameIndex) -> None:
    blocks = blocks_of(PARAGRAPHS)
    _, taken = labelled_duties(PARAGRAPHS, blocks, index)
    assert taken == set(range(len(blocks))) - {0}


LETTERED = """1.1. Xây dựng chiến lược dữ liệu:

a) Nhiệm vụ: Tham mưu UBND tỉnh hoàn thiện chiến lược dữ liệu.

b) Cơ quan thực hiện:

- Đơn vị chủ trì: Sở Y tế.

- Đơn vị phối hợp: Công an tỉnh.

c) Thời gian thực hiện: Hoàn thành trong năm 2025.

1.2. Phát triển dữ liệu:

a) Nhiệm vụ:

- Rà soát cơ sở dữ liệu của đơn vị.

- Chuẩn hóa dữ liệu.

b) Đơn vị chủ trì: Sở Nội vụ.

c) Thời hạn hoàn thành: Trước ngày 15/10/2026.
"""


def test_labelled_duties_read_letters_and_bullets(index: NameIndex) -> None:
    assert [shown(duty) for duty in read(LETTERED, index)] == [
        ("1.1/a", ("Sở Y tế",), ("Công an tỉnh",), "2025"),
        ("1.2/a", ("Sở Nội vụ",), (), "<2026-10-15"),
    ]


def test_labelled_duties_hold_all_bullets_of_the_task(index: NameIndex) -> None:
    duty = read(LETTERED, index)[1]
    quote = " ".join(LETTERED[duty.start : duty.end].split())
    assert "Rà soát cơ sở dữ liệu" in quote
    assert "Chuẩn hóa dữ liệu" in quote


@pytest.mark.parametrize(
    ("label", "due"),
    [
        ("Thời gian hoàn thành", "2025-11"),
        ("Thời hạn hoàn thành", "2025-11"),
        ("Thời gian (hạn) hoàn thành", "2025-11"),
        ("Thời gian dự kiến hoàn thành", "2025-11"),
        ("Thời gian thực hiện", "2025-11"),
        ("THỜI GIAN", "2025-11"),
        ("Tiến độ", "2025-11"),
        ("Hạn hoàn thành", "2025-11"),
    ],
)
def test_labelled_duties_know_time_labels(label: str, due: str, index: NameIndex) -> None:
    text = f"2. Lập đề án.\n\nĐơn vị chủ trì: Sở Y tế.\n\n{label}: Tháng 11/2025.\n"
    assert [shown(duty) for duty in read(text, index)] == [("2", ("Sở Y tế",), (), due)]


@pytest.mark.parametrize(
    "label",
    [
        "Đơn vị chủ trì",
        "Cơ quan chủ trì",
        "Chủ trì",
        "Cơ quan chủ trì thực hiện",
        "Cơ quan thực hiện",
        "Đầu mối",
    ],
)
def test_labelled_duties_know_lead_labels(label: str, index: NameIndex) -> None:
    text = f"2. Lập đề án.\n\n- {label}: Sở Y tế.\n\n- Sản phẩm: Đề án.\n\n- Thời gian: Quý I/2026.\n"
    assert [duty.due for duty in read(text, index)] == ["2026-Q1"]
    assert read(text, index)[0].leads == ("Sở Y tế",)


def test_labelled_duties_take_labels_in_any_order(index: NameIndex) -> None:
    text = (
        "1.1. Nội dung: Tổ chức hội nghị hiệp thương.\n\n"
        "- Thời gian: Dự kiến ngày 05/12/2025 (chậm nhất ngày 10/12/2025).\n\n"
        "- Thành phần: Đại diện các tổ chức.\n\n- Đơn vị chủ trì: Công an tỉnh.\n"
    )
    assert [shown(duty) for duty in read(text, index)] == [("1.1", ("Công an tỉnh",), (), "2025-12-10")]


HEADED = """1.2. Sở Y tế - Cơ quan thường trực Ban Chỉ đạo

- Mở lớp tập huấn cho các đơn vị.

Thời gian hoàn thành: Tháng 12/2025.

- Đôn đốc, kiểm tra các đơn vị.

Thời gian thực hiện: Từ tháng 11/2025 đến khi kết thúc.

1.3. Tăng cường kiểm tra

- Lập đoàn kiểm tra.

Thời gian hoàn thành: Tháng 10/2025.
"""


def test_labelled_duties_take_the_lead_of_the_heading(index: NameIndex) -> None:
    """A form that tells only a time belongs to the body whose heading it stands under."""
    assert [shown(duty) for duty in read(HEADED, index)] == [
        ("1.2/1", ("Sở Y tế",), (), "2025-12"),
        ("1.2/2", ("Sở Y tế",), (), "none"),
    ]


def test_labelled_duties_give_one_for_each_deadline(index: NameIndex) -> None:
    text = "3. Báo cáo kết quả. Chủ trì: Sở Y tế. Thời gian: định kỳ 6 tháng và hằng năm.\n"
    assert [duty.due for duty in read(text, index)] == ["half-yearly", "yearly"]


@pytest.mark.parametrize(
    "text",
    [
        "1. Sở Y tế chủ trì, phối hợp với Sở Tài chính xây dựng đề án trong năm 2026.\n",
        "1. Tổ chức thực hiện: các cơ quan căn cứ nhiệm vụ được giao triển khai.\n",
        "1. Các cơ quan, đơn vị thực hiện các nội dung sau: rà soát, báo cáo trước ngày 30/6/2026.\n",
        "Thời gian hoàn thành: Tháng 11/2025.\n",
        "1. Nhiệm vụ: Lập đề án.\n\nThời gian hoàn thành: Tháng 11/2025.\n",
        "Đơn vị chủ trì:\n",
        "::::::\n",
        "",
    ],
)
def test_labelled_duties_leave_sentences(text: str, index: NameIndex) -> None:
    assert labelled_duties(text, blocks_of(text), index) == ([], set())


def test_extract_offers_dated_forms_before_the_section(registry: Registry) -> None:
    """Before the section only what names a body and a deadline counts (`body`)."""
    text = (
        "ỦY BAN NHÂN DÂN TỈNH\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 12/KH-UBND\n\nKẾ HOẠCH\n\n"
        "Về pháp luật\n\nII. NHIỆM VỤ\n\n"
        f"{PARAGRAPHS}\n\nIII. TỔ CHỨC THỰC HIỆN\n\n1. Sở Nội vụ theo dõi, đôn đốc việc thực hiện.\n"
    )
    result = Extractor(registry).extract(text, name="thử")
    duties = [duty for document in result.documents for duty in document.duties]
    assert [(duty.scope.value, duty.clause, duty.leads, duty.due) for duty in duties] == [
        ("body", "II.7/1", ("Sở Y tế",), "2025-12"),
        ("section", "1", ("Sở Nội vụ",), "none"),
    ]
    assert duties[0].due_text == "Tháng 12/2025"


def test_extract_reads_forms_of_a_directive_without_a_section(registry: Registry) -> None:
    text = f"ĐẢNG CỘNG SẢN VIỆT NAM\nSố 12-CT/TU\n\nCHỈ THỊ\n\n{PARAGRAPHS}"
    result = Extractor(registry).extract(text, name="thử")
    duties = [duty for document in result.documents for duty in document.duties]
    assert [(duty.scope.value, duty.leads, duty.due) for duty in duties] == [
        ("directive", ("Sở Y tế",), "2025-12"),
        ("directive", ("Sở Tài chính",), "none"),
    ]
