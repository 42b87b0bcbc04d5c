"""Policies: the default, a document's own, and what they may not say."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.factories import NOW, make_document, make_task
from tests.reminders.helpers import at, ledger, look
from tracker.agencies.models import Agency
from tracker.core.models import User
from tracker.duties.models import Task
from tracker.reminders.models import Policy
from tracker.reminders.policies import policies_in_force, seed_default_policy
from tracker.reminders.rules import Rules


def test_default_row_is_seeded_once_with_the_built_in_rules(db: None) -> None:
    assert policies_in_force().default == Rules()
    assert seed_default_policy() is True
    assert seed_default_policy() is False
    assert policies_in_force().default == Rules()


def test_edited_default_is_followed(agency: Agency, owner: User) -> None:
    _old_task(agency, due="2026-12-31")
    Policy.objects.create(is_default=True, days_before=[20], on_the_day=False, times_after=0)
    for day in ("2026-12-01", "2026-12-11", "2026-12-24", "2026-12-31", "2027-01-07"):
        look(at(day))
    assert [step for step, _state in ledger(lane="deadline")] == ["before-20"]


def test_document_has_its_own_policy(agency: Agency, owner: User) -> None:
    document = make_document()
    Policy.objects.create(document=document, days_before=[45], announces_new=False)
    own = _old_task(agency, due="2026-12-31", document=document)
    other = _old_task(agency, due="2026-12-31")
    look(at("2026-11-16"))
    assert ledger(task=own) == [("before-45", "sent")]
    assert ledger(task=other) == []


def test_hours_are_those_of_the_default(agency: Agency, owner: User) -> None:
    _old_task(agency, due="2026-12-31")
    Policy.objects.create(is_default=True, opens=time(9), closes=time(10))
    look(at("2026-12-01", 8, 59))
    assert mail.outbox == []
    look(at("2026-12-01", 9))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("steps", [[0], [-1], [367], ["7"], [True], {"a": 1}, "7", [7.5]])
def test_wrong_steps_are_refused(steps: Any, db: None) -> None:
    with pytest.raises(ValidationError, match="từ 1 đến 366"):
        Policy(is_default=True, days_before=steps).clean()


@pytest.mark.parametrize(
    "fields",
    [
        {"is_default": False},
        {"is_default": True, "opens": time(18), "closes": time(7)},
        {"is_default": True, "every_days_after": 0},
        {"is_default": True, "times_after": 105},
    ],
)
def test_database_refuses_a_policy_that_makes_no_sense(fields: dict[str, Any], db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(**fields)


def test_there_is_one_default(db: None) -> None:
    seed_default_policy()
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(is_default=True)


def _old_task(agency: Agency, **fields: Any) -> Task:
    task = make_task(agency=agency, **fields)
    Task.objects.filter(pk=task.pk).update(created_at=NOW - timedelta(days=200))
    return task
