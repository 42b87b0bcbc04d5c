"""Programs by the names that people know."""

from __future__ import annotations

import pytest

from tracker.calendar_feed.clients import client_words


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Mozilla/5.0 (compatible; Google-Calendar-Importer; +http://example.com)", "Google Calendar"),
        ("Microsoft Exchange/15.20 (Outlook.Com)", "Outlook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.2.0", "Thunderbird"),
        ("iOS/18.1 (22B83) dataaccessd/1.0", "iPhone, iPad"),
        ("macOS/15.1 (24B83) CalendarAgent/1026", "Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140", "trình duyệt"),
        ("mot-chuong-trinh-la/1.0 " + "x" * 60, "mot-chuong-trinh-la/1.0 " + "x" * 16),
        ("", ""),
    ],
)
def test_client_words(user_agent: str, words: str) -> None:
    assert client_words(user_agent) == words
