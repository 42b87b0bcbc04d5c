"""Small makers of rows for the tests. Each gives a valid row; a test names only what it is about."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency, Collective, Membership, Post
from tracker.core.enums import Door, OfficeRole
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.documents.enums import DocumentStatus
from tracker.documents.models import Document, SourceText
from tracker.duties.deadlines import parse_due, quarter_of
from tracker.duties.enums import BodyRole
from tracker.duties.models import Duty, DutyBody, Evidence, Extension, Task
from tracker.webhooks.services import Registered, register_webhook

TODAY = date(2026, 11, 16)  # a Monday
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ACTOR = Actor(door=Door.COMMAND)

_numbers = itertools.count(1)


def make_agency(name: str = "", **fields: Any) -> Agency:
    number = next(_numbers)
    fields.setdefault("key", f"co-quan-{number}")
    fields.setdefault("kind", "party-advisory")
    return Agency.objects.create(name=name or f"Cơ quan {number}", **fields)


def make_collective(*members: Agency, **fields: Any) -> Collective:
    number = next(_numbers)
    fields.setdefault("key", f"tap-the-{number}")
    fields.setdefault("name", f"Tập thể {number}")
    collective = Collective.objects.create(**fields)
    for agency in members:
        Membership.objects.create(collective=collective, agency=agency)
    return collective


def make_user(
    username: str = "", *, agency: Agency | None = None, role: str = PostRole.OFFICER, **fields: Any
) -> User:
    number = next(_numbers)
    username = username or f"can-bo-{number}"
    fields.setdefault("email", f"{username}@example.vn")
    user = User.objects.create_user(username=username, password="mat-khau-thu", **fields)
    if agency is not None:
        Post.objects.create(user=user, agency=agency, role=role)
    return user


def make_registrar(username: str = "", **fields: Any) -> User:
    return make_user(username, office_role=OfficeRole.REGISTRAR, **fields)


def make_document(**fields: Any) -> Document:
    number = next(_numbers)
    text = fields.pop("text", f"Văn bản số {number}. Giao các cơ quan thực hiện.")
    source = SourceText.objects.create(
        name=f"van-ban-{number}", sha256=f"{number:064}", text=text, loaded_at=NOW
    )
    fields.setdefault("number", f"{number}-NQ/TU")
    fields.setdefault("issued_on", date(2026, 1, 15))
    fields.setdefault("subject", "về một việc")
    fields.setdefault("status", DocumentStatus.PUBLISHED)
    fields.setdefault("start_on", date(2026, 1, 1))
    return Document.objects.create(
        key=f"{fields['number']}@{number}", source=source, kind="nghi-quyet", start=0, end=len(text), **fields
    )


def make_duty(
    *,
    document: Document | None = None,
    leads: tuple[Agency | Collective | str, ...] = (),
    coordinators: tuple[Agency | Collective | str, ...] = (),
    due: str = "none",
    due_text: str = "",
    action: str = "xây dựng kế hoạch thực hiện Nghị quyết",
    **fields: Any,
) -> Duty:
    deadline = parse_due(due)
    duty = Duty.objects.create(
        document=document or make_document(),
        scope="section",
        action=action,
        due_code=due,
        due_text=due_text,
        precision=deadline.precision,
        recurrence=deadline.recurrence,
        due_on=deadline.due_on,
        due_quarter=quarter_of(deadline.due_on) if deadline.due_on else "",
        **fields,
    )
    for role, bodies in ((BodyRole.LEAD, leads), (BodyRole.COORDINATOR, coordinators)):
        for ordinal, body in enumerate(bodies):
            DutyBody.objects.create(
                duty=duty,
                role=role,
                ordinal=ordinal,
                agency=body if isinstance(body, Agency) else None,
                collective=body if isinstance(body, Collective) else None,
                words=body if isinstance(body, str) else "",
            )
    return duty


def make_task(
    *,
    agency: Agency | None = None,
    duty: Duty | None = None,
    due: str = "2026-12-31",
    due_text: str = "trong năm 2026",
    document: Document | None = None,
    **fields: Any,
) -> Task:
    """One task with its duty; `due` is a coded point deadline (or `none`)."""
    agency = agency or make_agency()
    duty = duty or make_duty(document=document, leads=(agency,), due=due, due_text=due_text)
    due_on = fields.pop("due_on", duty.due_on)
    return Task.objects.create(
        duty=duty,
        agency=agency,
        due_on=due_on,
        original_due_on=due_on,
        due_quarter=quarter_of(due_on) if due_on else "",
        created_at=NOW,
        changed_at=NOW,
        **fields,
    )


def make_extension(task: Task | None = None, **fields: Any) -> Extension:
    """A request that waits, for a quarter more."""
    task = task or make_task()
    fields.setdefault("due_on_before", task.due_on)
    fields.setdefault("asked_due_on", date(2027, 3, 31))
    fields.setdefault("asked_due_text", "quý I/2027")
    fields.setdefault("reason", "Chờ hướng dẫn của Trung ương")
    return Extension.objects.create(task=task, requested_at=NOW, **fields)


def make_evidence(task: Task | None = None, **fields: Any) -> Evidence:
    """The row of a file; no file lies behind it."""
    number = next(_numbers)
    fields.setdefault("name", f"bao-cao-{number}.pdf")
    fields.setdefault("media_type", "application/pdf")
    fields.setdefault("size", 1024)
    return Evidence.objects.create(
        task=task or make_task(), sha256="0" * 64, stored_as=f"evidence/00/{number}", added_at=NOW, **fields
    )


def make_webhook(user: User, *, url: str = "https://nhan.example.vn/viec", **fields: Any) -> Registered:
    """A registered webhook with its secret."""
    fields.setdefault("name", "thử")
    fields.setdefault("now", NOW)
    return register_webhook(user=user, url=url, actor=ACTOR, **fields)
