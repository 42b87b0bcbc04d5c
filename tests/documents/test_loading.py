"""Loading texts and documents again and again: nothing that a person decided is lost, nothing is doubled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pytest_django import Settings

from tests.factories import ACTOR, NOW, TODAY, make_agency, make_registrar
from tracker import pipeline
from tracker.agencies.models import Agency
from tracker.core.errors import AlreadyDecidedError, InvalidInputError
from tracker.core.events import Actor
from tracker.core.models import Event
from tracker.documents.enums import DraftStatus
from tracker.documents.models import Clause, Document, Draft, SourceText
from tracker.documents.services import (
    LoadedDocument,
    decide_draft,
    document_key,
    load_document,
    save_source,
    set_start_on,
)
from tracker.duties.models import Duty, Task
from tracker.duties.services import replan_history
from tracker.extraction.types import Coverage, ExtractedClause, ExtractedDocument, ExtractedDuty, Scope

pytestmark = pytest.mark.django_db

TEXT = (
    "Số 99-NQ/TU. 1. Giao Sở Y tế lập kế hoạch trong quý IV/2026. "
    "2. Giao Sở Y tế báo cáo trước ngày 15/12/2026."
)


def _duty(place: int = 0, **fields: Any) -> ExtractedDuty:
    """The duty of item 1 or 2."""
    start = 13 + 48 * place
    given: dict[str, Any] = {
        "document": "99-NQ/TU",
        "scope": Scope.SECTION,
        "clause": str(place + 1),
        "leads": ("so-y-te",),
        "coordinators": (),
        "due": ("2026-Q4", "<2026-12-15")[place],
        "quote": TEXT[start : start + 40],
        "start": start,
        "end": start + 40,
        "due_text": ("trong quý IV/2026", "trước ngày 15/12/2026")[place],
        "due_start": start + 20,
        "due_end": start + 30,
        "confidence": 0.9,
        "rules": ("lead",),
    }
    return ExtractedDuty(**(given | fields))


def _read(*duties: ExtractedDuty, **fields: Any) -> ExtractedDocument:
    clauses = (ExtractedClause("1", 13, 61), ExtractedClause("2", 61, len(TEXT)))
    document = ExtractedDocument(
        number="99-NQ/TU",
        kind="nghi-quyet",
        issuer="Ban Thường vụ Tỉnh ủy",
        issued_on=date(2026, 10, 5),
        subject="về một việc",
        secrecy="",
        start=0,
        end=len(TEXT),
        clauses=clauses,
        duties=duties,
        coverage=Coverage(),
    )
    return replace(document, **fields)


def _load(
    extracted: ExtractedDocument, *, version: str = "1", text: str = TEXT, name: str = "tep"
) -> LoadedDocument:
    source, _is_new = save_source(name=name, text=text, coverage={}, actor=ACTOR, now=NOW)
    return load_document(
        source=source, extracted=extracted, version=version, start_on=date(2026, 11, 1), actor=ACTOR, now=NOW
    )


def _drafts() -> dict[str, str]:
    return dict(Draft.objects.order_by("id").values_list("due_code", "status"))


def test_document_is_kept_with_its_place_clauses_and_drafts() -> None:
    loaded = _load(_read(_duty(0), _duty(1)))
    document = loaded.document
    assert (loaded.is_new, loaded.new_drafts, loaded.superseded_drafts) == (True, 2, 0)
    assert (document.key, document.title) == ("99-NQ/TU@2026-10-05", "Nghị quyết 99-NQ/TU, 05/10/2026")
    assert document.search_text == "99-NQ/TU ve mot viec"
    drafts = document.drafts.select_related("clause")
    assert [(draft.clause and draft.clause.path, TEXT[draft.start : draft.end]) for draft in drafts] == [
        ("1", TEXT[13:53]),
        ("2", TEXT[61:101]),
    ]
    assert _drafts() == {"2026-Q4": "pending", "<2026-12-15": "pending"}


def test_same_reading_again_changes_nothing() -> None:
    reading = _read(_duty(0), _duty(1))
    _load(reading)
    counts = [model.objects.count() for model in (SourceText, Document, Clause, Draft, Event)]
    again = _load(reading, name="tên khác")
    assert (again.is_changed, again.is_new) == (False, False)
    assert [model.objects.count() for model in (SourceText, Document, Clause, Draft, Event)] == counts


def test_other_confidence_and_rules_are_the_same_reading() -> None:
    _load(_read(_duty(0)))
    again = _load(_read(_duty(0, confidence=0.4, rules=("other",))), version="2")
    assert (again.new_drafts, Draft.objects.get().extractor_version) == (0, "1")


def test_duty_that_was_read_twice_is_one_draft() -> None:
    _load(_read(_duty(0), _duty(0)))
    assert Draft.objects.count() == 1


def test_new_version_supersedes_what_waits_and_touches_no_decision() -> None:
    _load(_read(_duty(0), _duty(1)))
    accepted = Draft.objects.get(due_code="2026-Q4")
    decide_draft(accepted, DraftStatus.ACCEPTED, actor=Actor(door=ACTOR.door, user=make_registrar()), now=NOW)
    again = _load(_read(_duty(0, due="2026-12"), _duty(1, due="<2026-12-16")), version="2")
    assert (again.new_drafts, again.superseded_drafts) == (2, 1)
    assert _drafts() == {
        "2026-Q4": "accepted",
        "<2026-12-15": "superseded",
        "2026-12": "pending",
        "<2026-12-16": "pending",
    }
    accepted.refresh_from_db()
    assert (accepted.decided_by is not None, accepted.extractor_version) == (True, "1")
    assert Event.objects.about(again.document).get(verb="document.read_again").after == {
        "new": 2,
        "superseded": 1,
    }


def test_rejected_draft_is_not_offered_again() -> None:
    _load(_read(_duty(0)))
    decide_draft(Draft.objects.get(), DraftStatus.REJECTED, actor=ACTOR, now=NOW, note="chỉ là mục tiêu")
    _load(_read(_duty(0)), version="2")
    assert _drafts() == {"2026-Q4": "rejected"}


def test_superseded_draft_that_is_found_again_waits_again() -> None:
    for duties in ((_duty(0),), (_duty(1),), (_duty(0), _duty(1))):
        _load(_read(*duties))
    assert _drafts() == {"2026-Q4": "pending", "<2026-12-15": "pending"}


@pytest.mark.parametrize("decision", [DraftStatus.ACCEPTED, DraftStatus.REJECTED])
def test_draft_is_decided_once(decision: DraftStatus) -> None:
    _load(_read(_duty(0)))
    decide_draft(Draft.objects.get(), decision, actor=ACTOR, now=NOW)
    with pytest.raises(AlreadyDecidedError):
        decide_draft(Draft.objects.get(), DraftStatus.ACCEPTED, actor=ACTOR, now=NOW)


@pytest.mark.parametrize("status", [DraftStatus.PENDING, DraftStatus.SUPERSEDED])
def test_draft_is_only_accepted_or_rejected(status: DraftStatus) -> None:
    _load(_read(_duty(0)))
    with pytest.raises(InvalidInputError):
        decide_draft(Draft.objects.get(), status, actor=ACTOR, now=NOW)


def test_same_directive_in_another_file_keeps_its_first_text() -> None:
    """A volume and a single file hold the same resolution: its offsets belong to one text only."""
    first = _load(_read(_duty(0)))
    second = _load(
        _read(_duty(1), start=10, end=10 + len(TEXT)), text="Mục lục.  " + TEXT, name="tuyển tập", version="2"
    )
    assert (second.document, second.is_changed) == (first.document, False)
    assert (SourceText.objects.count(), Document.objects.count()) == (2, 1)
    assert second.document.source.name == "tep"
    assert _drafts() == {"2026-Q4": "pending"}


def test_same_number_of_another_term_is_another_document() -> None:
    first = _load(_read(_duty(0)))
    second = _load(_read(_duty(0), issued_on=date(2021, 1, 5)), text=TEXT + " ")
    assert first.document != second.document
    assert document_key("99-NQ/TU", None) == "99-NQ/TU"


def test_unknown_kind_is_another_kind() -> None:
    assert _load(_read(kind="cong-van")).document.kind == "khac"


# --- From a text to tasks ---------------------------------------------------------------------------

DIRECTIVE = """TỈNH ỦY BẮC GIANG
*
Số 98-NQ/TU
{mark}ĐẢNG CỘNG SẢN VIỆT NAM
Bắc Giang, ngày 05 tháng 10 năm 2026

