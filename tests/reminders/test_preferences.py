"""What people choose: roles, hours, rhythm; and that no duty goes unheard by it."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from tests.factories import (
    ACTOR,
    NOW,
    TODAY,
    make_agency,
    make_document,
    make_registrar,
    make_task,
    make_user,
)
from tests.reminders.helpers import at, ledger, look
from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency
from tracker.core.errors import InvalidInputError
from tracker.core.models import Event, User
from tracker.duties.models import Task
from tracker.reminders.enums import Rhythm
from tracker.reminders.models import Recipient, Reminder
from tracker.reminders.preferences import (
    Choices,
    Preference,
    languages_available,
    preference_of,
    rhythm_of,
    roles_of,
    set_preference,
)

LONG_AGO = NOW - timedelta(days=200)


def choose(user: User, **choices: Any) -> Preference:
    return set_preference(user, Choices(**choices), actor=ACTOR, now=NOW)


def old_task(agency: Agency, due: str, **fields: Any) -> Task:
    task = make_task(agency=agency, due=due, **fields)
    Task.objects.filter(pk=task.pk).update(created_at=LONG_AGO)
    return task


def told() -> list[str]:
    return sorted(one.to[0] for one in mail.outbox)


def test_who_does_not_want_it_is_not_told_while_a_colleague_is(
    agency: Agency, owner: User, colleague: User
) -> None:
    choose(owner, roles={"wants_own": False})
    make_task(agency=agency, due="2026-11-20")
    look(at(TODAY))
    assert told() == [colleague.email]


def test_last_one_is_told_whatever_they_want(agency: Agency, owner: User, colleague: User) -> None:
    for user in (owner, colleague):
        choose(user, roles={"wants_own": False})
    make_task(agency=agency, due="2026-11-20")
    look(at(TODAY))
    assert told() == sorted([owner.email, colleague.email])


def test_mailbox_takes_over_where_nobody_wants_it(agency: Agency, owner: User) -> None:
    Agency.objects.filter(pk=agency.pk).update(email="vanthu@example.vn")
    choose(owner, roles={"wants_own": False})
    make_task(agency=agency, due="2026-11-20")
    look(at(TODAY))
    assert told() == ["vanthu@example.vn"]


def test_each_role_is_switched_apart(agency: Agency) -> None:
    """Two of each: one who wants it, one who does not."""
    monitoring = make_agency("Ban theo dõi")
    document = make_document()
    document.monitors.add(monitoring)
    people = {}
    for wants in (True, False):
        people["wants_head", wants] = make_user(agency=agency, role=PostRole.HEAD)
        people["wants_monitor", wants] = make_user(agency=monitoring)
        people["wants_registrar", wants] = make_registrar()
    for (role, wants), user in people.items():
        choose(user, roles={role: wants})
    old_task(agency, "2026-10-01", document=document)
    look(at(TODAY))
    lanes = Reminder.objects.filter(lane__in=["head", "monitor", "registrar"]).order_by("lane")
    assert list(lanes.values_list("lane", "recipient__user")) == [
        ("head", people["wants_head", True].pk),
        ("monitor", people["wants_monitor", True].pk),
        ("registrar", people["wants_registrar", True].pk),
    ]


def test_own_hours_hold_the_mail_until_they_begin(agency: Agency, owner: User, colleague: User) -> None:
    choose(owner, opens=time(14), closes=time(16))
    make_task(agency=agency, due="2026-11-20")
    look(at(TODAY, 8))
    assert told() == [colleague.email]
    assert {state for _step, state in ledger(recipient__user=owner)} == {"planned"}
    look(at(TODAY, 14))
    assert told() == sorted([owner.email, colleague.email])


def test_hours_that_nobody_looks_in_do_not_mean_never(agency: Agency, owner: User) -> None:
    """Cron looks once, at 8: the mail goes a working day later, over the weekend too."""
    choose(owner, opens=time(14), closes=time(16))
    make_task(agency=agency, due="2026-12-31")
    sent = {}
    for day in ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-23"):
        look(at(day, 8))
        sent[day] = len(mail.outbox)
    assert sent == {"2026-11-19": 0, "2026-11-20": 1, "2026-11-21": 1, "2026-11-23": 1}


def test_new_recipient_has_the_persons_rhythm(agency: Agency) -> None:
    head = make_user(agency=agency, role=PostRole.HEAD)
    choose(head, rhythm=Rhythm.WEEKLY)
    make_task(agency=agency, due="2026-12-31")
    look(at("2026-11-17"))
    assert list(Recipient.objects.filter(user=head).values_list("agency", "rhythm").order_by("id")) == [
        (None, "weekly"),
        (agency.pk, "weekly"),
    ]
    assert mail.outbox == []


def test_rhythm_is_one_for_all_of_a_persons_digests(agency: Agency) -> None:
    head = make_user(agency=agency, role=PostRole.HEAD)
    look(at(TODAY))
    choose(head, rhythm=Rhythm.WEEKLY)
    assert set(Recipient.objects.filter(user=head).values_list("rhythm", flat=True)) == {"weekly"}
    assert rhythm_of(head) is Rhythm.WEEKLY


@pytest.mark.parametrize(
    ("opens", "closes", "words", "field"),
    [
        (time(6), None, "07:00–18:00", "opens"),
        (None, time(19), "07:00–18:00", "closes"),
        (time(15), time(14), "ít nhất một giờ", "closes"),
        (time(15), time(15, 30), "ít nhất một giờ", "closes"),
        (time(17, 30), None, "ít nhất một giờ", "closes"),
    ],
)
def test_hours_in_which_nothing_could_go_are_refused(
    owner: User, opens: time | None, closes: time | None, words: str, field: str
) -> None:
    with pytest.raises(InvalidInputError, match=words) as refused:
        choose(owner, opens=opens, closes=closes)
    assert refused.value.field == field
    assert not Preference.objects.exists()


def test_choices_are_recorded_and_the_same_again_is_not(owner: User) -> None:
    choose(owner, opens=time(9))
    row = choose(owner, opens=time(9))
    assert [event.verb for event in Event.objects.about(row)] == ["preference.created"]


def test_nothing_chosen_leaves_no_row(owner: User) -> None:
    choose(owner)
    assert Preference.objects.count() == 0
    assert preference_of(owner).wants_own is True


def test_roles_follow_from_posts(agency: Agency, owner: User, registrar: User) -> None:
    head = make_user(agency=agency, role=PostRole.HEAD)
    assert (roles_of(owner), roles_of(registrar)) == (["wants_own"], ["wants_registrar"])
    make_document().monitors.add(agency)
    assert roles_of(head) == ["wants_own", "wants_head", "wants_monitor"]


def test_language_needs_a_catalogue(owner: User, settings: Settings, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    assert [code for code, _name in languages_available()] == ["vi"]
    with pytest.raises(InvalidInputError, match="Chưa có ngôn ngữ"):
        choose(owner, language="en")
    (tmp_path / "en" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "en" / "LC_MESSAGES" / "django.mo").write_bytes(b"")
    assert choose(owner, language="en").language == "en"
