"""Figures of documents, and documents as Markdown, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from helhet.documents.figures import as_data, figures, found
from helhet.documents.permissions import DocumentPermission
from helhet.documents.views.sets import zip_of
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs

figures_router = Router(tags=["documents"])
pages_router = Router(tags=["documents"])


class PagesAsked(Schema):
    """Which documents."""

    filter: str = Field("", max_length=2_000)


class FiguresAsked(PagesAsked):
    """Which, and as of which day: today when it is left out."""

    as_of: dt.date | None = None


class DocumentFiguresOut(Schema):
    """Counts as of a day: the documents that stand now, their dates judged as if it were that day."""

    model_config = example(
        as_of="2026-12-31", documents=240, with_review_date=238, overdue=43, check_needed=51, withdrawn=2, not_seen=0,
    )  # fmt: skip

    as_of: dt.date
    documents: int
    with_review_date: int
    overdue: int
    check_needed: int
    withdrawn: int
    not_seen: int


@figures_router.get(
    "", response={200: DocumentFiguresOut, **ERRORS}, summary="Count documents by how their reviews stand"
)
@needs(DocumentPermission.VIEW)
def document_figures(request: HttpRequest, asked: Query[FiguresAsked]) -> dict[str, Any]:
    """Of those that the filter finds and the caller may read: with a review date, overdue, and to be checked."""
    only_known(request, "filter", "as_of")
    return as_data(figures(found(caller_of(request), asked.filter), asked.as_of))


@pages_router.get(
    "", response={200: None, **ERRORS}, summary="Fetch published documents as Markdown",
    openapi_extra={"responses": {200: {"description": "A zip of pages", "content": {
        "application/zip": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
@needs(DocumentPermission.VIEW)
def document_pages(request: HttpRequest, asked: Query[PagesAsked]) -> Any:
    """Those that the filter finds and the caller may read, each a page with front matter, which `pages` imports."""
    only_known(request, "filter")
    return zip_of(caller_of(request), asked.filter)
