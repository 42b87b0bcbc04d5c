"""Two twins at the same moment: one is done, both are answered alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.api.conftest import ClientOf
from tests.factories import make_agency, make_task, make_user
from tracker.core.models import Event


@pytest.mark.django_db(transaction=True)
def test_twins_at_the_same_moment_are_done_once(client_of: ClientOf) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's test database lives in one connection: no two workers")
    agency = make_agency()
    task, user = make_task(agency=agency), make_user(agency=agency)
    clients = [client_of(user) for _number in range(4)]
    start = Barrier(len(clients))

    def send(number: int) -> tuple[int, bytes]:
        try:
            start.wait()
            response = clients[number].post(
                f"/api/v1/tasks/{task.pk}/report",
                {"note": "xong"},
                format="json",
                headers={"Idempotency-Key": "k1"},
            )
            return response.status_code, response.content
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as workers:
        answers = list(workers.map(send, range(len(clients))))
    assert {status for status, _content in answers} == {200}
    assert Event.objects.about(task).count() == 1
