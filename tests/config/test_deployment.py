"""The compose file and the image by their parts: no engine is needed to see that they fit the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    content = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = content["services"]
    return found


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_part_is_there(services: dict[str, Any]) -> None:
    assert set(services) == {"migrate", "web", "worker", "beat", "database", "broker", "mail"}


def test_app_waits_for_the_tables_and_those_for_the_database(services: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert set(services["migrate"]["depends_on"]) == {"database", "broker"}


def test_worker_serves_every_queue(services: dict[str, Any]) -> None:
    command = services["worker"]["command"]
    served = command[command.index("-Q") + 1].split(",")
    assert set(served) == {queue.name for queue in settings.CELERY_TASK_QUEUES}


def test_addresses_name_the_services(services: dict[str, Any]) -> None:
    environment = services["web"]["environment"]
    assert "@database:5432/" in environment["DATABASE_URL"]
    assert environment["REDIS_URL"].startswith("redis://broker:")
    assert environment["EMAIL_URL"] == "${EMAIL_URL:-smtp://mail:1025}"


def test_every_variable_is_one_that_the_settings_read(services: dict[str, Any]) -> None:
    code = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "environment.py"))
    for name in services["web"]["environment"]:
        assert f'"{name}"' in code


def test_nothing_listens_to_the_world(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_servers_have_health_checks(services: dict[str, Any], dockerfile: str) -> None:
    for name in ("worker", "database", "broker"):
        assert services[name]["healthcheck"]["test"]
    assert "http://127.0.0.1:8000/healthz" in dockerfile


def test_image_runs_without_root_and_copies_what_exists(dockerfile: str) -> None:
    assert re.findall(r"^USER (\w+)$", dockerfile, re.MULTILINE)[-1] == "tracker"
    for line in re.findall(r"^COPY (?!--)(.+) \S+$", dockerfile, re.MULTILINE):
        assert [name for name in line.split() if not (ROOT / name).exists()] == []
