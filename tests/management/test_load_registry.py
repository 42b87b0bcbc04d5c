"""`load_registry`: idempotent, all or nothing, and it says what is wrong where."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError

from tests.management.conftest import Run
from tracker.agencies.models import Agency, Collective, Succession
from tracker.core.models import Event

pytestmark = pytest.mark.django_db

SMALL = """
agencies:
  - {key: so-y-te, name: "Sở Y tế", kind: state, aliases: ["Ngành y tế"]}
  - {key: so-noi-vu, name: "Sở Nội vụ", kind: state}
collectives:
  - {key: cac-so, name: "Các sở", members: [so-y-te, so-noi-vu]}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "co-quan.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def test_registry_is_loaded_with_its_collectives(run: Run, file: Path) -> None:
    assert run("load_registry", str(file)) == "«co-quan.yaml»: 3 mục mới, 0 mục đổi, 0 mục giữ nguyên.\n"
    assert Agency.objects.get(key="so-y-te").aliases == ["Ngành y tế"]
    assert {agency.key for agency in Collective.objects.get().members.all()} == {"so-y-te", "so-noi-vu"}


def test_second_load_changes_nothing(run: Run, file: Path) -> None:
    run("load_registry", str(file))
    events = Event.objects.count()
    assert run("load_registry", str(file)) == "«co-quan.yaml»: 0 mục mới, 0 mục đổi, 3 mục giữ nguyên.\n"
    assert Event.objects.count() == events


def test_changed_name_is_changed_and_recorded(run: Run, file: Path) -> None:
    run("load_registry", str(file))
    file.write_text(SMALL.replace('name: "Sở Nội vụ"', 'name: "Sở Nội vụ tỉnh"'), encoding="utf-8")
    assert run("load_registry", str(file)) == "«co-quan.yaml»: 0 mục mới, 1 mục đổi, 2 mục giữ nguyên.\n"
    event = Event.objects.get(verb="agency.changed")
    assert (event.before, event.after) == ({"name": "Sở Nội vụ"}, {"name": "Sở Nội vụ tỉnh"})


def test_seeds_registry_is_the_default(run: Run) -> None:
    assert run("load_registry").startswith("«agencies.yaml»: ")
    assert Succession.objects.filter(agency__key="ban-dan-van-tinh-uy").get().successor.key == (
        "ban-tuyen-giao-va-dan-van-tinh-uy"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SMALL.replace("[so-y-te, so-noi-vu]", "[so-y-te, so-van-hoa]"), "thành viên «so-van-hoa»"),
        (SMALL.replace("key: so-noi-vu", "key: so-y-te"), "khóa «so-y-te» được dùng hai lần"),
        ("agencies: [", "không phải YAML hợp lệ"),
        ("- a", "phải có danh sách «agencies»"),
    ],
    ids=["unknown key", "key twice", "no YAML", "no list"],
)
def test_wrong_file_says_where_and_loads_nothing(run: Run, file: Path, content: str, words: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        run("load_registry", str(file))
    assert not Agency.objects.exists()


def test_missing_file_is_named(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"khong-co\.yaml"):
        run("load_registry", str(tmp_path / "khong-co.yaml"))
