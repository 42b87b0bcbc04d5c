"""What holds for every text: rows that point into it, or a declared error; never a crash, never long."""

from __future__ import annotations

import random
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.core.errors import TrackerError
from tracker.extraction.extract import Extractor
from tracker.extraction.finders.deadlines import find_deadlines, join_recurring, read_deadline_cell
from tracker.extraction.registry import load_registry
from tracker.extraction.types import ExtractedDuty, ExtractionResult

SEEDS = Path(__file__).parents[2] / "seeds"
EXTRACTOR = Extractor(load_registry(SEEDS / "agencies.yaml"))
VOLUME = min(SEEDS.glob("*.txt")).read_text(encoding="utf-8-sig")
SHORT = max(SEEDS.glob("*.txt")).read_text(encoding="utf-8-sig")

# A text of this many characters is read within this many seconds on the slowest machine that counts.
LONGEST_SLICE, TIME_LIMIT = 12_000, 4.0
PROFILE = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)

DAY = r"(?:\d{4}-\d\d-\d\d|\d{4}-\d\d|\d{4}-[QH][1-4]|\d{4})"
DUE = re.compile(
    rf"none|<\d{{4}}-\d\d-\d\d|{DAY}|from:{DAY}|(?:half-yearly|weekly)|yearly(?::<?\d\d(?:-\d\d)?)?"
    r"|(?:monthly|quarterly)(?::<?\d\d)?"
)
PARTIAL = re.compile(r"<?\d\d(?:-\d\d)?|--\d\d|--[QH][1-4]")

WORDS = """
Giao|Sở Y tế|Ban Tổ chức Tỉnh ủy|Ủy ban nhân dân tỉnh|UBND|các huyện ủy|chủ trì|phối hợp với|xây dựng|báo cáo
tham mưu|sơ kết|tổng kết|xong|hoàn thành|trước ngày|trong|vào|chậm nhất|đến hết|từ|tháng|quý|năm|ngày|hằng năm
hằng quý|định kỳ|6 tháng|mỗi|một lần|cuối|đầu|15/7/2021|30/11|7/2021|II/2023|I-II|2025|12|năm 2026|quý IV/2025
Quyết định số 238-QĐ/TW|giai đoạn 2021-2025|và|,|;|.|:|(|)|“|”|-|+|1.|2.1.|a)|Điều 1.|T/M TỈNH ỦY|Nơi nhận:
- Thường trực Tỉnh ủy,|CHỈ THỊ|Số 12-CT/TU|ĐẢNG CỘNG SẢN VIỆT NAM|Đơn vị chủ trì:|Thời gian hoàn thành:|**|*|#
trong đó|(1)|(2)|(năm 2027)|Về|Ban Thường vụ các huyện ủy|thành ủy|Sở TT&TT
3 tháng một lần|02 kỳ/tuần|có|nơi có|Viện Nghiên cứu phát triển Thành phố|các Đảng ủy:|./.|KẾ HOẠCH
Đánh giá chung|Thời gian làm:|không|từ
<sup>12</sup>|<br>|III- TỔ CHỨC THỰC HIỆN|đã|tại|của|các nhiệm vụ|kế hoạch|thực hiện|hằng tháng|trước ngày 25
"""
SYLLABLES = [
    *(word for line in WORDS.split("\n") for word in line.split("|") if word),
    *(
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\n\n2. ",
        "|",
        "\n| ",
        " |\n",
        "\t",
        "\u00a0",
        "\u200b",
        "\x00",
        "\x0c",
        "\r\n",
    ),
    "| Nhiệm vụ | Cơ quan chủ trì | Thời gian |\n|---|---|---|\n| ",
]
HEADING = "ĐẢNG CỘNG SẢN VIỆT NAM\nSố 12-NQ/TU\n\nNGHỊ QUYẾT\n\nIII- TỔ CHỨC THỰC HIỆN\n\n1. Giao Sở Y tế "


def directive_like() -> st.SearchStrategy[str]:
    """Words of directives in any order: what no document says, and every rule meets."""
    return st.lists(st.sampled_from(SYLLABLES), min_size=8, max_size=160).map(" ".join)


