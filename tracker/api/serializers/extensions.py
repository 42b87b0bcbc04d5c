"""Requests for new deadlines and files of evidence, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from tracker.api.serializers.inputs import DeadlineField, NoteField, StrictSerializer, WordsField
from tracker.duties.enums import ExtensionStatus
from tracker.duties.models import Evidence, Extension

MOST_FILES = 50  # more than any installation allows at once; the setting decides below


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """Một tệp minh chứng; tải nội dung ở `content`."""

    task_id = serializers.IntegerField(read_only=True)
    extension_id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Tệp gửi kèm đề nghị gia hạn nào."
    )
    added_by = serializers.CharField(
        source="added_by.full_name", default=None, read_only=True, allow_null=True
    )
    content = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = [
            "id",
            "task_id",
            "extension_id",
            "name",
            "media_type",
            "size",
            "sha256",
            "added_by",
            "added_at",
            "content",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_content(self, evidence: Evidence) -> str:
        return reverse("api:evidence-content", args=[evidence.pk], request=self.context["request"])


class ExtensionSerializer(serializers.ModelSerializer[Extension]):
    """Một đề nghị gia hạn, và quyết định của Văn phòng."""

    task_id = serializers.IntegerField(read_only=True)
    status = serializers.ChoiceField(choices=ExtensionStatus.choices, read_only=True)
    asked_words = serializers.CharField(source="asked_due_text", read_only=True)
    granted_words = serializers.CharField(source="granted_due_text", read_only=True)
    requested_by = serializers.CharField(
        source="requested_by.full_name", default=None, read_only=True, allow_null=True
    )
    decided_by = serializers.CharField(
        source="decided_by.full_name", default=None, read_only=True, allow_null=True
    )
    evidence = EvidenceSerializer(many=True, read_only=True)

    class Meta:
        model = Extension
        fields = [
            "id",
            "task_id",
            "status",
            "due_on_before",
            "asked_due_on",
            "asked_words",
            "reason",
            "requested_by",
            "requested_at",
            "granted_due_on",
            "granted_words",
            "decision_note",
            "decided_by",
            "decided_at",
            "evidence",
        ]
        read_only_fields = fields


def _files(**kwargs: Any) -> serializers.ListField:
    """Files of a form; the domain judges each of them."""
    return serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), max_length=MOST_FILES, **kwargs
    )


class FilesSerializer(StrictSerializer):
    """Tệp minh chứng, gửi dạng `multipart/form-data`."""

    files = _files(min_length=1, help_text="Một hay nhiều tệp: cùng nhận hoặc cùng không.")


class AddedSerializer(serializers.Serializer[Any]):
    """Các tệp vừa nhận."""

    files = EvidenceSerializer(many=True, read_only=True)


class AskSerializer(StrictSerializer):
    """Đề nghị gia hạn."""

    new_due = DeadlineField(help_text="Một ngày (`2027-03-31`, `31/3/2027`) hoặc lời: `quý I/2027`.")
    reason = WordsField(help_text="Lý do; bắt buộc.")


class AskWithFilesSerializer(AskSerializer):
    """Đề nghị gia hạn với tệp kèm theo."""

    files = _files(default=list, help_text="Tệp kèm theo, nếu có (`multipart/form-data`).")


class GrantSerializer(StrictSerializer):
    """Đồng ý gia hạn: như đề nghị, hoặc ngắn hơn khi có `new_due`."""

    new_due = NoteField(most=300, help_text="Hạn được gia, khi ngắn hơn đề nghị.")
    note = NoteField(help_text="Ý kiến, nếu có.")
