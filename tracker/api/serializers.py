"""What the API shows. Field by field, on purpose: a new column is not published by accident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.agencies.enums import AgencyKind, PostRole
from tracker.agencies.models import Agency, Post
from tracker.core.enums import Door, OfficeRole, TokenScope
from tracker.core.models import ApiToken, Event, User
from tracker.documents.enums import DocumentKind, DocumentStatus, DutyScope
from tracker.documents.models import Clause, Document
from tracker.duties.enums import DeadlineState, Precision, Recurrence, Result, WorkState
from tracker.duties.models import Duty, DutyBody, Task
from tracker.duties.queries import sees_all

MOST_WORDS = 10_000  # characters of a note
MOST_REPORTS = 100  # in one request
MOST_NUMBER = 120  # characters of a document's number
NO_NUL = r"^[^\x00]*$"
WORDS = r"^[^\x00]*[^\s\x00][^\x00]*$"  # something other than spaces
BODY_KINDS = [
    ("agency", "cơ quan trong danh mục"),
    ("collective", "tập thể cơ quan"),
    ("words", "không có trong danh mục"),
]
OFFICE_ROLES = [(value, label) for value, label in OfficeRole.choices if value]


def _source(duty: Duty) -> dict[str, Any] | None:
    if duty.source_start is None:
        return None
    return {"words": duty.source_words, "start": duty.source_start, "end": duty.source_end}


class AgencyNameSerializer(serializers.ModelSerializer[Agency]):
    """Cơ quan: khóa trong danh mục và tên."""

    class Meta:
        model = Agency
        fields = ["key", "name"]
        read_only_fields = fields


class AgencySerializer(serializers.ModelSerializer[Agency]):
    """Cơ quan trong danh mục. `until` là ngày cuối cùng còn hoạt động."""

    kind = serializers.ChoiceField(choices=AgencyKind.choices, read_only=True)
    aliases = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Agency
        fields = ["key", "name", "kind", "aliases", "since", "until"]
        read_only_fields = fields


class BodySerializer(serializers.Serializer[DutyBody]):
    """Cơ quan hay tập thể mà nhiệm vụ nêu tên; `key` là null khi danh mục không có."""

    kind = serializers.SerializerMethodField()
    key = serializers.SerializerMethodField()
    name = serializers.CharField(read_only=True)

    @extend_schema_field(serializers.ChoiceField(choices=BODY_KINDS))
    def get_kind(self, body: DutyBody) -> str:
        if body.agency is not None:
            return "agency"
        return "collective" if body.collective is not None else "words"

    def get_key(self, body: DutyBody) -> str | None:
        named = body.agency or body.collective
        return named.key if named is not None else None


class DocumentNameSerializer(serializers.ModelSerializer[Document]):
    """Văn bản: đủ để nhận ra."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices, read_only=True)

    class Meta:
        model = Document
        fields = ["id", "number", "kind", "issued_on", "subject"]
        read_only_fields = fields


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """Văn bản giao nhiệm vụ."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices, read_only=True)
    status = serializers.ChoiceField(choices=DocumentStatus.choices, read_only=True)
    monitors = AgencyNameSerializer(many=True, read_only=True)

    class Meta:
        model = Document
        fields = [
            "id",
            "number",
            "kind",
            "issuer",
            "issued_on",
            "subject",
            "secrecy",
            "status",
            "start_on",
            "needs_confirmation",
            "expired_on",
            "monitors",
        ]
        read_only_fields = fields


class SourceSerializer(serializers.Serializer[Any]):
    """Đoạn văn bản gốc mà nhiệm vụ được đọc ra: `text[start:end]` của tệp gốc."""

    words = serializers.CharField(read_only=True)
    start = serializers.IntegerField(read_only=True)
    end = serializers.IntegerField(read_only=True)


class DutySerializer(serializers.ModelSerializer[Duty]):
    """Nhiệm vụ như văn bản giao, với mọi cơ quan được nêu tên."""

    document = DocumentNameSerializer(read_only=True)
    clause = serializers.CharField(source="clause.path", default=None, read_only=True, allow_null=True)
    scope = serializers.ChoiceField(choices=DutyScope.choices, read_only=True)
    leads = BodySerializer(many=True, read_only=True)
    coordinators = BodySerializer(many=True, read_only=True)
    precision = serializers.ChoiceField(choices=Precision.choices, read_only=True)
    recurrence = serializers.ChoiceField(choices=Recurrence.choices, read_only=True)
    deadline_words = serializers.CharField(source="due_text", read_only=True)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field of that name

    class Meta:
        model = Duty
        fields = [
            "id",
            "document",
            "clause",
            "scope",
            "action",
            "leads",
            "coordinators",
            "deadline_words",
            "due_code",
            "due_on",
            "due_quarter",
            "precision",
            "recurrence",
            "ends_on",
            "source",
        ]
        read_only_fields = fields

    @extend_schema_field(SourceSerializer(allow_null=True))
    def get_source(self, duty: Duty) -> dict[str, Any] | None:
        return _source(duty)


class TaskSerializer(serializers.ModelSerializer[Task]):
    """Việc: phần một cơ quan phải làm cho một nhiệm vụ trong một kỳ."""

    action = serializers.CharField(source="duty.action", read_only=True)
    agency = AgencyNameSerializer(read_only=True)
    leads = BodySerializer(many=True, read_only=True)
    coordinators = BodySerializer(many=True, read_only=True)
    document = DocumentNameSerializer(source="duty.document", read_only=True)
    clause = serializers.CharField(source="duty.clause.path", default=None, read_only=True, allow_null=True)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field of that name
    deadline_words = serializers.CharField(read_only=True)
    precision = serializers.ChoiceField(source="duty.precision", choices=Precision.choices, read_only=True)
    recurrence = serializers.ChoiceField(source="duty.recurrence", choices=Recurrence.choices, read_only=True)
    state = serializers.ChoiceField(choices=WorkState.choices, read_only=True)
    deadline_state = serializers.ChoiceField(choices=DeadlineState.choices, read_only=True)
    result = serializers.ChoiceField(choices=Result.choices, read_only=True, allow_null=True)

    class Meta:
        model = Task
        fields = [
            "id",
            "action",
            "agency",
            "leads",
            "coordinators",
            "document",
            "clause",
            "source",
            "period",
            "deadline_words",
            "precision",
            "recurrence",
            "due_on",
            "original_due_on",
            "due_quarter",
            "state",
            "deadline_state",
            "result",
            "is_history",
            "needs_assignment",
            "reported_on",
            "report_note",
            "evidence_number",
            "revision",
            "created_at",
            "changed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(SourceSerializer(allow_null=True))
    def get_source(self, task: Task) -> dict[str, Any] | None:
        return _source(task.duty)


class TextField(serializers.CharField):
    """A text; a number is none, though the framework would take it for one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


