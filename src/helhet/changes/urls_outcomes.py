"""Addresses of what changes were, and of what needs no asking; `urls` has those of the room as a whole."""

from django.urls import path

from helhet.changes.views import outcomes, standards, thresholds, unregistered

urlpatterns = [
    path("changes/outcomes/", outcomes.changes_outcomes, name="outcomes"),
    path("changes/unregistered/", unregistered.unregistered, name="unregistered"),
    path("changes/unregistered/<int:alteration_id>/", unregistered.alteration, name="alteration"),
    path("changes/thresholds/", thresholds.thresholds, name="thresholds"),
    path("changes/thresholds/new/", thresholds.threshold_new, name="threshold_new"),
    path("changes/thresholds/covered/", thresholds.covered, name="covered"),
    path("changes/thresholds/<int:threshold_id>/end/", thresholds.threshold_end, name="threshold_end"),
    path("changes/standards/", standards.standards, name="standards"),
    path("changes/standards/new/", standards.standard_new, name="standard_new"),
    path("changes/standards/<int:standard_id>/", standards.standard, name="standard"),
    path("changes/standards/<int:standard_id>/version/", standards.standard_version, name="standard_version"),
    path("changes/standards/<int:standard_id>/decide/", standards.standard_decide, name="standard_decide"),
    path("changes/standards/<int:standard_id>/retire/", standards.standard_retire, name="standard_retire"),
    path("changes/standards/<int:standard_id>/raise/", standards.standard_raise, name="standard_raise"),
]
