"""Signing in and out, the frame of every page, and the pages for errors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.web.conftest import ClientOf
from tests.web.reading import words_of
from tracker.core.models import User
from tracker.web.sign_in import MOST_WRONG

pytestmark = pytest.mark.django_db

PASSWORD = "mat-khau-thu"


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Wrong answers are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, owner: User) -> None:
    response = client.post(
        "/dang-nhap/", {"username": owner.username, "password": PASSWORD, "next": "/van-ban/"}
    )
    assert (response.status_code, response["Location"]) == (302, "/van-ban/")


def test_signing_in_never_leads_to_another_site(client: Client, owner: User) -> None:
    response = client.post(
        "/dang-nhap/", {"username": owner.username, "password": PASSWORD, "next": "https://example.com/"}
    )
    assert response["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("chu-viec", "sai"), ("khong-co", PASSWORD)])
def test_wrong_name_and_wrong_password_get_the_same_words(
    client: Client, owner: User, username: str, password: str
) -> None:
    words = words_of(client.post("/dang-nhap/", {"username": username, "password": password}))
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in words


def test_guessing_is_bounded_for_one_name_only(client: Client, owner: User, colleague: User) -> None:
    wrong = {"username": owner.username, "password": "đoán"}
    statuses = [client.post("/dang-nhap/", wrong).status_code for _turn in range(MOST_WRONG + 1)]
    assert statuses == [200] * MOST_WRONG + [429]
    right = client.post("/dang-nhap/", {"username": owner.username.upper(), "password": PASSWORD})
    assert right.status_code == 429
    assert "Đã nhập sai quá nhiều lần." in words_of(right)
    other = client.post("/dang-nhap/", {"username": colleague.username, "password": PASSWORD})
    assert other.status_code == 302


def test_signing_in_forgets_what_went_wrong_before(client: Client, owner: User) -> None:
    for _turn in range(2):
        for _guess in range(MOST_WRONG - 1):
            client.post("/dang-nhap/", {"username": owner.username, "password": "đoán"})
        right = client.post("/dang-nhap/", {"username": owner.username, "password": PASSWORD})
        assert right.status_code == 302
        client.post("/dang-xuat/")


def test_password_is_changed_by_its_owner(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    new = "mat-khau-moi-2026"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    wrong = client.post("/mat-khau/", fields | {"old_password": "sai"})
    right = client.post("/mat-khau/", fields, follow=True)
    owner.refresh_from_db()
    assert (wrong.status_code, right.redirect_chain, owner.check_password(new)) == (200, [("/", 302)], True)
    assert "Đã đổi mật khẩu." in words_of(right)


def test_signing_out_is_done_by_post(client_of: ClientOf, owner: User) -> None:
    client = client_of(owner)
    assert client.get("/dang-xuat/").status_code == 405
    assert client.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert client.get("/").status_code == 302


def test_pages_of_a_person_stay_in_no_cache(client_of: ClientOf, owner: User) -> None:
    assert "no-store" in client_of(owner).get("/")["Cache-Control"]


def test_fixed_day_is_announced(client: Client) -> None:
    assert "đang được xem như vào ngày 16/11/2026" in words_of(client.get("/dang-nhap/"))


def test_running_clock_announces_nothing(client: Client, settings: Settings) -> None:
    settings.TRACKER_TODAY = None
    assert "Trình diễn" not in words_of(client.get("/dang-nhap/"))


@pytest.mark.parametrize("path", ["/dang-nhap/", "/", "/khong-co/"])
def test_pages_take_nothing_from_elsewhere(client_of: ClientOf, owner: User, path: str) -> None:
    response = client_of(owner).get(path)
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    body = response.content.decode()
    assert "<script" not in body
    assert "style=" not in body
    assert 'src="http' not in body


def test_menu_offers_what_one_may_open(client_of: ClientOf, owner: User, registrar: User) -> None:
    officer, office = words_of(client_of(owner).get("/")), words_of(client_of(registrar).get("/"))
    assert ("Cần phân công" in officer, "Cần phân công" in office) == (False, True)
    assert ("Việc của tôi" in officer, "Việc của tôi" in office) == (True, False)


@pytest.mark.parametrize("accepted", ["vi", "en", "fr"])
def test_pages_are_vietnamese_whatever_the_browser_prefers(client: Client, accepted: str) -> None:
    response = client.post(
        "/dang-nhap/", {"username": "", "password": ""}, headers={"Accept-Language": accepted}
    )
    assert "Trường này là bắt buộc" in words_of(response)


def test_unknown_address_answers_in_vietnamese(client: Client) -> None:
    response = client.get("/khong-co/")
    assert response.status_code == 404
    assert "Không tìm thấy trang này" in words_of(response)


def test_fault_answers_in_vietnamese_without_the_database(
    client_of: ClientOf, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tracker.web.home.standing", fail)
    client = client_of(owner)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in words_of(response)
