"""Annex tables: rows by columns, in the shapes that Markdown and converters give them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from tracker.extraction.extract import Extractor
from tracker.extraction.finders.forms import FormDuty, read_bodies
from tracker.extraction.finders.names import NameIndex
from tracker.extraction.finders.source import compose
from tracker.extraction.finders.tables import find_tables, table_duties
from tracker.extraction.registry import Body, CollectiveBody, Registry
from tracker.extraction.types import Scope


@pytest.fixture(scope="module")
def registry() -> Registry:
    bodies = ["Sở Tài chính", "Sở Y tế", "Sở Nội vụ", "Sở Giáo dục và Đào tạo", "Công an tỉnh"]
    return Registry(
        bodies={name: Body(key=name, name=name, kind="so") for name in bodies},
        collectives={
            "cac-so": CollectiveBody(
                key="cac-so", name="Các sở, ban, ngành tỉnh", aliases=("các sở, ban, ngành",), is_open=True
            )
        },
    )


@pytest.fixture(scope="module")
def index(registry: Registry) -> NameIndex:
    return NameIndex(registry)


def read(text: str, index: NameIndex) -> list[FormDuty]:
    return table_duties(text, find_tables(text, 0, len(text)), index)


def shown(duty: FormDuty, text: str) -> tuple[str, tuple[str, ...], tuple[str, ...], str, str]:
    words = " ".join(text[duty.start : duty.end].split())
    return duty.clause, duty.leads, duty.coordinators, duty.due, words


MARKDOWN = """PHỤ LỤC

| TT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành |
|----|:---------|-----------------|------------------|----------------------|
| I | **Nhóm nhiệm vụ về y tế** | | | |
| 1 | Xây dựng đề án y tế cơ sở | Sở Y tế | Sở Tài chính, Sở Nội vụ | Quý IV/2025 |
| 2 | Rà soát định mức | Sở Tài chính | | Trước ngày 31/5/2026 |

Trên đây là phụ lục."""


def test_table_duties_read_markdown_rows(index: NameIndex) -> None:
    assert [shown(duty, MARKDOWN) for duty in read(MARKDOWN, index)] == [
        ("PL/1", ("Sở Y tế",), ("Sở Tài chính", "Sở Nội vụ"), "2025-Q4", "Xây dựng đề án y tế cơ sở"),
        ("PL/2", ("Sở Tài chính",), (), "<2026-05-31", "Rà soát định mức"),
    ]


def test_table_duties_point_at_the_deadline(index: NameIndex) -> None:
    first = read(MARKDOWN, index)[0]
    assert MARKDOWN[first.due_start : first.due_end] == "Quý IV/2025"


EXPLODED = """
|
**STT**
|
**NHIỆM VỤ VÀ GIẢI PHÁP**
|
**CHỦ TRÌ**
|
**PHỐI HỢP**
|
**THỜI GIAN**
|
**SẢN PHẨM**
|
|
**I**
|
**Nhóm giải pháp
về cơ chế**
|
|
1
|
Rà soát cơ chế,
chính sách
|
Sở Tài chính
|
Các sở, ban, ngành
|
Thường xuyên
|
|
|
2
|
Lập quy hoạch mạng lưới
|
Sở Y tế
|
|
2026
|
Quy hoạch
|
|
3
|
Tập huấn cán bộ
|
Sở Nội vụ
|
Công an tỉnh
|
Hằng năm
|
|

