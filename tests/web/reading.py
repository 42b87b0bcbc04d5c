"""Reading a page as its reader does: tags off, white space folded."""

from __future__ import annotations

import html
import re

from django.http import HttpResponseBase
from django.test.utils import ContextList


def words_of(response: HttpResponseBase) -> str:
    """The words of a page, in their order."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


def body_of(response: HttpResponseBase) -> str:
    """A page to the byte, but for the form token, which is masked anew each time."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())  # type: ignore[attr-defined]


def context_of(response: HttpResponseBase) -> ContextList:
    """What the page's templates were given."""
    context: ContextList = response.context  # type: ignore[attr-defined]
    return context
