"""Files that prove something: looked at, kept under random names, dropped where their row never came.

A file is written before the transaction that names it: were it written after, a crash in between would
leave a row without its file, and the proof be lost. What a crash leaves is a file without a row,
which `sweep_evidence` removes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor, record_event
from tracker.core.filetypes import FileType
from tracker.core.text import fold_spaces
from tracker.duties.file_contents import require_content, type_named
from tracker.duties.models import Evidence, Extension, Task
from tracker.duties.scanner import virus_in

FOLDER = "evidence"
_FIELD = "files"
_MEGABYTE = 1024 * 1024
_LONGEST_NAME = 200
_SWEPT_AFTER = timedelta(days=1)  # long after any transaction that could still name the file


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was looked at and written; `size` in bytes, `stored_as` its name in the storage."""

    name: str
    media_type: str
    size: int
    sha256: str
    stored_as: str


@contextmanager
def stored(files: Sequence[File[bytes]]) -> Iterator[list[StoredFile]]:
    """Look at every file, then write them all; where what follows fails, none of them stays.

    Raises InvalidInputError (field `files`) for a file that is too large, of another kind than it says
    or than is taken, or infected; ScannerUnavailableError where the scanner cannot be asked.
    """
    _require_few(files)
    checked = [(_plain_name(file), _checked(file), file) for file in files]
    kept: list[StoredFile] = []
    try:
        for name, kind, file in checked:
            kept.append(_write(name, kind, file))
        yield kept
    except BaseException:
        for one in kept:
            default_storage.delete(one.stored_as)
        raise


def keep_evidence(
    task: Task,
    files: Sequence[StoredFile],
    *,
    extension: Extension | None = None,
    actor: Actor,
    now: datetime,
) -> list[Evidence]:
    """Name stored files as a task's evidence. Call it inside the transaction of the deed they belong to."""
    kept = [
        Evidence.objects.create(
            task=task,
            extension=extension,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            stored_as=file.stored_as,
            added_by=actor.user,
            added_at=now,
        )
        for file in files
    ]
    if kept:
        after = {
            "evidence": [one.pk for one in kept],
            "files": [one.name for one in kept],
            "sha256": [one.sha256 for one in kept],
            "extension": extension.pk if extension else None,
        }
        record_event(task, "evidence.added", actor=actor, now=now, after=after)
    return kept


def open_evidence(evidence: Evidence) -> File[bytes]:
    """The content, to read. Raises FileNotFoundError where the file is gone."""
    return default_storage.open(evidence.stored_as)


def sweep_evidence(*, now: datetime) -> int:
    """Remove files that no row names, a day after they were written; returns how many."""
    folders, _files = _listed(FOLDER)
    swept = 0
    for folder in folders:
        names = {f"{FOLDER}/{folder}/{name}" for name in _listed(f"{FOLDER}/{folder}")[1]}
        known = set(Evidence.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))
        for name in names - known:
            if default_storage.get_modified_time(name) < now - _SWEPT_AFTER:
                default_storage.delete(name)
                swept += 1
    return swept


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _require_few(files: Sequence[File[bytes]]) -> None:
    most: int = settings.TRACKER_EVIDENCE_MOST_FILES
    if len(files) > most:
        raise InvalidInputError(
            _("Mỗi lần gửi nhiều nhất %(most)s tệp; đang có %(count)s.")
            % {"most": most, "count": len(files)},
            field=_FIELD,
        )


def _checked(file: File[bytes]) -> FileType:
    name, most = _plain_name(file), settings.TRACKER_EVIDENCE_LARGEST_MB * _MEGABYTE
    if not file.size:
        raise InvalidInputError(_("Tệp «%(name)s» rỗng.") % {"name": name}, field=_FIELD)
    if file.size > most:
        raise InvalidInputError(
            _("Tệp «%(name)s» lớn %(size)s MB; nhiều nhất là %(limit)s MB.")
            % {"name": name, "size": f"{file.size / _MEGABYTE:.1f}", "limit": most // _MEGABYTE},
            field=_FIELD,
        )
    kind = type_named(name, settings.TRACKER_EVIDENCE_TYPES, field=_FIELD)
    require_content(file, kind, name=name, field=_FIELD)
    file.seek(0)
    virus = virus_in(file.chunks())
    if virus:
        raise InvalidInputError(
            _("Tệp «%(name)s» có vi-rút (%(virus)s); không nhận tệp này.") % {"name": name, "virus": virus},
            field=_FIELD,
        )
    return kind


def _write(name: str, kind: FileType, file: File[bytes]) -> StoredFile:
    digest = hashlib.sha256()
    size = 0
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    token = secrets.token_hex(16)
    stored_as = default_storage.save(f"{FOLDER}/{token[:2]}/{token}", file)
    return StoredFile(
        name=name, media_type=kind.media_type, size=size, sha256=digest.hexdigest(), stored_as=stored_as
    )


def _plain_name(file: File[bytes]) -> str:
    """The file's own name: no folder of either kind of system, no control characters, not too long."""
    last = PureWindowsPath(PurePosixPath(file.name or "").name).name
    name = fold_spaces("".join(letter if letter.isprintable() else " " for letter in last)) or "tep"
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(extension) - 1]}{dot}{extension}" if dot else name[:_LONGEST_NAME]
