"""Log filters: what must never stand in a log."""

from __future__ import annotations

import logging
import re

# A feed's address is its password: whoever reads the log could subscribe. Any spelling of it that a
# server might still understand, doubled slashes and escapes included.
_FEED_TOKEN = re.compile(r"""((?:\b|%2F)ical(?:/|%2F)+)[^\s/?#"'.]{8,}""", re.IGNORECASE)
_TRACEBACKS = logging.Formatter()


class WithoutTokens(logging.Filter):
    """Replaces feed tokens in a record's message, arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _FEED_TOKEN.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _TRACEBACKS.formatException(record.exc_info)
        if record.exc_text:  # a formatter takes this before it writes its own
            record.exc_text = _FEED_TOKEN.sub(r"\1…", record.exc_text)
        return True
