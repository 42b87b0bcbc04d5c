"""Rows in the form of the contract."""

from __future__ import annotations

import json

from tracker.extraction.extract import Extractor
from tracker.extraction.rows import coverage_row, row_of

TEXT = "III. TỔ CHỨC THỰC HIỆN\n\n1. Giao Sở Y tế phối hợp với Công an tỉnh báo cáo trong tháng 3/2024."


def test_row_of_has_the_fields_of_the_contract(extractor: Extractor) -> None:
    (document,) = extractor.extract(TEXT, name="kh-1").documents
    row = row_of(document.duties[0])
    assert json.loads(json.dumps(row)) == {
        "document": "kh-1",
        "scope": "section",
        "clause": "1",
        "leads": ["so-yt"],
        "coordinators": ["ca"],
        "due": "2024-03",
        "quote": "phối hợp với Công an tỉnh báo cáo trong tháng 3/2024.",
        "start": TEXT.index("phối hợp"),
        "end": len(TEXT),
        "due_text": "trong tháng 3/2024",
        "confidence": row["confidence"],
        "rules": ["lead-assigned", "deadline-ends-action", "in-month"],
    }


def test_coverage_row_counts_and_lists(extractor: Extractor) -> None:
    (document,) = extractor.extract(
        f"{TEXT}\n\n2. Kinh phí lấy từ ngân sách nhà nước hiện hành.", name="kh-1"
    ).documents
    row = coverage_row(document)
    assert (row["document"], row["duties"]) == ("kh-1", 1)
    assert [passage["words"] for passage in row["blocks_without_duty"]] == [
        "Kinh phí lấy từ ngân sách nhà nước hiện hành."
    ]
    assert json.loads(json.dumps(row)) == row
