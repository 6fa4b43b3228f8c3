"""Documents for programs: listed, made, read, their facts set, withdrawn, doubted and confirmed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Status

from helhet.documents import actions
from helhet.documents.addressing import API_ONE
from helhet.documents.api.shapes import (
    DocumentIn,
    DocumentOut,
    DocumentPatch,
    DocumentRow,
    DocumentWhyIn,
    DoubtIn,
    EditionOut,
    ReadersIn,
    ReviewedIn,
    StillTrueIn,
    document_data,
    row_data,
    version_data,
)
from helhet.documents.finding import find_document
from helhet.documents.listing import Asked, asked_for
from helhet.documents.models import Document, Version
from helhet.documents.permissions import DocumentPermission
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut

router = Router(tags=["documents"])
NULLABLE = frozenset({"review_count", "valid_from", "valid_to"})
DOCUMENTS: Listing[Document] = Listing(
    DocumentRow, {"name": "item__name_key"}, lambda document: row_data(document, timezone.localdate())
)  # fmt: skip
VERSIONS = Listing(EditionOut, {"published_at": "-published_at"}, version_data)


class DocumentsAsked(ListAsked):
    """A list of documents."""

    filter: str = Field("", max_length=2_000, description="The filter language over the documents' items")
    of_sort: str = Field(
        "", max_length=20, description="documentation, routine, process, policy, agreement, minutes, other"
    )
    state: str = Field(
        "", max_length=20, description="valid, check, overdue, draft, waiting, unpublished, not_seen, withdrawn"
    )
    audience: str = Field("", max_length=40, description="The key of an audience")


def told(request: HttpRequest, response: HttpResponse, address: str) -> dict[str, Any]:
    """The document as it is now, with its version as ETag."""
    found = find_document(address, caller_of(request))
    etag(response, found.version)
    return document_data(found, timezone.localdate())


@router.get("", response={200: PageOut[DocumentRow], **ERRORS}, summary="List documents")
@needs(DocumentPermission.VIEW)
def documents(request: HttpRequest, asked: Query[DocumentsAsked]) -> Any:
    """Those that the asker may read; withdrawn ones only when asked for."""
    wanted = Asked(asked.filter, asked.of_sort, asked.state, asked.audience)
    rows = asked_for(caller_of(request), wanted, timezone.localdate())
    return DOCUMENTS.answer(request, asked, rows, "filter", "of_sort", "state", "audience")


@router.post("", response={201: DocumentOut, **ERRORS}, summary="Make a document")
@needs(DocumentPermission.CREATE, GroupPermission.TAKE, GroupPermission.ASSIGN, any_group=True)
def add_document(request: HttpRequest, response: HttpResponse, data: DocumentIn) -> Status[dict[str, Any]]:
    """With its first draft. Members of any group may; a part only of an item that a group of theirs answers for."""
    given = data.dict()
    made = actions.create_document(by=caller_of(request), fields=given.pop("structured"), **given)
    return Status(201, told(request, response, made.address))


@router.get(API_ONE, response={200: DocumentOut, **ERRORS}, summary="Read a document")
@needs(DocumentPermission.VIEW)
def document(request: HttpRequest, response: HttpResponse, address: str) -> dict[str, Any]:
    """By its address: `DOC-5`, or `SRV-12~orders` (also `SRV-12/orders`) for a part of an item's documentation."""
    only_known(request)
    return told(request, response, address)


@router.patch(API_ONE, response={200: DocumentOut, **WRITE_ERRORS}, summary="Set facts of a document")
@needs(DocumentPermission.WRITE)
def patch_document(request: HttpRequest, response: HttpResponse, address: str, data: DocumentPatch) -> dict[str, Any]:
    """Only the fields sent. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    actions.change_document(address, by=caller_of(request), version=version_asked(request), **wanted)
    return told(request, response, address)


@router.put(f"{API_ONE}/readers", response={200: DocumentOut, **WRITE_ERRORS}, summary="Set who may read a document")
@needs(DocumentPermission.MANAGE)
def readers(request: HttpRequest, response: HttpResponse, address: str, data: ReadersIn) -> dict[str, Any]:
    """Its audiences. Needs If-Match."""
    actions.set_audiences(address, by=caller_of(request), version=version_asked(request), audiences=data.audiences)
    return told(request, response, address)


@router.post(f"{API_ONE}/reviewed", response={200: DocumentOut, **WRITE_ERRORS}, summary="Say that it is reviewed")
@needs(DocumentPermission.CONFIRM)
def reviewed(request: HttpRequest, response: HttpResponse, address: str, data: ReviewedIn) -> dict[str, Any]:
    """The next review is counted from that day. Needs If-Match."""
    actions.mark_reviewed(address, by=caller_of(request), version=version_asked(request), on=data.on, text=data.text)
    return told(request, response, address)


@router.post(f"{API_ONE}/withdraw", response={200: DocumentOut, **WRITE_ERRORS}, summary="Withdraw a document")
@needs(DocumentPermission.MANAGE)
def withdrawal(request: HttpRequest, response: HttpResponse, address: str, data: DocumentWhyIn) -> dict[str, Any]:
    """Its versions are kept. Needs If-Match."""
    actions.withdraw(address, by=caller_of(request), version=version_asked(request), reason=data.reason)
    return told(request, response, address)


@router.post(f"{API_ONE}/return", response={200: DocumentOut, **WRITE_ERRORS}, summary="Take it into use again")
@needs(DocumentPermission.MANAGE)
def bring_back(request: HttpRequest, response: HttpResponse, address: str) -> dict[str, Any]:
    """As it was when it was withdrawn. Needs If-Match."""
    actions.bring_back(address, by=caller_of(request), version=version_asked(request))
    return told(request, response, address)


@router.post(f"{API_ONE}/doubts", response={201: DocumentOut, **ERRORS}, summary="Ask for a check")
@needs(DocumentPermission.REPORT, GroupPermission.TASK_CREATE)
def add_doubt(request: HttpRequest, response: HttpResponse, address: str, data: DoubtIn) -> Status[dict[str, Any]]:
    """Whoever reads it may. It says that it needs a check until its group has answered."""
    caller = caller_of(request)
    actions.raise_doubt(find_document(address, caller), by=caller, text=data.text)
    return Status(201, told(request, response, address))


@router.post(f"{API_ONE}/still-true", response={200: DocumentOut, **ERRORS}, summary="Say that it is still true")
@needs(DocumentPermission.CONFIRM)
def still_true(request: HttpRequest, response: HttpResponse, address: str, data: StillTrueIn) -> dict[str, Any]:
    """Settles the doubts that are named; one that came meanwhile stays."""
    caller = caller_of(request)
    actions.still_true(find_document(address, caller), by=caller, doubt_ids=data.doubts, text=data.text)
    return told(request, response, address)


@router.get(f"{API_ONE}/versions", response={200: PageOut[EditionOut], **ERRORS}, summary="List the editions")
@needs(DocumentPermission.VIEW)
def versions(request: HttpRequest, asked: Query[ListAsked], address: str) -> Any:
    """The newest first."""
    found: Document = find_document(address, caller_of(request))
    return VERSIONS.answer(request, asked, Version.objects.filter(document=found))
