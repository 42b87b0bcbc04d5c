"""Log filters: what must never stand in a log, and what need not."""

from __future__ import annotations

import logging
import re

# Addresses that are passwords: whoever reads the log could subscribe to a feed, or act by a mail's link.
# Any spelling that a server might still understand, doubled slashes and escapes included.
_FEED_TOKEN = re.compile(r"""((?:\b|%2F)ical(?:/|%2F)+)[^\s/?#"'.]{8,}""", re.IGNORECASE)
_MAIL_TOKEN = re.compile(r"""((?:\b|%2F)thu(?:/|%2F)+(?:nhip(?:/|%2F)+)?)[^\s/?#"']{8,}""", re.IGNORECASE)
_TRACEBACKS = logging.Formatter()


class WithoutTokens(logging.Filter):
    """Replaces the tokens of feeds and of mails' links in a record's message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _without_tokens(message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _TRACEBACKS.formatException(record.exc_info)
        if record.exc_text:  # a formatter takes this before it writes its own
            record.exc_text = _without_tokens(record.exc_text)
        return True


class InOneLine(logging.Filter):
    """Gives a record's error in a line, not in a traceback: where the same error comes with every request."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = f"{record.getMessage()}: {record.exc_info[1]}", ()
            record.exc_info = record.exc_text = None
        return True


def _without_tokens(text: str) -> str:
    return _MAIL_TOKEN.sub(r"\1…", _FEED_TOKEN.sub(r"\1…", text))
