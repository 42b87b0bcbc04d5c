"""The transition table, whole: state, action and person give the new state, or exactly this refusal."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.duties.makers import a_file, record_of
from tests.factories import NOW, TODAY, make_agency, make_extension, make_task, make_user
from tracker.agencies.models import Agency
from tracker.core.enums import Door, OfficeRole
from tracker.core.errors import TransitionError
from tracker.core.events import SYSTEM, Actor
from tracker.core.models import User
from tracker.duties import extensions, workflow
from tracker.duties.deadlines import NewDue
from tracker.duties.enums import WorkState
from tracker.duties.models import DONE_STATES, Task
from tracker.duties.transitions import TRANSITIONS, allowed_actions

pytestmark = pytest.mark.django_db

NEW, BEGUN, SENT, DONE, BACK, GONE = (
    WorkState.NOT_STARTED,
    WorkState.IN_PROGRESS,
    WorkState.REPORTED,
    WorkState.CONFIRMED,
    WorkState.RETURNED,
    WorkState.WITHDRAWN,
)
NAMES = {
    NEW: "chưa thực hiện",
    BEGUN: "đang thực hiện",
    SENT: "đã báo cáo, chờ xác nhận",
    DONE: "đã hoàn thành",
    BACK: "bị trả lại",
    GONE: "đã rút",
}
LATER = NewDue.on(date(2027, 3, 31))

Do = Callable[[Task, Actor], object]


def _extension(task: Task) -> Any:
    return task.extensions.filter(status="open").first() or make_extension(task)


def _report(task: Task, actor: Actor) -> Task:
    return workflow.report_task(task, note="xong", today=TODAY, actor=actor, now=NOW)


def _note(task: Task, actor: Actor) -> Task:
    return workflow.note_progress(task, workflow.Progress(percent=50), today=TODAY, actor=actor, now=NOW)


def _ask(task: Task, actor: Actor) -> object:
    return extensions.request_extension(task, new_due=LATER, reason="chờ", today=TODAY, actor=actor, now=NOW)


# Verb → (its words, whose it is, state → state, how it is done). Written out by hand, beside the code's own.
AGENCY, OFFICE = "agency", "office"
TABLE: dict[str, tuple[str, str, dict[WorkState, WorkState], Do]] = {
    "task.started": (
        "bắt đầu thực hiện",
        AGENCY,
        {NEW: BEGUN},
        lambda task, actor: workflow.start_task(task, actor=actor, now=NOW),
    ),
    "task.progress_noted": ("báo tiến độ", AGENCY, {NEW: BEGUN, BEGUN: BEGUN, BACK: BACK}, _note),
    "evidence.added": (
        "gửi tệp minh chứng",
        AGENCY,
        {NEW: NEW, BEGUN: BEGUN, SENT: SENT, BACK: BACK},
        lambda task, actor: workflow.add_evidence(task, [a_file()], actor=actor, now=NOW),
    ),
    "task.reported": ("báo cáo hoàn thành", AGENCY, {NEW: SENT, BEGUN: SENT, BACK: SENT}, _report),
    "task.report_withdrawn": (
        "rút báo cáo",
        AGENCY,
        {SENT: BEGUN},
        lambda task, actor: workflow.withdraw_report(task, actor=actor, now=NOW),
    ),
    "task.extension_requested": ("đề nghị gia hạn", AGENCY, {NEW: NEW, BEGUN: BEGUN, BACK: BACK}, _ask),
    "task.extension_withdrawn": (
        "rút đề nghị gia hạn",
        AGENCY,
        {NEW: NEW, BEGUN: BEGUN, SENT: SENT, DONE: DONE, BACK: BACK},
        lambda task, actor: extensions.withdraw_extension(_extension(task), actor=actor, now=NOW),
    ),
    "task.confirmed": (
        "xác nhận",
        OFFICE,
        {SENT: DONE},
        lambda task, actor: workflow.confirm_task(task, actor=actor, now=NOW),
    ),
    "task.returned": (
        "trả lại",
        OFFICE,
        {SENT: BACK, DONE: BACK},
        lambda task, actor: workflow.return_task(task, reason="thiếu", actor=actor, now=NOW),
    ),
    "task.extension_granted": (
        "gia hạn",
        OFFICE,
        {NEW: NEW, BEGUN: BEGUN, SENT: SENT, DONE: DONE, BACK: BACK},
        lambda task, actor: extensions.grant_extension(_extension(task), actor=actor, now=NOW),
    ),
    "task.extension_refused": (
        "từ chối gia hạn",
        OFFICE,
        {NEW: NEW, BEGUN: BEGUN, SENT: SENT, DONE: DONE, BACK: BACK},
        lambda task, actor: extensions.refuse_extension(
            _extension(task), reason="không", actor=actor, now=NOW
        ),
    ),
    "task.deadline_moved": (
        "dời hạn",
        OFFICE,
        {NEW: NEW, BEGUN: BEGUN, SENT: SENT, DONE: DONE, BACK: BACK},
        lambda task, actor: extensions.move_deadline(task, new_due=LATER, reason="dời", actor=actor, now=NOW),
    ),
    "task.reassigned": (
        "giao lại việc",
        OFFICE,
        {NEW: NEW, BEGUN: NEW, BACK: NEW},
        lambda task, actor: workflow.reassign_task(task, make_agency(), reason="đổi", actor=actor, now=NOW),
    ),
    "task.handed_over": (
        "phân công",
        OFFICE,
        {NEW: NEW, BEGUN: BEGUN, BACK: BACK},
        lambda task, actor: workflow.assign_task(task, make_agency(), actor=actor, now=NOW),
    ),
    "task.taken_into_tracking": (
        "đưa vào theo dõi",
        OFFICE,
        {state: state for state in WorkState},
        lambda task, actor: workflow.take_into_tracking(task, actor=actor, now=NOW),
    ),
    "task.withdrawn": (
        "rút việc",
        OFFICE,
        {NEW: GONE, BEGUN: GONE, SENT: GONE, BACK: GONE},
        lambda task, actor: workflow.withdraw_task(task, reason="thôi", actor=actor, now=NOW),
    ),
    "task.restored": (
        "khôi phục việc",
        OFFICE,
        {GONE: NEW},
        lambda task, actor: workflow.restore_task(task, reason="rút nhầm", actor=actor, now=NOW),
    ),
}
# What these two need is not a work state: a task in history, a task that waits for its agency.
NOT_BY_STATE = {"task.handed_over", "task.taken_into_tracking"}
WHILE_UNASSIGNED = {
    "task.extension_withdrawn",
    "task.extension_granted",
    "task.extension_refused",
    "task.deadline_moved",
    "task.handed_over",
    "task.withdrawn",
    "task.restored",
}
OFFICE_PEOPLE = {"registrar", "superuser", "command"}
AGENCY_PEOPLE = {"officer", "head"}
OTHERS = {"outsider", "monitor", "leader", "auditor", "auditor here"}
PEOPLE = sorted(OFFICE_PEOPLE | AGENCY_PEOPLE | OTHERS)


def _task(agency: Agency, state: WorkState, **fields: Any) -> Task:
    fields |= {"reported_on": TODAY} if state in DONE_STATES else {}
    task = make_task(agency=agency, state=state, **fields)
    make_extension(task)
    return task


def _person(who: str, agency: Agency, task: Task) -> Actor:
    if who == "command":
        return SYSTEM
    return Actor(door=Door.WEB, user=_user(who, agency, task))


def _user(who: str, agency: Agency, task: Task) -> User:
    """A person of each kind. An `auditor here` has a post in the agency, and changes nothing all the same."""
    if who in {"outsider", "monitor"}:
        user = make_user(agency=make_agency())
        if who == "monitor":
            task.duty.document.monitors.add(user.agencies.get())
        return user
    office_role = {name: OfficeRole(name) for name in ("registrar", "leader", "auditor")}
    return make_user(
        agency=agency if who in {*AGENCY_PEOPLE, "auditor here"} else None,
        role="head" if who == "head" else "officer",
        office_role=office_role.get(who.removesuffix(" here"), OfficeRole.NONE),
        is_superuser=who == "superuser",
    )


def _allowed_people(whose: str) -> set[str]:
    return OFFICE_PEOPLE | (AGENCY_PEOPLE if whose == AGENCY else set())


def _refused(do: Do, task: Task, actor: Actor) -> str:
    """The refusal's words; the task is as it was, and the record silent."""
    before = Task.objects.filter(pk=task.pk).values().get()
    with pytest.raises(TransitionError) as refusal:
        do(task, actor)
    assert Task.objects.filter(pk=task.pk).values().get() == before
    assert record_of(task) == []
    return str(refusal.value)


