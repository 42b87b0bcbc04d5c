"""Every page of the administration site: registrars get in, nobody else; the pages open; no N+1."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    ACTOR,
    NOW,
    TODAY,
    make_agency,
    make_collective,
    make_document,
    make_duty,
    make_evidence,
    make_extension,
    make_registrar,
    make_task,
    make_user,
    make_webhook,
)
from tracker.admin.site import site
from tracker.agencies.models import Agency, AgencyName, Succession
from tracker.calendar_feed.models import Feed, KeptEvent
from tracker.core.enums import OfficeRole, TokenScope
from tracker.core.events import record_event
from tracker.core.models import KeptAnswer, User
from tracker.core.tokens import issue_token
from tracker.documents.models import Clause, Draft
from tracker.reminders.models import Message, Policy, Recipient, Reminder, Scan, Suppression
from tracker.reminders.preferences import Preference
from tracker.reminders.records import Urging, UsedLink
from tracker.webhooks.planning import plan_deliveries

pytestmark = pytest.mark.django_db

MODELS = sorted(apps.get_app_config("tracker").get_models(), key=lambda model: model.__name__)
NAMES = [str(model._meta.model_name) for model in MODELS]


def make_everything() -> None:
    """One row more of every model."""
    agency, heir = make_agency(), make_agency()
    user = make_user(agency=agency)
    Succession.objects.create(agency=agency, successor=heir)
    AgencyName.objects.create(agency=agency, name="Tên cũ")
    collective = make_collective(agency)
    document = make_document()
    clause = Clause.objects.create(document=document, ordinal=0, path="1", start=0, end=5)
    Draft.objects.create(
        document=document,
        clause=clause,
        fingerprint="x",
        ordinal=0,
        scope="section",
        action="làm",
        start=0,
        end=5,
        confidence=0.9,
        extractor_version="1",
    )
    duty = make_duty(document=document, clause=clause, leads=(agency, collective, "ai đó"), due="2026-Q4")
    task = make_task(agency=agency, duty=duty)
    make_evidence(task, extension=make_extension(task))
    event = record_event(task, "task.opened", actor=ACTOR, now=NOW)
    issue_token(user=user, name="thử", scope=TokenScope.READ, expires_at=None, actor=ACTOR, now=NOW)
    KeptAnswer.objects.create(user=user, key="k", created_at=NOW)
    Feed.objects.create(user=user, name="Lịch", token_digest=str(user.pk), created_at=NOW)
    KeptEvent.objects.create(task=task, variant="event", digest="x", text="BEGIN:VEVENT")
    Preference.objects.create(user=user)
    recipient = Recipient.objects.create(user=user)
    message = Message.objects.create(recipient=recipient, day=TODAY, due_at=NOW)
    Reminder.objects.create(
        task=task,
        recipient=recipient,
        agency=agency,
        lane="due_soon",
        step="before-7",
        due_on=date(2026, 12, 31),
        day=TODAY,
        planned_at=NOW,
        message=message,
    )
    Policy.objects.create(document=document)
    Suppression.objects.create(address=f"{user.pk}@example.vn", reason="550", since=NOW)
    Scan.objects.create(day=TODAY, started_at=NOW)
    make_webhook(user)
    record_event(task, "task.urged", actor=ACTOR, now=NOW)
    plan_deliveries(now=NOW)
    Urging.objects.create(task=task, agency=agency, urged_by=user, at=NOW, event=event)
    UsedLink.objects.create(digest=str(task.pk), purpose="bc", task=task, user=user, at=NOW)


def _newest(model: type[Model]) -> Model:
    row = model._base_manager.order_by("pk").last()
    assert row is not None, f"make_everything() makes no {model.__name__}"
    return row


def _target(response: Any) -> str:
    return str(response["Location"]).partition("?")[0]


def test_every_model_has_its_pages() -> None:
    assert {model for model in MODELS if not site.is_registered(model)} == set()


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_list_and_row_open_for_a_registrar(staff: Client, model: type[Model]) -> None:
    make_everything()
    name = model._meta.model_name
    row = _newest(model)
    assert staff.get(reverse(f"admin:tracker_{name}_changelist")).status_code == 200
    assert staff.get(reverse(f"admin:tracker_{name}_changelist"), {"q": "nội chính"}).status_code == 200
    assert staff.get(reverse(f"admin:tracker_{name}_change", args=[row.pk])).status_code == 200
    assert staff.get(reverse(f"admin:tracker_{name}_history", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("name", ["agency", "collective", "succession", "user", "apitoken", "policy"])
def test_form_for_a_new_row_opens(staff: Client, name: str) -> None:
    assert staff.get(reverse(f"admin:tracker_{name}_add")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_list_takes_the_same_queries_for_1_and_more_rows(staff: Client, model: type[Model]) -> None:
    make_everything()
    url = reverse(f"admin:tracker_{model._meta.model_name}_changelist")
    staff.get(url)
    with CaptureQueriesContext(connection) as one:
        staff.get(url)
    for _turn in range(4):
        make_everything()
    with CaptureQueriesContext(connection) as more:
        staff.get(url)
    assert len(more) == len(one)


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_nothing_can_be_deleted(staff: Client, model: type[Model]) -> None:
    make_everything()
    name, row = model._meta.model_name, _newest(model)
    assert (
        staff.post(reverse(f"admin:tracker_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    assert "delete_selected" not in staff.get(reverse(f"admin:tracker_{name}_changelist")).content.decode()


@pytest.fixture
def people(agency: Agency) -> dict[str, User | None]:
    return {
        "nobody": None,
        "officer": make_user(agency=agency),
        "officer on the staff": make_user(agency=agency, is_staff=True),
        "registrar without a place on the staff": make_registrar(),
        "leader on the staff": make_user(office_role=OfficeRole.LEADER, is_staff=True),
        "auditor on the staff": make_user(office_role=OfficeRole.AUDITOR, is_staff=True),
    }


@pytest.mark.parametrize(
    "who",
    [
        "nobody",
        "officer",
        "officer on the staff",
        "registrar without a place on the staff",
        "leader on the staff",
        "auditor on the staff",
    ],
)
def test_nobody_else_gets_in_or_learns_what_exists(people: dict[str, User | None], who: str) -> None:
    make_everything()
    client = Client()
    if (person := people[who]) is not None:
        client.force_login(person)
    assert client.get(reverse("admin:index")).status_code == 302
    for model in MODELS:
        name, row = model._meta.model_name, _newest(model)
        pages = [reverse(f"admin:tracker_{name}_changelist"), reverse(f"admin:tracker_{name}_add")]
        for page in ("change", "history", "delete"):
            known = client.get(reverse(f"admin:tracker_{name}_{page}", args=[row.pk]))
            unknown = client.get(reverse(f"admin:tracker_{name}_{page}", args=[row.pk + 1000]))
            assert known.status_code == unknown.status_code == 302
            assert _target(known) == _target(unknown) == reverse("admin:login")
        for url in pages:
            assert client.get(url).status_code == 302
            assert client.post(url).status_code == 302


def test_inactive_registrar_does_not_get_in() -> None:
    assert not site.has_permission(type("Request", (), {"user": AnonymousUser()})())
    registrar = make_registrar(is_staff=True, is_active=False)
    assert not site.has_permission(type("Request", (), {"user": registrar})())


def test_site_speaks_vietnamese(staff: Client) -> None:
    page = staff.get(reverse("admin:index")).content.decode()
    for words in (
        "Theo dõi nhiệm vụ · quản trị",
        "Việc và nhiệm vụ",
        "Danh mục cơ quan",
        "Cơ quan",
        "Văn bản",
        "Nhật ký",
        "Khóa API",
    ):
        assert words in page
