"""The pages in a real browser: the main job by hand, narrow screens, keyboard, contrast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.duties.makers import PDF
from tests.factories import (
    make_agency,
    make_document,
    make_duty,
    make_evidence,
    make_extension,
    make_registrar,
    make_task,
    make_user,
)
from tests.web.browser import chromium
from tracker.agencies.models import Agency
from tracker.documents.models import Draft
from tracker.duties.models import Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 360, "height": 740}
PASSWORD = "mat-khau-thu"
LONG_WORDS = "nâng cao chất lượng công tác kiểm tra, giám sát, thi hành kỷ luật của Đảng " * 8

_SCRIPTS = Path(__file__).parent
_PALE_TEXTS = (_SCRIPTS / "pale_texts.js").read_text(encoding="utf-8")
_NAMELESS_FIELDS = (_SCRIPTS / "nameless_fields.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, chromium() as started:
        # Playwright's synchronous side runs an event loop in this thread; the tests' own queries are safe.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield started


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A fresh page that notes everything that went wrong in it and every address it asked for."""
    context = browser.new_context(base_url=live_server.url, viewport=WIDE)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((live_server.url, "data:")) else faults.append(request.url)
        ),
    )
    yield page
    context.close()
    assert faults == []


def _is_fault(message: ConsoleMessage) -> bool:
    """An error, but for Chromium's note that a page came with a status of 400."""
    return message.type == "error" and "responded with a status of 4" not in message.text


def _sign_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def test_officer_signs_in_reports_a_task_and_sees_it_move(page: Page) -> None:
    agency = make_agency("Ban Nội chính Tỉnh ủy")
    make_user("noichinh", agency=agency)
    task = make_task(agency=agency, due="2026-11-20", due_text="trước ngày 21/11/2026")
    make_task(agency=agency)
    _sign_in(page, "noichinh")
    group = page.get_by_role("region", name="Sắp đến hạn 1")
    expect(group).to_contain_text("trước ngày 21/11/2026 hạn 20/11/2026 còn 4 ngày")
    group.get_by_text("Báo cáo hoàn thành").click()
    group.get_by_label("Kết quả thực hiện").fill("Đã ban hành kế hoạch")
    group.get_by_label("Số văn bản minh chứng").fill("12-KH/BNC")
    group.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_role("status")).to_contain_text("Đã báo cáo hoàn thành.")
    expect(page.get_by_role("region", name="Sắp đến hạn")).to_have_count(0)
    page.get_by_role("link", name="Chờ xác nhận 1").click()
    expect(page.get_by_role("article")).to_contain_text("báo cáo 16/11/2026 đúng hạn")
    task.refresh_from_db()
    assert (task.state, task.reported_on, task.evidence_number) == (
        "reported",
        date(2026, 11, 16),
        "12-KH/BNC",
    )


def test_empty_report_says_why_beside_the_form(page: Page) -> None:
    agency = make_agency()
    make_user("noichinh", agency=agency)
    make_task(agency=agency)
    _sign_in(page, "noichinh")
    page.get_by_text("Báo cáo hoàn thành").click()
    with page.expect_response("**/report/") as answer:
        page.get_by_role("button", name="Gửi báo cáo").click()
    assert answer.value.status == 400
    expect(page.get_by_role("alert")).to_have_text(
        "Cần ghi kết quả thực hiện hoặc số văn bản minh chứng, hoặc gửi tệp minh chứng."
    )
    expect(page.get_by_label("Kết quả thực hiện")).to_be_visible()


