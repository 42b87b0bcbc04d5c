"""Requests for a new deadline on the pages: asked on the task's, answered there or on the office's list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.duties.makers import record_of
from tests.factories import NOW, TODAY, make_agency, make_evidence, make_extension, make_task, make_user
from tests.web.conftest import ClientOf
from tests.web.reading import context_of, words_of
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.models import Extension, Task

pytestmark = pytest.mark.django_db

ASKED = {"new_due": "quý I/2027", "reason": "Chờ hướng dẫn"}


@pytest.fixture
def task(agency: Agency) -> Task:
    return make_task(agency=agency, due="2026-Q4", due_text="quý IV/2026")


def _post(client: Client, task: Task, deed: str, **words: object) -> int:
    return client.post(f"/viec/{task.pk}/{deed}/", words).status_code


@pytest.mark.parametrize(
    ("words", "due_on", "shown"),
    [
        ("quý I/2027", date(2027, 3, 31), "quý I/2027 đến 31/03/2027"),
        ("trước ngày 15/4/2027", date(2027, 4, 14), "trước ngày 15/4/2027 đến 14/04/2027"),
        ("tháng 6/2027", date(2027, 6, 30), "tháng 6/2027 đến 30/06/2027"),
        ("31/1/2027", date(2027, 1, 31), "31/1/2027 đến 31/01/2027"),
        ("2027-01-31", date(2027, 1, 31), "31/01/2027"),
        ("31/1", date(2027, 1, 31), "31/1 đến 31/01/2027"),
        ("  hết quý  II/2027 ", date(2027, 6, 30), "hết quý II/2027 đến 30/06/2027"),
    ],
)
def test_new_deadline_is_understood_in_its_words(
    client_of: ClientOf, owner: User, task: Task, words: str, due_on: date, shown: str
) -> None:
    client = client_of(owner)
    assert _post(client, task, "ask-extension", new_due=words, reason="Chờ hướng dẫn") == 302
    assert Extension.objects.get().asked_due_on == due_on
    assert f"31/12/2026 → {shown} chờ quyết định" in words_of(client.get(f"/viec/{task.pk}/"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "Chưa hiểu «» là hạn nào."),
        ("khi nào xong", "Chưa hiểu «khi nào xong» là hạn nào."),
        ("hằng quý", "Hạn mới phải là một ngày, tháng, quý hoặc năm; «hằng quý» không chỉ ra một hạn."),
        ("quý I/2027, quý II/2027", "Chưa hiểu «quý I/2027, quý II/2027» là hạn nào."),
        ("quý III/2026", "Hạn đề nghị phải sau hạn hiện nay (31/12/2026)."),
    ],
)
def test_new_deadline_that_is_none_is_refused_in_place(
    client_of: ClientOf, owner: User, task: Task, words: str, message: str
) -> None:
    response = client_of(owner).post(
        f"/viec/{task.pk}/ask-extension/", {"new_due": words, "reason": "Chờ hướng dẫn"}
    )
    assert (response.status_code, Extension.objects.count()) == (400, 0)
    page = words_of(response)
    assert message in page
    assert "Chờ hướng dẫn" in page


def test_request_is_granted_as_asked_and_the_page_tells_it(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    officer, office = client_of(owner), client_of(registrar)
    _post(officer, task, "ask-extension", **ASKED)
    request = Extension.objects.get()
    assert _post(office, task, "grant-extension", extension=request.pk, new_due="", note="Đồng ý") == 302
    task.refresh_from_db()
    assert (task.due_on, task.due_quarter) == (date(2027, 3, 31), "2027-Q1")
    page = words_of(officer.get(f"/viec/{task.pk}/"))
    assert "quý I/2027 hạn 31/03/2027" in page
    assert "Hạn ban đầu: 31/12/2026. Tính theo hạn ban đầu: chưa hoàn thành trong hạn." in page
    assert "chu-viec đề nghị gia hạn 31/12/2026 → quý I/2027 (31/03/2027) Chờ hướng dẫn" in page
    assert "van-phong đồng ý gia hạn 31/12/2026 → quý I/2027 (31/03/2027) Đồng ý" in page


def test_shorter_grant_is_told_beside_what_was_asked(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    request = make_extension(task)
    office = client_of(registrar)
    _post(office, task, "grant-extension", extension=request.pk, new_due="31/1/2027", note="")
    page = words_of(client_of(owner).get(f"/viec/{task.pk}/"))
    assert "đồng ý, ngắn hơn đề nghị gia đến 31/01/2027" in page
    assert "31/12/2026 → 31/1/2027 (31/01/2027) Ngắn hơn đề nghị (31/03/2027)" in page


def test_refused_request_says_why(client_of: ClientOf, owner: User, registrar: User, task: Task) -> None:
    request = make_extension(task)
    office = client_of(registrar)
    assert _post(office, task, "refuse-extension", extension=request.pk, reason="") == 400
    assert _post(office, task, "refuse-extension", extension=request.pk, reason="Chưa đủ căn cứ") == 302
    assert "không đồng ý gia hạn Chưa đủ căn cứ" in words_of(client_of(owner).get(f"/viec/{task.pk}/"))


def test_answer_is_for_the_request_that_was_read(client_of: ClientOf, registrar: User, task: Task) -> None:
    """Meanwhile the agency took it back and asked for longer: that one is not granted unread."""
    read = make_extension(task, status="withdrawn", decided_at=NOW)
    newer = make_extension(task, asked_due_on=date(2027, 12, 31), asked_due_text="năm 2027")
    office = client_of(registrar)
    assert _post(office, task, "grant-extension", extension=read.pk, new_due="", note="") == 409
    newer.refresh_from_db()
    task.refresh_from_db()
    assert (newer.status, task.due_on) == ("open", date(2026, 12, 31))


def test_request_of_another_task_is_not_answered_here(
    client_of: ClientOf, registrar: User, task: Task
) -> None:
    other = make_extension()
    response = client_of(registrar).post(
        f"/viec/{task.pk}/refuse-extension/", {"extension": other.pk, "reason": "không"}
    )
    other.refresh_from_db()
    assert (response.status_code, other.status) == (409, "open")
    assert "Việc này không có đề nghị gia hạn ấy." in words_of(response)


def test_agency_takes_its_request_back(client_of: ClientOf, owner: User, task: Task) -> None:
    request = make_extension(task)
    assert _post(client_of(owner), task, "withdraw-extension", extension=request.pk, note="") == 302
    request.refresh_from_db()
    assert request.status == "withdrawn"


def test_office_moves_a_deadline_and_the_story_says_why(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    words = {"new_due": "tháng 11/2026", "reason": "Trung ương yêu cầu sớm"}
    assert _post(client_of(owner), task, "move-deadline", **words) == 404
    assert _post(client_of(registrar), task, "move-deadline", **words) == 302
    page = words_of(client_of(owner).get(f"/viec/{task.pk}/"))
    assert "tháng 11/2026 hạn 30/11/2026" in page
    assert "van-phong dời hạn 31/12/2026 → tháng 11/2026 (30/11/2026) Trung ương yêu cầu sớm" in page


def test_progress_stands_on_the_page_and_in_its_form(client_of: ClientOf, owner: User, task: Task) -> None:
    client = client_of(owner)
    words = {"percent": "40", "stage": "lấy ý kiến", "difficulties": "Thiếu hướng dẫn", "proposals": ""}
    assert _post(client, task, "progress", **words) == 302
    response = client.get(f"/viec/{task.pk}/")
    page = words_of(response)
    assert "40% lấy ý kiến báo ngày 16/11/2026 Khó khăn, vướng mắc Thiếu hướng dẫn" in page
    assert "báo tiến độ Tiến độ: 40% Giai đoạn: lấy ý kiến Khó khăn, vướng mắc: Thiếu hướng dẫn" in page
    form = next(o for o in context_of(response)["work_offers"] if o.deed.name == "progress").form
    assert (form["percent"].value(), form["difficulties"].value()) == (40, "Thiếu hướng dẫn")


@pytest.mark.parametrize("percent", ["101", "-1", "nhiều"])
def test_progress_out_of_range_is_refused_in_place(
    client_of: ClientOf, owner: User, task: Task, percent: str
) -> None:
    assert _post(client_of(owner), task, "progress", percent=percent, stage="lấy ý kiến") == 400
    assert record_of(task) == []


def test_task_is_given_to_another_agency(
    client_of: ClientOf, owner: User, registrar: User, task: Task
) -> None:
    other = make_agency("Ban Tuyên giáo Tỉnh ủy")
    words = {"agency": other.pk, "reason": "Đúng chức năng"}
    assert _post(client_of(owner), task, "reassign", **words) == 404
    office = client_of(registrar)
    assert _post(office, task, "reassign", **words) == 302
    page = words_of(office.get(f"/viec/{task.pk}/"))
    assert "giao việc cho cơ quan khác Ban Nội chính Tỉnh ủy → Ban Tuyên giáo Tỉnh ủy Đúng chức năng" in page
    assert client_of(owner).get(f"/viec/{task.pk}/").status_code == 404


def test_late_report_is_asked_for_its_reason(client_of: ClientOf, owner: User, agency: Agency) -> None:
    in_time = make_task(agency=agency)
    late = make_task(agency=agency, due=(TODAY - timedelta(days=1)).isoformat())
    client = client_of(owner)
    asks = "Lý do chậm (việc đã quá hạn)"
    assert asks not in words_of(client.get(f"/viec/{in_time.pk}/"))
    assert asks in words_of(client.get(f"/viec/{late.pk}/"))
    assert words_of(client.get("/")).count(asks) == 1
    _post(client, late, "report", note="xong", late_reason="Chờ số liệu")
    page = words_of(client.get(f"/viec/{late.pk}/"))
    assert "Lý do chậm Chờ số liệu" in page
    assert "Lý do chậm: Chờ số liệu" in page


def test_list_of_requests_shows_what_waits_the_oldest_first(
    client_of: ClientOf, registrar: User, owner: User, task: Task
) -> None:
    later = make_extension(make_task(agency=make_agency("Sở Y tế")), requested_by=owner)
    Extension.objects.filter(pk=later.pk).update(requested_at=NOW + timedelta(hours=1))
    first = make_extension(task, requested_by=owner)
    make_evidence(task, extension=first, name="de-nghi.pdf")
    answered = make_extension(status="refused", decided_at=NOW, decision_note="Chưa đủ căn cứ")
    client = client_of(registrar)
    page = client.get("/gia-han/")
    assert [row.request for row in context_of(page)["rows"]] == [first, later]
    assert "Chờ quyết định 2" in words_of(page)
    assert "Ban Nội chính Tỉnh ủy" in words_of(page)
    assert "quý I/2027 đến 31/03/2027" in words_of(page)
    assert "de-nghi.pdf 1,0 KB" in words_of(page)
    decided = client.get("/gia-han/?xem=da-quyet")
    assert list(context_of(decided)["page"]) == [answered]
    assert "Chưa đủ căn cứ" in words_of(decided)


def test_request_is_answered_from_the_list(client_of: ClientOf, registrar: User, task: Task) -> None:
    request = make_extension(task)
    response = client_of(registrar).post(
        f"/viec/{task.pk}/grant-extension/",
        {"extension": request.pk, "new_due": "", "note": "", "next": "/gia-han/"},
        follow=True,
    )
    assert response.redirect_chain == [("/gia-han/", 302)]
    assert "Đã gia hạn." in words_of(response)
    assert "Không có đề nghị nào đang chờ." in words_of(response)


def test_overview_tells_the_office_what_waits(
    client_of: ClientOf, registrar: User, owner: User, task: Task
) -> None:
    words = "1 đề nghị gia hạn đang chờ quyết định."
    assert words not in words_of(client_of(registrar).get("/"))
    make_extension(task)
    assert words in words_of(client_of(registrar).get("/"))
    assert words not in words_of(client_of(owner).get("/tong-quan/"))


@pytest.mark.parametrize("who", ["owner", "outsider", "leader"])
def test_list_of_requests_is_the_offices(client_of: ClientOf, agency: Agency, who: str) -> None:
    people = {
        "owner": {"agency": agency},
        "outsider": {"agency": make_agency()},
        "leader": {"office_role": "leader"},
    }
    client = client_of(make_user(**people[who]))  # type: ignore[arg-type]
    assert client.get("/gia-han/").status_code == 404
    assert "Gia hạn" not in words_of(client.get("/"))


@pytest.mark.parametrize("count", [1, 20])
def test_list_of_requests_takes_fixed_queries(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(count):
        extension = make_extension(requested_by=registrar)
        make_evidence(extension.task, extension=extension)
    client = client_of(registrar)
    with django_assert_num_queries(6):
        client.get("/gia-han/")
