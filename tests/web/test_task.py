"""One task: what its page shows to whom, and what may be done there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    ACTOR,
    NOW,
    TODAY,
    make_agency,
    make_document,
    make_duty,
    make_evidence,
    make_extension,
    make_task,
    make_user,
)
from tests.web.conftest import ClientOf
from tests.web.reading import body_of, context_of, words_of
from tracker.agencies.models import Agency
from tracker.core.enums import Door
from tracker.core.models import Event, User
from tracker.documents.enums import DocumentStatus
from tracker.documents.models import Clause, Document
from tracker.duties import workflow
from tracker.duties.models import Task
from tracker.web.deeds import DEEDS
from tracker.web.task import Offer

pytestmark = pytest.mark.django_db

REPORT = {"note": "Đã ban hành kế hoạch", "evidence_number": "12-KH/BNC"}


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency, due="2026-12-31", due_text="trong năm 2026")


def _offers(response: HttpResponseBase) -> list[Offer]:
    context = context_of(response)
    return [*context["work_offers"], *context["deadline_offers"]]


def _verbs(client: Client, task: Task) -> list[str]:
    return [offer.deed.name for offer in _offers(client.get(f"/viec/{task.pk}/"))]


@pytest.mark.parametrize("method", ["get", "post"])
def test_task_of_others_is_not_there(client_of: ClientOf, outsider: User, task: Task, method: str) -> None:
    """The same answer, to the byte, as for a number that was never given."""
    client = client_of(outsider)
    tail = "" if method == "get" else "report/"
    theirs = getattr(client, method)(f"/viec/{task.pk}/{tail}", REPORT)
    nobodys = getattr(client, method)(f"/viec/{task.pk + 999}/{tail}", REPORT)
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert body_of(theirs) == body_of(nobodys)
    assert theirs.headers.items() == nobodys.headers.items()
    task.refresh_from_db()
    assert task.state == "not_started"


def test_task_page_shows_the_words_in_their_clause(client_of: ClientOf, owner: User, agency: Agency) -> None:
    text = "1. Ban Nội chính chủ trì,\nxây dựng kế hoạch trong năm 2026; báo cáo Tỉnh ủy.\n2. Khác."
    document = make_document(text=text)
    start, end = text.index("xây dựng"), text.index("; báo cáo")
    clause = Clause.objects.create(document=document, ordinal=0, path="1", start=0, end=text.index("2. Khác"))
    duty = make_duty(
        document=document,
        clause=clause,
        leads=(agency,),
        coordinators=(make_agency("Công an tỉnh"),),
        due="2026",
        due_text="trong năm 2026",
        source_start=start,
        source_end=end,
    )
    task = make_task(agency=agency, duty=duty)
    page = client_of(owner).get(f"/viec/{task.pk}/")
    passage = context_of(page)["passage"]
    assert passage.words == "xây dựng kế hoạch trong năm 2026"
    assert (passage.before, passage.after) == (text[:start], text[end : clause.end])
    assert "1. Ban Nội chính chủ trì, xây dựng kế hoạch trong năm 2026 ; báo cáo Tỉnh ủy." in words_of(page)
    assert "trong năm 2026 hạn 31/12/2026 còn 45 ngày" in words_of(page)
    assert "Phối hợp Công an tỉnh" in words_of(page)


def test_task_page_tells_the_record_as_a_story(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    client = client_of(owner)
    client.post(f"/viec/{task.pk}/report/", REPORT)
    client_of(registrar).post(f"/viec/{task.pk}/return/", {"reason": "Thiếu số liệu"})
    story = context_of(client.get(f"/viec/{task.pk}/"))["story"]
    assert [(line.who, line.what, line.facts, line.note) for line in story] == [
        (
            "chu-viec",
            "báo cáo hoàn thành",
            ("Minh chứng: 12-KH/BNC", "Ngày tính hoàn thành: 16/11/2026"),
            "Đã ban hành kế hoạch",
        ),
        ("van-phong", "trả lại báo cáo", (), "Thiếu số liệu"),
    ]


def test_report_is_written_through_the_service(client_of: ClientOf, owner: User, task: Task) -> None:
    response = client_of(owner).post(f"/viec/{task.pk}/report/", REPORT | {"next": "/?xem=can-lam"})
    task.refresh_from_db()
    event = Event.objects.about(task).get()
    assert (response.status_code, response["Location"]) == (302, "/?xem=can-lam")
    assert (task.state, task.reported_on, task.report_note, task.evidence_number) == (
        "reported",
        TODAY,
        REPORT["note"],
        REPORT["evidence_number"],
    )
    assert (event.verb, event.actor, event.door, event.address) == (
        "task.reported",
        owner,
        Door.WEB,
        "127.0.0.1",
    )


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_report_never_leads_to_another_site(
    client_of: ClientOf, owner: User, task: Task, target: str
) -> None:
    response = client_of(owner).post(f"/viec/{task.pk}/report/", REPORT | {"next": target})
    assert response["Location"] == f"/viec/{task.pk}/"


def test_empty_report_is_refused_in_place(client_of: ClientOf, owner: User, task: Task) -> None:
    response = client_of(owner).post(f"/viec/{task.pk}/report/", {"note": " ", "evidence_number": ""})
    task.refresh_from_db()
    assert (response.status_code, task.state) == (400, "not_started")
    assert "Cần ghi kết quả thực hiện hoặc số văn bản minh chứng, hoặc gửi tệp minh chứng." in words_of(
        response
    )


def test_report_that_is_too_long_is_refused_and_kept(client_of: ClientOf, owner: User, task: Task) -> None:
    long = "số " * 60
    response = client_of(owner).post(f"/viec/{task.pk}/report/", {"note": "Đã xong", "evidence_number": long})
    assert response.status_code == 400
    form = _offers(response)[0].form
    assert (form["note"].value(), list(form.errors)) == ("Đã xong", ["evidence_number"])


def test_second_report_is_refused_with_the_reason_and_what_was_typed(
    client_of: ClientOf, owner: User, colleague: User, task: Task
) -> None:
    client_of(colleague).post(f"/viec/{task.pk}/report/", {"note": "Tôi báo cáo trước"})
    response = client_of(owner).post(f"/viec/{task.pk}/report/", REPORT)
    task.refresh_from_db()
    words = words_of(response)
    assert (response.status_code, task.report_note) == (409, "Tôi báo cáo trước")
    assert "Không thể báo cáo hoàn thành: việc đã báo cáo, chờ xác nhận." in words
    assert "Đã ban hành kế hoạch" in words
    assert "12-KH/BNC" in response.content.decode()


def test_history_is_refused_until_it_is_taken_into_tracking(
    client_of: ClientOf, owner: User, registrar: User, agency: Agency
) -> None:
    task = make_task(agency=agency, due="2020-12-31", is_history=True)
    refused = client_of(owner).post(f"/viec/{task.pk}/report/", REPORT)
    client_of(registrar).post(f"/viec/{task.pk}/take-into-tracking/")
    taken = client_of(owner).post(f"/viec/{task.pk}/report/", REPORT)
    assert (refused.status_code, taken.status_code) == (409, 302)


def test_offers_follow_person_and_state(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    officer, office = client_of(owner), client_of(registrar)
    assert _verbs(officer, task) == ["report", "progress", "add-evidence", "start", "ask-extension"]
    assert _verbs(office, task) == [
        "report",
        "progress",
        "add-evidence",
        "start",
        "reassign",
        "withdraw",
        "ask-extension",
        "move-deadline",
    ]
    officer.post(f"/viec/{task.pk}/report/", REPORT)
    assert _verbs(officer, task) == ["add-evidence", "withdraw-report"]
    assert _verbs(office, task) == [
        "confirm",
        "return",
        "add-evidence",
        "withdraw-report",
        "withdraw",
        "move-deadline",
    ]
    office.post(f"/viec/{task.pk}/confirm/", {"note": ""})
    assert (_verbs(officer, task), _verbs(office, task)) == ([], ["return", "move-deadline"])


def test_withdrawn_task_is_given_back_by_the_office_alone(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    officer, office = client_of(owner), client_of(registrar)
    office.post(f"/viec/{task.pk}/withdraw/", {"reason": "nhầm việc"})
    assert (_verbs(officer, task), _verbs(office, task)) == ([], ["restore"])
    silent = office.post(f"/viec/{task.pk}/restore/", {"reason": " "})
    refused = officer.post(f"/viec/{task.pk}/restore/", {"reason": "rút nhầm"})
    assert (silent.status_code, refused.status_code) == (400, 404)
    office.post(f"/viec/{task.pk}/restore/", {"reason": "rút nhầm"})
    assert "report" in _verbs(officer, task)
    office.post(f"/viec/{task.pk}/withdraw/", {"reason": "trùng"})
    Document.objects.update(status=DocumentStatus.EXPIRED, expired_on=TODAY)
    assert _verbs(office, task) == []  # nobody is offered what would be refused
    page = words_of(office.get(f"/viec/{task.pk}/"))
    assert "khôi phục việc" in page
    assert "rút nhầm" in page


def test_offers_follow_the_request_that_waits(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    officer, office = client_of(owner), client_of(registrar)
    make_extension(task)
    assert _verbs(officer, task)[-1:] == ["withdraw-extension"]
    assert _verbs(office, task)[-4:] == [
        "grant-extension",
        "refuse-extension",
        "withdraw-extension",
        "move-deadline",
    ]


def test_task_without_a_deadline_offers_no_extension(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    assert "ask-extension" not in _verbs(client_of(owner), make_task(agency=agency, due="none"))


def test_monitor_sees_a_task_and_may_not_report_it(client_of: ClientOf, task: Task) -> None:
    monitor = make_user(agency=make_agency("Ủy ban Kiểm tra Tỉnh ủy"))
    task.duty.document.monitors.add(monitor.agencies.get())
    client = client_of(monitor)
    assert _verbs(client, task) == []
    assert client.post(f"/viec/{task.pk}/report/", REPORT).status_code == 404


@pytest.mark.parametrize("deed", [deed.name for deed in DEEDS if deed.is_for_registrar])
def test_office_deeds_are_not_there_for_officers(
    client_of: ClientOf, owner: User, task: Task, deed: str
) -> None:
    workflow.report_task(task, note="xong", today=TODAY, actor=ACTOR, now=NOW)
    response = client_of(owner).post(f"/viec/{task.pk}/{deed}/", {"reason": "thử"})
    task.refresh_from_db()
    assert (response.status_code, task.state) == (404, "reported")


def test_return_without_a_reason_is_refused_in_place(
    client_of: ClientOf, registrar: User, task: Task
) -> None:
    workflow.report_task(task, note="xong", today=TODAY, actor=ACTOR, now=NOW)
    response = client_of(registrar).post(f"/viec/{task.pk}/return/", {"reason": ""})
    assert response.status_code == 400
    assert "Cần ghi lý do trả lại." in words_of(response)


@pytest.mark.parametrize("deed", [deed.name for deed in DEEDS])
def test_deeds_are_done_by_post_only(client_of: ClientOf, registrar: User, task: Task, deed: str) -> None:
    client = client_of(registrar)
    opened = client.get(f"/viec/{task.pk}/{deed}/")
    assert (opened.status_code, opened["Location"]) == (302, f"/viec/{task.pk}/")
    assert client.put(f"/viec/{task.pk}/{deed}/").status_code == 405
    assert not Event.objects.exists()


def test_report_without_a_csrf_token_is_refused(owner: User, task: Task) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    response = client.post(f"/viec/{task.pk}/report/", REPORT)
    task.refresh_from_db()
    assert (response.status_code, task.state) == (403, "not_started")
    assert "Biểu mẫu đã hết hiệu lực" in words_of(response)


def test_what_was_typed_is_escaped(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    client.post(f"/viec/{task.pk}/report/", {"note": "<script>alert(1)</script>"})
    page = client.get(f"/viec/{task.pk}/").content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("count", [1, 5])
def test_task_page_queries_are_fixed(
    client_of: ClientOf,
    owner: User,
    agency: Agency,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Whatever the number of events and bodies."""
    coordinators = tuple(make_agency() for _turn in range(count))
    duty = make_duty(leads=(agency,), coordinators=coordinators, due="2026-12-31")
    task = make_task(agency=agency, duty=duty)
    for _turn in range(count):
        workflow.report_task(task, note="xong", today=TODAY, actor=ACTOR, now=NOW)
        workflow.withdraw_report(task, actor=ACTOR, now=NOW)
        make_evidence(task)
        make_evidence(task, extension=make_extension(task, status="refused", decided_at=NOW))
    client = client_of(owner)
    with django_assert_num_queries(9):
        client.get(f"/viec/{task.pk}/")


