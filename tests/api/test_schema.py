"""The OpenAPI description, and its page."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.test import Client


def test_description_is_valid_and_made_without_a_warning() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)
    assert out.getvalue().startswith("openapi: 3.1.0")


def test_page_of_the_description_loads_nothing_from_elsewhere(client: Client, db: None) -> None:
    response = client.get("/api/docs/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "http://" not in page
    assert "https://" not in page
