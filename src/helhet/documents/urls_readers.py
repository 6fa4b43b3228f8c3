"""Addresses of audiences and approval."""

from __future__ import annotations

from django.urls import URLPattern, path

from helhet.documents.views import readers

ONE = "documents/audiences/<slug:key>/"

urlpatterns: list[URLPattern] = [
    path("documents/audiences/", readers.audiences, name="audiences"),
    path("documents/audiences/new/", readers.audience_new, name="audience_new"),
    path(f"{ONE}edit/", readers.audience_edit, name="audience_edit"),
    path(f"{ONE}removal/", readers.audience_removal, name="audience_removal"),
    path("documents/approval/<str:reference>/", readers.approval, name="approval"),
]
