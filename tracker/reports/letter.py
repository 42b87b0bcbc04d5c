"""The quarterly report as a document (DOCX), with the heading form of a Party office's report.

The form follows Hướng dẫn 36-HD/VPTW (2018): the committee and its office with a star on the left; the
Party's title and the place and day on the right. The number and the signature are left to be filled in.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tracker.duties.deadlines import quarter_words
from tracker.reports.figures import Figures
from tracker.reports.quarterly import LateTask, QuarterlyReport, Row
from tracker.reports.words import (
    FIGURES,
    METHOD,
    as_of_words,
    day_words,
    lateness_words,
    long_day_words,
    percent_words,
    printable,
    title_words,
)

_FONT = "Times New Roman"
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
_MOST_LATE = 500  # a letter is read; the spreadsheet holds them all
_PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who reports: the committee above (`TỈNH ỦY …`), the office, and the place for the day's line."""

    committee: str
    office: str
    place: str


def report_letter(report: QuarterlyReport, head: Letterhead, *, today: date) -> bytes:
    """The report as a file's bytes; `today` dates the letter, `report.day` its figures."""
    paper = docx.Document()
    _page(paper)
    _heading(paper, head, today)
    _paragraph(paper, "BÁO CÁO", bold=True, size=16, align=_CENTRE, before=12)
    _paragraph(paper, title_words(report), bold=True, align=_CENTRE)
    _paragraph(paper, f"({as_of_words(report)})", italic=True, align=_CENTRE)
    _paragraph(paper, "-----", align=_CENTRE)
    _results(paper, report)
    _late(paper, report)
    _paragraph(paper, f"Cách tính: {METHOD}", italic=True, size=11, align=_JUSTIFIED, before=12)
    _signature(paper)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _page(paper: Any) -> None:
    """A4 on its side: the tables are wide."""
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(4)


def _heading(paper: Any, head: Letterhead, today: date) -> None:
    left, right = paper.add_table(rows=1, cols=2).rows[0].cells
    _paragraph(left, head.committee.upper(), align=_CENTRE, is_first=True)
    _paragraph(left, head.office.upper(), bold=True, align=_CENTRE)
    _paragraph(left, "*", align=_CENTRE)
    _paragraph(left, "Số        -BC/VPTU", align=_CENTRE)
    title = _paragraph(right, _PARTY, bold=True, size=15, align=_CENTRE, is_first=True)
    _underline(title)
    _paragraph(right, f"{head.place}, {long_day_words(today)}", italic=True, align=_CENTRE, before=6)


def _results(paper: Any, report: QuarterlyReport) -> None:
    figures, quarter = report.extended, quarter_words(report.quarter)
    _paragraph(paper, "1. Kết quả chung", bold=True, before=8)
    _paragraph(
        paper,
        f"Có {figures.dated} việc có hạn trong {quarter}. Đã hoàn thành {figures.done} việc "
        f"({percent_words(figures.percent_done)}), trong đó đúng hạn {figures.done_on_time}, quá hạn "
        f"{figures.done_late}. Chưa hoàn thành {figures.open} việc, trong đó còn trong hạn "
        f"{figures.open_in_time}, đã quá hạn {figures.open_overdue}.",
        align=_JUSTIFIED,
    )
    original = report.original
    _paragraph(
        paper,
        f"Nếu tính theo hạn ban đầu (chưa gia hạn): {original.dated} việc, hoàn thành đúng hạn "
        f"{original.done_on_time}, quá hạn {original.done_late}; chưa hoàn thành, quá hạn "
        f"{original.open_overdue}.",
        align=_JUSTIFIED,
    )
    _paragraph(
        paper,
        f"Ngoài ra: {figures.undated} việc thường xuyên, không có thời hạn (đã báo cáo "
        f"{figures.undated_done}); {report.waiting} việc trong quý chờ phân công cơ quan.",
        align=_JUSTIFIED,
    )
    _paragraph(paper, "2. Kết quả theo cơ quan", bold=True, before=8)
    heads = ["TT", "Cơ quan", *FIGURES, "Tỷ lệ hoàn thành", "Quá hạn theo hạn ban đầu", "Thường xuyên"]
    rows = [[str(number), row.name, *_cells(row)] for number, row in enumerate(report.by_agency, start=1)]
    total = Row(0, "", report.extended, report.original)
    _table(
        paper, heads, [*rows, ["", "Tổng cộng", *_cells(total)]], [1.2, 6.5, *[1.9] * 4, 2.1, 2, 2.2, 2], 2
    )


def _cells(row: Row) -> list[str]:
    figures: Figures = row.extended
    numbers = (
        figures.dated,
        figures.done_on_time,
        figures.done_late,
        figures.open_in_time,
        figures.open_overdue,
    )
    return [
        *map(str, numbers),
        percent_words(figures.percent_done),
        str(row.original.open_overdue),
        str(figures.undated),
    ]


def _late(paper: Any, report: QuarterlyReport) -> None:
    _paragraph(paper, "3. Việc chậm", bold=True, before=12)
    if not report.late:
        _paragraph(paper, "Không có việc nào chậm.")
        return
    heads = ["TT", "Cơ quan", "Nhiệm vụ", "Văn bản", "Thời hạn", "Hạn", "Chậm"]
    shown = report.late[:_MOST_LATE]
    rows = [[str(number), *_late_cells(task)] for number, task in enumerate(shown, start=1)]
    _table(paper, heads, rows, [1.2, 4.2, 8, 3.8, 3, 2.4, 2.6], 7)
    if len(report.late) > len(shown):
        _paragraph(
            paper,
            f"Trên đây là {len(shown)} việc chậm nhất trong {len(report.late)} việc chậm; đủ ở tệp Excel.",
            italic=True,
        )


def _late_cells(task: LateTask) -> list[str]:
    due = day_words(task.due_on)
    if task.original_due_on and task.original_due_on != task.due_on:
        due += f" (ban đầu {day_words(task.original_due_on)})"
    return [task.agency, task.action, task.document, task.words, due, lateness_words(task)]


def _signature(paper: Any) -> None:
    left, right = paper.add_table(rows=1, cols=2).rows[0].cells
    _paragraph(left, "Nơi nhận:", bold=True, size=12, is_first=True)
    for line in ("- Thường trực Tỉnh ủy,", "- Lưu Văn phòng."):
        _paragraph(left, line, size=12)
    _paragraph(right, "CHÁNH VĂN PHÒNG", bold=True, align=_CENTRE, is_first=True)


def _table(
    paper: Any, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float], texts: int
) -> None:
    """A table with a head that each page repeats. Columns from `texts` on are numbers, in the middle."""
    rows = list(rows)
    table = paper.add_table(rows=0, cols=len(heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for number, row in enumerate([heads, *rows]):
        cells = table.add_row().cells
        for column, (cell, text, width) in enumerate(zip(cells, row, widths, strict=True)):
            cell.width = Cm(width)
            is_number = number == 0 or column == 0 or column >= texts
            _paragraph(
                cell,
                text,
                bold=number == 0,
                size=11,
                align=_CENTRE if is_number else None,
                is_first=True,
            )
    head = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head.append(repeated)


def _paragraph(
    place: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = 14,
    align: Any = None,
    before: int = 0,
    is_first: bool = False,
) -> Any:
    paragraph = place.paragraphs[0] if is_first else place.add_paragraph()
    run = paragraph.add_run(printable(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def _underline(paragraph: Any) -> None:
    """The line under the Party's title."""
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8"), ("space", "2"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    paragraph._p.get_or_add_pPr().append(border)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(2.2)
