"""Addresses that refuse mail, how often a recipient is written to, and mails that are tried again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracker.core.errors import TransitionError
from tracker.core.events import Actor, record_event
from tracker.reminders.enums import MessageState, Rhythm
from tracker.reminders.models import Message, Recipient, Suppression


@transaction.atomic
def suppress_address(address: str, *, reason: str, actor: Actor, now: datetime) -> bool:
    """Send nothing there any more, until a person lifts it; False where it was so already."""
    row, is_new = Suppression.objects.get_or_create(
        address=address.strip().lower(), defaults={"reason": reason, "since": now}
    )
    if is_new:
        after = {"address": row.address}
        record_event(row, "address.suppressed", actor=actor, now=now, after=after, note=reason)
    return is_new


@transaction.atomic
def lift_suppression(row: Suppression, *, actor: Actor, now: datetime) -> None:
    """A person says that the address works again."""
    record_event(row, "address.restored", actor=actor, now=now, before={"address": row.address})
    row.delete()


@transaction.atomic
def set_rhythm(recipient: Recipient, rhythm: Rhythm, *, actor: Actor, now: datetime) -> bool:
    """How often the recipient is written to; False where it is so already. Official notices stay.

    A person has one rhythm: it holds for every digest that the person gets, as head of two agencies too.
    """
    locked = Recipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
    own = {"user": locked.user_id} if locked.user_id else {"pk": locked.pk}
    same = Recipient.objects.filter(**own)
    if not same.exclude(rhythm=rhythm).update(rhythm=rhythm):
        return False
    before = locked.rhythm
    record_event(
        locked,
        "recipient.rhythm_set",
        actor=actor,
        now=now,
        before={"rhythm": before},
        after={"rhythm": rhythm.value},
    )
    recipient.rhythm = rhythm
    return True


@transaction.atomic
def retry_message(message: Message, *, actor: Actor, now: datetime) -> Message:
    """Try a failed mail anew, after someone mended the cause.

    Raises TransitionError for a mail that has not failed, or whose address still takes none.
    """
    locked = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if locked.state != MessageState.FAILED:
        raise TransitionError(
            _("Thư này %(state)s, không cần gửi lại.") % {"state": locked.get_state_display()}
        )
    if Suppression.objects.filter(address=locked.recipient.address.strip().lower()).exists():
        raise TransitionError(_("Địa chỉ này vẫn đang thôi gửi: hãy sửa địa chỉ, hoặc cho gửi lại trước."))
    locked.state, locked.attempts, locked.due_at = MessageState.PLANNED, 0, now
    # Another version: a late return of the mail that failed says nothing about this one.
    locked.version += 1
    locked.save(update_fields=["state", "attempts", "due_at", "version"])
    record_event(locked, "message.retried", actor=actor, now=now, before={"error": locked.last_error})
    return locked
