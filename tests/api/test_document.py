"""The examples of docs/api.md are sent as they stand, in order; the answers hold what is printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.api.conftest import ClientOf
from tests.factories import make_agency, make_duty, make_task, make_user

PAGE = Path(settings.BASE_DIR) / "docs" / "api.md"
_BLOCK = re.compile(r"^```http\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _part(block: str) -> tuple[str, dict[str, str], Any]:
    """First line, headers and JSON body of a printed request or answer."""
    head, _blank, body = block.strip().partition("\n\n")
    first, *lines = head.splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    return first, headers, json.loads(body) if body else None


def _holds(shown: Any, printed: Any) -> bool:
    """Whether everything printed is in what was answered; rows of a list all have to be there."""
    if isinstance(printed, dict):
        return all(name in shown and _holds(shown[name], value) for name, value in printed.items())
    if isinstance(printed, list):
        return len(shown) == len(printed) and all(map(_holds, shown, printed))
    if isinstance(printed, str) and printed.endswith("…"):  # what differs every time
        return str(shown).startswith(printed[:-1])
    return bool(shown == printed)


def test_examples_are_answered_as_printed(client_of: ClientOf, db: None) -> None:
    agency = make_agency("Ban Nội chính Tỉnh ủy", key="ban-noi-chinh-tinh-uy")
    duty = make_duty(leads=(agency,), due="2026-Q4", due_text="quý IV/2026", search_text="xay dung ke hoach")
    make_task(id=7001, agency=agency, duty=duty)
    make_task(id=7002, agency=agency)
    client = client_of(make_user("noichinh", agency=agency))
    client.defaults.pop("HTTP_IF_MATCH")
    blocks = [_part(block) for block in _BLOCK.findall(PAGE.read_text(encoding="utf-8"))]
    assert len(blocks) >= 10
    for (request, headers, body), (status, answered, printed) in zip(blocks[::2], blocks[1::2], strict=True):
        method, address = request.split(" ", 1)
        response = client.generic(
            method,
            address,
            json.dumps(body) if body else "",
            content_type="application/json",
            headers={name: value for name, value in headers.items() if name != "Content-Type"},
        )
        assert response.status_code == int(status.split()[1]), (request, response.content.decode())
        assert {name: response[name] for name in answered} == answered, request
        assert _holds(response.json(), printed), (request, response.json())
