"""Addresses of sets of documents."""

from __future__ import annotations

from django.urls import URLPattern, path

from helhet.documents.views import sets

urlpatterns: list[URLPattern] = [path("documents/markdown.zip", sets.markdown, name="markdown")]
