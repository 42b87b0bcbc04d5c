"""Bodies over time: names, mergers, splits, ends, and what a registry file may not take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.factories import ACTOR, NOW, make_agency, make_collective, make_user
from tracker.agencies import services
from tracker.agencies.changes import (
    Changed,
    NewAgency,
    abolish_agency,
    merge_agencies,
    rename_agency,
    split_agency,
    take_effect,
)
from tracker.agencies.models import Agency, Membership, Succession
from tracker.agencies.queries import Heirs, members_on
from tracker.core.errors import InvalidInputError
from tracker.core.models import Event

pytestmark = pytest.mark.django_db

DAY = date(2025, 3, 1)
BEFORE = date(2025, 2, 28)


def _rename(agency: Agency, name: str, day: date = DAY) -> Changed:
    return rename_agency(agency, name=name, day=day, note="QĐ 12", actor=ACTOR, now=NOW)


def _take_effect(today: date) -> int:
    return len(take_effect(today=today, actor=ACTOR, now=NOW))


def test_rename_takes_effect_on_its_day_and_keeps_the_old_name(agency: Agency) -> None:
    _rename(agency, "Ban Nội chính và Cải cách Tỉnh ủy")
    assert _take_effect(BEFORE) == 0
    agency.refresh_from_db()
    assert agency.name == "Ban Nội chính Tỉnh ủy"
    assert [_take_effect(DAY), _take_effect(DAY)] == [1, 0]
    agency.refresh_from_db()
    assert (agency.name, agency.aliases) == ("Ban Nội chính và Cải cách Tỉnh ủy", ["Ban Nội chính Tỉnh ủy"])
    assert agency.search_name == "Ban Noi chinh va Cai cach Tinh uy"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 1, 1), "A"),
        (date(2022, 1, 31), "A"),
        (date(2022, 2, 1), "B"),
        (date(2025, 2, 28), "B"),
        (DAY, "C"),
        (date(2026, 11, 30), "C"),
        (date(2027, 1, 1), "D"),
    ],
)
@pytest.mark.parametrize("today", [date(2021, 1, 1), date(2022, 6, 1), date(2026, 1, 1), date(2028, 1, 1)])
def test_name_on_a_day_is_the_same_whenever_it_is_asked(today: date, day: date, name: str) -> None:
    agency = make_agency("A")
    for new, since in (("B", date(2022, 2, 1)), ("C", DAY), ("D", date(2027, 1, 1))):
        _rename(agency, new, since)
    _take_effect(today)
    agency.refresh_from_db()
    assert agency.name_on(day) == name


def test_name_corrected_by_hand_is_the_name_of_today(agency: Agency) -> None:
    _rename(agency, "Ban Nội chnh", DAY)
    _take_effect(DAY)
    agency.refresh_from_db()
    agency.name = "Ban Nội chính mới"
    agency.save()
    _take_effect(date(2026, 1, 1))
    agency.refresh_from_db()
    assert (agency.name, agency.name_on(date(2026, 1, 1)), agency.name_on(BEFORE)) == (
        "Ban Nội chính mới",
        "Ban Nội chính mới",
        "Ban Nội chính Tỉnh ủy",
    )


def test_merger_ends_the_old_bodies_the_day_before_and_founds_the_new_one(agency: Agency) -> None:
    second = make_agency("Ban Dân vận Tỉnh ủy")
    changed = merge_agencies(
        [agency, second], into=NewAgency("Ban Hợp nhất", "party-advisory"), day=DAY, actor=ACTOR, now=NOW
    )
    heir = changed.heirs[0]
    assert (heir.key, heir.name, heir.since, heir.until) == ("ban-hop-nhat", "Ban Hợp nhất", DAY, None)
    assert {one.until for one in Agency.objects.filter(pk__in=[agency.pk, second.pk])} == {BEFORE}
    successions = Succession.objects.values_list("agency", "successor", "is_confirmed")
    assert set(successions) == {(agency.pk, heir.pk, True), (second.pk, heir.pk, True)}
    heirs = Heirs()
    assert (heirs.holder(agency, BEFORE), heirs.holder(changed.ended[0], DAY)) == (agency, heir)


def test_absorbing_body_stays(agency: Agency) -> None:
    absorbing = make_agency("Sở Tài chính")
    changed = merge_agencies([agency, absorbing], into=absorbing, day=DAY, actor=ACTOR, now=NOW)
    absorbing.refresh_from_db()
    assert (changed.ended, changed.heirs, absorbing.until) == ((agency,), (absorbing,), None)


def test_heir_joins_the_collectives_of_the_old_bodies_on_the_day(agency: Agency) -> None:
    collective = make_collective(agency)
    left = make_collective(agency)
    Membership.objects.filter(collective=left).update(until=date(2024, 1, 1))
    changed = merge_agencies([agency], into=NewAgency("Ban Mới", "state"), day=DAY, actor=ACTOR, now=NOW)
    heir = changed.heirs[0]
    assert [members_on(collective, day) for day in (BEFORE, DAY)] == [[agency], [heir]]
    assert members_on(left, DAY) == []
    event = Event.objects.about(collective).get()
    assert (event.verb, event.after) == (
        "collective.member_joined",
        {"agency": heir.key, "since": "2025-03-01"},
    )


def test_heir_that_belongs_to_a_collective_for_a_while_yet_does_not_join_it_twice(agency: Agency) -> None:
    heir = make_agency("Ban Kế thừa")
    collective = make_collective(agency, heir)
    Membership.objects.filter(agency=heir).update(until=date(2026, 1, 1))
    merge_agencies([agency], into=heir, day=DAY, actor=ACTOR, now=NOW)
    assert Membership.objects.filter(collective=collective, agency=heir).count() == 1


def test_people_follow_on_the_day_and_only_once(agency: Agency) -> None:
    heir, person = make_agency("Ban Mới"), make_user(agency=agency, role="head")
    merge_agencies([agency], into=heir, day=DAY, actor=ACTOR, now=NOW)
    _take_effect(BEFORE)
    assert set(person.agencies.all()) == {agency}
    _take_effect(DAY)
    assert set(person.agencies.all()) == {agency, heir}
    assert person.posts.get(agency=heir).role == "head"
    person.posts.filter(agency=heir).delete()
    _take_effect(date(2025, 4, 1))
    assert set(person.agencies.all()) == {agency}


def test_split_names_every_heir_and_moves_nobody(agency: Agency) -> None:
    person = make_user(agency=agency)
    existing = make_agency("Sở Nội vụ")
    changed = split_agency(
        agency, into=[existing, NewAgency("Sở Mới", "state")], day=DAY, actor=ACTOR, now=NOW
    )
    _take_effect(DAY)
    assert [heir.name for heir in changed.heirs] == ["Sở Nội vụ", "Sở Mới"]
    assert Heirs().holder(changed.ended[0], DAY) is None
    assert set(person.agencies.all()) == {agency}


def test_ended_body_without_heirs_may_be_given_one_later(agency: Agency) -> None:
    abolish_agency(agency, day=DAY, note="QĐ 1", actor=ACTOR, now=NOW)
    heir = make_agency("Sở Nội vụ")
    merge_agencies([agency], into=heir, day=DAY, actor=ACTOR, now=NOW)
    agency.refresh_from_db()
    assert Heirs().holder(agency, DAY) == heir


Refused = Callable[[Agency], Any]


def _young() -> Agency:
    return make_agency("Sở Trẻ", since=DAY)


def _gone() -> Agency:
    return make_agency("Sở Cũ", until=date(2024, 12, 31))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda a: _rename(a, "  "), "name", "Tên cơ quan phải có"),
        (lambda a: _rename(a, "x" * 201), "name", "không quá 200 chữ"),
        (lambda a: _rename(a, a.name), "name", "trùng với tên đang dùng"),
        (lambda a: _rename(a, make_agency("Sở Y tế").name), "name", "Đã có cơ quan tên «Sở Y tế»"),
        (lambda _a: _rename(_gone(), "Tên khác"), "day", "«Sở Cũ» không tồn tại"),
        (lambda a: (_rename(a, "B", DAY), _rename(a, "C", BEFORE)), "day", "Đã có lần đổi tên"),
        (
            lambda _a: abolish_agency(_young(), day=DAY, actor=ACTOR, now=NOW),
            "day",
            "mới có từ ngày 01/03/2025",
        ),
        (
            lambda _a: abolish_agency(_gone(), day=DAY, actor=ACTOR, now=NOW),
            "day",
            "kết thúc ngày 31/12/2024",
        ),
        (lambda a: merge_agencies([a], into=a, day=DAY, actor=ACTOR, now=NOW), "agencies", "cơ quan cũ"),
        (lambda a: merge_agencies([a], into=_gone(), day=DAY, actor=ACTOR, now=NOW), "into", "không tồn tại"),
        (
            lambda a: merge_agencies([a], into=NewAgency("Sở Ấy", "?"), day=DAY, actor=ACTOR, now=NOW),
            "kind",
            "loại cơ quan",
        ),
        (
            lambda a: merge_agencies(
                [a],
                into=NewAgency(make_agency("Sở Ấy", key="so-ay").name, "state"),
                day=DAY,
                actor=ACTOR,
                now=NOW,
            ),
            "new",
            "Đã có cơ quan tên «Sở Ấy»",
        ),
        (
            lambda a: split_agency(a, into=[make_agency()], day=DAY, actor=ACTOR, now=NOW),
            "into",
            "ít nhất hai",
        ),
        (
            lambda a: split_agency(a, into=[a, make_agency()], day=DAY, actor=ACTOR, now=NOW),
            "into",
            "không tồn tại",
        ),
    ],
)
def test_impossible_change_is_refused_with_its_reason(
    agency: Agency, change: Refused, field: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        change(agency)
    agency.refresh_from_db()
    assert refusal.value.field == field
    assert words in str(refusal.value)
    assert (agency.until, Succession.objects.count()) == (None, 0)


def test_every_change_is_on_record_with_its_day_and_basis(agency: Agency) -> None:
    abolish_agency(agency, day=DAY, note=" Nghị quyết 18 ", actor=ACTOR, now=NOW)
    event = Event.objects.about(agency).get()
    assert (event.verb, event.after, event.note) == (
        "agency.abolished",
        {"day": "2025-03-01"},
        "Nghị quyết 18",
    )


def _load(agency: Agency, **fields: Any) -> services.Saved:
    """As the registry file still has it."""
    values = {
        "name": "Ban Nội chính Tỉnh ủy",
        "kind": agency.kind,
        "aliases": ["BNC"],
        "since": None,
        "until": None,
    }
    return services.save_agency(key=agency.key, **(values | fields), actor=ACTOR, now=NOW)


def test_file_takes_back_no_name_no_end_and_no_heir_that_a_person_gave(agency: Agency) -> None:
    _rename(agency, "Ban Mới")
    _take_effect(DAY)
    abolish_agency(agency, day=date(2026, 1, 1), actor=ACTOR, now=NOW)
    _load(agency)
    services.save_succession(
        agency=agency.key, successor=make_agency().key, is_confirmed=False, actor=ACTOR, now=NOW
    )
    agency.refresh_from_db()
    assert (agency.name, agency.until) == ("Ban Mới", date(2025, 12, 31))
    assert agency.aliases == ["BNC", "Ban Nội chính Tỉnh ủy"]
    assert Succession.objects.count() == 0


def test_file_still_corrects_a_body_that_nobody_changed(agency: Agency) -> None:
    assert _load(agency, until=BEFORE) == services.Saved(is_new=False, is_changed=True)
    agency.refresh_from_db()
    assert (agency.until, agency.aliases) == (BEFORE, ["BNC"])


def test_membership_has_its_days_and_may_come_back(agency: Agency) -> None:
    collective = make_collective()
    first = services.join_collective(collective, agency, since=date(2022, 1, 1), actor=ACTOR, now=NOW)
    services.leave_collective(first, until=date(2023, 12, 31), note="QĐ 5", actor=ACTOR, now=NOW)
    services.join_collective(collective, agency, since=DAY, actor=ACTOR, now=NOW)
    days = [date(2021, 12, 31), date(2022, 1, 1), date(2023, 12, 31), date(2024, 1, 1), DAY]
    assert [members_on(collective, day) for day in days] == [[], [agency], [agency], [], [agency]]
    verbs = list(Event.objects.about(collective).values_list("verb", flat=True))
    assert verbs == ["collective.member_joined", "collective.member_left", "collective.member_joined"]


def test_membership_that_cannot_be_is_refused(agency: Agency) -> None:
    collective = make_collective()
    row = services.join_collective(collective, agency, since=DAY, actor=ACTOR, now=NOW)
    with pytest.raises(InvalidInputError, match="vào ngày đó rồi"):
        services.join_collective(collective, agency, since=date(2026, 1, 1), actor=ACTOR, now=NOW)
    with pytest.raises(InvalidInputError, match="không được trước ngày bắt đầu"):
        services.leave_collective(row, until=BEFORE, actor=ACTOR, now=NOW)
    services.leave_collective(row, until=DAY, actor=ACTOR, now=NOW)
    with pytest.raises(InvalidInputError, match="đã thôi là thành viên"):
        services.leave_collective(row, until=DAY, actor=ACTOR, now=NOW)


def test_confirming_a_succession_is_done_once(agency: Agency) -> None:
    succession = Succession.objects.create(agency=agency, successor=make_agency())
    answers = [services.confirm_succession(succession, actor=ACTOR, now=NOW) for _turn in "ab"]
    assert answers == [True, False]
    assert Event.objects.about(agency).get().verb == "agency.succession_confirmed"