Hết."""


def test_table_duties_read_cells_on_lines_of_their_own(index: NameIndex) -> None:
    assert [shown(duty, EXPLODED) for duty in read(EXPLODED, index)] == [
        ("PL/1", ("Sở Tài chính",), ("cac-so",), "none", "Rà soát cơ chế, chính sách"),
        ("PL/2", ("Sở Y tế",), (), "2026", "Lập quy hoạch mạng lưới"),
        ("PL/3", ("Sở Nội vụ",), ("Công an tỉnh",), "yearly", "Tập huấn cán bộ"),
    ]


def test_table_duties_read_a_row_under_a_spanning_number(index: NameIndex) -> None:
    """The second row has no number: it spans both, and so does the time that the row lacks."""
    text = (
        "|\nTT\n|\nNội dung công việc\n|\nĐơn vị thực hiện\n|\nThời hạn\n|\n"
        "|\n1\n|\nLập dự án\n|\nSở Y tế\n|\nQuý I/2026\n|\n"
        "|\nThẩm định dự án\n|\nSở Tài chính\n|\n"
        "|\n2\n|\nBàn giao\n|\nSở Nội vụ\n|\nQuý II/2026\n|\n"
    )
    assert [shown(duty, text)[:4] for duty in read(text, index)] == [
        ("PL/1", ("Sở Y tế",), (), "2026-Q1"),
        ("PL/2", ("Sở Tài chính",), (), "2026-Q1"),
        ("PL/3", ("Sở Nội vụ",), (), "2026-Q2"),
    ]
    assert [duty.rules[0] for duty in read(text, index)] == ["table-row", "table-row-spanned", "table-row"]


def test_table_duties_read_the_last_cell_without_its_pipe(index: NameIndex) -> None:
    """The last pipe of a text is taken for a line's dress, so that it may lie outside."""
    text = "|\nTT\n|\nNhiệm vụ\n|\nChủ trì\n|\nThời gian\n|\n|\n1\n|\nLập dự án\n|\nSở Y tế\n|\nQuý I/2026"
    assert [shown(duty, text)[3] for duty in read(text, index)] == ["2026-Q1"]


def test_an_undated_row_without_a_column_of_times_is_doubted(index: NameIndex) -> None:
    text = "| Nhiệm vụ | Chủ trì | Phối hợp |\n|---|---|---|\n| Lập dự án | Sở Y tế | Sở Tài chính |\n"
    assert [duty.rules for duty in read(text, index)] == [("table-row-untimed",)]


@pytest.mark.parametrize(
    "heading",
    [
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành |",
        "| STT | Nội dung công việc | Đơn vị chủ trì thực hiện | Đơn vị phối hợp | Thời hạn |",
        "| Số TT | NHIỆM VỤ | CHỦ TRÌ | PHỐI HỢP | TIẾN ĐỘ |",
        "| **TT** | **Tên nhiệm vụ** | **Cơ quan đầu mối** | **Phối hợp** | **Thời gian dự kiến** |",
        "| TT | Nhiệm vụ, giải pháp | Trách nhiệm thực hiện | Cơ quan phối hợp | Hạn hoàn thành |",
        "|TT|Nhiệm vụ|Cơ quan chủ trì|Cơ quan phối hợp|Thời gian|",
        "| TT | Nội dung thực hiện | Phân công thực hiện | Phối hợp | Kỳ hạn |",
        "| TT | Công việc | Đơn vị phụ trách | Đơn vị phối hợp | Hạn |",
    ],
)
def test_find_tables_knows_headings(heading: str, index: NameIndex) -> None:
    text = f"{heading}\n|---|---|---|---|---|\n| 1 | Lập đề án | Sở Y tế | Sở Nội vụ | Tháng 6/2026 |\n"
    assert [shown(duty, text) for duty in read(text, index)] == [
        ("PL/1", ("Sở Y tế",), ("Sở Nội vụ",), "2026-06", "Lập đề án")
    ]


def test_table_duties_take_columns_in_any_order(index: NameIndex) -> None:
    text = (
        "| Thời hạn | Cơ quan phối hợp | Cơ quan chủ trì | Kết quả | Nhiệm vụ |\n|--|--|--|--|--|\n"
        "| Năm 2027 | Công an tỉnh | Sở Nội vụ | Báo cáo | Rà soát biên chế |\n"
    )
    assert [shown(duty, text) for duty in read(text, index)] == [
        ("PL/1", ("Sở Nội vụ",), ("Công an tỉnh",), "2027", "Rà soát biên chế")
    ]


