"""Lists from spreadsheets: tried first, every error by row and column; then done whole, by the services."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from tests.factories import TODAY, make_agency, make_document, make_task
from tracker import pipeline
from tracker.admin import imports
from tracker.agencies.models import Agency
from tracker.core.models import Event, User
from tracker.documents.models import Document
from tracker.duties.models import Duty, Task
from tracker.extraction.registry import Registry

AGENCIES = "/admin/tracker/agency/"
TASKS = "/admin/tracker/task/"
HEAD = ["Khóa", "Tên", "Loại", "Tên khác", "Thư điện tử", "Từ ngày", "Đến hết ngày"]
TASK_HEAD = ["Số văn bản", "Nội dung", "Chủ trì", "Thời hạn", "Hoàn thành ngày", "Kết quả"]


def _csv(*rows: list[str], name: str = "danh-sach.csv") -> SimpleUploadedFile:
    lines = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    return SimpleUploadedFile(name, b"\xef\xbb\xbf" + lines.encode())  # as Excel saves it


def _xlsx(*rows: list[Any]) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("danh-sach.xlsx", out.getvalue())


def _try(client: Client, file: SimpleUploadedFile, url: str = AGENCIES) -> Any:
    return client.post(f"{url}import/", {"import_file": file, "resource": "0"})


def _do(client: Client, tried: Any, url: str = AGENCIES) -> Any:
    form = tried.context["confirm_form"]
    return client.post(f"{url}process_import/", form.initial, follow=True)


def _faults(tried: Any) -> list[str]:
    assert "confirm_form" not in tried.context
    return list(tried.context["faults"])


def test_page_names_the_columns(staff: Client) -> None:
    page = staff.get(f"{AGENCIES}import/").content.decode()
    assert ", ".join(HEAD) in page
    assert "Chạy thử" in page
    assert f'href="import/"' in staff.get(AGENCIES).content.decode()  # noqa: F541
    assert 'href="import/"' in staff.get(TASKS).content.decode()


@pytest.mark.parametrize("make", [_csv, _xlsx])
def test_agencies_are_tried_then_brought_in(staff: Client, clerk: User, make: Any) -> None:
    file = make(
        HEAD,
        ["so-y-te", "Sở Y tế", "cơ quan nhà nước", "Ngành y tế; SYT", "syt@example.vn", "01/03/2025", ""],
        ["ban-dan-van", "Ban Dân vận", "party-advisory", "", "", "", "2025-01-31"],
    )
    tried = _try(staff, file)
    assert tried.context["totals"] == "2 dòng mới, 0 dòng sửa, 0 dòng giữ nguyên"
    assert not Agency.objects.exists()
    assert not Event.objects.filter(subject_type="agency").exists()
    page = _do(staff, tried).content.decode()
    assert "Đã nhập: 2 dòng mới" in page
    shown = Agency.objects.order_by("key").values_list("key", "kind", "aliases", "email", "since", "until")
    assert list(shown) == [
        ("ban-dan-van", "party-advisory", [], "", None, date(2025, 1, 31)),
        ("so-y-te", "state", ["Ngành y tế", "SYT"], "syt@example.vn", date(2025, 3, 1), None),
    ]
    event = Event.objects.filter(verb="agency.created").first()
    assert event is not None
    assert (event.actor, event.door) == (clerk, "admin")


def test_same_file_again_changes_nothing(staff: Client) -> None:
    rows = (HEAD[:3], ["so-y-te", "Sở Y tế", "state"])
    _do(staff, _try(staff, _csv(*rows)))
    before = Event.objects.count()
    tried = _try(staff, _csv(*rows))
    assert tried.context["totals"] == "0 dòng mới, 0 dòng sửa, 1 dòng giữ nguyên"
    _do(staff, tried)
    assert Event.objects.count() == before


def test_column_that_is_missing_leaves_what_is_kept(staff: Client) -> None:
    make_agency("Sở Y tế", key="so-y-te", kind="state", email="syt@example.vn", aliases=["SYT"])
    tried = _try(staff, _csv(HEAD[:3], ["so-y-te", "Sở Y tế tỉnh", "state"]))
    assert tried.context["totals"] == "0 dòng mới, 1 dòng sửa, 0 dòng giữ nguyên"
    _do(staff, tried)
    agency = Agency.objects.get()
    assert (agency.name, agency.email, agency.aliases) == ("Sở Y tế tỉnh", "syt@example.vn", ["SYT"])


def test_new_name_reaches_the_tasks_of_the_body(staff: Client) -> None:
    """Calendars, and programs that ask what has changed, must take the new name."""
    task = make_task(agency=make_agency("Sở Y tế", key="so-y-te", kind="state"))
    _do(staff, _try(staff, _csv(HEAD[:3], ["so-y-te", "Sở Y tế tỉnh", "state"])))
    task.refresh_from_db()
    assert task.revision == 1
    _do(staff, _try(staff, _csv(HEAD[:4], ["so-y-te", "Sở Y tế tỉnh", "state", "SYT"])))
    task.refresh_from_db()
    assert task.revision == 1


def test_every_error_is_told_with_its_row_and_column(staff: Client) -> None:
    tried = _try(
        staff,
        _csv(
            HEAD,
            ["So Y Te", "", "bộ", "", "không phải thư", "31/02/2026", ""],
            ["so-tot", "Sở Tốt", "state", "", "", "", ""],
            ["", "", "", "", "", "", ""],
            ["so-xau", "Sở Xấu", "state", "", "không phải thư", "2026-01-02", "2026-01-01"],
        ),
    )
    faults = _faults(tried)
    assert [fault.partition(": ")[0] for fault in faults] == [
        "Dòng 2, cột A «Khóa»",
        "Dòng 2, cột B «Tên»",
        "Dòng 2, cột C «Loại»",
        "Dòng 2, cột F «Từ ngày»",
        "Dòng 5, cột A «Khóa»",
    ]
    assert "«31/02/2026» không phải một ngày" in faults[3]
    assert "Ngày kết thúc không được trước ngày bắt đầu." in faults[4]
    assert not Agency.objects.exists()


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (["Khóa", "Tên"], "Thiếu cột «Loại»."),
        ([*HEAD, "Điện thoại"], "Không biết cột «Điện thoại»."),
        ([*HEAD[:3], "Tên"], "Cột «Tên» có hai lần."),
    ],
)
def test_wrong_headings_are_told(staff: Client, head: list[str], fault: str) -> None:
    assert fault in _faults(_try(staff, _csv(head, ["x"] * len(head))))[0]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.pdf", b"%PDF"), "Chỉ nhận tệp .csv"),
        (SimpleUploadedFile("a.xlsx", b"khong phai"), "Không đọc được tệp"),
        (SimpleUploadedFile("a.csv", b"\xff\xfe\x00"), "Không đọc được tệp"),
        (SimpleUploadedFile("a.csv", b"x" * (5 * 1024 * 1024 + 1)), "Tệp lớn hơn 5 MB"),
    ],
)
def test_file_that_cannot_be_read_is_refused(staff: Client, file: SimpleUploadedFile, words: str) -> None:
    assert words in _try(staff, file).content.decode()


def test_too_many_rows_are_refused(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_ROWS", 1)
    rows = [["so-y-te", "Sở Y tế", "state"]] * 2
    assert "nhiều nhất 1 dòng" in _faults(_try(staff, _csv(HEAD[:3], *rows)))[0]


@pytest.fixture
def document(agency: Agency) -> Document:
    return make_document(number="109-NQ/TU", issued_on=date(2026, 1, 15))


def test_tasks_are_tried_then_opened(staff: Client, document: Document, agency: Agency) -> None:
    other = make_agency("Sở Y tế")
    file = _xlsx(
        TASK_HEAD,
        ["109-NQ/TU", "xây dựng kế hoạch", f"{agency.name}; {other.name}", "quý IV/2026", None, None],
        ["109-NQ/TU", "sơ kết một năm", agency.name, date(2026, 6, 30), date(2026, 6, 25), "đã sơ kết"],
        [None] * 6,
        ["109-NQ/TU", "báo cáo", "các đơn vị liên quan", "hằng quý", None, None],
    )
    tried = _try(staff, file, TASKS)
    assert tried.context["totals"] == "3 dòng mới, 0 dòng sửa, 1 dòng giữ nguyên"
    assert not Duty.objects.exists()
    _do(staff, tried, TASKS)
    tasks = Task.objects.order_by("id").values_list(
        "duty__action", "agency", "due_on", "state", "reported_on"
    )
    assert list(tasks) == [
        ("xây dựng kế hoạch", agency.pk, date(2026, 12, 31), "not_started", None),
        ("xây dựng kế hoạch", other.pk, date(2026, 12, 31), "not_started", None),
        ("sơ kết một năm", agency.pk, date(2026, 6, 30), "confirmed", date(2026, 6, 25)),
    ]
    assert Duty.objects.get(action="báo cáo").bodies.get().words == "các đơn vị liên quan"
    again = _try(staff, file_again(file), TASKS)
    assert again.context["totals"] == "0 dòng mới, 0 dòng sửa, 4 dòng giữ nguyên"


def test_registry_is_read_once_for_a_file_however_long(
    staff: Client, document: Document, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    read = pipeline.current_registry

    def counted() -> Registry:
        made.append(1)
        return read()

    monkeypatch.setattr(pipeline, "current_registry", counted)
    rows = [["109-NQ/TU", f"việc {number}", agency.name, "", "", ""] for number in range(5)]
    tried = _try(staff, _csv(TASK_HEAD, *rows), TASKS)
    assert (tried.context["totals"], len(made)) == ("5 dòng mới, 0 dòng sửa, 0 dòng giữ nguyên", 1)


def file_again(file: SimpleUploadedFile) -> SimpleUploadedFile:
    file.seek(0)
    return file


def test_errors_of_tasks_stand_at_their_cells(staff: Client, document: Document, agency: Agency) -> None:
    make_document(number="5-KH/TU", status="loaded")
    tomorrow = TODAY.replace(day=TODAY.day + 1).strftime("%d/%m/%Y")
    tried = _try(
        staff,
        _csv(
            TASK_HEAD,
            ["1-NQ/TU", "làm", agency.name, "", "", ""],
            ["5-KH/TU", "làm", agency.name, "", "", ""],
            ["109-NQ/TU", "làm", agency.name, "khi nào xong", "", ""],
            ["109-NQ/TU", "làm", "", "", "", ""],
            ["109-NQ/TU", "làm việc khác", agency.name, "", tomorrow, "xong"],
            ["109-NQ/TU", "làm việc nữa", agency.name, "", "01/06/2026", ""],
            ["109-NQ/TU", "làm việc cũ", agency.name, "31/12/2025", "01/06/2025", "xong"],
        ),
        TASKS,
    )
    faults = _faults(tried)
    assert [fault.partition(": ")[0] for fault in faults] == [
        "Dòng 2, cột A «Số văn bản»",
        "Dòng 3, cột A «Số văn bản»",
        "Dòng 4, cột D «Thời hạn»",
        "Dòng 5, cột C «Chủ trì»",
        "Dòng 6, cột E «Hoàn thành ngày»",
        "Dòng 7, cột F «Kết quả»",
        "Dòng 8, cột E «Hoàn thành ngày»",
    ]
    assert "Chưa nạp văn bản 1-NQ/TU." in faults[0]
    assert not Task.objects.exists()


def test_what_changed_after_the_trial_stops_the_whole_import(
    staff: Client, document: Document, agency: Agency
) -> None:
    rows = [["109-NQ/TU", action, agency.name, "quý IV/2026", "", ""] for action in ("một", "hai")]
    tried = _try(staff, _csv(TASK_HEAD, *rows), TASKS)
    Document.objects.update(status="loaded")
    page = _do(staff, tried, TASKS).content.decode()
    assert "Không nhập gì cả" in page
    assert not Duty.objects.exists()


def test_task_that_is_done_already_is_left_alone(staff: Client, document: Document, agency: Agency) -> None:
    row = ["109-NQ/TU", "sơ kết", agency.name, "30/06/2026", "25/06/2026", "xong"]
    for totals in ("1 dòng mới, 0 dòng sửa, 0", "0 dòng mới, 0 dòng sửa, 1"):
        tried = _try(staff, _csv(TASK_HEAD, row), TASKS)
        assert tried.context["totals"] == f"{totals} dòng giữ nguyên"
        _do(staff, tried, TASKS)
    assert Task.objects.count() == 1
