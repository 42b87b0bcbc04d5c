"""The quarterly report as a spreadsheet (XLSX): a sheet by agency, by document, and of late tasks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from tracker.reports.figures import Figures
from tracker.reports.quarterly import QuarterlyReport, Row
from tracker.reports.words import FIGURES, METHOD, as_of_words, lateness_words, printable, title_words

_BOLD = Font(bold=True)
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_WRAP = Alignment(wrap_text=True, vertical="top")
_HEADS = (
    *FIGURES,
    "Tỷ lệ hoàn thành",
    "Tỷ lệ đúng hạn",
    "Hoàn thành đúng hạn (hạn ban đầu)",
    "Hoàn thành quá hạn (hạn ban đầu)",
    "Chưa hoàn thành, quá hạn (hạn ban đầu)",
    "Thường xuyên: đã báo cáo",
    "Thường xuyên: chưa báo cáo",
)
_LATE_HEADS = (
    "Cơ quan",
    "Văn bản",
    "Nội dung",
    "Thời hạn (nguyên văn)",
    "Hạn",
    "Hạn ban đầu",
    "Ngày báo cáo",
    "Chậm",
    "Tình trạng",
)
_PERCENT = "0.0%"
_DAY = "dd/mm/yyyy"


def report_workbook(report: QuarterlyReport) -> bytes:
    """The report as a file's bytes. No text becomes a formula, whatever a document says."""
    book = Workbook()
    book.remove(book.active)
    _figures_sheet(book.create_sheet("Theo cơ quan"), report, "Cơ quan", report.by_agency)
    _figures_sheet(book.create_sheet("Theo văn bản"), report, "Văn bản", report.by_document)
    _late_sheet(book.create_sheet("Việc chậm"), report)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _figures_sheet(sheet: Any, report: QuarterlyReport, head: str, rows: Sequence[Row]) -> None:
    _title(sheet, report)
    _heads(sheet, [head, *_HEADS])
    for row in rows:
        _line(sheet, [row.name, *_values(row.extended, row.original)])
    _line(sheet, ["Tổng cộng", *_values(report.extended, report.original)])
    for cell in sheet[sheet.max_row]:
        cell.font = _BOLD
    _line(sheet, [])
    _line(sheet, [f"Chờ phân công: {report.waiting} việc; lịch sử (không theo dõi): {report.history} việc."])
    _line(sheet, [METHOD])
    _widths(sheet, [48, *[14] * len(_HEADS)])


def _values(extended: Figures, original: Figures) -> list[Any]:
    return [
        extended.dated,
        extended.done_on_time,
        extended.done_late,
        extended.open_in_time,
        extended.open_overdue,
        _part(extended.percent_done),
        _part(extended.percent_on_time),
        original.done_on_time,
        original.done_late,
        original.open_overdue,
        extended.undated_done,
        extended.undated_open,
    ]


def _part(percent: float | None) -> float | str:
    return "–" if percent is None else round(percent / 100, 6)


def _late_sheet(sheet: Any, report: QuarterlyReport) -> None:
    _title(sheet, report)
    _heads(sheet, _LATE_HEADS)
    for task in report.late:
        _line(
            sheet,
            [
                task.agency,
                task.document,
                task.action,
                task.words,
                task.due_on,
                task.original_due_on,
                task.reported_on,
                lateness_words(task),
                task.state,
            ],
        )
    _widths(sheet, [36, 36, 80, 28, 12, 12, 12, 18, 22])
    sheet.auto_filter.ref = f"A4:{get_column_letter(len(_LATE_HEADS))}{max(sheet.max_row, 4)}"


def _title(sheet: Any, report: QuarterlyReport) -> None:
    _line(sheet, [title_words(report)])
    _line(sheet, [as_of_words(report)])
    _line(sheet, [])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = sheet["A2"].alignment = Alignment(wrap_text=False)
    sheet.freeze_panes = "B5"


def _heads(sheet: Any, heads: Iterable[str]) -> None:
    _line(sheet, heads)
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = _BOLD, _HEAD


def _line(sheet: Any, values: Iterable[Any]) -> None:
    """Add a line. Texts are set as texts: `=HYPERLINK(…)` in a document stays what it is."""
    values = list(values)
    sheet.append([_cell(sheet, value, is_wrapped=len(values) > 1) for value in values or [" "]])


def _cell(sheet: Any, value: Any, *, is_wrapped: bool) -> Cell:
    cell = Cell(sheet, row=1, column=1)  # `append` gives it its place
    if isinstance(value, str):
        cell.value, cell.data_type = printable(value), "s"
    else:
        cell.value = value
    if isinstance(value, float):
        cell.number_format = _PERCENT
    elif isinstance(value, date):
        cell.number_format = _DAY
    if is_wrapped:
        cell.alignment = _WRAP
    return cell


def _widths(sheet: Any, widths: Iterable[int]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
