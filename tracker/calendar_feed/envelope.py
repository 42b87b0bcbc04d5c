"""What stands around the events: the calendar's own properties, the same at every fetch."""

from __future__ import annotations

from icalendar import Calendar
from icalendar.prop import vText

from tracker.calendar_feed.text import one_line

_PRODUCT = "-//duty-tracker//calendar feed//VI"
_REFRESH = "PT1H"
_COLOUR = "firebrick"  # RFC 7986: a CSS3 name
CLOSING = "END:VCALENDAR\r\n"


def opening(name: str) -> str:
    """`BEGIN:VCALENDAR` and the properties, for a calendar of this name. No METHOD: nobody is invited."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    # As text by hand: the library writes the commas and semicolons of these two bare.
    calendar.add("name", vText(one_line(name)))
    calendar.add("x-wr-calname", vText(one_line(name)))
    calendar.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    # The library drops the parameter when given a duration, and its default here is not DURATION.
    calendar.add("refresh-interval", vText(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _REFRESH)
    calendar.add("color", _COLOUR)
    text: str = calendar.to_ical().decode()
    return text.removesuffix(CLOSING)
