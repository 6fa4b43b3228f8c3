"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from helhet.documents import addressing, urls_readers, urls_sets, urls_writing
from helhet.documents.views import pages, steps, turned

app_name = "documents"
ONE = f"documents/<{addressing.NAME}:address>/"

urlpatterns: list[URLPattern] = [
    *urls_sets.urlpatterns,
    *urls_readers.urlpatterns,
    *urls_writing.urlpatterns,
    path("documents/", pages.documents, name="documents"),
    path("documents/new/", pages.document_new, name="document_new"),
    path("documents/turned/<int:event_id>/", turned.turned, name="turned"),
    path(ONE, pages.document, name="document"),
    path(f"{ONE}submitting/", steps.submit, name="submit"),
    path(f"{ONE}verdict/", steps.verdict, name="verdict"),
    path(f"{ONE}publishing/", steps.publishing, name="publishing"),
    path(f"{ONE}dropping/", steps.drop, name="drop"),
    path(f"{ONE}facts/", steps.facts, name="facts"),
    path(f"{ONE}readers/", steps.readers, name="readers"),
    path(f"{ONE}withdrawal/", steps.withdrawal, name="withdrawal"),
    path(f"{ONE}return/", steps.bring_back, name="bring_back"),
    path(f"{ONE}review/", steps.reviewed, name="reviewed"),
    path(f"{ONE}doubt/", steps.doubt, name="doubt"),
    path(f"{ONE}still-true/", steps.still_true, name="still_true"),
]
