"""How much a request may send at once. Django bounds what it keeps in memory, not what it writes to disk."""

from __future__ import annotations

from typing import IO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

_MEGABYTE = 1024 * 1024
_FORM = _MEGABYTE  # what the fields beside the files may take


class BoundedUpload(FileUploadHandler):
    """The first of the upload handlers: turns away a request that no form of ours could have sent.

    Before anything of it is written: the form token is looked for in the body, and so the whole body
    read, before anybody asks who is sending it.
    """

    def handle_raw_input(  # the framework's signature
        self,
        input_data: IO[bytes],  # noqa: ARG002
        META: dict[str, str],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        if content_length > largest_request():
            raise RequestDataTooBig(f"a request of {content_length} bytes")

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        return raw_data  # on to the handlers that keep it

    def file_complete(self, _file_size: int) -> None:
        return None


def largest_request() -> int:
    """In bytes: as many files as one form takes, each as large as may be."""
    files: int = settings.TRACKER_EVIDENCE_MOST_FILES * settings.TRACKER_EVIDENCE_LARGEST_MB
    return files * _MEGABYTE + _FORM
