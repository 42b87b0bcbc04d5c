"""Settings from the environment: typed, and refused with a sentence where they are wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "SITE_URL", "NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def test_database_is_sqlite_where_nothing_is_set(tmp_path: Path) -> None:
    settings = environment.database_settings(f"sqlite:///{tmp_path}/x.sqlite3")
    assert (settings["ENGINE"], settings["NAME"]) == (
        "django.db.backends.sqlite3",
        str(tmp_path / "x.sqlite3"),
    )
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_database_is_postgresql_where_it_is_named(give: pytest.MonkeyPatch) -> None:
    give.setenv("DATABASE_URL", "postgres://a:b@db.example.vn:5433/viec")
    settings = environment.database_settings("sqlite:///x")
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example.vn", 5433, "viec")


@pytest.mark.parametrize(
    ("name", "value", "read", "words"),
    [
        (
            "DATABASE_URL",
            "mysql://x/y",
            lambda: environment.database_settings("sqlite:///x"),
            "postgresql://",
        ),
        ("REDIS_URL", "amqp://x", environment.redis_url, "redis://"),
        ("EMAIL_URL", "bo-cau://x", environment.email_settings, "console://"),
        ("SITE_URL", "nhiemvu.example.vn", lambda: environment.site_url("http://x"), "địa chỉ đầy đủ"),
        ("NAME", "có", lambda: environment.flag("NAME", default=False), "true hoặc false"),
        ("NAME", "mười", lambda: environment.whole_number("NAME", 1, least=0), "số nguyên"),
        ("NAME", "-1", lambda: environment.whole_number("NAME", 1, least=0), "từ 0 trở lên; đang là -1"),
        ("NAME", "pdf,exe", lambda: environment.choices("NAME", [], known={"pdf"}), "không biết «exe»"),
        ("CLAMD_URL", "127.0.0.1:3310", environment.scanner_url, "tcp://127.0.0.1:3310"),
        ("CLAMD_URL", "tcp://", environment.scanner_url, "unix:///run/clamav/clamd.ctl"),
        ("CLAMD_URL", "unix://", environment.scanner_url, "unix:///run/clamav/clamd.ctl"),
        ("NAME", "15/6/2021", lambda: environment.day_or_none("NAME"), "ví dụ 2021-06-15"),
    ],
)
def test_wrong_value_is_refused_with_what_would_be_right(
    give: pytest.MonkeyPatch, name: str, value: str, read: object, words: str
) -> None:
    give.setenv(name, value)
    assert callable(read)
    with pytest.raises(ImproperlyConfigured, match=words):
        read()


@pytest.mark.parametrize(
    ("value", "backend"),
    [
        ("", "django.core.mail.backends.console.EmailBackend"),
        ("smtp://mail:1025", "tracker.reminders.smtp.EmailBackend"),
        ("smtp://a:b@mail.example.vn:465/?ssl=True", "tracker.reminders.smtp.EmailBackend"),
        ("submission://a:b@mail.example.vn:587", "tracker.reminders.smtp.EmailBackend"),
    ],
)
def test_mail_server_is_spoken_to_by_the_backend_that_uses_its_time(
    give: pytest.MonkeyPatch, value: str, backend: str
) -> None:
    if value:
        give.setenv("EMAIL_URL", value)
    assert environment.email_settings()["EMAIL_BACKEND"] == backend


def test_readings_give_their_types(give: pytest.MonkeyPatch) -> None:
    give.setenv("NAME", "2021-06-15")
    assert environment.day_or_none("NAME") == date(2021, 6, 15)
    give.setenv("NAME", "7")
    assert environment.whole_number("NAME", 1, least=0) == 7
    give.setenv("NAME", "true")
    assert environment.flag("NAME", default=False) is True
    give.setenv("NAME", " a.vn, b.vn ,")
    assert environment.words("NAME", ["x"]) == ["a.vn", "b.vn"]
    give.setenv("NAME", " .PDF, docx")
    assert environment.choices("NAME", [], known={"pdf", "docx"}) == ["pdf", "docx"]


@pytest.mark.parametrize("url", ["", "tcp://clamd:3310", "tcp://clamd", "unix:///run/clamav/clamd.ctl"])
def test_scanner_is_named_by_its_address(give: pytest.MonkeyPatch, url: str) -> None:
    give.setenv("CLAMD_URL", url)
    assert environment.scanner_url() == url


def test_set_to_nothing_is_not_set(give: pytest.MonkeyPatch) -> None:
    give.setenv("NAME", "")
    assert environment.words("NAME", ["localhost"]) == ["localhost"]
    assert environment.day_or_none("NAME") is None


def test_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret_key"
    key = environment.secret_key(file)
    assert len(key) > 50
    assert environment.secret_key(file) == key
    assert file.stat().st_mode & 0o777 == 0o600


def test_given_secret_key_is_taken(give: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give.setenv("SECRET_KEY", "một khóa")
    assert environment.secret_key(tmp_path / "secret_key") == "một khóa"
    assert not (tmp_path / "secret_key").exists()
