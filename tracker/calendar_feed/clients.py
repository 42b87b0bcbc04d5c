"""What calendar programs call themselves, in words that people know, and how often each comes back."""

from __future__ import annotations

# The first that occurs in the User-Agent decides. Most specific first: several contain "Mozilla".
_CLIENTS = (
    ("Google-Calendar-Importer", "Google Calendar"),
    ("Microsoft Exchange", "Outlook"),
    ("Outlook", "Outlook"),
    ("Thunderbird", "Thunderbird"),
    ("dataaccessd", "iPhone, iPad"),
    ("iOS", "iPhone, iPad"),
    ("CalendarAgent", "Mac"),
    ("macOS", "Mac"),
    ("ICSx5", "ICSx⁵ (Android)"),
    ("vdirsyncer", "vdirsyncer"),
    ("Mozilla", "trình duyệt"),
)
_LONGEST = 40


def client_words(user_agent: str) -> str:
    """A program's known name; an unknown one's own first words; empty for none."""
    for mark, words in _CLIENTS:
        if mark in user_agent:
            return words
    return user_agent[:_LONGEST]
