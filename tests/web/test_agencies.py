"""The registry's pages: list, one agency, and the four changes with preview and confirmation."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import make_agency, make_collective, make_task, make_user
from tests.web.conftest import ClientOf
from tests.web.reading import context_of, words_of
from tracker.agencies.models import Agency, Succession
from tracker.core.enums import OfficeRole
from tracker.core.models import Event, User
from tracker.duties.models import Task

pytestmark = pytest.mark.django_db

KINDS = ("doi-ten", "sap-nhap", "chia-tach", "ket-thuc")


def _hidden(page: Any) -> dict[str, list[str]]:
    """The fields of the confirmation, as the browser would send them."""
    form = page.content.decode().split('<form method="post">', 1)[1].split("</form>", 1)[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return fields


def _preview(client: Client, agency: Agency, kind: str, **fields: Any) -> Any:
    return client.post(f"/co-quan/{agency.key}/{kind}/", {"day": "16/11/2026", "note": "QĐ 12"} | fields)


def test_list_shows_who_exists_with_what_they_owe(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    gone = make_agency("Ban Dân vận Tỉnh ủy", until="2025-02-28")
    make_task(agency=agency, due="2026-Q3")
    make_task(agency=agency)
    client = client_of(registrar)
    now, past = client.get("/co-quan/"), client.get("/co-quan/", {"xem": "da-thoi"})
    assert [(row, row.open_count, row.overdue_count) for row in context_of(now)["page"]] == [(agency, 2, 1)]
    assert list(context_of(past)["page"]) == [gone]


@pytest.mark.parametrize(("words", "count"), [("noi chinh", 1), ("Nội  chính", 1), ("y tế", 0)])
def test_list_is_searched_without_accents(
    client_of: ClientOf, registrar: User, agency: Agency, words: str, count: int
) -> None:
    assert context_of(client_of(registrar).get("/co-quan/", {"tim": words}))["page"].paginator.count == count


def test_agency_page_tells_figures_people_and_what_it_was(
    client_of: ClientOf, registrar: User, owner: User, agency: Agency
) -> None:
    old = make_agency("Ban Cũ", until="2025-02-28")
    Succession.objects.create(agency=old, successor=agency)
    make_collective(agency, name="Các ban Đảng")
    make_task(agency=agency, due="2026-Q3")
    client = client_of(registrar)
    _confirm(client, agency, "doi-ten", name="Ban Mới")
    page = words_of(client.get(f"/co-quan/{agency.key}/"))
    for words in (
        "Ban Mới",
        "Còn được viết là: Ban Nội chính Tỉnh ủy",
        "Quá hạn 1",
        "Kế thừa Ban Cũ (đến hết ngày 28/02/2025) chưa xác nhận",
        "Các ban Đảng",
        "chu-viec, cán bộ",
        "van-phong đổi tên Ban Nội chính Tỉnh ủy → Ban Mới Từ ngày 16/11/2026 QĐ 12",
    ):
        assert words in page


def _confirm(client: Client, agency: Agency, kind: str, **fields: Any) -> Any:
    shown = _preview(client, agency, kind, **fields)
    return client.post(f"/co-quan/{agency.key}/{kind}/", _hidden(shown))


def test_merger_is_shown_then_done(client_of: ClientOf, registrar: User, owner: User, agency: Agency) -> None:
    second, client = make_agency("Ban Dân vận Tỉnh ủy"), client_of(registrar)
    mine, theirs = make_task(agency=agency), make_task(agency=second)
    fields = {
        "new": "Ban Hợp nhất",
        "agencies": [second.pk],
        "people_follow": "on",
        "joins_collectives": "on",
    }
    shown = _preview(client, agency, "sap-nhap", **fields)
    words = words_of(shown)
    assert "2 việc chưa xong chuyển đi" in words
    assert "Người chuyển theo: chu-viec" in words
    assert (Agency.objects.count(), Event.objects.count()) == (2, 0)
    done = client.post(f"/co-quan/{agency.key}/sap-nhap/", _hidden(shown), follow=True)
    assert "Đã ghi; 2 việc đã chuyển." in words_of(done)
    heir = Agency.objects.get(name="Ban Hợp nhất")
    assert set(Task.objects.filter(agency=heir)) == {mine, theirs}
    assert heir.kind == agency.kind


def test_split_sends_tasks_to_the_queue(client_of: ClientOf, registrar: User, agency: Agency) -> None:
    task = make_task(agency=agency)
    client = client_of(registrar)
    shown = _preview(client, agency, "chia-tach", new="Ban Một\nBan Hai")
    assert "trong đó 1 việc vào «Cần phân công»" in words_of(shown)
    client.post(f"/co-quan/{agency.key}/chia-tach/", _hidden(shown))
    assert list(context_of(client.get("/can-phan-cong/"))["tasks"]) == [task]


def test_end_on_a_day_to_come_says_that_it_waits(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    make_task(agency=agency)
    client = client_of(registrar)
    shown = _preview(client, agency, "ket-thuc", day="01/12/2026")
    done = client.post(f"/co-quan/{agency.key}/ket-thuc/", _hidden(shown), follow=True)
    assert "Thay đổi có hiệu lực ngày 01/12/2026; 1 việc sẽ chuyển vào ngày đó." in words_of(done)
    assert not Task.objects.filter(needs_assignment=True).exists()


def test_what_changed_after_the_preview_is_shown_again(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    client, heir = client_of(registrar), make_agency("Ban Mới")
    shown = _preview(client, agency, "sap-nhap", into=heir.pk)
    task = make_task(agency=agency)
    again = client.post(f"/co-quan/{agency.key}/sap-nhap/", _hidden(shown))
    task.refresh_from_db()
    assert (again.status_code, task.agency) == (409, agency)
    assert "dữ liệu đã thay đổi" in words_of(again)
    client.post(f"/co-quan/{agency.key}/sap-nhap/", _hidden(again))
    task.refresh_from_db()
    assert task.agency == heir


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("doi-ten", {"name": ""}, "Cần ghi tên mới."),
        ("doi-ten", {"name": "Ban Nội chính Tỉnh ủy"}, "trùng với tên đang dùng"),
        ("doi-ten", {"name": "Ban Mới", "day": "mai"}, "Ngày ghi như 31/12/2026."),
        ("sap-nhap", {}, "Hãy chọn một cơ quan kế thừa, hoặc ghi tên cơ quan mới."),
        ("sap-nhap", {"into": "99999"}, "không"),
        ("chia-tach", {"new": "Ban Một"}, "ít nhất hai cơ quan kế thừa"),
        ("ket-thuc", {"day": ""}, "Cần ghi ngày."),
    ],
)
def test_impossible_change_is_refused_in_place(
    client_of: ClientOf, registrar: User, agency: Agency, kind: str, fields: dict[str, Any], words: str
) -> None:
    response = _preview(client_of(registrar), agency, kind, **fields)
    assert response.status_code == 400
    assert words in words_of(response)
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("until", "heirs", "offered"),
    [(None, 0, list(KINDS)), ("2025-02-28", 0, ["sap-nhap", "chia-tach"]), ("2025-02-28", 1, [])],
)
def test_only_possible_changes_are_offered(
    client_of: ClientOf, registrar: User, agency: Agency, until: str | None, heirs: int, offered: list[str]
) -> None:
    Agency.objects.filter(pk=agency.pk).update(until=until)
    for _turn in range(heirs):
        Succession.objects.create(agency=agency, successor=make_agency())
    client = client_of(registrar)
    page = client.get(f"/co-quan/{agency.key}/")
    assert [kind.name for kind in context_of(page)["kinds"]] == offered
    statuses = {kind: client.get(f"/co-quan/{agency.key}/{kind}/").status_code for kind in (*KINDS, "khac")}
    assert [kind for kind, status in statuses.items() if status == 200] == offered


@pytest.mark.parametrize(
    ("role", "reads"), [(OfficeRole.NONE, False), (OfficeRole.LEADER, True), (OfficeRole.AUDITOR, True)]
)
def test_overseers_read_the_registry_and_only_registrars_change_it(
    client_of: ClientOf, agency: Agency, role: OfficeRole, reads: bool
) -> None:
    succession = Succession.objects.create(agency=make_agency(until="2025-02-28"), successor=make_agency())
    client = client_of(make_user(agency=agency, office_role=role))
    for path in ("/co-quan/", f"/co-quan/{agency.key}/"):
        assert client.get(path).status_code == (200 if reads else 404)
    for kind in KINDS:
        assert client.get(f"/co-quan/{agency.key}/{kind}/").status_code == 404
        assert _preview(client, agency, kind, name="Ban Mới").status_code == 404
    assert client.post(f"/co-quan/ke-thua/{succession.pk}/xac-nhan/").status_code == 404
    assert Event.objects.count() == 0


def test_steward_confirms_what_came_from_general_knowledge(client_of: ClientOf, registrar: User) -> None:
    succession = Succession.objects.create(
        agency=make_agency("Ban Cũ", until="2025-02-28"), successor=make_agency("Ban Mới")
    )
    client = client_of(registrar)
    assert "1 quan hệ kế thừa chưa ai xác nhận" in words_of(client.get("/co-quan/"))
    response = client.post(f"/co-quan/ke-thua/{succession.pk}/xac-nhan/", follow=True)
    succession.refresh_from_db()
    assert succession.is_confirmed
    assert "Đã xác nhận: Ban Cũ → Ban Mới" in words_of(response)
    assert "chưa ai xác nhận" not in words_of(response)


@pytest.mark.parametrize("count", [1, 100])
def test_list_queries_are_fixed(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(count):
        task = make_task()
        Succession.objects.create(agency=task.agency, successor=make_agency())
    client = client_of(registrar)
    with django_assert_num_queries(5):
        client.get("/co-quan/")


@pytest.mark.parametrize("count", [1, 100])
def test_preview_queries_are_fixed(
    client_of: ClientOf, registrar: User, agency: Agency, count: int, django_assert_max_num_queries: Any
) -> None:
    heir = make_agency("Ban Mới")
    for _turn in range(count):
        make_task(agency=agency)
    client = client_of(registrar)
    with django_assert_max_num_queries(50):
        assert _preview(client, agency, "sap-nhap", into=heir.pk).status_code == 200
    assert Task.objects.filter(agency=agency).count() == count
