"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern

from helhet.documents import urls_sets

app_name = "documents"

urlpatterns: list[URLPattern] = [*urls_sets.urlpatterns]
