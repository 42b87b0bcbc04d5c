"""Words that templates need: how far a day is, and the query string with one part changed."""

from __future__ import annotations

import re
from datetime import date

from django import template
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.duties.models import DutyBody
from tracker.reports.words import percent_words

register = template.Library()

# A line's end that neither an empty line nor the mark of an item follows.
_WRAPPED = re.compile(r"(?<=\S)[ \t]*\n(?![ \t]*(?:\n|[-–+*•]|\d{1,3}[.)]|\w\)|[IVX]{1,6}\.))[ \t]*(?=\S)")


@register.filter
def days_from(day: date, today: date) -> str:
    """How a deadline lies to today: `quá hạn 12 ngày`, `hạn hôm nay`, `còn 5 ngày`."""
    days = (day - today).days
    if days < 0:
        return ngettext("quá hạn %(days)d ngày", "quá hạn %(days)d ngày", -days) % {"days": -days}
    if days == 0:
        return _("hạn hôm nay")
    return ngettext("còn %(days)d ngày", "còn %(days)d ngày", days) % {"days": days}


@register.filter
def named_on(body: DutyBody, day: date | None) -> str:
    """A body as it was called on a day, and as it is called now where that is different."""
    then = body.name_on(day) if day else body.name
    return then if then == body.name else _("%(then)s (nay là %(now)s)") % {"then": then, "now": body.name}


@register.filter
def percent(value: float | None) -> str:
    """`85,7%`; a dash where there is nothing to count."""
    return percent_words(value)


@register.filter
def unwrapped(text: str) -> str:
    """Lines that only the page's width broke, joined again; paragraphs and list items stay apart."""
    return _WRAPPED.sub(" ", text)


@register.simple_tag
def query_with(request: HttpRequest, **changes: object) -> str:
    """The page's query string with these parts set; an empty value takes a part away."""
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in {None, ""}:
            query[name] = str(value)
    return f"?{query.urlencode()}"
