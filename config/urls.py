"""Routes: each door has its own module."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from tracker.admin.site import site
from tracker.web import feeds

urlpatterns = [
    # Without sign-in, without a session: the token in the address is the right. First: it is asked most.
    path("ical/<str:token>.ics", feeds.calendar_feed, name="calendar-feed"),
    path("", include("tracker.web.urls")),
    path("admin/", site.urls),
    path("api/v1/", include("tracker.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
