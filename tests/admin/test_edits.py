"""Corrections by hand: saved, and recorded with what was."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests.factories import ACTOR, NOW, make_agency, make_collective, make_document, make_task, make_user
from tracker.agencies.models import Agency, Membership, Post
from tracker.core.enums import TokenScope
from tracker.core.models import ApiToken, Event, User
from tracker.core.tokens import issue_token, live_token
from tracker.documents.enums import DocumentStatus, DraftStatus
from tracker.documents.models import Draft
from tracker.duties.models import Task
from tracker.reminders.models import Policy, Suppression

_NO_POSTS = {"posts-TOTAL_FORMS": "0", "posts-INITIAL_FORMS": "0"}
_NO_SUCCESSIONS = {"successions-TOTAL_FORMS": "0", "successions-INITIAL_FORMS": "0"}


def test_correcting_an_agency_is_recorded(staff: Client, clerk: User) -> None:
    agency = make_agency("Ban Nội chính", email="cu@example.vn", aliases=["BNC"])
    url = reverse("admin:tracker_agency_change", args=[agency.pk])
    given = {
        "key": "khoa-khac",
        "name": "Ban Nội chính Tỉnh ủy",
        "kind": agency.kind,
        "aliases": "BNC\n  Ban NC ",
        "email": "cu@example.vn",
        **_NO_POSTS,
        **_NO_SUCCESSIONS,
    }
    assert staff.post(url, given).status_code == 302
    key = agency.key
    agency.refresh_from_db()
    assert (agency.name, agency.aliases, agency.key) == ("Ban Nội chính Tỉnh ủy", ["BNC", "Ban NC"], key)
    assert agency.search_name == "Ban Noi chinh Tinh uy"
    event = Event.objects.about(agency).get()
    assert (event.verb, event.actor, event.door) == ("agency.changed", clerk, "admin")
    assert event.before == {"name": "Ban Nội chính", "aliases": ["BNC"]}
    assert event.after == {"name": "Ban Nội chính Tỉnh ủy", "aliases": ["BNC", "Ban NC"]}


def test_new_name_is_a_change_of_the_agencys_tasks(staff: Client) -> None:
    agency = make_agency("Ban Nội chính")
    tasks = [make_task(agency=agency), make_task(agency=make_agency()), make_task(agency=agency)]
    url = reverse("admin:tracker_agency_change", args=[agency.pk])
    given = {"name": "Ban Nội chính Tỉnh ủy", "kind": agency.kind, **_NO_POSTS, **_NO_SUCCESSIONS}
    for _twice in range(2):
        assert staff.post(url, given).status_code == 302
        assert [Task.objects.get(pk=task.pk).revision for task in tasks] == [1, 0, 1]


def test_saving_without_a_change_records_nothing(staff: Client) -> None:
    agency = make_agency(since=date(2020, 1, 1))
    url = reverse("admin:tracker_agency_change", args=[agency.pk])
    given = {"name": agency.name, "kind": agency.kind, "since": "01/01/2020", **_NO_POSTS, **_NO_SUCCESSIONS}
    assert staff.post(url, given).status_code == 302
    assert not Event.objects.exists()


def test_new_agency_is_recorded(staff: Client) -> None:
    given = {"key": "so-moi", "name": "Sở Mới", "kind": "state", **_NO_POSTS, **_NO_SUCCESSIONS}
    assert staff.post(reverse("admin:tracker_agency_add"), given).status_code == 302
    event = Event.objects.about(Agency.objects.get(key="so-moi")).get()
    assert (event.verb, event.after["name"]) == ("agency.created", "Sở Mới")


def test_agency_that_ends_before_it_began_is_refused(staff: Client) -> None:
    agency = make_agency()
    url = reverse("admin:tracker_agency_change", args=[agency.pk])
    given = {"name": agency.name, "kind": agency.kind, **_NO_POSTS, **_NO_SUCCESSIONS}
    page = staff.post(url, {**given, "since": "02/01/2020", "until": "01/01/2020"})
    assert "Ngày kết thúc không được trước ngày bắt đầu." in page.content.decode()


def test_members_of_a_collective_are_recorded(staff: Client) -> None:
    agency = make_agency("Huyện ủy A")
    collective = make_collective(name="các huyện ủy")
    url = reverse("admin:tracker_collective_change", args=[collective.pk])
    given = {
        "name": "các huyện ủy",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-agency": str(agency.pk),
    }
    assert staff.post(url, given).status_code == 302
    assert Membership.objects.get().agency == agency
    event = Event.objects.about(collective).get()
    assert (event.before, event.after) == ({"membership": []}, {"membership": ["Huyện ủy A ∈ các huyện ủy"]})


def test_document_is_followed_as_the_office_says(staff: Client) -> None:
    document = make_document(subject="về du lịch")
    monitoring = make_agency("Ủy ban Kiểm tra")
    url = reverse("admin:tracker_document_change", args=[document.pk])
    assert staff.post(url, {"monitors": [str(monitoring.pk)], "subject": "khác"}).status_code == 302
    document.refresh_from_db()
    assert (document.needs_confirmation, document.subject) == (False, "về du lịch")
    verbs = {str(event.after) for event in Event.objects.about(document)}
    assert verbs == {"{'needs_confirmation': False}", "{'monitors': ['Ủy ban Kiểm tra']}"}


@pytest.fixture
def draft() -> Draft:
    document = make_document(status=DocumentStatus.LOADED)
    agency = make_agency(key="ban-noi-chinh")
    return Draft.objects.create(
        document=document,
        fingerprint="x",
        ordinal=0,
        scope="section",
        action="xây dựng kế hoạch",
        start=0,
        end=5,
        leads=[agency.key],
        due_code="2026-Q4",
        due_text="quý IV/2026",
        confidence=0.9,
        extractor_version="1",
    )


def test_publishing_a_document_opens_its_tasks(staff: Client, draft: Draft) -> None:
    staff.post(
        reverse("admin:tracker_document_changelist"),
        {"action": "publish", "_selected_action": [draft.document_id]},
    )
    task = Task.objects.get()
    assert (task.agency.key, task.deadline_words) == ("ban-noi-chinh", "quý IV/2026")


def test_draft_is_decided_once(staff: Client, clerk: User, draft: Draft) -> None:
    url = reverse("admin:tracker_draft_changelist")
    staff.post(url, {"action": "reject", "_selected_action": [draft.pk]})
    draft.refresh_from_db()
    assert (draft.status, draft.decided_by) == (DraftStatus.REJECTED, clerk)
    response = staff.post(url, {"action": "accept", "_selected_action": [draft.pk]})
    said = [str(message) for message in get_messages(response.wsgi_request)]
    assert "không quyết định lại được" in said[-1]
    assert "Đã nhận" not in "".join(said)


def test_token_is_shown_once_and_revoked(staff: Client, owner: User) -> None:
    given = {"user": owner.pk, "name": "bảng điều khiển", "scope": "read"}
    response = staff.post(reverse("admin:tracker_apitoken_add"), given)
    secret = str(next(iter(get_messages(response.wsgi_request)))).rpartition(" ")[2]
    token = live_token(secret, now=NOW)
    assert token is not None
    assert (token.user, token.scope) == (owner, "read")
    assert Event.objects.about(token).get().verb == "token.issued"
    url = reverse("admin:tracker_apitoken_change", args=[token.pk])
    assert secret in staff.get(url).content.decode()  # the message, once
    page = staff.get(url).content.decode()
    assert secret not in page
    assert token.digest not in page
    staff.post(
        reverse("admin:tracker_apitoken_changelist"), {"action": "revoke", "_selected_action": [token.pk]}
    )
    assert live_token(secret, now=NOW) is None


def test_new_person_with_a_post_is_recorded_without_the_password(staff: Client, agency: Agency) -> None:
    given = {
        "username": "moi",
        "last_name": "Trần",
        "first_name": "Mới",
        "usable_password": "true",
        "password1": "một-mật-khẩu-dài",
        "password2": "một-mật-khẩu-dài",
        "posts-TOTAL_FORMS": "1",
        "posts-INITIAL_FORMS": "0",
        "posts-0-agency": str(agency.pk),
        "posts-0-role": "officer",
    }
    assert staff.post(reverse("admin:tracker_user_add"), given).status_code == 302
    person = User.objects.get(username="moi")
    assert person.check_password("một-mật-khẩu-dài")
    assert Post.objects.get(user=person).agency == agency
    record = list(Event.objects.about(person))
    assert [event.verb for event in record] == ["user.created", "user.changed"]
    assert "mật-khẩu" not in str([event.after for event in record])
    assert person.password not in str([event.after for event in record])


def test_setting_a_password_is_recorded(staff: Client, owner: User) -> None:
    url = reverse("admin:auth_user_password_change", args=[owner.pk])
    given = {"usable_password": "true", "password1": "mật-khẩu-mới-dài", "password2": "mật-khẩu-mới-dài"}
    assert staff.post(url, given).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password("mật-khẩu-mới-dài")
    assert [event.verb for event in Event.objects.about(owner)] == ["user.password_set"]


def test_superuser_is_out_of_a_registrars_reach(staff: Client) -> None:
    superuser = make_user("root", is_superuser=True, is_staff=True)
    assert staff.get(reverse("admin:tracker_user_change", args=[superuser.pk])).status_code == 302
    url = reverse("admin:auth_user_password_change", args=[superuser.pk])
    given = {"usable_password": "true", "password1": "mật-khẩu-mới-dài", "password2": "mật-khẩu-mới-dài"}
    assert staff.post(url, given).status_code == 404
    given = {"user": str(superuser.pk), "name": "cửa sau", "scope": "write"}
    assert staff.post(reverse("admin:tracker_apitoken_add"), given).status_code == 200
    assert not ApiToken.objects.exists()


def test_nobody_is_made_a_superuser(staff: Client, owner: User) -> None:
    url = reverse("admin:tracker_user_change", args=[owner.pk])
    given = {"username": "chu-viec", "is_active": "on", "is_superuser": "on", **_NO_POSTS}
    assert staff.post(url, given).status_code == 302
    owner.refresh_from_db()
    assert not owner.is_superuser


def test_revoking_twice_is_one_event(staff: Client, owner: User) -> None:
    issued = issue_token(user=owner, name="thử", scope=TokenScope.READ, expires_at=None, actor=ACTOR, now=NOW)
    url = reverse("admin:tracker_apitoken_changelist")
    for _turn in range(2):
        staff.post(url, {"action": "revoke", "_selected_action": [issued.row.pk]})
    assert Event.objects.filter(verb="token.revoked").count() == 1


def test_task_page_leads_to_the_page_of_the_task(staff: Client) -> None:
    task = make_task()
    page = staff.get(reverse("admin:tracker_task_change", args=[task.pk])).content.decode()
    assert reverse("web:task", args=[task.pk]) in page


def test_policy_is_changed_in_words_of_the_office(staff: Client) -> None:
    policy = Policy.objects.create(document=make_document())
    url = reverse("admin:tracker_policy_change", args=[policy.pk])
    given = {
        "document": str(policy.document_id),
        "days_before": "10, 5",
        "on_the_day": "on",
        "every_days_after": "7",
        "times_after": "8",
        "head_after": "",
        "monitor_after": "14",
        "registrar_after": "30",
        "announces_new": "on",
        "opens": "08:00",
        "closes": "17:00",
    }
    assert "Chỉ gồm các số nguyên" in staff.post(url, {**given, "days_before": "x"}).content.decode()
    assert staff.post(url, given).status_code == 302
    policy.refresh_from_db()
    assert (policy.days_before, policy.head_after) == ([10, 5], None)
    event = Event.objects.about(policy).get()
    assert event.verb == "policy.changed"
    assert event.after["days_before"] == [10, 5]


def test_refused_address_is_tried_again_when_a_registrar_says_so(staff: Client) -> None:
    row = Suppression.objects.create(address="cu@example.vn", reason="550", since=NOW)
    url = reverse("admin:tracker_suppression_changelist")
    staff.post(url, {"action": "lift", "_selected_action": [row.pk]})
    assert not Suppression.objects.exists()
    assert Event.objects.filter(subject_type="suppression", subject_id=row.pk).count() == 1
