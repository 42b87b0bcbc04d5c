"""What may be done about a task's deadline on a page: asking for another, deciding, moving it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracker import pipeline
from tracker.core import clock
from tracker.core.errors import TransitionError
from tracker.core.events import Actor
from tracker.duties import extensions, transitions
from tracker.duties.deadlines import NewDue
from tracker.duties.models import Extension, Task
from tracker.web.deed import Deed
from tracker.web.task_forms import AskForm, GrantForm, MoveForm, RefuseForm, TakeBackForm


def _new_due(words: Mapping[str, Any]) -> NewDue:
    return pipeline.read_new_due(words["new_due"], today=clock.today())


def _request(task: Task, words: Mapping[str, Any]) -> Extension:
    found = task.extensions.filter(pk=words["extension"]).first()
    if found is None:
        raise TransitionError(gettext("Việc này không có đề nghị gia hạn ấy."))
    return found


def _ask(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return extensions.request_extension(
        task,
        new_due=_new_due(words),
        reason=words["reason"],
        files=words["files"],
        today=clock.today(),
        actor=actor,
        now=clock.now(),
    )


def _take_back(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return extensions.withdraw_extension(
        _request(task, words), note=words["note"], actor=actor, now=clock.now()
    )


def _grant(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    new_due = _new_due(words) if words["new_due"].strip() else None
    return extensions.grant_extension(
        _request(task, words), new_due=new_due, note=words["note"], actor=actor, now=clock.now()
    )


def _refuse(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return extensions.refuse_extension(
        _request(task, words), reason=words["reason"], actor=actor, now=clock.now()
    )


def _move(task: Task, words: Mapping[str, Any], actor: Actor) -> object:
    return extensions.move_deadline(
        task, new_due=_new_due(words), reason=words["reason"], actor=actor, now=clock.now()
    )


GRANT = Deed(
    transitions.GRANT_EXTENSION,
    "grant-extension",
    _("Đồng ý gia hạn"),
    _("Đã gia hạn."),
    GrantForm,
    _grant,
    is_about_deadline=True,
    needs_request=True,
)
REFUSE = Deed(
    transitions.REFUSE_EXTENSION,
    "refuse-extension",
    _("Không đồng ý gia hạn"),
    _("Đã từ chối gia hạn."),
    RefuseForm,
    _refuse,
    is_about_deadline=True,
    needs_request=True,
)
ASK = Deed(
    transitions.REQUEST_EXTENSION,
    "ask-extension",
    _("Đề nghị gia hạn"),
    _("Đã gửi đề nghị gia hạn."),
    AskForm,
    _ask,
    is_about_deadline=True,
    needs_request=False,
)
TAKE_BACK = Deed(
    transitions.WITHDRAW_EXTENSION,
    "withdraw-extension",
    _("Rút đề nghị gia hạn"),
    _("Đã rút đề nghị gia hạn."),
    TakeBackForm,
    _take_back,
    is_about_deadline=True,
    needs_request=True,
)
MOVE = Deed(
    transitions.MOVE_DEADLINE,
    "move-deadline",
    _("Dời hạn"),
    _("Đã dời hạn."),
    MoveForm,
    _move,
    is_about_deadline=True,
)

# In the order in which a page offers them.
DEADLINE_DEEDS = (GRANT, REFUSE, ASK, TAKE_BACK, MOVE)
