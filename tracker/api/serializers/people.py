"""The person who asks, as the API shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.agencies.enums import PostRole
from tracker.agencies.models import Post
from tracker.api.serializers.inputs import NameField, StrictSerializer
from tracker.api.serializers.registry import AgencyNameSerializer
from tracker.core.enums import OfficeRole, TokenScope
from tracker.core.models import ApiToken, User
from tracker.core.tokens import MOST_TOKEN_DAYS
from tracker.duties.queries import sees_all

OFFICE_ROLES = [(value, label) for value, label in OfficeRole.choices if value]


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


class OwnTokenSerializer(serializers.ModelSerializer[ApiToken]):
    """Một khóa API của người đang dùng."""

    scope = serializers.ChoiceField(choices=TokenScope.choices, read_only=True)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "scope", "created_at", "expires_at", "last_used_on", "revoked_at"]
        read_only_fields = fields


class IssuedTokenSerializer(OwnTokenSerializer):
    """Khóa vừa cấp. `secret` chỉ hiện lần này."""

    secret = serializers.SerializerMethodField()

    class Meta(OwnTokenSerializer.Meta):
        fields = [*OwnTokenSerializer.Meta.fields, "secret"]
        read_only_fields = fields

    def get_secret(self, _token: ApiToken) -> str:
        return str(self.context["secret"])


class NewTokenSerializer(StrictSerializer):
    """Khóa muốn cấp."""

    name = NameField(help_text="Dùng vào việc gì, ở đâu.")
    scope = serializers.ChoiceField(choices=TokenScope.choices, default=TokenScope.READ)
    days = serializers.IntegerField(
        min_value=1, max_value=MOST_TOKEN_DAYS, default=180, help_text="Số ngày có hiệu lực."
    )


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