@extend_schema_field({"type": "string", "pattern": WORDS, "maxLength": MOST_WORDS})
class WordsField(TextField):
    """Words, not only spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_WORDS, **kwargs)


class NoteField(TextField):
    """Words, if any."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, default="", max_length=MOST_WORDS, **kwargs)


class NumberField(TextField):
    """The number of a document, if any."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, default="", max_length=MOST_NUMBER, **kwargs)


class StrictSerializer(serializers.Serializer[Any]):
    """What comes in. A member that it does not know is refused: a mistyped name would lose the words."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError({name: [_("Không có trường này.")] for name in unknown})
        return super().to_internal_value(data)


class NothingSerializer(StrictSerializer):
    """Không cần nội dung."""


class ReportSerializer(StrictSerializer):
    """Báo cáo hoàn thành: cần `note`, hoặc `evidence_number`, hoặc cả hai."""

    note = NoteField(help_text="Kết quả thực hiện.")
    evidence_number = NumberField(help_text="Số, ký hiệu văn bản minh chứng.")


class NoteSerializer(StrictSerializer):
    """Ghi chú, không bắt buộc."""

    note = NoteField(help_text="Ghi chú, nếu có.")


class ReasonSerializer(StrictSerializer):
    """Lý do, bắt buộc."""

    reason = WordsField(help_text="Lý do; bắt buộc.")