def test_extension_is_asked_with_a_file_and_granted_from_the_list(page: Page, tmp_path: Path) -> None:
    agency = make_agency("Ban Nội chính Tỉnh ủy")
    make_user("noichinh", agency=agency)
    make_registrar("vanphong")
    task = make_task(agency=agency)
    letter = tmp_path / "Công văn 125.pdf"
    letter.write_bytes(PDF)
    _sign_in(page, "noichinh")
    page.goto(f"/viec/{task.pk}/")
    deadline = page.get_by_role("region", name="Thời hạn và gia hạn")
    deadline.get_by_text("Đề nghị gia hạn").first.click()
    deadline.get_by_label("Hạn đề nghị").fill("quý I/2027")
    deadline.get_by_label("Lý do").fill("Chờ hướng dẫn của Trung ương")
    deadline.get_by_label("Văn bản đề nghị, nếu có").set_input_files(letter)
    deadline.get_by_role("button", name="Đề nghị gia hạn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi đề nghị gia hạn.")
    with page.expect_download() as download:
        deadline.get_by_role("link", name="Công văn 125.pdf").click()
    assert (download.value.suggested_filename, download.value.path().read_bytes()) == (letter.name, PDF)
    page.get_by_role("button", name="Đăng xuất").click()
    _sign_in(page, "vanphong")
    page.get_by_role("link", name="Gia hạn", exact=True).click()
    card = page.get_by_role("listitem").filter(has_text="quý I/2027")
    card.get_by_text("Đồng ý gia hạn", exact=True).first.click()
    card.get_by_role("button", name="Đồng ý gia hạn", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã gia hạn.")
    expect(page.get_by_text("Không có đề nghị nào đang chờ.")).to_be_visible()
    task.refresh_from_db()
    assert (task.due_on, task.original_due_on) == (date(2027, 3, 31), date(2026, 12, 31))


def test_report_by_keyboard_alone(page: Page) -> None:
    agency = make_agency()
    make_user("noichinh", agency=agency)
    task = make_task(agency=agency)
    _sign_in(page, "noichinh")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    for _step in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Da xong")
    page.keyboard.press("Tab")
    page.keyboard.type("12-KH")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã báo cáo hoàn thành.")
    assert Task.objects.get(pk=task.pk).report_note == "Da xong"


def test_measures_see_what_they_are_for(page: Page) -> None:
    page.set_content(
        '<body bgcolor="white"><p><font color="#888888">nhạt</font></p>'
        '<p><font color="#666666">đủ đậm</font></p>'
        '<input id="a"><label>Tên <input id="b"></label>'
    )
    assert [text.partition(":")[0] for text in page.evaluate(_PALE_TEXTS)] == ["nhạt"]
    assert page.evaluate(_NAMELESS_FIELDS) == ['<input id="a">']


def _paths() -> list[str]:
    """A page of each kind, filled with the longest words that there are."""
    agency = make_agency("Đảng ủy Công ty cổ phần Phân đạm và Hóa chất Hà Bắc")
    make_user("noichinh", agency=agency)
    make_registrar("vanphong")
    document = make_document(number="109-NQ/TU", subject=LONG_WORDS, text=LONG_WORDS)
    for days, state in ((1, "not_started"), (30, "returned"), (18, "in_progress")):
        duty = make_duty(
            document=document,
            leads=(agency, make_agency()),
            coordinators=(LONG_WORDS[:290],),
            due=f"2026-11-{days:02}",
            due_text="chậm nhất là ngày " + "rất " * 20,
            action=LONG_WORDS,
            source_start=5,
            source_end=90,
        )
        task = make_task(agency=agency, duty=duty, state=state)
    Task.objects.filter(pk=task.pk).update(
        percent=40, stage=LONG_WORDS[:200], difficulties=LONG_WORDS, progress_on=date(2026, 11, 16)
    )
    request = make_extension(task, reason=LONG_WORDS, asked_due_text="chậm nhất là " + "rất " * 50)
    make_evidence(task, name="bao-cao-" * 20 + ".pdf")
    make_evidence(task, extension=request, name="Công văn đề nghị " * 10 + ".pdf")
    make_task(agency=agency, document=document, due="2020-12-31", is_history=True)
    body = make_duty(document=document, leads=("các cơ quan, đơn vị liên quan " * 5,)).bodies.get()
    draft = Draft.objects.create(
        document=document,
        ordinal=0,
        scope="section",
        action=LONG_WORDS,
        start=0,
        end=5,
        leads=["other:" + LONG_WORDS[:200]],
        confidence=0.2,
        extractor_version="1",
        fingerprint="x",
    )
    return [
        "/",
        "/viec/",
        f"/viec/{task.pk}/",
        "/viec-cua-toi/",
        "/tong-quan/",
        "/van-ban/",
        f"/van-ban/{document.pk}/",
        f"/van-ban/{document.pk}/toan-van/",
        "/van-ban/nap/",
        "/mat-khau/",
        "/can-phan-cong/",
        "/gia-han/",
        f"/can-phan-cong/{body.pk}/",
        f"/du-thao/{draft.pk}/sua/",
        "/bao-cao/",
        "/bao-cao/nhat-ky/",
        "/co-quan/",
        f"/co-quan/{agency.key}/",
        *(f"/co-quan/{agency.key}/{kind}/" for kind in ("doi-ten", "sap-nhap", "chia-tach", "ket-thuc")),
        f"/nhiem-vu/{body.duty_id}/thoi-han/",
        f"/van-ban/{document.pk}/het-hieu-luc/",
        "/viec/?han=history",
        "/lich/",
        "/khong-co/",
    ]


@pytest.mark.parametrize("username", ["noichinh", "vanphong"])
def test_no_page_scrolls_sideways_is_pale_or_has_a_nameless_field(
    browser: Browser, live_server: LiveServer, username: str
) -> None:
    paths = _paths()
    found: dict[str, object] = {}
    for viewport in (WIDE, NARROW):
        context = browser.new_context(base_url=live_server.url, viewport=viewport)
        page = context.new_page()
        _sign_in(page, username)
        for path in paths:
            page.goto(path)
            beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            problems = [*page.evaluate(_PALE_TEXTS), *page.evaluate(_NAMELESS_FIELDS)]
            if beyond > 0 or problems:
                found[f"{path} {viewport['width']}"] = (beyond, problems)
        context.close()
    assert found == {}


def test_merger_of_two_agencies_in_a_browser(browser: Browser, live_server: LiveServer) -> None:
    """Form, preview, confirmation: as the registrar does it."""
    paths = _paths()
    agency = Agency.objects.get(key=paths[paths.index("/co-quan/") + 1].split("/")[2])
    context = browser.new_context(base_url=live_server.url, viewport=NARROW)
    page = context.new_page()
    _sign_in(page, "vanphong")
    page.goto(f"/co-quan/{agency.key}/")
    page.get_by_role("link", name="Sáp nhập, hợp nhất").click()
    page.get_by_label("hoặc tên cơ quan mới").fill("Ban Hợp nhất")
    page.get_by_label("Có hiệu lực từ ngày").fill("16/11/2026")
    page.get_by_role("button", name="Xem trước").click()
    moving = Task.objects.open().filter(agency=agency).count()
    assert moving
    assert f"{moving} việc chưa xong" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.get_by_role("button", name="Xác nhận và ghi").click()
    assert f"Đã ghi; {moving} việc đã chuyển." in page.inner_text("main")
    assert Task.objects.open().filter(agency__name="Ban Hợp nhất").count() == moving
    context.close()
