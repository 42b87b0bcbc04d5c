"""The OpenAPI description, and its page."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from tests.factories import TODAY, make_agency, make_extension, make_task
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.enums import WorkState

KEPT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


def _description() -> str:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    return out.getvalue()


def test_description_is_valid_and_made_without_a_warning() -> None:
    assert _description().startswith("openapi: 3.1.0")


def test_kept_description_is_up_to_date() -> None:
    """After a change: `manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml`."""
    assert yaml.safe_load(KEPT.read_text(encoding="utf-8")) == yaml.safe_load(_description())


def _examples() -> Iterator[Any]:
    """Address, name and body of every example of the kept description."""
    for address, operations in yaml.safe_load(KEPT.read_text(encoding="utf-8"))["paths"].items():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {})
            for name, example in content.get("application/json", {}).get("examples", {}).items():
                yield pytest.param(address, example["value"], id=name)


# The states that the examples start from, where it is not the first one.
_BEFORE: dict[str, dict[str, Any]] = {
    name: {"state": WorkState.REPORTED, "reported_on": TODAY}
    for name in ("tasks/{id}/confirmation", "tasks/{id}/report-withdrawal", "tasks/{id}/return")
} | {
    "tasks/{id}/restoration": {"state": WorkState.WITHDRAWN},
    "tasks/{id}/tracking": {"due": "2020-01-31", "is_history": True},
    "tasks/{id}/assignment": {"needs_assignment": True},
}


@pytest.mark.parametrize(("address", "body"), list(_examples()))
def test_example_of_the_description_is_answered(
    registrar: User, agency: Agency, address: str, body: Any
) -> None:
    """Sent by a person who has signed in: some things no token may do."""
    client = APIClient(HTTP_IF_MATCH="*")
    client.force_login(registrar)
    before = _BEFORE.get(address.removeprefix("/api/v1/"), {})
    make_agency(key="ban-noi-chinh-tinh-uy")
    for pk in (7001, 7002):
        task = make_task(id=pk, agency=agency, **before)
        if "/extensions/" in address:
            make_extension(task, id=pk)
    response = client.post(address.replace("{id}", "7001"), body, format="json")
    assert response.status_code in {200, 201}, response.json()
    assert response.json().get("refused", 0) == 0


def test_page_of_the_description_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    response = client.get("/api/docs/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "http://" not in page
    assert "https://" not in page
