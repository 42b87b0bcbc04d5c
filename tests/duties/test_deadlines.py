"""What each coded deadline means in days. These tables are the specification of the conventions."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.core.errors import InvalidInputError
from tracker.duties.deadlines import (
    NewDue,
    deadline_words,
    new_due,
    parse_due,
    period_words,
    periods,
    quarter_of,
)
from tracker.duties.enums import Precision, Recurrence

# Code, as a directive writes it, the last day on time, how exactly it is written.
POINTS = [
    ("2026-12-31", "ngày 31/12/2026", date(2026, 12, 31), Precision.DAY),
    ("2024-02-29", "ngày 29/02/2024", date(2024, 2, 29), Precision.DAY),
    # `trước ngày D` is due the day before D …
    ("<2026-12-15", "trước ngày 15/12/2026", date(2026, 12, 14), Precision.DAY),
    ("<2026-12-01", "trước ngày 01/12/2026", date(2026, 11, 30), Precision.DAY),
    # … over the end of February, in a common year, a leap year, a century …
    ("<2026-03-01", "trước ngày 01/3/2026", date(2026, 2, 28), Precision.DAY),
    ("<2024-03-01", "trước ngày 01/3/2024", date(2024, 2, 29), Precision.DAY),
    ("<2100-03-01", "trước ngày 01/3/2100", date(2100, 2, 28), Precision.DAY),
    # … and over the end of the year.
    ("<2027-01-01", "trước ngày 01/01/2027", date(2026, 12, 31), Precision.DAY),
    # A month, quarter, half-year or year is due on its last day.
    ("2026-04", "trong tháng 4/2026", date(2026, 4, 30), Precision.MONTH),
    ("2026-02", "trong tháng 02/2026", date(2026, 2, 28), Precision.MONTH),
    ("2024-02", "trong tháng 02/2024", date(2024, 2, 29), Precision.MONTH),
    ("2000-02", "trong tháng 02/2000", date(2000, 2, 29), Precision.MONTH),
    ("2026-12", "trong tháng 12/2026", date(2026, 12, 31), Precision.MONTH),
    ("2026-Q1", "quý I/2026", date(2026, 3, 31), Precision.QUARTER),
    ("2026-Q2", "quý II/2026", date(2026, 6, 30), Precision.QUARTER),
    ("2026-Q3", "quý III/2026", date(2026, 9, 30), Precision.QUARTER),
    ("2026-Q4", "quý IV/2026", date(2026, 12, 31), Precision.QUARTER),
    ("2026-H1", "6 tháng đầu năm 2026", date(2026, 6, 30), Precision.HALF),
    ("2026-H2", "6 tháng cuối năm 2026", date(2026, 12, 31), Precision.HALF),
    ("2026", "trong năm 2026", date(2026, 12, 31), Precision.YEAR),
    # `trước` a month, quarter, half-year or year is due on the last day before it.
    ("<2026-12", "trước tháng 12/2026", date(2026, 11, 30), Precision.MONTH),
    ("<2024-03", "trước tháng 3/2024", date(2024, 2, 29), Precision.MONTH),
    ("<2026-01", "trước tháng 01/2026", date(2025, 12, 31), Precision.MONTH),
    ("<2026-Q1", "trước quý I/2026", date(2025, 12, 31), Precision.QUARTER),
    ("<2026-Q3", "trước quý III/2026", date(2026, 6, 30), Precision.QUARTER),
    ("<2026-H2", "trước 6 tháng cuối năm 2026", date(2026, 6, 30), Precision.HALF),
    ("<2026", "trước năm 2026", date(2025, 12, 31), Precision.YEAR),
    # No deadline, or only a beginning.
    ("none", "", None, Precision.NONE),
    ("from:2026", "từ năm 2026", None, Precision.NONE),
    ("from:2026-Q1", "từ quý I/2026", None, Precision.NONE),
    ("from:2026-H1", "từ 6 tháng đầu năm 2026", None, Precision.NONE),
    ("from:2026-01", "từ tháng 01/2026", None, Precision.NONE),
    ("from:2026-01-15", "từ ngày 15/01/2026", None, Precision.NONE),
]

# Code, as a directive writes it, how often, and the turns that fall due in 2026 (or in a window around).
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
TURNS = [
    ("yearly", "hằng năm", Recurrence.YEARLY, YEAR, [("2026", date(2026, 12, 31))]),
    ("yearly:12", "tháng 12 hằng năm", Recurrence.YEARLY, YEAR, [("2026", date(2026, 12, 31))]),
    ("yearly:06", "tháng 6 hằng năm", Recurrence.YEARLY, YEAR, [("2026", date(2026, 6, 30))]),
    ("yearly:02", "tháng 2 hằng năm", Recurrence.YEARLY, YEAR, [("2026", date(2026, 2, 28))]),
    (
        "yearly:02",
        "tháng 2 hằng năm, năm nhuận",
        Recurrence.YEARLY,
        (date(2024, 1, 1), date(2024, 12, 31)),
        [("2024", date(2024, 2, 29))],
    ),
    ("yearly:11-30", "ngày 30/11 hằng năm", Recurrence.YEARLY, YEAR, [("2026", date(2026, 11, 30))]),
    ("yearly:<11-30", "trước ngày 30/11 hằng năm", Recurrence.YEARLY, YEAR, [("2026", date(2026, 11, 29))]),
    (
        "yearly:02-29",
        "ngày 29/02 hằng năm: năm thường là ngày cuối tháng",
        Recurrence.YEARLY,
        (date(2024, 1, 1), date(2025, 12, 31)),
        [("2024", date(2024, 2, 29)), ("2025", date(2025, 2, 28))],
    ),
    # The turn of 2027 falls due in 2026: `trước ngày 01/01`.
    ("yearly:<01-01", "trước ngày 01/01 hằng năm", Recurrence.YEARLY, YEAR, [("2027", date(2026, 12, 31))]),
    ("yearly:<12", "trước tháng 12 hằng năm", Recurrence.YEARLY, YEAR, [("2026", date(2026, 11, 30))]),
    (
        "half-yearly",
        "6 tháng một lần",
        Recurrence.HALF_YEARLY,
        YEAR,
        [("2026-H1", date(2026, 6, 30)), ("2026-H2", date(2026, 12, 31))],
    ),
    (
        "half-yearly:15",
        "ngày 15 tháng cuối mỗi 6 tháng",
        Recurrence.HALF_YEARLY,
        YEAR,
        [("2026-H1", date(2026, 6, 15)), ("2026-H2", date(2026, 12, 15))],
    ),
    (
        "quarterly",
        "hằng quý",
        Recurrence.QUARTERLY,
        YEAR,
        [
            ("2026-Q1", date(2026, 3, 31)),
            ("2026-Q2", date(2026, 6, 30)),
            ("2026-Q3", date(2026, 9, 30)),
            ("2026-Q4", date(2026, 12, 31)),
        ],
    ),
    (
        "quarterly:<25",
        "trước ngày 25 tháng cuối quý",
        Recurrence.QUARTERLY,
        (date(2026, 1, 1), date(2026, 6, 30)),
        [("2026-Q1", date(2026, 3, 24)), ("2026-Q2", date(2026, 6, 24))],
    ),
    (
        "monthly",
        "hằng tháng",
        Recurrence.MONTHLY,
        (date(2026, 1, 1), date(2026, 3, 31)),
        [
            ("2026-01", date(2026, 1, 31)),
            ("2026-02", date(2026, 2, 28)),
            ("2026-03", date(2026, 3, 31)),
        ],
    ),
    (
        "monthly:31",
        "ngày 31 hằng tháng: tháng thiếu là ngày cuối tháng",
        Recurrence.MONTHLY,
        (date(2026, 2, 1), date(2026, 4, 30)),
        [
            ("2026-02", date(2026, 2, 28)),
            ("2026-03", date(2026, 3, 31)),
            ("2026-04", date(2026, 4, 30)),
        ],
    ),
    (
        "monthly:<01",
        "trước ngày 01 hằng tháng",
        Recurrence.MONTHLY,
        (date(2026, 1, 1), date(2026, 2, 28)),
        [("2026-02", date(2026, 1, 31)), ("2026-03", date(2026, 2, 28))],
    ),
    (
        "weekly",
        "hằng tuần: hết chủ nhật, tuần theo ISO",
        Recurrence.WEEKLY,
        (date(2026, 12, 21), date(2027, 1, 10)),
        [
            ("2026-W52", date(2026, 12, 27)),
            ("2026-W53", date(2027, 1, 3)),  # the week that the year's end lies in
            ("2027-W01", date(2027, 1, 10)),
        ],
    ),
]

WRONG = [
    ("", "Không hiểu"),
    ("soon", "Không hiểu"),
    ("2026-Q5", "Không hiểu"),
    ("2026-H3", "Không hiểu"),
    ("2026-1-1", "Không hiểu"),
    ("<none", "Không hiểu"),
    ("from:soon", "Không hiểu"),
    ("daily", "Không hiểu"),
    ("yearly:", "Không hiểu"),
    ("2026-13", "không có trên lịch"),
    ("2026-02-30", "không có trên lịch"),
    ("2026-02-29", "không có trên lịch"),
    ("0000", "không có trên lịch"),
    ("yearly:13", "không có trên lịch"),
    ("yearly:02-30", "không có trên lịch"),
    ("monthly:00", "không có trên lịch"),
    ("monthly:32", "không có trên lịch"),
    ("weekly:05", "không có trên lịch"),
    ("quarterly:03-15", "không có trên lịch"),
]


@pytest.mark.parametrize(("code", "words", "due_on", "precision"), POINTS, ids=[row[0] for row in POINTS])
def test_point_is_due_on(code: str, words: str, due_on: date | None, precision: Precision) -> None:
    deadline = parse_due(code)
    assert (deadline.code, deadline.due_on, deadline.precision) == (code, due_on, precision)
    assert deadline.recurrence is Recurrence.ONCE
    assert not deadline.recurs
    assert deadline.is_before == code.startswith("<")


@pytest.mark.parametrize(
    ("code", "words", "recurrence", "window", "turns"), TURNS, ids=[f"{row[0]} {row[1]}" for row in TURNS]
)
def test_recurring_deadline_has_its_turns(
    code: str,
    words: str,
    recurrence: Recurrence,
    window: tuple[date, date],
    turns: list[tuple[str, date]],
) -> None:
    deadline = parse_due(code)
    assert (deadline.recurrence, deadline.recurs, deadline.due_on) == (recurrence, True, None)
    first, last = window
    assert [(turn.key, turn.due_on) for turn in periods(deadline, first=first, last=last)] == turns


@pytest.mark.parametrize(("code", "message"), WRONG)
def test_code_outside_the_contract_is_refused(code: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as refusal:
        parse_due(code)
    assert refusal.value.field == "due"


@pytest.mark.parametrize("code", ["weekly", "monthly:31", "quarterly:<25", "half-yearly", "yearly:02-29"])
def test_every_turn_of_ten_years_comes_once_in_order(code: str) -> None:
    """Whatever the window is cut into: years one by one give the same turns as ten years at once."""
    deadline = parse_due(code)
    whole = list(periods(deadline, first=date(2020, 1, 1), last=date(2029, 12, 31)))
    cut = [
        turn
        for year in range(2020, 2030)
        for turn in periods(deadline, first=date(year, 1, 1), last=date(year, 12, 31))
    ]
    assert cut == whole
    assert len({turn.key for turn in whole}) == len(whole)
    assert [turn.due_on for turn in whole] == sorted({turn.due_on for turn in whole})


def test_window_includes_both_its_days() -> None:
    deadline = parse_due("quarterly")
    day = date(2026, 3, 31)
    assert [turn.key for turn in periods(deadline, first=day, last=day)] == ["2026-Q1"]


@pytest.mark.parametrize("code", ["2026", "none"])
def test_deadline_that_does_not_recur_has_no_turns(code: str) -> None:
    assert list(periods(parse_due(code), first=date(2020, 1, 1), last=date(2030, 1, 1))) == []


def test_window_that_ends_before_it_begins_has_no_turns() -> None:
    assert list(periods(parse_due("monthly"), first=date(2026, 2, 1), last=date(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 10, 1), "2026-Q4"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_quarter_of_a_day(day: date, quarter: str) -> None:
    assert quarter_of(day) == quarter


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2026", "năm 2026"),
        ("2026-H1", "6 tháng đầu năm 2026"),
        ("2026-H2", "6 tháng cuối năm 2026"),
        ("2026-Q1", "quý I/2026"),
        ("2026-Q4", "quý IV/2026"),
        ("2026-03", "tháng 3/2026"),
        ("2026-W07", "tuần 7/2026"),
        ("", ""),
        ("x", ""),
    ],
)
def test_period_in_words(key: str, words: str) -> None:
    assert period_words(key) == words


@pytest.mark.parametrize(
    ("due_text", "period", "words"),
    [
        ("quý III/2026", "", "quý III/2026"),
        ("hằng quý", "2026-Q3", "hằng quý (quý III/2026)"),
        ("", "2026-Q3", "quý III/2026"),
        ("", "", ""),
    ],
)
def test_deadline_in_its_own_words(due_text: str, period: str, words: str) -> None:
    assert deadline_words(due_text, period) == words


@pytest.mark.parametrize(
    ("code", "words", "due_on"),
    [
        ("2027-Q1", "quý I/2027", date(2027, 3, 31)),
        ("<2027-04-01", "trước ngày 01/4/2027", date(2027, 3, 31)),
        ("2027-06", "tháng 6/2027", date(2027, 6, 30)),
    ],
)
def test_new_deadline_has_a_day_and_its_words(code: str, words: str, due_on: date) -> None:
    assert new_due(code, words) == NewDue(due_on=due_on, words=words)


@pytest.mark.parametrize("code", ["none", "from:2027", "yearly", "monthly:25"])
def test_new_deadline_that_is_no_single_day_is_refused(code: str) -> None:
    with pytest.raises(InvalidInputError, match="Hạn mới phải là một ngày") as refusal:
        new_due(code, "những lời ấy")
    assert refusal.value.field == "new_due"


def test_new_deadline_on_a_day_is_written_as_people_do() -> None:
    assert NewDue.on(date(2027, 3, 1)) == NewDue(due_on=date(2027, 3, 1), words="01/03/2027")
