"""Addresses of the API. None ends with a slash."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from tracker.api import schema  # noqa: F401 -- the description learns of tokens by this import
from tracker.api.views.extensions import EvidenceViewSet, ExtensionViewSet
from tracker.api.views.people import ProfileView, StatisticsView, TokenViewSet
from tracker.api.views.record import EventViewSet
from tracker.api.views.registry import AgencyViewSet, DocumentViewSet, DutyViewSet
from tracker.api.views.reminders import TaskRemindersView
from tracker.api.views.roots import FrontView, NothingView
from tracker.api.views.tasks import TaskViewSet
from tracker.api.views.urgings import TaskUrgingsView
from tracker.api.views.webhooks import WebhookViewSet

app_name = "api"

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("tasks", TaskViewSet, basename="tasks")
router.register("documents", DocumentViewSet, basename="documents")
router.register("duties", DutyViewSet, basename="duties")
router.register("agencies", AgencyViewSet, basename="agencies")
router.register("extensions", ExtensionViewSet, basename="extensions")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("events", EventViewSet, basename="events")
router.register("webhooks", WebhookViewSet, basename="webhooks")
router.register("me/tokens", TokenViewSet, basename="tokens")

urlpatterns = [
    path("", FrontView.as_view(), name="front"),
    path("me", ProfileView.as_view(), name="me"),
    path("statistics", StatisticsView.as_view(), name="statistics"),
    path("tasks/<int:pk>/reminders", TaskRemindersView.as_view(), name="task-reminders"),
    path("tasks/<int:pk>/urgings", TaskUrgingsView.as_view(), name="task-urgings"),
    *router.urls,
    re_path(r"^", NothingView.as_view()),  # not `.*`: an address may hold a line break
]
