"""`sweep_evidence`, by hand and by beat: only what no record names, and only after a day."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.duties.makers import a_file, stored_files
from tests.factories import ACTOR, NOW, make_task
from tests.management.conftest import Run
from tracker import tasks
from tracker.duties import workflow

pytestmark = pytest.mark.django_db

_TWO_DAYS = 2 * 86400


def _orphan(name: str, age: float) -> None:
    default_storage.save(f"evidence/ab/{name}", ContentFile(b"x"))
    moment = time.time() - age
    os.utime(Path(default_storage.path(f"evidence/ab/{name}")), (moment, moment))


def test_old_orphans_go_and_nothing_else(run: Run) -> None:
    (kept,) = workflow.add_evidence(make_task(), [a_file()], actor=ACTOR, now=NOW)
    os.utime(default_storage.path(kept.stored_as), (0, 0))
    _orphan("cu", _TWO_DAYS)
    _orphan("moi", 60)
    assert run("sweep_evidence") == "Đã xóa 1 tệp không thuộc việc nào.\n"
    assert stored_files() == sorted(["moi", kept.stored_as.rpartition("/")[2]])


def test_beat_sweeps_daily() -> None:
    _orphan("cu", _TWO_DAYS)
    assert tasks.sweep_evidence() == 1
    assert settings.CELERY_BEAT_SCHEDULE["sweep-evidence"]["task"] == tasks.sweep_evidence.name
