"""What the deadline grammar gives back, and how a time is coded (`extraction.md`, "due")."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a deadline is to be understood.

    `PARTIAL` is a date without its year (`trước ngày 30/11`): `join_recurring` makes it whole
    where a period stands in the same sentence, `with_year` where the document's date decides.
    """

    POINT = "point"
    RECURRING = "recurring"
    START = "start"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class DeadlineExpression:
    """Deadline words in a passage: `passage[start:end]` holds them with their anchor.

    `due` is coded as in `extraction.md`; a partial one is `[<]MM-DD`, `[<]DD`, `--MM`, `--Qn` or
    `--Hn`. `rule` is the stable id of the grammar rule that read it.
    """

    start: int
    end: int
    due: str
    kind: str
    rule: str


class Unit(StrEnum):
    """The precision of a time as it is written."""

    DAY = "day"
    MONTH_DAY = "month-day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    SEASON = "season"


@dataclass(frozen=True, slots=True)
class Core:
    """A calendar time as written, without its anchor: `ngày 15/01/2021`, `quý II/2023`, `năm 2025`.

    `number` is the day, month, quarter, half or year by `unit`; a DAY has its `month` too; for a
    SEASON (`cuối năm` with no year) it is the month in which that stretch of the year ends.
    """

    start: int
    end: int
    unit: Unit
    number: int
    month: int = 0
    year: int = 0
    worded: bool = True

    @property
    def is_whole(self) -> bool:
        return self.year > 0


def point_code(core: Core, *, before: bool) -> str:
    """The code of a whole core; `before` is `trước`, which ends the day before the time begins."""
    if before:
        return f"<{core.year}-{_first_month(core):02}-{core.number if core.unit is Unit.DAY else 1:02}"
    if core.unit is Unit.DAY:
        return f"{core.year}-{core.month:02}-{core.number:02}"
    return str(core.year) + _unit_code(core)


def partial_code(core: Core, *, before: bool) -> str:
    """The code of a core that lacks its year."""
    if core.unit is Unit.MONTH_DAY:
        return f"{'<' if before else ''}{core.number:02}"
    if core.unit is Unit.DAY:
        return f"{'<' if before else ''}{core.month:02}-{core.number:02}"
    if before and core.unit is not Unit.SEASON:
        return f"<{_first_month(core):02}-01"
    return f"-{_unit_code(core)}"


def yearly_code(partial: str) -> str:
    """A partial code that comes back every year: quarters and halves end in their last month."""
    if partial.startswith("--Q"):
        return f"yearly:{int(partial[3]) * 3:02}"
    if partial.startswith("--H"):
        return f"yearly:{int(partial[3]) * 6:02}"
    return f"yearly:{partial.removeprefix('--')}"


def _unit_code(core: Core) -> str:
    match core.unit:
        case Unit.MONTH | Unit.SEASON:
            return f"-{core.number:02}"
        case Unit.QUARTER:
            return f"-Q{core.number}"
        case Unit.HALF:
            return f"-H{core.number}"
        case _:
            return ""


def _first_month(core: Core) -> int:
    match core.unit:
        case Unit.DAY:
            return core.month
        case Unit.MONTH:
            return core.number
        case Unit.QUARTER:
            return 3 * core.number - 2
        case Unit.HALF:
            return 6 * core.number - 5
        case _:
            return 1