def test_table_duties_give_one_for_each_deadline(index: NameIndex) -> None:
    text = (
        "| Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|--|--|--|\n"
        "| Báo cáo kết quả | Sở Y tế | Định kỳ 6 tháng và hằng năm |\n"
    )
    assert [(duty.clause, duty.due) for duty in read(text, index)] == [
        ("PL/1", "half-yearly"),
        ("PL/1", "yearly"),
    ]


def test_table_duties_count_over_the_tables(index: NameIndex) -> None:
    text = f"{MARKDOWN}\n\n{MARKDOWN}"
    assert [duty.clause for duty in read(text, index)] == ["PL/1", "PL/2", "PL/3", "PL/4"]


def test_table_duties_take_a_spanned_lead_from_above(index: NameIndex) -> None:
    text = (
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|--|--|--|--|\n"
        "| 1 | Lập đề án | Sở Y tế | Quý I/2026 |\n| 2 | Trình đề án | | Quý II/2026 |\n"
    )
    assert [(duty.leads, duty.due) for duty in read(text, index)] == [
        (("Sở Y tế",), "2026-Q1"),
        (("Sở Y tế",), "2026-Q2"),
    ]


def test_table_duties_join_wrapped_lines(index: NameIndex) -> None:
    text = (
        "| TT | Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|--|--|--|--|\n"
        "| 1 | Lập đề án\nphát triển y tế | Sở Y tế | Quý I/2026 |\n"
    )
    assert [shown(duty, text)[3:] for duty in read(text, index)] == [("2026-Q1", "Lập đề án phát triển y tế")]


def test_table_duties_read_a_yearless_date_from_the_documents_day(index: NameIndex) -> None:
    text = (
        "| Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|--|--|--|\n"
        "| Lập dự toán | Sở Y tế | Trước ngày 30/6 |\n"
    )
    tables = find_tables(text, 0, len(text))
    assert [duty.due for duty in table_duties(text, tables, index, issued_on=date(2026, 2, 3))] == [
        "<2026-06-30"
    ]
    assert [duty.due for duty in table_duties(text, tables, index)] == ["none"]


@pytest.mark.parametrize(
    "text",
    [
        "| TỈNH ỦY BẮC GIANG | ĐẢNG CỘNG SẢN VIỆT NAM |\n| Số 12-CT/TU | Bắc Giang, ngày 01/6/2021 |\n",
        "| TT | Chỉ tiêu | Đơn vị tính | Năm 2025 |\n|--|--|--|--|\n| 1 | Tỷ lệ che phủ | % | 38 |\n",
        "| TT | Họ và tên | Chức vụ | Cơ quan |\n|--|--|--|--|\n| 1 | Nguyễn Văn A | Chủ tịch | UBND |\n",
        "Sở Y tế chủ trì, phối hợp với các sở | ban | ngành thực hiện | trong năm 2025",
        "| | | |\n" * 50,
        "|" * 2000,
        "| chủ trì |" * 300,
        "",
    ],
)
def test_find_tables_leaves_other_tables(text: str) -> None:
    assert find_tables(text, 0, len(text)) == []


def test_find_tables_stays_inside_its_stretch(index: NameIndex) -> None:
    end = MARKDOWN.index("| 2 |")
    tables = find_tables(MARKDOWN, 0, end)
    assert [duty.clause for duty in table_duties(MARKDOWN, tables, index)] == ["PL/1"]
    assert all(table.end <= end for table in tables)


