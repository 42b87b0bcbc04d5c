"""Urging by a person: a mail of its own, seldom, kept as proof; who may, and two at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests.factories import NOW, TODAY, make_agency, make_document, make_registrar, make_task, make_user
from tests.reminders.helpers import at, html_of, ledger, look
from tests.services import require
from tracker.agencies.models import Agency
from tracker.core.enums import Door, OfficeRole
from tracker.core.errors import InvalidInputError, TransitionError
from tracker.core.events import Actor
from tracker.core.models import Event, User
from tracker.duties.enums import WorkState
from tracker.duties.models import Task
from tracker.reminders.models import Message, Recipient
from tracker.reminders.records import Urging
from tracker.reminders.urging import PAUSE, mails_of, may_urge, may_urge_any, urge_task, with_urgings

WORDS = "Đề nghị báo cáo trước cuộc họp giao ban thứ Sáu."


@pytest.fixture
def task(agency: Agency, owner: User) -> Task:
    return make_task(agency=agency, due="2026-11-10")


def _by(user: User) -> Actor:
    return Actor(door=Door.WEB, user=user)


def test_urging_is_kept_as_proof(task: Task, agency: Agency, owner: User, registrar: User) -> None:
    urged = urge_task(task, words=f" {WORDS} ", actor=_by(registrar), now=NOW)
    urging = Urging.objects.get()
    assert (urging.task, urging.agency, urging.urged_by, urging.at, urging.words) == (
        task,
        agency,
        registrar,
        NOW,
        WORDS,
    )
    event = Event.objects.about(task).get()
    assert (event, event.verb, event.actor, event.note) == (urging.event, "task.urged", registrar, WORDS)
    assert event.after == {
        "agency": agency.key,
        "on_behalf_of": "Văn phòng",
        "recipients": ["chu-viec <chu-viec@example.vn>"],
        "turn": 1,
    }
    assert (urged.turn, urged.recipients) == (1, ("chu-viec <chu-viec@example.vn>",))
    assert [(one.recipient.user, one.state) for one in mails_of(urging)] == [(owner, "planned")]


def test_urging_goes_out_as_its_own_mail_beside_the_digest(task: Task, owner: User, registrar: User) -> None:
    look(at(TODAY, 8))
    urge_task(task, words=WORDS, actor=_by(registrar), now=NOW)
    look(NOW)
    look(NOW)
    digest, urging = [m for m in mail.outbox if m.to == [owner.email]]
    assert digest.subject.startswith("[Nhắc việc]")
    assert urging.subject == f"[Đôn đốc] Xây dựng kế hoạch thực hiện Nghị quyết – {task.duty.document.title}"
    for words in (
        "van-phong (Văn phòng) đôn đốc việc dưới đây.",
        f"Lời đôn đốc:\n{WORDS}",
        f"/viec/{task.pk}/",
    ):
        assert words in str(urging.body)
    assert ledger(lane="urged") == [(f"event-{Urging.objects.get().event_id}", "sent")]


def test_everybody_of_the_agency_is_told_whatever_the_rhythm(
    task: Task, owner: User, colleague: User, registrar: User
) -> None:
    look(at(TODAY, 8))
    Recipient.objects.update(rhythm="weekly")
    mail.outbox.clear()
    urge_task(task, actor=_by(registrar), now=NOW)
    look(NOW)
    assert sorted(m.to[0] for m in mail.outbox) == sorted([owner.email, colleague.email])


def test_urging_again_within_four_hours_is_refused_and_says_until_when(task: Task, registrar: User) -> None:
    urge_task(task, actor=_by(registrar), now=NOW)
    with pytest.raises(TransitionError) as refused:
        urge_task(task, actor=_by(make_registrar()), now=NOW + PAUSE - timedelta(seconds=1))
    assert str(refused.value) == (
        "Việc này vừa được van-phong đôn đốc lúc 09:00 ngày 16/11/2026. Mỗi việc chỉ đôn đốc một lần trong "
        "bốn giờ: có thể đôn đốc lại từ 13:00 ngày 16/11/2026."
    )
    assert (Urging.objects.count(), Event.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_urging_again_after_four_hours_counts_on(task: Task, registrar: User) -> None:
    urge_task(task, actor=_by(registrar), now=NOW)
    assert urge_task(task, actor=_by(registrar), now=NOW + PAUSE).turn == 2
    look(NOW + PAUSE)
    assert sum("Đây là lần đôn đốc thứ 2." in str(m.body) for m in mail.outbox) == 1


def test_urging_one_task_does_not_hold_up_another(task: Task, agency: Agency, registrar: User) -> None:
    urge_task(task, actor=_by(registrar), now=NOW)
    assert urge_task(make_task(agency=agency), actor=_by(registrar), now=NOW).turn == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"is_history": True}, "lịch sử"),
        ({"needs_assignment": True}, "chờ phân công"),
        ({"state": WorkState.REPORTED, "reported_on": TODAY}, "đã báo cáo"),
        ({"state": WorkState.WITHDRAWN}, "đã rút"),
    ],
)
def test_what_is_not_owed_is_not_urged(
    task: Task, registrar: User, fields: dict[str, object], reason: str
) -> None:
    Task.objects.filter(pk=task.pk).update(**fields)
    with pytest.raises(TransitionError, match=reason):
        urge_task(task, actor=_by(registrar), now=NOW)
    assert not Urging.objects.exists()


def test_returned_task_is_urged(task: Task, registrar: User) -> None:
    Task.objects.filter(pk=task.pk).update(state=WorkState.RETURNED)
    assert urge_task(task, actor=_by(registrar), now=NOW).turn == 1


def test_agency_that_nobody_can_be_told_for_is_named(registrar: User, db: None) -> None:
    task = make_task(agency=make_agency("Sở Xây dựng"))
    with pytest.raises(TransitionError, match="Sở Xây dựng chưa có ai nhận được thư"):
        urge_task(task, actor=_by(registrar), now=NOW)
    assert not Event.objects.exists()


def test_words_that_are_too_long_are_refused_at_their_field(task: Task, registrar: User) -> None:
    with pytest.raises(InvalidInputError) as refused:
        urge_task(task, words="x" * 2001, actor=_by(registrar), now=NOW)
    assert refused.value.field == "words"


def test_who_may_urge(task: Task, owner: User, outsider: User, registrar: User) -> None:
    monitoring = make_agency("Ủy ban Kiểm tra Tỉnh ủy")
    task.duty.document.monitors.add(monitoring)
    monitor = make_user("theo-doi", agency=monitoring)
    auditor = make_user("kiem-tra", agency=monitoring, office_role=OfficeRole.AUDITOR)
    leader = make_user("lanh-dao", office_role=OfficeRole.LEADER)
    people = (registrar, monitor, owner, outsider, auditor, leader)
    make_task()
    for person, may in zip(people, (True, True, False, False, False, False), strict=True):
        assert may_urge(person, task) is may
        assert may_urge_any(person) is may
        shown = with_urgings(Task.objects.all(), person).get(pk=task.pk)
        assert shown.is_urgeable is may  # type: ignore[attr-defined]
        if not may:
            with pytest.raises(TransitionError, match="Chỉ cán bộ Văn phòng hoặc cơ quan theo dõi"):
                urge_task(task, actor=_by(person), now=NOW)
    urged = urge_task(task, actor=_by(monitor), now=NOW)
    assert urged.urging.event.after["on_behalf_of"] == "Ủy ban Kiểm tra Tỉnh ủy"


def test_secret_document_is_urged_by_its_number_alone(agency: Agency, owner: User, registrar: User) -> None:
    document = make_document(number="09-NQ/TU", secrecy="Mật", subject="bí mật")
    task = make_task(agency=agency, document=document, due="2026-11-10")
    look(at(TODAY, 8))
    mail.outbox.clear()
    urge_task(task, words="lời bí mật", actor=_by(registrar), now=NOW)
    look(NOW)
    (sent,) = mail.outbox
    assert sent.subject == "[Đôn đốc] 09-NQ/TU"
    whole = sent.message().as_string() + str(sent.body) + html_of(sent)
    for hidden in ("bí mật", "xây dựng kế hoạch", "10/11/2026", "/thu/"):
        assert hidden not in whole


def test_urging_of_a_task_that_was_done_meanwhile_does_not_go(task: Task, registrar: User) -> None:
    urge_task(task, actor=_by(registrar), now=at(TODAY, 6))
    look(at(TODAY, 6))  # before the office opens: held
    assert mail.outbox == []
    Task.objects.filter(pk=task.pk).update(state=WorkState.REPORTED, reported_on=TODAY)
    look(NOW)
    assert mail.outbox == []
    assert Message.objects.get().state == "cancelled"


def test_counts_stand_beside_tasks_without_another_query(
    task: Task, agency: Agency, registrar: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(2):
        urge_task(task, actor=_by(registrar), now=NOW + turn * PAUSE)
    make_task(agency=agency)
    with django_assert_num_queries(1):
        rows = with_urgings(Task.objects.order_by("id"), registrar)
        found = [(row.urging_count, row.urged_at) for row in rows]  # type: ignore[attr-defined]
    assert found == [(2, NOW + PAUSE), (0, None)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_urge_at_once_one_is_refused() -> None:
    require("PostgreSQL", connection.vendor == "postgresql", "DATABASE_URL không phải PostgreSQL")
    agency, registrar = make_agency(), make_registrar()
    make_user(agency=agency)
    task = make_task(agency=agency)
    barrier = Barrier(2)

    def urge() -> str:
        try:
            barrier.wait()
            urge_task(task, actor=_by(registrar), now=NOW)
        except TransitionError as refusal:
            return refusal.code
        else:
            return "urged"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [future.result() for future in [pool.submit(urge) for _turn in range(2)]]
    assert sorted(answers) == ["transition_not_allowed", "urged"]
    assert Urging.objects.count() == Message.objects.count() == 1