def test_table_names_every_action() -> None:
    assert {action.verb: (action.words, action.who, dict(action.moves)) for action in TRANSITIONS} == {
        verb: (words, whose, moves) for verb, (words, whose, moves, _do) in TABLE.items()
    }


@pytest.mark.parametrize("state", WorkState)
@pytest.mark.parametrize("verb", sorted(TABLE.keys() - NOT_BY_STATE))
def test_state_and_action_lead_to_a_state_or_this_refusal(
    agency: Agency, office: Actor, state: WorkState, verb: str
) -> None:
    words, _whose, moves, do = TABLE[verb]
    task = _task(agency, state)
    if verb == "task.extension_requested":
        task.extensions.all().delete()
    if state not in moves:
        assert _refused(do, task, office) == f"Không thể {words}: việc {NAMES[state]}."
        return
    do(task, office)
    task.refresh_from_db()
    assert (task.state, task.revision) == (moves[state], 1)
    assert verb in [row[0] for row in record_of(task)]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("verb", sorted(TABLE))
def test_person_and_action_are_allowed_or_get_this_refusal(agency: Agency, who: str, verb: str) -> None:
    words, whose, moves, do = TABLE[verb]
    special: dict[str, Any] = {
        "task.taken_into_tracking": {"due": "2020-12-31", "is_history": True},
        "task.handed_over": {"needs_assignment": True},
    }
    task = _task(agency, next(iter(moves)), **special.get(verb, {}))
    if verb == "task.extension_requested":
        task.extensions.all().delete()
    actor = _person(who, agency, task)
    if who in _allowed_people(whose):
        do(task, actor)
        event = [row[0] for row in record_of(task)]
        assert verb in event
        return
    owner = "cán bộ Văn phòng" if whose == OFFICE else "cán bộ của cơ quan được giao việc này"
    assert _refused(do, task, actor) == f"Chỉ {owner} mới được {words}."


