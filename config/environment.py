"""Typed readings of the environment that refuse bad values with a sentence a person can use."""

from __future__ import annotations

import os
import secrets
from collections.abc import Container
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, EnvValidationError

env = Env()

DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}
LONGEST_BOUNCE_NAME = 20  # of the 64 letters that a mailbox name may have; our tag takes the rest
REDIS_SCHEMES = {"redis", "rediss", "unix"}
EMAIL_SCHEMES = {"smtp", "smtps", "submission", "submit", "console", "file", "memory", "dummy"}


def database_settings(default: str) -> dict[str, Any]:
    """Django's database settings from `DATABASE_URL` (SQLite or PostgreSQL)."""
    _require_scheme("DATABASE_URL", DATABASE_SCHEMES)
    try:
        settings: dict[str, Any] = env.dj_db_url("DATABASE_URL", default=default, conn_max_age=60)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"DATABASE_URL không đọc được: {error}.") from error
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: two writers queue up instead of failing when both upgrade a read lock.
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        settings["CONN_HEALTH_CHECKS"] = True
        # Seconds: without it a lost host holds a request, and /readyz, for minutes.
        settings.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    return settings


def redis_url() -> str:
    """`REDIS_URL`, or an empty string where tasks are to run in process."""
    _require_scheme("REDIS_URL", REDIS_SCHEMES)
    return text("REDIS_URL", "")


def cache_settings(redis_url: str) -> dict[str, Any]:
    """Redis where it is named, else this process's own memory.

    Not Django's own backend: with Redis away, every sign-in, feed and call of the API would fail with it.
    """
    if not redis_url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    patience = {"SOCKET_CONNECT_TIMEOUT": 2, "SOCKET_TIMEOUT": 2}  # seconds
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": redis_url,
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, **patience},
    }


def email_settings() -> dict[str, Any]:
    """Django's mail settings from `EMAIL_URL`; the default prints mails on the console."""
    _require_scheme("EMAIL_URL", EMAIL_SCHEMES)
    try:
        settings: dict[str, Any] = env.dj_email_url("EMAIL_URL", default="console:")
    except (EnvError, ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"EMAIL_URL không đọc được: {error}. Ví dụ: smtp://user:password@mail.example.vn:587/?tls=True"
        ) from error
    if settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        settings["EMAIL_BACKEND"] = "tracker.reminders.smtp.EmailBackend"
    return settings


def bounce_address() -> str:
    """`BOUNCE_ADDRESS`: where undelivered mails return to, or an empty string."""
    value = text("BOUNCE_ADDRESS", "")
    name, at, domain = value.rpartition("@")
    if value and not (at and name and domain and value.isascii() and not set(value) & set(" <>+,")):
        raise ImproperlyConfigured(
            f"BOUNCE_ADDRESS «{value}» phải là một địa chỉ thư không có dấu +, ví dụ thu-tra-lai@example.vn"
        )
    if len(name) > LONGEST_BOUNCE_NAME:
        raise ImproperlyConfigured(
            f"BOUNCE_ADDRESS: phần trước @ dài nhất {LONGEST_BOUNCE_NAME} chữ (hệ thống ghép thêm số thư)."
        )
    return value


def site_url(default: str) -> str:
    """The address under which people reach the tracker, without a closing slash."""
    value = text("SITE_URL", default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(
            f"SITE_URL «{value}» phải là địa chỉ đầy đủ, ví dụ https://nhiemvu.example.vn"
        )
    return value


def text(name: str, default: str) -> str:
    value: str = env.str(name, default)
    return value.strip()


def flag(name: str, *, default: bool) -> bool:
    try:
        value: bool = env.bool(name, default)
    except EnvValidationError as error:
        raise ImproperlyConfigured(f"{name} phải là true hoặc false.") from error
    return value


def whole_number(name: str, default: int, *, least: int) -> int:
    try:
        value: int = env.int(name, default)
    except EnvValidationError as error:
        raise ImproperlyConfigured(f"{name} phải là số nguyên.") from error
    if value < least:
        raise ImproperlyConfigured(f"{name} phải từ {least} trở lên; đang là {value}.")
    return value


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list. Set to nothing is not set: compose files pass variables on empty."""
    return [word.strip() for word in env.list(name, default) if word.strip()] or default


def choices(name: str, default: list[str], *, known: Container[str]) -> list[str]:
    """A comma-separated list of known words, in small letters."""
    chosen = [word.lower().lstrip(".") for word in words(name, default)]
    unknown = [word for word in chosen if word not in known]
    if unknown:
        raise ImproperlyConfigured(f"{name}: không biết «{', '.join(unknown)}».")
    return chosen


def scanner_url() -> str:
    """`CLAMD_URL`: `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`; empty where files are not scanned."""
    value = text("CLAMD_URL", "")
    parts = urlsplit(value)
    is_tcp, is_unix = (
        parts.scheme == "tcp" and bool(parts.hostname),
        parts.scheme == "unix" and bool(parts.path),
    )
    if value and not is_tcp and not is_unix:
        raise ImproperlyConfigured(
            f"CLAMD_URL «{value}» phải như tcp://127.0.0.1:3310 hoặc unix:///run/clamav/clamd.ctl."
        )
    return value


def day_or_none(name: str) -> date | None:
    """A day written `2021-06-15`, or None where the variable is not set."""
    value = text(name, "")
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} «{value}» phải là một ngày, ví dụ 2021-06-15.") from error


def secret_key(key_file: Path) -> str:
    """`SECRET_KEY`, or a key made once and kept in a file that only its owner reads.

    Kept, not made anew at every start: sessions and signed links outlive a restart.
    """
    given = text("SECRET_KEY", "")
    if given:
        return given
    try:
        return key_file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _new_secret_key(key_file)


def _new_secret_key(key_file: Path) -> str:
    try:
        key_file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return key_file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Không ghi được khóa bí mật vào «{key_file}» ({error}): hãy đặt biến SECRET_KEY."
        ) from error
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key)
    return key


def _require_scheme(name: str, allowed: set[str]) -> None:
    value = text(name, "")
    if value and urlsplit(value).scheme not in allowed:
        raise ImproperlyConfigured(
            f"{name} phải bắt đầu bằng một trong: {', '.join(f'{scheme}://' for scheme in sorted(allowed))}."
        )
