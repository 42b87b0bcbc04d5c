"""The constants of webhooks: how often, how long, how many. No database here."""

from __future__ import annotations

import re
from datetime import timedelta

MOST_PER_PERSON = 10  # live webhooks
MOST_TYPES = 50  # of one webhook
TYPE = re.compile(r"^(task|evidence)\.[a-z_]{1,30}$")  # the record's verbs about tasks

# After the first, second, … attempt that failed. With them a receiver may be away for three days.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(WAITS) + 1
JITTER = 0.2  # of the wait, at most: receivers that come back are not met by everybody at once

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 10.0  # seconds until the answer's head
LOOK_BUDGET = 50.0  # seconds of one look: the next one is a minute after
MOST_PER_LOOK = 2000

# Old secrets go on signing beside the new one for so long after a change.
OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
# No transaction of ours lives so long: requests and tasks are cut off long before.
LONGEST_TRANSACTION = timedelta(hours=1)


def wait_after(attempt: int, chance: float) -> timedelta:
    """How long to wait after attempt 1, 2, …; `chance` in [0, 1) spreads it by the jitter."""
    return WAITS[min(attempt, len(WAITS)) - 1] * (1 + JITTER * chance)