@pytest.mark.parametrize("verb", sorted(TABLE.keys() - {"task.taken_into_tracking", "task.handed_over"}))
def test_history_takes_no_action_but_one(agency: Agency, office: Actor, verb: str) -> None:
    words, _whose, moves, do = TABLE[verb]
    task = _task(agency, next(iter(moves)), due="2020-12-31", is_history=True)
    assert _refused(do, task, office) == (
        f"Không thể {words}: việc thuộc phần lịch sử, Văn phòng cần đưa vào theo dõi trước."
    )


@pytest.mark.parametrize("state", WorkState)
def test_history_in_any_state_is_taken_into_tracking(agency: Agency, office: Actor, state: WorkState) -> None:
    task = _task(agency, state, due="2020-12-31", is_history=True)
    workflow.take_into_tracking(task, actor=office, now=NOW)
    task.refresh_from_db()
    assert (task.is_history, task.is_tracked_by_hand, task.state, task.revision) == (False, True, state, 1)


def test_tracked_task_is_not_taken_again(task: Task, office: Actor) -> None:
    assert _refused(TABLE["task.taken_into_tracking"][3], task, office) == "Việc này đang được theo dõi rồi."


@pytest.mark.parametrize("verb", sorted(TABLE.keys() - {"task.taken_into_tracking"}))
def test_task_that_waits_for_its_agency_takes_the_offices_actions(
    agency: Agency, office: Actor, verb: str
) -> None:
    words, _whose, moves, do = TABLE[verb]
    task = _task(agency, next(iter(moves)), needs_assignment=True)
    if verb not in WHILE_UNASSIGNED:
        assert _refused(do, task, office) == (
            f"Không thể {words}: việc đang chờ phân công cơ quan thực hiện."
        )
        return
    do(task, office)
    assert verb in [row[0] for row in record_of(task)]


def test_assignment_is_for_a_task_that_waits_for_it(task: Task, office: Actor) -> None:
    assert _refused(TABLE["task.handed_over"][3], task, office) == "Việc này không chờ phân công."


def test_officer_of_an_agency_that_is_no_more_may_not_act(agency: Agency, officer: Actor) -> None:
    task = make_task(agency=agency, needs_assignment=True)
    assert _refused(_report, task, officer) == (
        "Chỉ cán bộ của cơ quan được giao việc này mới được báo cáo hoàn thành."
    )


@pytest.mark.parametrize("state", WorkState)
def test_allowed_actions_are_those_that_succeed(
    agency: Agency, officer: Actor, office: Actor, state: WorkState
) -> None:
    task = _task(agency, state)
    rows = {verb: row for verb, row in TABLE.items() if state in row[2] and verb not in NOT_BY_STATE}
    assert allowed_actions(task, office) == frozenset(rows)
    assert allowed_actions(task, officer) == frozenset(verb for verb, row in rows.items() if row[1] == AGENCY)


def test_command_prints_the_table() -> None:
    out = io.StringIO()
    call_command("transitions", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == (
        "| Hành động | Ai làm | chưa thực hiện | đang thực hiện | đã báo cáo, chờ xác nhận | đã hoàn thành"
        " | bị trả lại | đã rút | khi chờ phân công | sự kiện |"
    )
    assert lines[1] == "|" + " --- |" * 10
    assert len([line for line in lines if line.startswith("|")]) == len(TABLE) + 2
    assert (
        "| báo tiến độ | cơ quan được giao, Văn phòng | → đang thực hiện | giữ nguyên | – | – | giữ nguyên"
        " | – | – | `task.progress_noted` |"
    ) in lines


def test_documentation_shows_the_table_as_it_is() -> None:
    """`manage.py transitions` prints what is to stand there."""
    out = io.StringIO()
    call_command("transitions", stdout=out)
    assert out.getvalue() in (settings.BASE_DIR / "docs" / "workflow.md").read_text(encoding="utf-8")
