"""The whole way: which part of a document is read, and where its rows stand."""

from __future__ import annotations

import unicodedata

from tracker.extraction.extract import EXTRACTOR_VERSION, Extractor, extract_text
from tracker.extraction.registry import Registry
from tracker.extraction.types import ExtractedDocument, Scope

PLAN = """TỈNH ỦY SÔNG LAM
*
Số 7-KH/TU

ĐẢNG CỘNG SẢN VIỆT NAM
Sông Lam, ngày 05 tháng 02 năm 2024

KẾ HOẠCH
phát triển y tế cơ sở

I. MỤC TIÊU
Đến năm 2030 đạt 90% trạm chuẩn.

II. NHIỆM VỤ
1. Giao Sở Y tế hoàn thành đề án trạm y tế trước ngày 07/4/2024.
2. Tăng cường tuyên truyền.

III. TỔ CHỨC THỰC HIỆN
1. Sở Tài chính bố trí kinh phí, trình HĐND tỉnh trước ngày 30/6.

T/M BAN THƯỜNG VỤ
"""

DIRECTIVE = """TỈNH ỦY SÔNG LAM
*
Số 9-CT/TU

ĐẢNG CỘNG SẢN VIỆT NAM
Sông Lam, ngày 05 tháng 02 năm 2024

CHỈ THỊ
về phòng cháy

Thời gian qua, Công an tỉnh làm tốt. Ban Thường vụ Tỉnh ủy yêu cầu các cấp ủy thực hiện tốt:

1. Tăng cường lãnh đạo công tác phòng cháy.

2. Công an tỉnh kiểm tra các chợ, xong trong quý II/2024.

Giao Văn phòng Tỉnh ủy theo dõi, đôn đốc.
"""


def read(extractor: Extractor, text: str) -> ExtractedDocument:
    (document,) = extractor.extract(text, name="x").documents
    return document


def shown(document: ExtractedDocument) -> list[tuple[Scope, str, str, tuple[str, ...]]]:
    return [(duty.scope, duty.clause, duty.due, duty.leads) for duty in document.duties]


def test_a_plan_gives_its_section_and_the_dated_assignments_before_it(extractor: Extractor) -> None:
    assert shown(read(extractor, PLAN)) == [
        (Scope.BODY, "II.1", "<2024-04-07", ("so-yt",)),
        (Scope.SECTION, "1", "<2024-06-30", ("so-tc",)),
    ]


def test_a_directive_gives_the_items_that_name_a_body(extractor: Extractor) -> None:
    assert shown(read(extractor, DIRECTIVE)) == [
        (Scope.DIRECTIVE, "2", "2024-Q2", ("ca",)),
        (Scope.DIRECTIVE, "end", "none", ("vptu",)),
    ]


def test_a_report_assigns_nothing(extractor: Extractor) -> None:
    report = read(extractor, PLAN.replace("7-KH/TU", "7-BC/TU").replace("KẾ HOẠCH", "BÁO CÁO"))
    assert (report.kind, report.duties) == ("bao-cao", ())


def test_rows_point_into_the_text_given_also_when_it_is_decomposed(extractor: Extractor) -> None:
    for text in (PLAN, unicodedata.normalize("NFD", PLAN), PLAN.replace("\n", "\r\n")):
        for duty in read(extractor, text).duties:
            assert " ".join(text[duty.start : duty.end].split()) == duty.quote
            assert " ".join(text[duty.due_start : duty.due_end].split()) == duty.due_text
            assert 0 <= duty.start <= duty.due_start < duty.due_end <= duty.end <= len(text)


def test_a_decomposed_text_gives_the_same_rows(extractor: Extractor) -> None:
    assert shown(read(extractor, unicodedata.normalize("NFD", PLAN))) == shown(read(extractor, PLAN))


def test_the_result_names_its_source_and_its_extractor(registry: Registry) -> None:
    result = extract_text(PLAN, registry, name="ke-hoach-7")
    assert (result.name, result.version) == ("ke-hoach-7", EXTRACTOR_VERSION)
    assert [document.number for document in result.documents] == ["7-KH/TU"]
    assert extract_text("", registry, name="x").documents == ()


def test_extract_text_minds_which_registry_it_is_given(registry: Registry) -> None:
    assert extract_text(DIRECTIVE, registry, name="x").documents[0].duties[0].leads == ("ca",)
    assert extract_text(DIRECTIVE, Registry(), name="x").documents[0].duties[0].leads == (
        "other:Công an tỉnh",
    )


def test_clauses_lie_inside_their_document(extractor: Extractor) -> None:
    document = read(extractor, PLAN)
    assert [clause.path for clause in document.clauses if clause.start > PLAN.index("III.")] == ["1"]
    assert all(document.start <= clause.start < clause.end <= document.end for clause in document.clauses)