class OneOfManyReportsSerializer(ReportSerializer):
    """Báo cáo hoàn thành của một việc trong nhiều việc."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="`id` của việc.")
    revision = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        allow_null=True,
        default=None,
        help_text="`revision` đã đọc; để trống là chấp nhận mọi thay đổi trước đó.",
    )


class ManyReportsSerializer(StrictSerializer):
    """Nhiều báo cáo một lần; mỗi việc có câu trả lời riêng."""

    reports = serializers.ListField(child=OneOfManyReportsSerializer(), min_length=1, max_length=MOST_REPORTS)


@extend_schema_field({"$ref": "#/components/schemas/Problem"})
class ProblemField(serializers.DictField):
    """A problem as it would have been answered alone (`tracker.api.problems`)."""


class AnswerSerializer(serializers.Serializer[Any]):
    """Câu trả lời cho một việc: `task` khi đã báo cáo, `problem` khi bị từ chối."""

    id = serializers.IntegerField(read_only=True)
    status = serializers.IntegerField(read_only=True, help_text="Mã như khi báo cáo riêng việc này.")
    task = TaskSerializer(read_only=True, allow_null=True)
    problem = ProblemField(read_only=True, allow_null=True)


class AnswersSerializer(serializers.Serializer[Any]):
    """Câu trả lời cho từng việc, theo thứ tự đã gửi."""

    done = serializers.IntegerField(read_only=True, help_text="Số việc đã báo cáo.")
    refused = serializers.IntegerField(read_only=True, help_text="Số việc bị từ chối.")
    answers = AnswerSerializer(many=True, read_only=True)


class EventSerializer(serializers.ModelSerializer[Event]):
    """Một dòng nhật ký của việc."""

    actor = serializers.CharField(
        source="actor.full_name", default=None, read_only=True, allow_null=True, help_text="null: hệ thống."
    )
    door = serializers.ChoiceField(choices=Door.choices, read_only=True)
    before = serializers.DictField(read_only=True)
    after = serializers.DictField(read_only=True)

    class Meta:
        model = Event
        fields = ["id", "at", "verb", "actor", "door", "before", "after", "note"]
        read_only_fields = fields


class ClauseSerializer(serializers.ModelSerializer[Clause]):
    """Một khoản, mục của văn bản, với chỗ của nó trong tệp gốc."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = Clause
        fields = ["id", "ordinal", "path", "start", "end", "text"]
        read_only_fields = fields

    def get_text(self, clause: Clause) -> str:
        return str(self.context["text"][clause.start : clause.end])


class PostSerializer(serializers.ModelSerializer[Post]):
    """Nơi công tác."""

    agency = AgencyNameSerializer(read_only=True)
    role = serializers.ChoiceField(choices=PostRole.choices, read_only=True)

    class Meta:
        model = Post
        fields = ["agency", "role"]
        read_only_fields = fields


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """Khóa đang dùng."""

    scope = serializers.ChoiceField(choices=TokenScope.choices, read_only=True)

    class Meta:
        model = ApiToken
        fields = ["name", "scope", "expires_at"]
        read_only_fields = fields


class ProfileSerializer(serializers.ModelSerializer[User]):
    """Người đang dùng API, và được làm gì."""

    office_role = serializers.SerializerMethodField()
    posts = PostSerializer(many=True, read_only=True)
    sees_all = serializers.SerializerMethodField()
    token = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "office_role", "sees_all", "posts", "token"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=OFFICE_ROLES, allow_null=True))
    def get_office_role(self, user: User) -> str | None:
        return user.office_role or None

    def get_sees_all(self, user: User) -> bool:
        return sees_all(user)

    @extend_schema_field(TokenSerializer(allow_null=True))
    def get_token(self, _user: User) -> Any:
        token = self.context["request"].auth
        return TokenSerializer(token).data if isinstance(token, ApiToken) else None


class CountsSerializer(serializers.Serializer[Any]):
    """Số việc theo từng trục; mọi giá trị đều có mặt."""

    tasks = serializers.IntegerField(read_only=True)
    state = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    deadline_state = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    result = serializers.DictField(child=serializers.IntegerField(), read_only=True)


class AgencyCountsSerializer(CountsSerializer):
    """Số việc của một cơ quan."""

    agency = AgencyNameSerializer(read_only=True)


class StatisticsSerializer(serializers.Serializer[Any]):
    """Số liệu của những việc được xem, tính cho hôm nay."""

    day = serializers.DateField(read_only=True)
    total = CountsSerializer(read_only=True)
    agencies = AgencyCountsSerializer(many=True, read_only=True)
