"""Sentences that several commands print."""

from __future__ import annotations

from tracker.pipeline import ImportedFile


def import_words(imported: ImportedFile) -> str:
    """What importing one file did, in one line."""
    if not imported.loaded:
        return f"«{imported.name}»: không tìm thấy văn bản nào; không nạp gì."
    if not imported.is_changed:
        return f"«{imported.name}»: đã nạp từ trước, không thay đổi gì."
    drafts = imported.new_drafts
    found = f"{drafts} nhiệm vụ mới" if drafts else "không đọc ra nhiệm vụ nào"
    return f"«{imported.name}»: {len(imported.loaded)} văn bản, {found}."
