"""Addresses of what changes were, and of what needs no asking; `urls` has those of the room as a whole."""

from django.urls import path

from helhet.changes.views import outcomes

urlpatterns = [
    path("changes/outcomes/", outcomes.changes_outcomes, name="outcomes"),
]
