"""Addresses of writing and reading: the editor, comparing, remarks, reports."""

from __future__ import annotations

from django.urls import URLPattern, path

from helhet.documents import addressing
from helhet.documents.views import comparing, editing, reading, speaking

ONE = f"documents/<{addressing.NAME}:address>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}edit/", editing.edit, name="edit"),
    path(f"{ONE}preview/", editing.preview, name="preview"),
    path(f"{ONE}pictures/", editing.pictures, name="pictures"),
    path(f"{ONE}draft/", reading.draft, name="draft"),
    path(f"{ONE}editions/<str:number>/", reading.edition, name="edition"),
    path(f"{ONE}kept/", reading.kept, name="kept"),
    path(f"{ONE}compare/", comparing.comparing, name="compare"),
    path(f"{ONE}remarks/", speaking.remarks, name="remarks"),
    path(f"{ONE}remarks/<int:remark_id>/settling/", speaking.remark_settling, name="remark_settling"),
    path(f"{ONE}remarks/<int:remark_id>/removal/", speaking.remark_removal, name="remark_removal"),
    path(f"{ONE}report/", speaking.reporting, name="report"),
]
