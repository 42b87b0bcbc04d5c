"""The quarterly report's page and files, and the record as a file: who may read them, what they hold."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_document, make_task, make_user
from tests.web.conftest import ClientOf
from tests.web.reading import context_of, words_of
from tracker.agencies.models import Agency
from tracker.core.enums import OfficeRole
from tracker.core.models import User
from tracker.duties import workflow
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db

PAGES = ("/bao-cao/", "/bao-cao/bao-cao-quy.xlsx", "/bao-cao/bao-cao-quy.docx")
RECORD = ("/bao-cao/nhat-ky/", "/bao-cao/nhat-ky.csv")


def _late(agency: Agency, **fields: Any) -> Task:
    return make_task(agency=agency, due="2026-Q3", due_text="trong quý III/2026", **fields)


def _done_late(agency: Agency) -> Task:
    return workflow.report_task(_late(agency), note="xong", today=TODAY, actor=ACTOR, now=NOW)


@pytest.mark.parametrize("path", [*PAGES, *RECORD])
@pytest.mark.parametrize(
    ("role", "sees_report", "sees_record"),
    [
        (OfficeRole.NONE, False, False),
        (OfficeRole.LEADER, True, False),
        (OfficeRole.AUDITOR, True, True),
        (OfficeRole.REGISTRAR, True, True),
    ],
)
def test_report_is_for_overseers_and_the_record_for_registrars_and_auditors(
    client_of: ClientOf, agency: Agency, path: str, role: OfficeRole, sees_report: bool, sees_record: bool
) -> None:
    person = make_user(agency=agency, office_role=role)
    may = sees_record if path in RECORD else sees_report
    assert client_of(person).get(path).status_code == (200 if may else 404)


@pytest.mark.parametrize("path", [*PAGES, *RECORD])
def test_strangers_are_asked_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302


def test_page_shows_a_quarter_as_of_a_day(client_of: ClientOf, registrar: User, agency: Agency) -> None:
    _done_late(agency)
    _late(agency)
    client = client_of(registrar)
    page = words_of(client.get("/bao-cao/", {"quy": "2026-Q3", "ngay": "16/11/2026"}))
    assert "Kết quả thực hiện quý III/2026" in page
    assert "Số liệu tính đến hết ngày 16/11/2026" in page
    assert "Ban Nội chính Tỉnh ủy 2 0 1 0 1 50,0% 1 0" in page
    assert "trong quý III/2026 hạn 30/09/2026 quá hạn 47 ngày" in page


def test_page_begins_with_this_quarter_until_today(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    make_task(agency=agency, due="2026-Q4")
    report = context_of(client_of(registrar).get("/bao-cao/"))["report"]
    assert (report.quarter, report.day, report.extended.open_in_time) == ("2026-Q4", TODAY, 1)


def test_past_quarter_is_shown_as_of_its_last_day(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    _late(agency)
    report = context_of(client_of(registrar).get("/bao-cao/", {"quy": "2026-Q3"}))["report"]
    # The task was opened in November: on the last day of September nobody knew of it.
    assert (f"{report.day}", report.extended.dated) == ("2026-09-30", 0)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"ngay": "17/11/2026"}, "Chưa có số liệu của ngày sau hôm nay."),
        ({"ngay": "hôm qua"}, "Ngày ghi như 31/12/2026."),
        ({"quy": "2026-Q9"}, "2026-Q9"),
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_what_cannot_be_understood_is_said_in_place(
    client_of: ClientOf, registrar: User, path: str, query: dict[str, str], words: str
) -> None:
    response = client_of(registrar).get(path, query)
    assert response.status_code == 400
    assert words in words_of(response)


def test_spreadsheet_holds_figures_and_every_late_task(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    document = make_document(number='=HYPERLINK("http://x")', subject="\x0b")
    _late(agency, document=document)
    _done_late(agency)
    response = client_of(registrar).get(PAGES[1], {"quy": "2026-Q3", "ngay": "16/11/2026"})
    assert response["Content-Disposition"] == 'attachment; filename="bao-cao-2026-Q3-den-2026-11-16.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Theo cơ quan", "Theo văn bản", "Việc chậm"]
    rows = list(book["Theo cơ quan"].iter_rows(values_only=True))
    assert rows[0][0] == "Tình hình thực hiện nhiệm vụ giao trong văn bản của cấp ủy quý III/2026"
    assert rows[4][:8] == ("Ban Nội chính Tỉnh ủy", 2, 0, 1, 0, 1, 0.5, 0)
    assert rows[5][:6] == ("Tổng cộng", 2, 0, 1, 0, 1)
    late = list(book["Việc chậm"].iter_rows(min_row=5, values_only=True))
    assert [(row[0], row[3], row[7]) for row in late] == [
        ("Ban Nội chính Tỉnh ủy", "trong quý III/2026", "quá hạn 47 ngày"),
        ("Ban Nội chính Tỉnh ủy", "trong quý III/2026", "xong chậm 47 ngày"),
    ]
    kinds = {cell.data_type for row in book["Theo văn bản"].iter_rows() for cell in row}
    assert "f" not in kinds


def test_letter_has_the_form_of_a_party_office_and_names_who_is_late(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    _late(agency)
    response = client_of(registrar).get(PAGES[2], {"quy": "2026-Q3", "ngay": "16/11/2026"})
    paper = docx.Document(io.BytesIO(response.content))
    heading, by_agency, late, _signature = paper.tables
    left, right = (cell.text.splitlines() for cell in heading.rows[0].cells)
    assert left == ["TỈNH ỦY", "VĂN PHÒNG", "*", "Số        -BC/VPTU"]
    assert right == ["ĐẢNG CỘNG SẢN VIỆT NAM", ".........., ngày 16 tháng 11 năm 2026"]
    text = [paragraph.text for paragraph in paper.paragraphs]
    assert text[:3] == [
        "BÁO CÁO",
        "Tình hình thực hiện nhiệm vụ giao trong văn bản của cấp ủy quý III/2026",
        "(Số liệu tính đến hết ngày 16/11/2026)",
    ]
    assert [cell.text for cell in by_agency.rows[1].cells][1:8] == [
        "Ban Nội chính Tỉnh ủy", "1", "0", "0", "0", "1", "0,0%",
    ]  # fmt: skip
    assert [cell.text for cell in late.rows[1].cells][4:] == [
        "trong quý III/2026",
        "30/09/2026",
        "quá hạn 47 ngày",
    ]


def test_letter_without_late_tasks_says_so(client_of: ClientOf, registrar: User) -> None:
    paper = docx.Document(io.BytesIO(client_of(registrar).get(PAGES[2]).content))
    assert "Không có việc nào chậm." in [paragraph.text for paragraph in paper.paragraphs]


@pytest.mark.parametrize("count", [1, 100])
def test_page_queries_are_fixed(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(count):
        _done_late(make_agency())
    client = client_of(registrar)
    with django_assert_num_queries(12):
        client.get("/bao-cao/", {"quy": "2026-Q3", "ngay": "16/11/2026"})


# --- The record ---------------------------------------------------------------------------------------


def _rows(client: Client, **query: str | int) -> list[list[str]]:
    response = client.get("/bao-cao/nhat-ky.csv", query)
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert content.startswith("\ufeffSố,Lúc,")
    return list(csv.reader(io.StringIO(content[1:])))[1:]


def test_record_is_told_by_document_agency_and_time(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    mine, other = _done_late(agency), _done_late(make_agency())
    later = make_task(agency=agency, duty=mine.duty, period="2026")
    workflow.start_task(later, actor=ACTOR, now=NOW + timedelta(days=3))
    client = client_of(registrar)
    told = [
        [(row[5], int(row[7])) for row in _rows(client, **query)]
        for query in (
            {},
            {"van_ban": mine.duty.document_id},
            {"co_quan": other.agency.key},
            {"tu": "17/11/2026"},
            {"den": "16/11/2026"},
        )
    ]
    reported, reported_too, started = (
        ("task.reported", mine.pk), ("task.reported", other.pk), ("task.started", later.pk),
    )  # fmt: skip
    assert told == [
        [reported, reported_too, started],
        [reported, started],
        [reported_too],
        [started],
        [reported, reported_too],
    ]


def test_record_of_an_agency_holds_what_it_has_handed_on(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    task = make_task(agency=agency, needs_assignment=True)
    workflow.assign_task(task, make_agency(), actor=ACTOR, now=NOW)
    assert [row[5] for row in _rows(client_of(registrar), co_quan=agency.key)] == ["task.handed_over"]


def test_record_tells_times_of_viet_nam_and_no_formula(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    task = make_task(agency=agency)
    workflow.report_task(task, note='=cmd|"x"!A1', today=TODAY, actor=ACTOR, now=NOW)
    row = _rows(client_of(registrar))[0]
    assert (row[1], row[10]) == ("16/11/2026 09:00:00", '\'=cmd|"x"!A1')


def test_record_of_a_day_that_is_none_is_refused(client_of: ClientOf, registrar: User) -> None:
    response = client_of(registrar).get("/bao-cao/nhat-ky.csv", {"tu": "32/1/2026"})
    assert response.status_code == 400
    assert "Ngày ghi như 31/12/2026." in words_of(response)


@pytest.mark.parametrize("count", [1, 100])
def test_record_queries_are_fixed(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(count):
        _done_late(make_agency())
    client = client_of(registrar)
    with django_assert_num_queries(3):
        assert len(_rows(client)) == count