def test_moved_deadline_shows_both_days(client_of: ClientOf, owner: User, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(due_on=date(2027, 1, 31), due_quarter="2027-Q1")
    assert "Hạn ban đầu: 31/12/2026." in words_of(client_of(owner).get(f"/viec/{task.pk}/"))


def test_done_late_is_said_so(client_of: ClientOf, owner: User, agency: Agency) -> None:
    yesterday = TODAY - timedelta(days=1)
    task = make_task(agency=agency, due=yesterday.isoformat(), state="confirmed", reported_on=TODAY)
    assert "báo cáo 16/11/2026 quá hạn đã hoàn thành" in words_of(client_of(owner).get(f"/viec/{task.pk}/"))


def test_selection_of_history_is_taken_into_tracking_each_with_its_answer(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    old = [make_task(agency=agency, due="2020-12-31", is_history=True) for _turn in range(2)]
    tracked = make_task(agency=agency)
    client = client_of(registrar)
    chosen = [task.pk for task in (*old, tracked)]
    response = client.post(
        "/viec/dua-vao-theo-doi/", {"task": [*chosen, 9999, "x"], "next": "/viec/?han=history"}, follow=True
    )
    assert f"Đã đưa 2 việc vào theo dõi. Việc số {tracked.pk}: Việc này đang được theo dõi rồi." in words_of(
        response
    )
    assert response.redirect_chain == [("/viec/?han=history", 302)]
    assert not Task.objects.filter(is_history=True).exists()


def test_selection_of_history_is_for_registrars(client_of: ClientOf, owner: User, agency: Agency) -> None:
    task = make_task(agency=agency, due="2020-12-31", is_history=True)
    client = client_of(owner)
    assert client.post("/viec/dua-vao-theo-doi/", {"task": [task.pk]}).status_code == 404
    assert "Đưa các việc đã chọn" not in words_of(client.get("/viec/?han=history"))
    task.refresh_from_db()
    assert task.is_history


def test_selection_of_nothing_says_so(client_of: ClientOf, registrar: User, agency: Agency) -> None:
    make_task(agency=agency, due="2020-12-31", is_history=True)
    client = client_of(registrar)
    assert "Đưa các việc đã chọn" in words_of(client.get("/viec/?han=history"))
    assert "Đã đưa 0 việc vào theo dõi." in words_of(client.post("/viec/dua-vao-theo-doi/", follow=True))
