"""The queue *cần phân công*."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import make_agency, make_collective, make_document, make_duty, make_task
from tests.web.conftest import ClientOf
from tests.web.reading import context_of, words_of
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.duties.models import DutyBody, Task

pytestmark = pytest.mark.django_db


def _body(words: str = "các cơ quan liên quan") -> DutyBody:
    return make_duty(leads=(words,), due="2026-12-31").bodies.get()


def test_queue_holds_bodies_that_name_nobody_and_tasks_of_bodies_that_are_no_more(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    unknown, open_collective = _body(), make_duty(leads=(make_collective(is_open=True),)).bodies.get()
    make_duty(leads=(agency,))
    stranded = make_task(agency=agency, needs_assignment=True)
    context = context_of(client_of(registrar).get("/can-phan-cong/"))
    assert (list(context["page"]), list(context["tasks"])) == ([unknown, open_collective], [stranded])


def test_assigning_opens_a_task_for_each_chosen_agency(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    body, second = _body(), make_agency("Sở Y tế")
    client = client_of(registrar)
    response = client.post(f"/can-phan-cong/{body.pk}/", {"agencies": [agency.pk, second.pk]})
    assert (response.status_code, response["Location"]) == (302, "/can-phan-cong/")
    assert set(Task.objects.values_list("agency", flat=True)) == {agency.pk, second.pk}
    assert Event.objects.about(body.duty).get().actor == registrar
    assert list(context_of(client.get("/can-phan-cong/"))["page"]) == []


def test_assigning_answers_the_same_words_of_the_same_document_too(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    document = make_document()
    first, second = (make_duty(document=document, leads=("các ngành",)).bodies.get() for _turn in "ab")
    other_words, other_document = (
        make_duty(document=document, leads=("các cấp",)).bodies.get(),
        _body("các ngành"),
    )
    client = client_of(registrar)
    page = client.get(f"/can-phan-cong/{first.pk}/")
    assert "Phân công như vậy cho cả 1 nơi khác cũng ghi «các ngành»" in words_of(page)
    client.post(f"/can-phan-cong/{first.pk}/", {"agencies": [agency.pk], "too": "on"})
    assert {body.pk for body in context_of(client.get("/can-phan-cong/"))["page"]} == {
        other_words.pk,
        other_document.pk,
    }
    assert set(Task.objects.values_list("duty", flat=True)) == {first.duty_id, second.duty_id}


@pytest.mark.parametrize(("words", "count"), [("các ngành", 1), ("ke hoach", 2), ("gì đó", 0)])
def test_queue_is_searched(client_of: ClientOf, registrar: User, words: str, count: int) -> None:
    make_duty(leads=("các ngành",), search_text="xay dung ke hoach")
    make_duty(leads=("các cấp",), search_text="lap ke hoach")
    page = client_of(registrar).get("/can-phan-cong/", {"tim": words})
    assert context_of(page)["page"].paginator.count == count


def test_assigning_nobody_is_refused_in_place(client_of: ClientOf, registrar: User) -> None:
    response = client_of(registrar).post(f"/can-phan-cong/{_body().pk}/", {})
    assert (response.status_code, Task.objects.count()) == (400, 0)
    assert "Hãy chọn ít nhất một cơ quan." in words_of(response)


def test_assigning_an_abolished_agency_is_refused(client_of: ClientOf, registrar: User) -> None:
    gone = make_agency("Ban Dân vận Tỉnh ủy", until="2025-02-28")
    response = client_of(registrar).post(f"/can-phan-cong/{_body().pk}/", {"agencies": [gone.pk]})
    assert (response.status_code, Task.objects.count()) == (400, 0)


def test_assigned_body_is_out_of_the_queue(client_of: ClientOf, registrar: User, agency: Agency) -> None:
    body = _body()
    client = client_of(registrar)
    answers = [
        client.post(f"/can-phan-cong/{body.pk}/", {"agencies": [agency.pk]}).status_code for _turn in "ab"
    ]
    assert (answers, Task.objects.count()) == ([302, 404], 1)


def test_officers_assign_nothing(client_of: ClientOf, owner: User, agency: Agency) -> None:
    response = client_of(owner).post(f"/can-phan-cong/{_body().pk}/", {"agencies": [agency.pk]})
    assert (response.status_code, Task.objects.count()) == (404, 0)


@pytest.mark.parametrize("count", [1, 5])
def test_queue_queries_are_fixed(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(count):
        _body()
        make_task(needs_assignment=True)
    client = client_of(registrar)
    with django_assert_num_queries(6):
        client.get("/can-phan-cong/")


def test_stranded_task_is_assigned_on_its_page(
    client_of: ClientOf, registrar: User, owner: User, agency: Agency
) -> None:
    gone = make_agency("Ban Dân vận Tỉnh ủy", until="2025-02-28")
    task = make_task(agency=gone, needs_assignment=True)
    client = client_of(registrar)
    client.post(f"/viec/{task.pk}/assign-task/", {"agency": agency.pk})
    task.refresh_from_db()
    assert (task.agency, task.needs_assignment) == (agency, False)
    page = words_of(client_of(owner).get(f"/viec/{task.pk}/"))
    assert "van-phong giao lại việc Ban Dân vận Tỉnh ủy → Ban Nội chính Tỉnh ủy" in page
    assert client.post(f"/viec/{task.pk}/assign-task/", {"agency": agency.pk}).status_code == 409


def test_stranded_task_that_another_owes_already_is_refused_and_may_be_withdrawn(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    task = make_task(agency=make_agency(until="2025-02-28"), needs_assignment=True)
    make_task(agency=agency, duty=task.duty)
    client = client_of(registrar)
    refused = client.post(f"/viec/{task.pk}/assign-task/", {"agency": agency.pk})
    assert refused.status_code == 400
    assert "Cơ quan này đã có việc của nhiệm vụ trong kỳ đó." in words_of(refused)
    assert client.post(f"/viec/{task.pk}/withdraw/", {"reason": "đã có"}).status_code == 302
    assert list(context_of(client.get("/can-phan-cong/"))["tasks"]) == []