def any_text() -> st.SearchStrategy[str]:
    return st.text(alphabet=st.characters(codec="utf-8"), max_size=400)


SECTIONS = [found.start() for found in re.finditer("CHỨC THỰC HIỆN|\nSố [0-9]", VOLUME)]


@st.composite
def slices(draw: st.DrawFn) -> str:
    """A stretch of the collected volume, cut anywhere; half of them where duties are to be met."""
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - a test's order, no secret
    length = chance.randint(0, LONGEST_SLICE)
    middle = chance.choice(SECTIONS) if chance.random() < 0.5 else chance.randint(0, len(VOLUME))
    start = max(0, middle - chance.randint(0, length))
    return VOLUME[start : start + length]


@st.composite
def shuffled(draw: st.DrawFn) -> str:
    lines = draw(slices()).split("\n")
    random.Random(draw(st.integers(0, 2**32))).shuffle(lines)  # noqa: S311
    return "\n".join(lines)


@st.composite
def sprinkled(draw: st.DrawFn) -> str:
    """Control characters, marks and lone surrogates' neighbours strewn into a stretch."""
    letters = list(draw(slices()))
    noise = draw(
        st.lists(st.sampled_from("\x00\x07\x1b\r\x0b\x0c\x85\u200b\u2028\ufeff\u0301\u0323|*"), max_size=60)
    )
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311
    for letter in noise:
        letters.insert(chance.randint(0, len(letters)), letter)
    return "".join(letters)


CHANGES: dict[str, Callable[[str], str]] = {
    "composed": lambda text: text,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "one-line": lambda text: text.replace("\n", " "),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "capitals": str.upper,
    "without-spaces": lambda text: text.replace(" ", ""),
    "every-word-a-line": lambda text: text.replace(" ", "\n"),
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "piped": lambda text: "\n".join(f"| {line} |" for line in text.split("\n")),
}


def folded(text: str) -> str:
    return " ".join(text.split())


def read(text: str) -> ExtractionResult | None:
    """The result, or None for a declared error; time is part of the contract."""
    begun = time.process_time()
    try:
        result = EXTRACTOR.extract(text, name="thử")
    except TrackerError:
        return None
    finally:
        assert time.process_time() - begun < TIME_LIMIT
    return result


def check_duty(duty: ExtractedDuty, text: str) -> None:
    assert 0 <= duty.start < duty.end <= len(text)
    assert duty.quote == folded(text[duty.start : duty.end])
    assert duty.quote
    assert DUE.fullmatch(duty.due), duty.due
    if duty.due_start < 0:
        assert (duty.due_start, duty.due_end, duty.due_text) == (-1, -1, "")
    else:
        assert 0 <= duty.due_start < duty.due_end <= len(text)
        assert duty.due_text == folded(text[duty.due_start : duty.due_end])
    assert 0 <= duty.confidence <= 1
    assert duty.rules
    assert len(set(duty.leads)) == len(duty.leads)
    assert not set(duty.leads) & set(duty.coordinators)


def check(text: str) -> None:
    result = read(text)
    if result is None:
        return
    for document in result.documents:
        assert 0 <= document.start <= document.end <= len(text)
        for clause in document.clauses:
            assert 0 <= clause.start <= clause.end <= len(text)
        for duty in document.duties:
            check_duty(duty, text)
            assert any(
                clause.path == duty.clause and clause.start <= duty.start < clause.end
                for clause in document.clauses
            )
        for passage in (*document.coverage.blocks_without_duty, *document.coverage.deadlines_without_duty):
            assert 0 <= passage.start <= passage.end <= len(text)
            assert passage.words == folded(text[passage.start : passage.end])


@PROFILE
@given(any_text())
def test_extract_reads_any_text(text: str) -> None:
    check(text)


@PROFILE
@given(directive_like())
def test_extract_reads_words_in_any_order(text: str) -> None:
    check(text)


@PROFILE
@given(directive_like())
def test_extract_reads_words_under_a_heading(text: str) -> None:
    check(HEADING + text)


@pytest.mark.parametrize("change", CHANGES)
@settings(PROFILE, max_examples=12)
@given(text=slices())
def test_extract_reads_a_stretch_cut_anywhere(change: str, text: str) -> None:
    check(CHANGES[change](text))


