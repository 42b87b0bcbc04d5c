"""How figures and days are written in a Vietnamese report."""

from __future__ import annotations

import re
from datetime import date

from tracker.duties.deadlines import quarter_words
from tracker.reports.quarterly import LateTask, QuarterlyReport

# What neither XML nor a spreadsheet may hold; a document's text may.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

FIGURES = (
    "Tổng số",
    "Hoàn thành đúng hạn",
    "Hoàn thành quá hạn",
    "Chưa hoàn thành, trong hạn",
    "Chưa hoàn thành, quá hạn",
)
METHOD = (
    "Một việc là phần của một cơ quan trong một nhiệm vụ, ở một kỳ. Việc của quý là việc có hạn trong quý; "
    "báo cáo bị trả lại tính là chưa hoàn thành; việc đã báo cáo đúng hạn tính là đúng hạn dù xác nhận sau. "
    "Việc thường xuyên (không có thời hạn), việc lịch sử và việc chờ phân công được tách riêng. "
    "Không có quy định nào định nghĩa «trước ngày», «trong quý»; hệ thống tính: trước ngày D là đến hết ngày "
    "liền trước, tháng, quý, năm là đến hết ngày cuối cùng."
)


def printable(text: str) -> str:
    """The text without control characters, which would break the file."""
    return _CONTROLS.sub(" ", text)


def percent_words(percent: float | None) -> str:
    """`85,7%`; a dash where there is nothing to count."""
    return "–" if percent is None else f"{percent:.1f}%".replace(".", ",")


def day_words(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def long_day_words(day: date) -> str:
    """`ngày 05 tháng 02 năm 2026`: days below ten and the first two months with a nought, by custom."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)  # noqa: PLR2004
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def title_words(report: QuarterlyReport) -> str:
    return f"Tình hình thực hiện nhiệm vụ giao trong văn bản của cấp ủy {quarter_words(report.quarter)}"


def as_of_words(report: QuarterlyReport) -> str:
    return f"Số liệu tính đến hết ngày {day_words(report.day)}"


def lateness_words(task: LateTask) -> str:
    """`quá hạn 12 ngày`, or how late it was done."""
    return f"xong chậm {task.days} ngày" if task.is_done else f"quá hạn {task.days} ngày"
