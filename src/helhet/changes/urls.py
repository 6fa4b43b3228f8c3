"""Addresses of this room."""

from django.urls import path

from helhet.changes import urls_outcomes
from helhet.changes.views import calendar, changes, feeds, pages, periods, times

app_name = "changes"

urlpatterns = [
    *urls_outcomes.urlpatterns,
    path("changes/", changes.changes, name="changes"),
    path("feeds/<str:secret>.ics", feeds.feed, name="feed"),
    path("changes/feeds/", feeds.feeds, name="feeds"),
    path("changes/feeds/new/", feeds.feed_new, name="feed_new"),
    path("changes/feeds/<int:feed_id>/renew/", feeds.feed_renew, name="feed_renew"),
    path("changes/feeds/<int:feed_id>/end/", feeds.feed_end, name="feed_end"),
    path("changes/calendar/", calendar.calendar_page, name="calendar"),
    path("changes/periods/", periods.periods, name="periods"),
    path("changes/windows/new/", periods.window_new, name="window_new"),
    path("changes/windows/<int:window_id>/", periods.window, name="window"),
    path("changes/windows/<int:window_id>/edit/", periods.window_edit, name="window_edit"),
    path("changes/windows/<int:window_id>/end/", periods.window_end, name="window_end"),
    path("changes/freezes/new/", periods.freeze_new, name="freeze_new"),
    path("changes/freezes/<int:freeze_id>/", periods.freeze, name="freeze"),
    path("changes/freezes/<int:freeze_id>/edit/", periods.freeze_edit, name="freeze_edit"),
    path("changes/freezes/<int:freeze_id>/end/", periods.freeze_end, name="freeze_end"),
    path("changes/<str:reference>/", pages.change, name="change"),
    path("changes/<str:reference>/times/", times.times, name="times"),
    path("changes/<str:reference>/moving/", times.moving, name="moving"),
    path("changes/<str:reference>/signing/", times.signing, name="signing"),
    path("changes/<str:reference>/unsigning/", times.unsigning, name="unsigning"),
    path("changes/<str:reference>/exemption/", times.exemption, name="exemption"),
]
