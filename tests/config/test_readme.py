"""The README says what is true: every setting and every command stands in it, and its lines are CI's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_explained(readme: str) -> None:
    code = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "environment.py"))
    read = set(re.findall(r"""(?:environment|env)\.\w+\(\s*"([A-Z_]+)\"""", code)) | set(
        re.findall(r"""\btext\("([A-Z_]+)\"""", code)
    )
    assert len(read) > 20
    assert sorted(name for name in read if f"`{name}`" not in readme) == []


def test_every_command_is_named(readme: str) -> None:
    commands = {path.stem for path in (ROOT / "tracker/management/commands").glob("[a-z]*.py")}
    assert sorted(name for name in commands if f"| `{name}" not in readme) == []


def test_every_document_that_it_leads_to_is_there(readme: str) -> None:
    leads = [lead for lead in re.findall(r"\]\(([^)#]+)\)", readme) if not lead.startswith("http")]
    assert [lead for lead in leads if not (ROOT / lead).exists()] == []


@pytest.mark.parametrize("name", ["run", "test"])
def test_line_is_one_line_near_the_top(readme: str, name: str) -> None:
    lines = readme.splitlines()
    place = lines.index(f"<!-- {name} -->")
    assert place < 40
    assert lines[place + 1] == "```console"
    assert lines[place + 2].startswith("$ python3 -m venv .venv && ")
    assert lines[place + 3] == "```"
