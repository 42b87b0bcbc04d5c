"""What is synced when a file is saved."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import TemporaryUploadedFile

from tracker.core.storage import SyncedFileStorage


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, int]]:
    """Every path that was synced, with its size then (0 for a folder)."""
    seen: list[tuple[Path, int]] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        seen.append((path, path.stat().st_size if path.is_file() else 0))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    return seen


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Linux: which file is synced cannot be asked")
@pytest.mark.parametrize("is_large", [False, True])
def test_saved_file_and_the_folders_that_name_it_are_on_the_disk(
    synced: list[tuple[Path, int]], tmp_path: Path, is_large: bool
) -> None:
    storage = SyncedFileStorage(location=tmp_path / "tep")
    file = _uploaded() if is_large else ContentFile(b"0123456789")
    name = storage.save("a/b/minh-chung", file)
    file.close()
    root = tmp_path / "tep"
    assert synced == [(root / name, 10), (root / "a" / "b", 0), (root / "a", 0), (root, 0)]
    with storage.open(name) as kept:
        assert kept.read() == b"0123456789"


def test_evidence_is_kept_in_such_a_storage() -> None:
    assert isinstance(storages["default"], SyncedFileStorage)


def _uploaded() -> TemporaryUploadedFile:
    """As Django gives a file of more than 2.5 MB: it lies on the disk already, and is moved."""
    file = TemporaryUploadedFile("lon.pdf", "application/pdf", 10, None)
    file.write(b"0123456789")
    file.seek(0)
    return file
