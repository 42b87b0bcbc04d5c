"""The deadline grammar: coded deadlines out of one passage of folded text.

`find_deadlines` reads a passage, `join_recurring` puts together what one sentence says in two
places, `read_deadline_cell` reads the cell of a table or the words behind a label.
"""

from __future__ import annotations

from .expression import DeadlineExpression, Kind
from .grammar import find_deadlines, read_deadline_cell
from .joining import join_recurring, with_year
from .unread import tells_unread_time

__all__ = [
    "DeadlineExpression",
    "Kind",
    "find_deadlines",
    "join_recurring",
    "read_deadline_cell",
    "tells_unread_time",
    "with_year",
]
