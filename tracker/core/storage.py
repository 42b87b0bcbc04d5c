"""Files on this machine's disk that are there when the save returns, and after a power cut too."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class SyncedFileStorage(FileSystemStorage):
    """Django's own storage; a saved file and the folders that name it are on the disk, not only in its cache.

    The database syncs what it commits. A record whose file is a power cut behind it would name nothing.
    """

    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]  # not in the stubs
        path, root = Path(self.path(saved)), Path(self.location)
        _sync(path)
        for folder in path.parents:  # each may be new
            _sync(folder)
            if folder == root:
                break
        return saved


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():  # a folder cannot be opened there
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
