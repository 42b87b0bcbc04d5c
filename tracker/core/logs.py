"""Log filters: what must never stand in a log."""

from __future__ import annotations

import logging
import re

# A feed's address is its password: whoever reads the log could subscribe.
_FEED_TOKEN = re.compile(r"(/ical/)[A-Za-z0-9_-]{8,}")


class WithoutTokens(logging.Filter):
    """Replaces feed tokens in a record's message and arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _FEED_TOKEN.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
