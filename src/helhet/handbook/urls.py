"""Addresses of this room."""

from django.urls import include, path

app_name = "handbook"

urlpatterns = [
    path("", include("helhet.handbook.urls_bundles")),
    path("", include("helhet.handbook.urls_printing")),
]
