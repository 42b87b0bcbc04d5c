"""The description against the API itself: schemathesis sends what it allows and what it does not.

A few examples of each operation in the ordinary suite, always the same ones. `SCHEMATHESIS_EXAMPLES=50`
looks deeper: that many, and every parameter at and beyond its limits (some minutes). docs/api.md has the
command for a run over a server, with chains of calls.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings as installation
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from rest_framework.throttling import UserRateThrottle
from schemathesis.config import SchemathesisConfig

from config.wsgi import application
from tests.factories import (
    ACTOR,
    NOW,
    TODAY,
    make_agency,
    make_document,
    make_duty,
    make_evidence,
    make_extension,
    make_registrar,
    make_task,
    make_webhook,
)
from tracker.core.enums import TokenScope
from tracker.core.events import record_event
from tracker.core.tokens import issue_token
from tracker.documents.models import Clause
from tracker.duties.enums import WorkState
from tracker.webhooks.models import Webhook

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "0"))
DESCRIPTION = Path(installation.BASE_DIR) / "docs" / "openapi.yaml"
# Rows that the paths' numbers are led to, every other time: a number that no row has only tells of 404.
KNOWN = 7001

schema = schemathesis.openapi.from_dict(
    yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")),
    config=SchemathesisConfig.from_path(Path(__file__).with_name("schemathesis.toml")),
)
schema.app = application


@schema.hook
def map_path_parameters(_context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    number = (path_parameters or {}).get("id")
    if path_parameters is not None and isinstance(number, int) and number % 2:
        return {**path_parameters, "id": KNOWN}
    return path_parameters


@pytest.fixture
def token(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A registrar's token that writes, in an office with a row of everything under the known number."""
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "1000000/minute"})
    agency = make_agency("Ban Nội chính Tỉnh ủy", key="ban-noi-chinh-tinh-uy")
    document = make_document(id=KNOWN)
    clause = Clause.objects.create(document=document, ordinal=0, path="1", start=0, end=10)
    duty = make_duty(id=KNOWN, document=document, clause=clause, leads=(agency, "ai đó"), due="2026-Q4")
    task = make_task(id=KNOWN, agency=agency, duty=duty)
    make_task(agency=make_agency(), duty=duty, state=WorkState.REPORTED, reported_on=TODAY)
    record_event(task, "task.opened", actor=ACTOR, now=NOW)
    make_extension(task, id=KNOWN)
    make_evidence(task, id=KNOWN)
    registrar = make_registrar()
    hook = make_webhook(registrar).row
    Webhook.objects.filter(id=hook.pk).update(id=KNOWN)
    issued = issue_token(
        user=registrar, name="thử", scope=TokenScope.WRITE, expires_at=None, actor=ACTOR, now=NOW
    )
    return issued.secret


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """As Django's own test client does: a request that ends must not close the test's old connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES or 4,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate] if EXAMPLES else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_operation_answers_as_described(case: schemathesis.Case[Any], token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
