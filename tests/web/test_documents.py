"""Documents: who sees which, the review of drafts, loading a text."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_document, make_duty, make_task
from tests.web.conftest import ClientOf
from tests.web.reading import body_of, context_of, words_of
from tracker.agencies.changes import rename_agency
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.documents.enums import DraftStatus
from tracker.documents.models import Document, Draft, SourceText
from tracker.duties.models import Duty, Task
from tracker.duties.successions import carry_out

pytestmark = pytest.mark.django_db

DIRECTIVE = """TỈNH ỦY BẮC GIANG
*
Số 99-NQ/TU
ĐẢNG CỘNG SẢN VIỆT NAM
Bắc Giang, ngày 05 tháng 10 năm 2026

NGHỊ QUYẾT
CỦA BAN THƯỜNG VỤ TỈNH ỦY
về một việc để thử

I. ĐÁNH GIÁ TÌNH HÌNH
Tình hình tốt.

III. TỔ CHỨC THỰC HIỆN
1. Giao Ban Nội chính Tỉnh ủy xây dựng kế hoạch thực hiện Nghị quyết, hoàn thành trong quý IV/2026.
2. Giao Sở Y tế kiểm tra việc thực hiện Nghị quyết.

T/M BAN THƯỜNG VỤ
BÍ THƯ
"""


def _draft(document: Document, ordinal: int = 0, **fields: object) -> Draft:
    values: dict[str, object] = {
        "scope": "section",
        "action": f"xây dựng kế hoạch số {ordinal}",
        "start": 0,
        "end": 5,
        "leads": ["ban-noi-chinh-tinh-uy"],
        "due_code": "2026-Q4",
        "due_text": "trong quý IV/2026",
        "confidence": 0.9,
        "extractor_version": "1",
        "fingerprint": f"{document.pk}-{ordinal}",
    }
    return Draft.objects.create(document=document, ordinal=ordinal, **(values | fields))


@pytest.fixture
def registry(db: None) -> Agency:
    """The two bodies that the directive names."""
    make_agency("Sở Y tế", key="so-y-te", kind="state")
    return make_agency("Ban Nội chính Tỉnh ủy", key="ban-noi-chinh-tinh-uy")


def _upload(client: Client, content: bytes, name: str = "nghi-quyet.txt", **fields: str) -> HttpResponse:
    file = SimpleUploadedFile(name, content, content_type="text/plain")
    data = {"file": file, "start_on": "01/10/2026"} | fields
    return cast("HttpResponse", client.post("/van-ban/nap/", data))


def test_documents_are_those_of_the_own_tasks(
    client_of: ClientOf, owner: User, outsider: User, agency: Agency
) -> None:
    task = make_task(agency=agency)
    make_document()
    mine = context_of(client_of(owner).get("/van-ban/"))["page"]
    theirs = context_of(client_of(outsider).get("/van-ban/"))["page"]
    assert (list(mine), list(theirs)) == ([task.duty.document], [])


@pytest.mark.parametrize("tail", ["", "toan-van/"])
def test_document_of_others_is_not_there(
    client_of: ClientOf, outsider: User, agency: Agency, tail: str
) -> None:
    document = make_task(agency=agency).duty.document
    client = client_of(outsider)
    theirs = client.get(f"/van-ban/{document.pk}/{tail}")
    nobodys = client.get(f"/van-ban/{document.pk + 999}/{tail}")
    assert (theirs.status_code, body_of(theirs)) == (404, body_of(nobodys))


def test_document_page_shows_an_officer_the_own_duties_only(
    client_of: ClientOf, owner: User, agency: Agency
) -> None:
    document = make_document()
    mine = make_duty(document=document, leads=(agency,), action="việc của tôi")
    make_task(agency=agency, duty=mine)
    make_task(duty=make_duty(document=document, action="việc của người khác"))
    _draft(document)
    page = client_of(owner).get(f"/van-ban/{document.pk}/")
    duties = context_of(page)["page"]
    assert [(duty, duty.task_count, duty.done_count) for duty in duties] == [(mine, 1, 0)]
    assert context_of(page)["review"] is None
    assert "Việc của người khác" not in words_of(page)


def test_document_text_marks_the_words_of_duties(client_of: ClientOf, owner: User, agency: Agency) -> None:
    text = "1. Giao Ban Nội chính lập kế hoạch. 2. Khác."
    document = make_document(text=text)
    start, end = text.index("lập"), text.index(". 2.")
    make_task(
        agency=agency,
        duty=make_duty(document=document, leads=(agency,), source_start=start, source_end=end),
    )
    pieces = context_of(client_of(owner).get(f"/van-ban/{document.pk}/toan-van/"))["pieces"]
    assert [(piece.words, piece.is_marked) for piece in pieces] == [
        (text[:start], False),
        ("lập kế hoạch", True),
        (text[end:], False),
    ]


def test_document_text_marks_drafts_for_the_reviewer_only(
    client_of: ClientOf, owner: User, registrar: User, agency: Agency
) -> None:
    document = make_document(text="Giao các cơ quan lập kế hoạch.")
    make_task(agency=agency, document=document)
    _draft(document, start=17, end=29)
    path = f"/van-ban/{document.pk}/toan-van/"
    marked = [
        [piece.words for piece in context_of(client_of(user).get(path))["pieces"] if piece.is_marked]
        for user in (registrar, owner)
    ]
    assert marked == [["lập kế hoạch"], []]
    assert f"{path}#v17" in client_of(registrar).get(f"/van-ban/{document.pk}/").content.decode()


def test_registrar_sees_drafts_with_names_and_days(
    client_of: ClientOf, registrar: User, registry: Agency
) -> None:
    document = make_document(status="loaded")
    _draft(document, 0, leads=["ban-noi-chinh-tinh-uy", "other:các cơ quan liên quan"])
    _draft(document, 1, confidence=0.3, scope="body")
    _draft(document, 2, status=DraftStatus.SUPERSEDED)
    review = context_of(client_of(registrar).get(f"/van-ban/{document.pk}/"))["review"]
    assert [(row.leads, row.due_on, row.is_doubtful) for row in review.drafts] == [
        (["Ban Nội chính Tỉnh ủy", "các cơ quan liên quan"], date(2026, 12, 31), False)
    ]
    assert [row.is_doubtful for row in review.drafts_beside] == [True]


def test_registrar_sees_what_was_not_read(client_of: ClientOf, registrar: User, registry: Agency) -> None:
    document = make_document()
    account = {
        "deadlines_without_duty": [{"start": 3, "end": 9, "words": "trong quý I"}],
        "bodies_without_duty": ["ban-noi-chinh-tinh-uy"],
        "blocks_without_duty": [],
    }
    SourceText.objects.filter(pk=document.source_id).update(coverage={document.number: account})
    unread = context_of(client_of(registrar).get(f"/van-ban/{document.pk}/"))["review"].unread
    assert [(str(part.title), part.entries) for part in unread] == [
        ("Thời hạn chưa thuộc nhiệm vụ nào", [(3, "trong quý I")]),
        ("Cơ quan được nêu mà chưa có nhiệm vụ", [(None, "Ban Nội chính Tỉnh ủy")]),
    ]


def test_accepting_a_draft_opens_its_task_and_goes_on_to_the_next(
    client_of: ClientOf, registrar: User, registry: Agency
) -> None:
    document = make_document()
    first, second = _draft(document, 0), _draft(document, 1)
    response = client_of(registrar).post(f"/du-thao/{first.pk}/nhan/")
    first.refresh_from_db()
    assert (response.status_code, response["Location"]) == (
        302,
        f"/van-ban/{document.pk}/#du-thao-{second.pk}",
    )
    assert (first.status, first.decided_by) == ("accepted", registrar)
    assert [(task.agency, task.due_on) for task in Task.objects.all()] == [(registry, date(2026, 12, 31))]


CORRECTED = {
    "action": "lập đề án",
    "leads": "Ban Nội chính Tỉnh ủy\nSỞ Y TẾ\n",
    "coordinators": "các cơ quan liên quan",
    "due_text": "sau Đại hội",
    "due_as": "31/12/2027",
}


def test_correcting_a_draft_keeps_what_was_read_and_takes_what_was_typed(
    client_of: ClientOf, registrar: User, registry: Agency
) -> None:
    draft = _draft(make_document())
    client = client_of(registrar)
    response = client.post(f"/du-thao/{draft.pk}/sua/", CORRECTED)
    draft.refresh_from_db()
    assert response["Location"] == f"/van-ban/{draft.document_id}/#du-thao-{draft.pk}"
    assert (draft.action, draft.leads, draft.coordinators, draft.due_text, draft.due_code, draft.status) == (
        "lập đề án",
        ["ban-noi-chinh-tinh-uy", "so-y-te"],
        ["other:các cơ quan liên quan"],
        "sau Đại hội",
        "2027-12-31",
        "pending",
    )
    assert draft.changes["due_code"] == ["2026-Q4", "2027-12-31"]
    assert Event.objects.about(draft).get().verb == "draft.changed"
    client.post(f"/du-thao/{draft.pk}/nhan/")
    duty = Duty.objects.get()
    assert (duty.due_text, duty.due_on, duty.tasks.count()) == ("sau Đại hội", date(2027, 12, 31), 2)


def test_correcting_nothing_changes_nothing(client_of: ClientOf, registrar: User, registry: Agency) -> None:
    """The form gives back what it was given, so that the code that was read stays."""
    draft = _draft(make_document(), due_code="<2026-11-30", due_text="trước 30/11")
    client = client_of(registrar)
    form = context_of(client.get(f"/du-thao/{draft.pk}/sua/"))["form"]
    client.post(f"/du-thao/{draft.pk}/sua/", form.initial)
    draft.refresh_from_db()
    assert (draft.due_code, draft.changes, Event.objects.about(draft).count()) == ("<2026-11-30", {}, 0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"action": " "}, "action"),
        ({"leads": " \n"}, "leads"),
        ({"due_as": "sớm nhất có thể"}, "due_as"),
        ({"due_as": "", "due_text": "định kỳ 6 tháng, hằng năm"}, "due_as"),
    ],
    ids=["no-action", "no-lead", "no-time", "two-times"],
)
def test_bad_correction_is_refused_in_place(
    client_of: ClientOf, registrar: User, registry: Agency, fields: dict[str, str], field: str
) -> None:
    draft = _draft(make_document())
    response = client_of(registrar).post(f"/du-thao/{draft.pk}/sua/", CORRECTED | fields)
    draft.refresh_from_db()
    assert (response.status_code, draft.changes) == (400, {})
    form = context_of(response)["form"]
    assert (list(form.errors), form["coordinators"].value()) == ([field], "các cơ quan liên quan")


def test_corrected_draft_outlives_another_reading(
    client_of: ClientOf, registrar: User, registry: Agency
) -> None:
    client = client_of(registrar)
    _upload(client, DIRECTIVE.encode())
    corrected, other = Draft.objects.order_by("ordinal")
    client.post(f"/du-thao/{corrected.pk}/sua/", CORRECTED)
    Draft.objects.update(fingerprint=F("ordinal"))  # as if the extractor read the text differently now
    _upload(client, DIRECTIVE.encode())
    corrected.refresh_from_db()
    other.refresh_from_db()
    assert (corrected.status, corrected.action, other.status) == ("pending", "lập đề án", "superseded")


def test_decided_draft_is_not_corrected(client_of: ClientOf, registrar: User, registry: Agency) -> None:
    draft = _draft(make_document())
    client = client_of(registrar)
    client.post(f"/du-thao/{draft.pk}/loai/")
    assert client.post(f"/du-thao/{draft.pk}/sua/", CORRECTED).status_code == 404


def test_rejecting_a_draft_keeps_the_reason(client_of: ClientOf, registrar: User, registry: Agency) -> None:
    draft = _draft(make_document())
    client_of(registrar).post(f"/du-thao/{draft.pk}/loai/", {"note": "chỉ là trích dẫn"})
    draft.refresh_from_db()
    assert (draft.status, Event.objects.about(draft).get().note) == ("rejected", "chỉ là trích dẫn")
    assert not Duty.objects.exists()


@pytest.mark.parametrize("deed", ["nhan", "loai"])
def test_decided_draft_is_not_decided_again(
    client_of: ClientOf, registrar: User, registry: Agency, deed: str
) -> None:
    draft = _draft(make_document())
    client = client_of(registrar)
    client.post(f"/du-thao/{draft.pk}/nhan/")
    again = client.post(f"/du-thao/{draft.pk}/{deed}/")
    assert (again.status_code, Duty.objects.count()) == (409, 1)
    assert "Dự thảo này đã nhận, không quyết định lại được." in words_of(again)


def test_publishing_accepts_the_section_and_leaves_what_stands_beside(
    client_of: ClientOf, registrar: User, registry: Agency
) -> None:
    document = make_document(status="loaded")
    section, beside = _draft(document, 0), _draft(document, 1, scope="body")
    client = client_of(registrar)
    first = client.post(f"/van-ban/{document.pk}/theo-doi/")
    again = client.post(f"/van-ban/{document.pk}/theo-doi/")
    section.refresh_from_db()
    beside.refresh_from_db()
    assert (first.status_code, section.status, beside.status) == (302, "accepted", "pending")
    assert (again.status_code, Task.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    "path",
    [
        "du-thao/{draft}/sua/",
        "du-thao/{draft}/nhan/",
        "du-thao/{draft}/loai/",
        "van-ban/{document}/theo-doi/",
    ],
)
def test_officers_decide_nothing(client_of: ClientOf, owner: User, registry: Agency, path: str) -> None:
    document = make_document(status="loaded")
    draft = _draft(document)
    client = client_of(owner)
    response = client.post("/" + path.format(draft=draft.pk, document=document.pk))
    draft.refresh_from_db()
    assert (response.status_code, draft.status) == (404, "pending")


@pytest.mark.parametrize("deed", ["nhan", "loai"])
def test_drafts_are_decided_by_post_only(
    client_of: ClientOf, registrar: User, registry: Agency, deed: str
) -> None:
    draft = _draft(make_document())
    opened = client_of(registrar).get(f"/du-thao/{draft.pk}/{deed}/")
    draft.refresh_from_db()
    assert opened["Location"] == f"/van-ban/{draft.document_id}/#du-thao-{draft.pk}"
    assert draft.status == "pending"


def test_documents_are_published_by_post_only(client_of: ClientOf, registrar: User) -> None:
    document = make_document(status="loaded")
    opened = client_of(registrar).get(f"/van-ban/{document.pk}/theo-doi/")
    document.refresh_from_db()
    assert (opened["Location"], document.status) == (f"/van-ban/{document.pk}/", "loaded")


@pytest.mark.parametrize("path", ["van-ban/nap/", "can-phan-cong/"])
def test_registrars_pages_are_not_there_for_officers(client_of: ClientOf, owner: User, path: str) -> None:
    assert client_of(owner).get(f"/{path}").status_code == 404


def test_loading_a_text_keeps_its_duties_as_drafts(
    client_of: ClientOf, registrar: User, registry: Agency
) -> None:
    response = _upload(client_of(registrar), DIRECTIVE.encode())
    document = Document.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/van-ban/{document.pk}/")
    assert (document.number, document.start_on, document.status) == (
        "99-NQ/TU",
        date(2026, 10, 1),
        "loaded",
    )
    assert {(tuple(draft.leads), draft.due_code) for draft in document.drafts.all()} == {
        (("ban-noi-chinh-tinh-uy",), "2026-Q4"),
        (("so-y-te",), "none"),
    }
    assert not Task.objects.exists()


def test_loading_the_same_text_again_changes_nothing_and_says_so(
    client_of: ClientOf, registrar: User, registry: Agency
) -> None:
    client = client_of(registrar)
    _upload(client, DIRECTIVE.encode())
    page = client.get(_upload(client, DIRECTIVE.encode(), "ten-khac.txt")["Location"])
    assert "Tệp này đã được nạp từ trước: không thay đổi gì." in words_of(page)
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp này rỗng."),
        (b"  \n ", "không có chữ nào"),
        (b"\x80\x81\x82", "không phải văn bản UTF-8"),
        (b"PK\x03\x04\x00\x00", "là tệp nhị phân"),
        (DIRECTIVE.replace("*\n", "MẬT\n", 1).encode(), "Tệp có văn bản mật"),
    ],
    ids=["empty", "blank", "not-utf-8", "binary", "secret"],
)
def test_bad_file_is_refused_in_place_and_nothing_is_kept(
    client_of: ClientOf, registrar: User, registry: Agency, content: bytes, words: str
) -> None:
    response = _upload(client_of(registrar), content)
    assert (response.status_code, SourceText.objects.count(), Document.objects.count()) == (400, 0, 0)
    assert words in words_of(response)


def test_file_beyond_the_limit_is_refused(
    client_of: ClientOf, registrar: User, registry: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.review_doors.LARGEST_UPLOAD", 100)
    response = _upload(client_of(registrar), DIRECTIVE.encode())
    assert (response.status_code, SourceText.objects.count()) == (400, 0)


def test_loading_without_a_registry_says_what_to_do(client_of: ClientOf, registrar: User) -> None:
    response = _upload(client_of(registrar), DIRECTIVE.encode())
    assert response.status_code == 400
    assert "Chưa có danh mục cơ quan" in words_of(response)


def test_loading_without_a_day_is_refused(client_of: ClientOf, registrar: User, registry: Agency) -> None:
    response = _upload(client_of(registrar), DIRECTIVE.encode(), start_on="hôm nay")
    assert (response.status_code, SourceText.objects.count()) == (400, 0)


@pytest.mark.parametrize("count", [1, 5])
def test_document_list_queries_are_fixed(
    client_of: ClientOf, registrar: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(count):
        make_task()
    client = client_of(registrar)
    with django_assert_num_queries(4):
        client.get("/van-ban/")


@pytest.mark.parametrize("count", [1, 5])
def test_document_page_queries_are_fixed(
    client_of: ClientOf,
    registrar: User,
    registry: Agency,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    document = make_document()
    for turn in range(count):
        make_task(agency=registry, duty=make_duty(document=document, leads=(registry,)))
        _draft(document, turn)
    client = client_of(registrar)
    with django_assert_num_queries(13):
        client.get(f"/van-ban/{document.pk}/")


def test_document_list_counts_open_and_overdue_tasks(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    document = make_document()
    make_task(agency=agency, document=document, due="2026-11-01")
    make_task(agency=agency, document=document, due="2026-12-31")
    make_task(agency=agency, document=document, state="confirmed", reported_on=TODAY)
    _draft(document)
    (row,) = context_of(client_of(registrar).get("/van-ban/"))["page"]
    assert (row.open_count, row.overdue_count, row.pending_count) == (2, 1, 1)


def test_document_page_names_a_body_as_on_its_date_and_as_today(
    client_of: ClientOf, registrar: User, agency: Agency
) -> None:
    document = make_document(issued_on=date(2026, 1, 15))
    make_duty(document=document, leads=(agency,))
    rename = partial(rename_agency, agency, name="Ban Mới", day=date(2026, 6, 1))
    carry_out(rename, today=TODAY, actor=ACTOR, now=NOW)
    page = words_of(client_of(registrar).get(f"/van-ban/{document.pk}/"))
    assert "Chủ trì Ban Nội chính Tỉnh ủy (nay là Ban Mới)" in page
