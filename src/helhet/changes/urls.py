"""Addresses of this room."""

from django.urls import path

from helhet.changes.views import changes, pages

app_name = "changes"

urlpatterns = [
    path("changes/", changes.changes, name="changes"),
    path("changes/<str:reference>/", pages.change, name="change"),
]