NGHỊ QUYẾT
về một việc để thử

III. TỔ CHỨC THỰC HIỆN
1. Giao Sở Y tế xây dựng kế hoạch thực hiện Nghị quyết, hoàn thành trong tháng 10/2026.
2. Giao Sở Y tế báo cáo kết quả trước ngày 15/12/2026.
"""


def _import(mark: str = "") -> pipeline.ImportedFile:
    if not Agency.objects.exists():
        make_agency("Sở Y tế", key="so-y-te")
    return pipeline.import_text(
        DIRECTIVE.format(mark=mark),
        name="tep",
        registry=pipeline.current_registry(),
        start_on=date(2026, 11, 1),
        actor=ACTOR,
        now=NOW,
    )


def _publish(document: Document) -> list[Task]:
    return pipeline.publish_document(document, today=TODAY, actor=ACTOR, now=NOW)


def test_publishing_twice_and_loading_again_opens_every_task_once() -> None:
    document = _import().loaded[0].document
    opened = [len(_publish(document)), len(_publish(Document.objects.get()))]
    _import()
    opened.append(len(_publish(Document.objects.get())))
    opened.append(len(pipeline.open_periods(today=TODAY, actor=ACTOR, now=NOW)))
    assert opened == [2, 0, 0, 0]
    assert (Duty.objects.count(), Task.objects.count()) == (2, 2)
    states = Task.objects.order_by("due_on").values_list("due_on", "is_history")
    assert list(states) == [(date(2026, 10, 31), True), (date(2026, 12, 14), False)]


def test_moving_the_start_moves_the_line_between_history_and_tracking() -> None:
    document = _import().loaded[0].document
    _publish(document)
    taken = Task.objects.get(is_history=True)
    assert set_start_on(document, date(2026, 10, 1), actor=ACTOR, now=NOW)
    assert replan_history(document, actor=ACTOR, now=NOW) == 1
    taken.refresh_from_db()
    assert not taken.is_history
    set_start_on(document, date(2027, 1, 1), actor=ACTOR, now=NOW)
    assert replan_history(document, actor=ACTOR, now=NOW) == 2
    assert not set_start_on(document, date(2027, 1, 1), actor=ACTOR, now=NOW)
    verbs = list(Event.objects.about(taken).values_list("verb", flat=True))
    assert verbs == ["task.opened", "task.taken_into_tracking", "task.became_history"]


def test_task_on_which_somebody_acted_stays_on_its_side() -> None:
    document = _import().loaded[0].document
    _publish(document)
    Task.objects.filter(is_history=False).update(state="in_progress")
    Task.objects.filter(is_history=True).update(is_tracked_by_hand=True, is_history=False)
    set_start_on(document, date(2027, 1, 1), actor=ACTOR, now=NOW)
    assert replan_history(document, actor=ACTOR, now=NOW) == 0


def test_secret_document_is_refused_with_its_whole_file(settings: Settings) -> None:
    with pytest.raises(InvalidInputError, match="98-NQ/TU \\(mật\\)"):
        _import(mark="MẬT\n")
    assert (SourceText.objects.count(), Document.objects.count(), Event.objects.count()) == (0, 0, 0)
    settings.TRACKER_ALLOW_SECRET = True
    assert _import(mark="MẬT\n").loaded[0].document.secrecy == "mật"