@pytest.mark.parametrize(
    ("cell", "keys"),
    [
        ("Sở Y tế", ("Sở Y tế",)),
        ("Sở Y tế, Sở Tài chính", ("Sở Y tế", "Sở Tài chính")),
        ("Sở Y tế; Sở Tài chính và Công an tỉnh.", ("Sở Y tế", "Sở Tài chính", "Công an tỉnh")),
        ("Sở Y tế<br>Sở Tài chính", ("Sở Y tế", "Sở Tài chính")),
        ("Sở Giáo dục và Đào tạo", ("Sở Giáo dục và Đào tạo",)),
        ("Sở Công Thương", ("other:Sở Công Thương",)),
        ("Viện Nghiên cứu phát triển", ("other:Viện Nghiên cứu phát triển",)),
        ("Hội Khoa học và Kỹ thuật", ("other:Hội Khoa học và Kỹ thuật",)),
        ("UBND xã, phường, đặc khu", ("other:UBND xã, phường, đặc khu",)),
        ("Sở Công Thương và Sở Y tế", ("other:Sở Công Thương", "Sở Y tế")),
        ("", ()),
        (" - ", ()),
    ],
)
def test_read_bodies_of_a_cell(cell: str, keys: tuple[str, ...], index: NameIndex) -> None:
    assert read_bodies(index, cell, (0, len(cell))) == keys


def test_as_duty_maps_to_the_text_given(index: NameIndex) -> None:
    """A decomposed text has more characters: the row must point into it all the same."""
    given = unicodedata.normalize("NFD", MARKDOWN)
    source = compose(given)
    duty = read(source.text, index)[0].as_duty(given, source, document="1-KH/TU", scope=Scope.BODY)
    assert unicodedata.normalize("NFC", given[duty.start : duty.end]) == "Xây dựng đề án y tế cơ sở"
    assert unicodedata.normalize("NFC", duty.due_text) == "Quý IV/2025"
    assert (duty.scope, duty.confidence) == (Scope.BODY, 0.95)


HEAD = """ỦY BAN NHÂN DÂN TỈNH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 12/KH-UBND

KẾ HOẠCH

Về phát triển y tế cơ sở

"""
SECTION = """III. TỔ CHỨC THỰC HIỆN

1. Sở Y tế chủ trì triển khai Kế hoạch, xong trong tháng 6/2026.

TM. ỦY BAN NHÂN DÂN

"""


def extracted(text: str, registry: Registry) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Scope, clause, leads and deadline of what the whole pipeline reads."""
    result = Extractor(registry).extract(text, name="thử")
    return [
        (duty.scope.value, duty.clause, duty.leads, duty.due)
        for document in result.documents
        for duty in document.duties
    ]


def test_extract_puts_an_annex_beside_the_section(registry: Registry) -> None:
    assert extracted(HEAD + SECTION + MARKDOWN, registry) == [
        ("section", "1", ("Sở Y tế",), "2026-06"),
        ("body", "PL/1", ("Sở Y tế",), "2025-Q4"),
        ("body", "PL/2", ("Sở Tài chính",), "<2026-05-31"),
    ]


def test_extract_reads_an_annex_without_a_section(registry: Registry) -> None:
    rows = extracted(HEAD + "Sở Y tế theo dõi việc thực hiện.\n\n" + MARKDOWN, registry)
    assert [row for row in rows if row[1].startswith("PL/")] == [
        ("directive", "PL/1", ("Sở Y tế",), "2025-Q4"),
        ("directive", "PL/2", ("Sở Tài chính",), "<2026-05-31"),
    ]


def test_extract_reads_a_table_inside_the_section(registry: Registry) -> None:
    table = MARKDOWN.removeprefix("PHỤ LỤC\n\n")
    section = SECTION.replace("TM. ỦY", table + "\n\nTM. ỦY")
    assert [row[:2] for row in extracted(HEAD + section, registry)] == [
        ("section", "1"),
        ("section", "PL/1"),
        ("section", "PL/2"),
    ]


def test_extract_keeps_each_row_of_a_table_as_a_clause(registry: Registry) -> None:
    text = HEAD + SECTION + MARKDOWN
    (document,) = Extractor(registry).extract(text, name="thử").documents
    rows = [(clause.path, text[clause.start : clause.end]) for clause in document.clauses]
    assert rows[-2:] == [("PL/1", "Xây dựng đề án y tế cơ sở"), ("PL/2", "Rà soát định mức")]