@settings(PROFILE, max_examples=25)
@given(shuffled())
def test_extract_reads_shuffled_lines(text: str) -> None:
    check(text)


@settings(PROFILE, max_examples=40)
@given(sprinkled())
def test_extract_reads_control_characters(text: str) -> None:
    check(text)


@settings(PROFILE, max_examples=20)
@given(st.one_of(slices(), st.just(SHORT)))
def test_extract_does_not_depend_on_the_form(text: str) -> None:
    """Composed and decomposed letters are the same letters."""
    composed = unicodedata.normalize("NFC", text)
    decomposed = unicodedata.normalize("NFD", composed)
    one, two = read(composed), read(decomposed)
    assert _rows(one) == _rows(two)


def _rows(result: ExtractionResult | None) -> list[tuple[str, tuple[str, ...], tuple[str, ...], str, str]]:
    duties = [duty for document in result.documents for duty in document.duties] if result else []
    return [
        (duty.clause, duty.leads, duty.coordinators, duty.due, unicodedata.normalize("NFC", duty.quote))
        for duty in duties
    ]


@settings(PROFILE, max_examples=10)
@given(slices())
def test_extract_gives_the_same_twice(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "(",
        "((“",
        "|",
        "| ",
        "*",
        "- ",
        "1. ",
        "\n",
        "\n\n",
        "ngày ",
        "hằng năm ",
        "định kỳ, ",
        "trước ngày 15/7/2021 và ",
        "tháng 7, ",
        "1/1/",
        "quý I-",
        "Sở Y tế, ",
        "Giao Sở Y tế chủ trì; ",
        "các cơ quan, đơn vị ",
        "phối hợp với ",
        "T/M ",
        "Số 1-CT/TU\n",
        "CHỈ THỊ\n",
        "Nơi nhận:\n- ",
        "TỔ CHỨC THỰC HIỆN\n",
        "chủ trì |",
        "| Nhiệm vụ | chủ trì | thời gian ",
        "Đơn vị chủ trì: ",
        "(Sở Y tế chủ trì; ",
        ", trong đó Sở Y tế lập ",
        "Về đề nghị: ",
        "(1) một; (2) hai: ",
        "các Đảng ủy: ",
        "Ban Thường vụ các huyện ủy, thành ủy, ",
        "(tháng 5/2026), (năm 2027) ",
        "Thời gian làm: ",
        "có ",
        "e\u0301\u0323",
        "<sup>1</sup>",
        "<br>",
        "…",
        "“",
    ],
)
def test_extract_is_bounded_on_repetition(unit: str) -> None:
    """One thing over and over is how an expression without bound shows."""
    check(unit * (60_000 // len(unit)))


@pytest.mark.parametrize("unit", ["Giao Sở Y tế báo cáo trước ngày 15/7/2021; ", "hằng năm và ", "7/2021 "])
def test_find_deadlines_is_linear(unit: str) -> None:
    """Four times the text takes about four times as long; sixteen would be the square."""

    def seconds(count: int) -> float:
        passage = unit * count
        begun = time.process_time()
        find_deadlines(passage)
        return time.process_time() - begun

    small = min(seconds(1000) for _ in range(3))
    large = min(seconds(4000) for _ in range(3))
    assert large < 9 * small


@PROFILE
@given(st.one_of(any_text(), directive_like(), slices()))
def test_find_deadlines_points_into_its_passage(text: str) -> None:
    passage = folded(unicodedata.normalize("NFC", text))
    found = find_deadlines(passage)
    end = 0
    for expression in found:
        assert end <= expression.start < expression.end <= len(passage)
        end = expression.end
        assert (PARTIAL if expression.kind == "partial" else DUE).fullmatch(expression.due), expression.due
    joined = join_recurring(found, passage)
    assert join_recurring(joined, passage) == joined
    assert all(0 <= expression.start < expression.end <= len(passage) for expression in joined)


@PROFILE
@given(st.one_of(any_text(), directive_like()))
def test_read_deadline_cell_points_into_its_cell(text: str) -> None:
    cell = folded(text)
    for expression in read_deadline_cell(cell):
        assert 0 <= expression.start < expression.end <= len(cell)
