"""The English catalogue: whole, sound, and compiled as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib

from tests.catalogue import english_may_follow
from tests.services import require

_ROOT = Path(__file__).parents[1]
_FOLDER = _ROOT / "tracker" / "locale" / "en" / "LC_MESSAGES"
_PLACE = re.compile(r"%(?:\(\w+\))?[sd]|%%|<[^>]+>")

_CATALOGUE = polib.pofile(str(_FOLDER / "django.po"))


def _texts(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _key(entry: polib.POEntry | polib.MOEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def test_every_text_has_its_translation() -> None:
    assert [entry.msgid for entry in _CATALOGUE if not all(_texts(entry))] == []
    assert [entry.msgid for entry in _CATALOGUE.fuzzy_entries()] == []
    assert [entry.msgid for entry in _CATALOGUE.obsolete_entries()] == []


def test_translations_have_the_places_and_tags_of_their_source() -> None:
    wrong = [
        entry.msgid
        for entry in _CATALOGUE
        for text in _texts(entry)
        if sorted(_PLACE.findall(text)) != sorted(_PLACE.findall(entry.msgid))
    ]
    assert wrong == []


def test_compiled_catalogue_is_that_of_the_source() -> None:
    """After a change: `python manage.py compilemessages`."""
    compiled = polib.mofile(str(_FOLDER / "django.mo"))
    assert {_key(entry): _texts(entry) for entry in compiled} == {
        _key(entry): _texts(entry) for entry in _CATALOGUE
    }


@english_may_follow
def test_catalogue_holds_every_text_of_the_program(tmp_path: Path) -> None:
    """After a change: `docs/translation.md` says how the catalogue follows."""
    require("gettext", shutil.which("xgettext") is not None, "xgettext is not installed")
    shutil.copytree(
        _ROOT / "tracker", tmp_path / "tracker", ignore=shutil.ignore_patterns("locale", "static", "*.pyc")
    )
    (tmp_path / "tracker" / "locale").mkdir()
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale=en", "--no-location"],
        cwd=tmp_path / "tracker",
        env={**os.environ, "PYTHONPATH": str(_ROOT), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        check=True,
    )
    found = polib.pofile(str(tmp_path / "tracker" / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    held = {_key(entry) for entry in _CATALOGUE}
    assert [entry.msgid for entry in found if _key(entry) not in held] == []
