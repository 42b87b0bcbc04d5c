"""Tasks at the administration site: found without accents, changed through the workflow alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, make_agency, make_document, make_duty, make_task
from tracker.agencies.models import Agency
from tracker.core.enums import Door
from tracker.core.events import Actor
from tracker.core.models import Event, User
from tracker.duties.enums import WorkState
from tracker.duties.models import Task
from tracker.duties.workflow import report_task

URL = "/admin/tracker/task/"


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency, due="2026-Q4", due_text="quý IV/2026")


def _act(client: Client, action: str, *tasks: Task, **words: str) -> HttpResponse:
    data: dict[str, Any] = {"action": action, "_selected_action": [task.pk for task in tasks], **words}
    return client.post(URL, {**data, "apply": "1"} if words else data)  # type: ignore[return-value]


def _messages(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def _found(client: Client, query: str) -> set[int]:
    page = client.get(f"{URL}?{query}")
    return {task.pk for task in page.context["cl"].result_list}


def test_list_shows_the_deadline_in_its_own_words_with_its_day(staff: Client, task: Task) -> None:
    assert "quý IV/2026 · 31/12/2026" in staff.get(URL).content.decode()


def test_page_shows_what_the_document_says(staff: Client, agency: Agency) -> None:
    document = make_document(number="109-NQ/TU", text="Giao Ban Nội chính xây dựng kế hoạch.")
    duty = make_duty(
        document=document,
        coordinators=("các đơn vị liên quan",),
        due="2026-Q4",
        due_text="quý IV/2026",
        source_start=0,
        source_end=len("Giao Ban Nội chính xây dựng kế hoạch."),
    )
    task = make_task(agency=agency, duty=duty)
    page = staff.get(reverse("admin:tracker_task_change", args=[task.pk])).content.decode()
    for words in (
        "109-NQ/TU",
        "quý IV/2026 · 31/12/2026",
        "Giao Ban Nội chính xây dựng kế hoạch.",
        "các đơn vị liên quan",
        "còn hạn",
    ):
        assert words in page


def test_filters_and_search(staff: Client, agency: Agency) -> None:
    late = make_task(agency=agency, due="2026-10-31")
    soon = make_task(agency=agency, due="2026-11-20")
    done = make_task(agency=agency, due="2026-11-30", state=WorkState.CONFIRMED, reported_on=TODAY)
    tourism = make_duty(
        document=make_document(search_text="109-NQ/TU ve du lich"), search_text="xay dung ke hoach"
    )
    elsewhere = make_task(agency=make_agency("Sở Du lịch"), duty=tourism)
    assert _found(staff, "deadline_state=overdue") == {late.pk}
    assert _found(staff, "deadline_state=due_soon") == {soon.pk}
    assert _found(staff, "result=done_on_time") == {done.pk}
    assert _found(staff, f"agency__id__exact={elsewhere.agency_id}") == {elsewhere.pk}
    assert _found(staff, f"duty__document__id__exact={tourism.document_id}") == {elsewhere.pk}
    assert _found(staff, "due_quarter=2026-Q4") == {late.pk, soon.pk, done.pk}
    assert _found(staff, "q=du lịch kế hoạch") == _found(staff, "q=DU LICH") == {elsewhere.pk}


def test_mark_done_asks_for_words_first(staff: Client, task: Task) -> None:
    page = _act(staff, "report", task)
    assert page.status_code == 200
    assert "Số văn bản minh chứng" in page.content.decode()
    task.refresh_from_db()
    assert task.state == WorkState.NOT_STARTED


def test_mark_done_gives_one_answer_for_each_task(
    staff: Client, clerk: User, agency: Agency, task: Task
) -> None:
    other = make_task(agency=agency)
    history = make_task(agency=agency, due="2020-01-31", is_history=True)
    confirmed = make_task(agency=agency, state=WorkState.CONFIRMED, reported_on=TODAY)
    response = _act(staff, "report", task, other, history, confirmed, note="xong", evidence_number="1-BC")
    said = _messages(response)
    assert said[0] == "Xong 2 việc."
    assert len(said) == 3
    assert any("việc thuộc phần lịch sử" in words for words in said)
    assert any("việc đã hoàn thành" in words for words in said)
    for done in (task, other):
        done.refresh_from_db()
        assert (done.state, done.evidence_number, done.reported_on) == ("reported", "1-BC", TODAY)
        event = Event.objects.about(done).get()
        assert (event.verb, event.door, event.actor) == ("task.reported", "admin", clerk)
    history.refresh_from_db()
    assert history.state == WorkState.NOT_STARTED


def test_mark_done_without_words_is_refused(staff: Client, task: Task) -> None:
    response = _act(staff, "report", task, note="", evidence_number="")
    assert _messages(response) == [
        f"{task}: Cần ghi kết quả thực hiện hoặc số văn bản minh chứng, hoặc gửi tệp minh chứng."
    ]


def test_confirm_send_back_and_withdraw(staff: Client, agency: Agency) -> None:
    reported = [make_task(agency=agency, state=WorkState.REPORTED, reported_on=TODAY) for _turn in range(3)]
    assert _messages(_act(staff, "confirm", reported[0])) == ["Xong 1 việc."]
    assert "form-row" in _act(staff, "send_back", reported[1]).content.decode()
    _act(staff, "send_back", reported[1], reason="thiếu minh chứng")
    _act(staff, "withdraw", reported[2], reason="không còn phù hợp")
    for row in reported:
        row.refresh_from_db()
    assert [row.state for row in reported] == ["confirmed", "returned", "withdrawn"]
    assert Event.objects.about(reported[1]).get().note == "thiếu minh chứng"


def test_take_into_tracking(staff: Client, agency: Agency, task: Task) -> None:
    history = make_task(agency=agency, due="2020-01-31", is_history=True)
    said = _messages(_act(staff, "take_into_tracking", history, task))
    assert said[0] == "Xong 1 việc."
    assert "đang được theo dõi rồi" in said[1]
    history.refresh_from_db()
    assert not history.is_history


def test_fields_of_a_task_are_never_typed_in(staff: Client, task: Task) -> None:
    url = reverse("admin:tracker_task_change", args=[task.pk])
    assert staff.post(url, {"state": "confirmed"}).status_code == 403
    assert 'name="state"' not in staff.get(url).content.decode()
    assert staff.get(reverse("admin:tracker_task_add")).status_code == 403


def test_record_is_never_changed(staff: Client, task: Task) -> None:
    _act(staff, "report", task, note="xong")
    event = Event.objects.get()
    url = reverse("admin:tracker_event_change", args=[event.pk])
    assert staff.post(url, {"note": "khác"}).status_code == 403
    assert staff.get(reverse("admin:tracker_event_add")).status_code == 403


def test_history_of_a_task_is_its_record(staff: Client, owner: User, task: Task) -> None:
    actor = Actor(door=Door.API, user=owner)
    report_task(task, note="đã ban hành", today=TODAY, actor=actor, now=NOW)
    _act(staff, "send_back", task, reason="thiếu minh chứng")
    page = staff.get(reverse("admin:tracker_task_history", args=[task.pk])).content.decode()
    for words in ("task.reported", "đã ban hành", "chu-viec", "task.returned", "thiếu minh chứng", "API"):
        assert words in page
    assert staff.get(reverse("admin:tracker_task_history", args=[task.pk + 1000])).status_code == 404
