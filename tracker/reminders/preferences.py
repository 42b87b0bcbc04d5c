"""What a person wants to be told, when, and in which language. Official notices go whatever it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker.agencies.enums import PostRole
from tracker.agencies.models import Agency, Post
from tracker.core.edits import save_edited
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor
from tracker.core.models import User
from tracker.reminders.addresses import set_rhythm
from tracker.reminders.enums import Rhythm
from tracker.reminders.models import Recipient
from tracker.reminders.policies import policies_in_force

OWN, HEAD, MONITOR, REGISTRAR = "wants_own", "wants_head", "wants_monitor", "wants_registrar"
_LEAST_HOURS = 1


def language_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def languages_available() -> list[tuple[str, str]]:
    """Vietnamese, and every language that has a catalogue."""
    return [(code, name) for code, name in language_choices() if code == "vi" or _has_catalogue(code)]


def _has_catalogue(code: str) -> bool:
    return any((Path(place) / code / "LC_MESSAGES" / "django.mo").exists() for place in settings.LOCALE_PATHS)


class Preference(models.Model):
    """A person's choices (tùy chọn nhận thư). Without a row: everything, in the office's hours.

    How often a person is written to stands with the recipients (`Recipient.rhythm`), since agencies'
    mailboxes have a rhythm too.
    """

    user = models.OneToOneField(
        User, verbose_name=_("người"), on_delete=models.CASCADE, related_name="reminder_preference"
    )
    wants_own = models.BooleanField(_("việc của cơ quan tôi"), default=True)
    wants_head = models.BooleanField(_("báo cáo thủ trưởng về việc quá hạn"), default=True)
    wants_monitor = models.BooleanField(_("việc quá hạn của văn bản cơ quan tôi theo dõi"), default=True)
    wants_registrar = models.BooleanField(_("báo cáo Văn phòng về việc quá hạn lâu"), default=True)
    opens = models.TimeField(_("nhận thư từ"), null=True, blank=True)
    closes = models.TimeField(_("nhận thư đến trước"), null=True, blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=8, choices=language_choices, default="vi")
    wants_calendar = models.BooleanField(_("kèm tệp lịch (.ics) với các thời hạn trong thư"), default=False)

    class Meta:
        verbose_name = _("tùy chọn nhận thư")
        verbose_name_plural = _("tùy chọn nhận thư")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(closes__isnull=True) | Q(opens__lt=F("closes")),
                name="preference_opens_before_it_closes",
            )
        ]

    def __str__(self) -> str:
        return str(self.user.full_name)


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that a person chooses at once. `opens` and `closes` None: the office's hours."""

    rhythm: Rhythm = Rhythm.DAILY
    roles: Mapping[str, bool] | None = None
    opens: time | None = None
    closes: time | None = None
    language: str = "vi"
    wants_calendar: bool = False


def preference_of(user: User) -> Preference:
    """The person's row, or one with the defaults that is not saved."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def wants_calendar(user: User | None) -> bool:
    """Whether the digest comes with a file of its deadlines. No query where the row was selected along."""
    row: Preference | None = getattr(user, "reminder_preference", None)
    return row is not None and row.wants_calendar


def language_of(user: User | None) -> str:
    """The language of a recipient's mails; a mailbox's is Vietnamese."""
    row: Preference | None = getattr(user, "reminder_preference", None)
    return row.language if row is not None else Preference._meta.get_field("language").default


def rhythm_of(user: User) -> Rhythm:
    kept = Recipient.objects.filter(user=user).values_list("rhythm", flat=True).first()
    return Rhythm(kept or Rhythm.DAILY)


def roles_of(user: User) -> list[str]:
    """The roles in which a person is told of tasks: the names of the fields that switch them."""
    posts = list(Post.objects.filter(user=user).values_list("agency", "role"))
    agencies = [agency for agency, _role in posts]
    monitors = Agency.objects.filter(pk__in=agencies, monitored_documents__isnull=False)
    found = {
        OWN: bool(posts),
        HEAD: any(role == PostRole.HEAD for _agency, role in posts),
        MONITOR: bool(posts) and monitors.exists(),
        REGISTRAR: user.is_registrar,
    }
    return [role for role, holds in found.items() if holds]


@transaction.atomic
def set_preference(user: User, choices: Choices, *, actor: Actor, now: datetime) -> Preference:
    """Keep what a person chose. Raises InvalidInputError for hours in which nothing could be sent."""
    _check_hours(choices)
    if choices.language not in dict(languages_available()):
        raise InvalidInputError(gettext("Chưa có ngôn ngữ này."), field="language")
    row = preference_of(user)
    row.opens, row.closes, row.language = choices.opens, choices.closes, choices.language
    row.wants_calendar = choices.wants_calendar
    for role, wanted in (choices.roles or {}).items():
        setattr(row, role, wanted)
    fields = (OWN, HEAD, MONITOR, REGISTRAR, "opens", "closes", "language", "wants_calendar")
    if not row._state.adding or _differs(row, fields):
        save_edited(row, fields, actor=actor, now=now)
    recipient, _is_new = Recipient.objects.get_or_create(user=user, agency=None)
    set_rhythm(recipient, choices.rhythm, actor=actor, now=now)
    return row


def _differs(row: Preference, fields: tuple[str, ...]) -> bool:
    default = Preference()
    return any(getattr(row, field) != getattr(default, field) for field in fields)


def _check_hours(choices: Choices) -> None:
    office = policies_in_force().default
    opens, closes = choices.opens or office.opens, choices.closes or office.closes
    for field, value in (("opens", choices.opens), ("closes", choices.closes)):
        if value is not None and not office.opens <= value <= office.closes:
            raise InvalidInputError(
                gettext("Thư chỉ gửi trong giờ %(opens)s–%(closes)s của cơ quan.")
                % {"opens": f"{office.opens:%H:%M}", "closes": f"{office.closes:%H:%M}"},
                field=field,
            )
    if _minutes(closes) - _minutes(opens) < 60 * _LEAST_HOURS:
        raise InvalidInputError(
            gettext("Giờ nhận thư phải dài ít nhất một giờ: giờ kết thúc sau giờ bắt đầu."), field="closes"
        )


def _minutes(value: time) -> int:
    return 60 * value.hour + value.minute
