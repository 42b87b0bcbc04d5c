"""The quarterly report: results of a quarter's tasks as of a day, and who is late. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.agencies.models import Agency
from tracker.core.models import Event
from tracker.duties.deadlines import deadline_words, quarter_days, quarter_of
from tracker.duties.enums import Result, WorkState
from tracker.duties.models import DONE_STATES, Duty
from tracker.duties.queries import document_titles
from tracker.reports.figures import Clock, Figures, due_by, figures_by, figures_of, is_counted, result_on
from tracker.reports.record import TaskOn, tasks_on


@dataclass(frozen=True, slots=True)
class Row:
    """One agency or document with its figures by both clocks."""

    pk: int
    name: str
    extended: Figures
    original: Figures


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task that is overdue on the day, or was done late. `days`: how late, by the deadline that stands."""

    task: int
    agency: str
    document: str
    action: str
    words: str
    due_on: date
    original_due_on: date | None
    reported_on: date | None
    days: int
    is_done: bool
    state: str


@dataclass(frozen=True, slots=True)
class QuarterlyReport:
    """`waiting`: tasks of the quarter that wait for an agency; `history`: followed by nobody."""

    quarter: str
    day: date
    extended: Figures
    original: Figures
    by_agency: tuple[Row, ...]
    by_document: tuple[Row, ...]
    late: tuple[LateTask, ...]
    waiting: int
    history: int


def quarterly_report(quarter: str, day: date) -> QuarterlyReport:
    """The report of a quarter (`2026-Q4`) as of the end of a day; five queries more or less, however long.

    By each clock the quarter's tasks are those whose deadline, by that clock, lies in it: a task that
    was granted time into the next quarter counts there by the one and here by the other.
    """
    tasks = tasks_on(day, quarter=quarter)
    extended, original = (
        figures_of(tasks, day=day, clock=clock, quarter=quarter) for clock in (Clock.EXTENDED, Clock.ORIGINAL)
    )
    in_quarter = [task for task in tasks if task.due_on and quarter_of(task.due_on) == quarter]
    return QuarterlyReport(
        quarter=quarter,
        day=day,
        extended=extended,
        original=original,
        by_agency=_by_agency(tasks, quarter, day),
        by_document=_by_document(tasks, quarter, day),
        late=_late(in_quarter, day),
        waiting=sum(task.needs_assignment and not task.is_history for task in in_quarter),
        history=sum(task.is_history for task in in_quarter),
    )


def usual_day(quarter: str, today: date) -> date:
    """Of which day a quarter's report is, if nobody says otherwise: its last, or today before that."""
    return min(quarter_days(quarter)[1], today)


def _by_agency(tasks: Sequence[TaskOn], quarter: str, day: date) -> tuple[Row, ...]:
    figures = _both(tasks, "agency", quarter, day)
    agencies = Agency.objects.filter(pk__in=_keys(figures)).prefetch_related("names")
    rows = _rows(figures, {agency.pk: agency.name_on(day) for agency in agencies})
    return tuple(
        sorted(rows, key=lambda row: (-row.extended.open_overdue, -row.extended.done_late, row.name))
    )


def _by_document(tasks: Sequence[TaskOn], quarter: str, day: date) -> tuple[Row, ...]:
    figures = _both(tasks, "document", quarter, day)
    rows = _rows(figures, document_titles(_keys(figures)))
    return tuple(
        sorted(rows, key=lambda row: (-row.extended.open_overdue, -row.extended.done_late, row.name))
    )


def _both(
    tasks: Sequence[TaskOn], key: str, quarter: str, day: date
) -> tuple[dict[int, Figures], dict[int, Figures]]:
    def key_of(task: TaskOn) -> int:
        pk: int = getattr(task, key)
        return pk

    extended = figures_by(tasks, key_of, day=day, clock=Clock.EXTENDED, quarter=quarter)
    return extended, figures_by(tasks, key_of, day=day, clock=Clock.ORIGINAL, quarter=quarter)


def _keys(figures: tuple[dict[int, Figures], dict[int, Figures]]) -> set[int]:
    return figures[0].keys() | figures[1].keys()


def _rows(figures: tuple[dict[int, Figures], dict[int, Figures]], names: dict[int, str]) -> list[Row]:
    extended, original = figures
    return [
        Row(pk, names[pk], extended.get(pk, Figures()), original.get(pk, Figures())) for pk in _keys(figures)
    ]


def _late(tasks: Iterable[TaskOn], day: date) -> tuple[LateTask, ...]:
    """The longest overdue first, then what was done late."""
    results = {task: result_on(task, day, Clock.EXTENDED) for task in filter(is_counted, tasks)}
    late = [task for task, result in results.items() if result in {Result.OPEN_OVERDUE, Result.DONE_LATE}]
    agencies = {
        agency.pk: agency.name_on(day)
        for agency in Agency.objects.filter(pk__in={task.agency for task in late}).prefetch_related("names")
    }
    duties = Duty.objects.filter(pk__in={task.duty for task in late}).select_related("document")
    known = {duty.pk: duty for duty in duties.defer("document__search_text")}
    words = _due_texts(known.values(), day)
    rows = [_late_task(task, day, agencies[task.agency], known[task.duty], words[task.duty]) for task in late]
    return tuple(sorted(rows, key=lambda row: (row.is_done, -row.days, row.agency, row.task)))


def _late_task(task: TaskOn, day: date, agency: str, duty: Duty, due_text: str) -> LateTask:
    due_on = due_by(task, Clock.EXTENDED) or day
    is_done = task.state in DONE_STATES
    until = task.reported_on if is_done and task.reported_on else day
    return LateTask(
        task=task.pk,
        agency=agency,
        document=duty.document.title,
        action=duty.action,
        words=deadline_words(task.moved_due_text or due_text, task.period),
        due_on=due_on,
        original_due_on=task.original_due_on,
        reported_on=task.reported_on,
        days=(until - due_on).days,
        is_done=is_done,
        state=str(WorkState(task.state).label),
    )


def _due_texts(duties: Iterable[Duty], day: date) -> dict[int, str]:
    """The words of each duty's deadline on a day: later changes of its wording undone."""
    texts = {duty.pk: duty.due_text for duty in duties}
    changes = Event.objects.filter(subject_type="duty", verb="duty.deadline_changed", subject_id__in=texts)
    for pk, before in changes.filter(at__date__gt=day).order_by("-id").values_list("subject_id", "before"):
        texts[pk] = before.get("due_text", texts[pk])
    return texts
