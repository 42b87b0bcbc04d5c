"""Routes of the calendar pages, within the pages' own namespace."""

from __future__ import annotations

from django.urls import path

from tracker.web import feed_pages

urlpatterns = [
    path("lich/", feed_pages.feeds_page, name="feeds"),
    path("lich/<int:pk>/doi-dia-chi/", feed_pages.rotate, name="rotate-feed"),
    path("lich/<int:pk>/thu-hoi/", feed_pages.revoke, name="revoke-feed"),
    path("viec/<int:pk>/viec.ics", feed_pages.task_calendar, name="task-calendar"),
]
