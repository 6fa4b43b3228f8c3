"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern

from helhet.routines import urls_operations, urls_routines

app_name = "routines"

urlpatterns: list[URLPattern] = [*urls_operations.urlpatterns, *urls_routines.urlpatterns]
