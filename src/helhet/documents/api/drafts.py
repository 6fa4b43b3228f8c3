"""Drafts for programs: written, submitted, answered, published, dropped."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from helhet.documents import actions
from helhet.documents.addressing import API_ONE
from helhet.documents.api.documents import told
from helhet.documents.api.shapes import (
    DocumentOut,
    DraftIn,
    DraftNoteIn,
    DraftOut,
    DraftTextOut,
    SavedIn,
    VerdictIn,
    draft_data,
    draft_text_data,
)
from helhet.documents.finding import find_document
from helhet.documents.models import Draft, DraftText
from helhet.documents.permissions import DocumentPermission
from helhet.documents.standing import draft_of
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.errors import NotFound
from helhet.kit.paging import ListAsked, Listing, PageOut

router = Router(tags=["documents"])
DRAFT = f"{API_ONE}/draft"
TEXTS = Listing(DraftTextOut, {"version": "-version"}, draft_text_data)


def _out(response: HttpResponse, draft: Draft) -> dict[str, Any]:
    etag(response, draft.version)
    return draft_data(draft)


@router.get(DRAFT, response={200: DraftOut, **ERRORS}, summary="Read the draft")
@needs(DocumentPermission.DRAFT_VIEW)
def draft(request: HttpRequest, response: HttpResponse, address: str) -> dict[str, Any]:
    """Beside what is published; for those who write, review and approve it."""
    only_known(request)
    caller = caller_of(request)
    document = find_document(address, caller)
    caller.require(DocumentPermission.DRAFT_VIEW, document)
    found = draft_of(document)
    if found is None:
        raise NotFound(_("There is no draft."), todo=_("Begin one by editing the text."), where=address[:100])
    return _out(response, found)


@router.get(f"{DRAFT}/texts", response={200: PageOut[DraftTextOut], **ERRORS}, summary="List saved texts")
@needs(DocumentPermission.DRAFT_VIEW)
def texts(request: HttpRequest, asked: Query[ListAsked], address: str) -> Any:
    """Every text that was saved in a draft, also of one that was dropped; the newest first."""
    caller = caller_of(request)
    found = find_document(address, caller)
    caller.require(DocumentPermission.DRAFT_VIEW, found)
    return TEXTS.answer(request, asked, DraftText.objects.filter(document=found))


@router.put(DRAFT, response={200: DraftOut, **WRITE_ERRORS}, summary="Save the draft")
@needs(DocumentPermission.WRITE)
def save(request: HttpRequest, response: HttpResponse, address: str, data: SavedIn) -> dict[str, Any]:
    """Only the fields sent. If-Match is the draft's ETag, or "0" to begin one, with `base` as the edition that the text
    was written from; 412 when somebody else was first: read the draft or the new edition, put both texts together, and
    save that.
    """
    wanted = {"base": data.base, **data.dict(exclude_unset=True)}
    if "structured" in wanted:
        wanted["fields"] = wanted.pop("structured")
    return _out(response, actions.save_draft(address, by=caller_of(request), version=version_asked(request), **wanted))


@router.delete(DRAFT, response={204: None, **WRITE_ERRORS}, summary="Drop the draft")
@needs(DocumentPermission.WRITE, DocumentPermission.MANAGE)
def drop(request: HttpRequest, address: str) -> Status[None]:
    """What is published stays. Needs the draft's If-Match."""
    actions.drop_draft(address, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


@router.post(f"{DRAFT}/submit", response={200: DraftOut, **WRITE_ERRORS}, summary="Ask for approval")
@needs(DocumentPermission.WRITE, DocumentPermission.MANAGE, GroupPermission.TASK_CREATE)
def submit(request: HttpRequest, response: HttpResponse, address: str, data: DraftNoteIn) -> dict[str, Any]:
    """Needs the draft's If-Match."""
    note = data.note or None
    return _out(
        response, actions.submit_draft(address, by=caller_of(request), version=version_asked(request), note=note)
    )


@router.post(f"{DRAFT}/verdict", response={200: DraftOut, **WRITE_ERRORS}, summary="Answer the draft")
@needs(DocumentPermission.MANAGE, DocumentPermission.APPROVE)
def verdict(request: HttpRequest, response: HttpResponse, address: str, data: VerdictIn) -> dict[str, Any]:
    """Yes or no in review or approval, by whom the group's mandate says. Needs the draft's If-Match."""
    given = data.dict()
    return _out(response, actions.give_verdict(address, by=caller_of(request), version=version_asked(request), **given))


@router.post(f"{DRAFT}/publish", response={200: DocumentOut, **WRITE_ERRORS}, summary="Publish the draft")
@needs(DocumentPermission.WRITE, DocumentPermission.MANAGE)
def publish(request: HttpRequest, response: HttpResponse, address: str, data: DraftNoteIn) -> dict[str, Any]:
    """An approved one, or one that the asker may approve. Needs the draft's If-Match."""
    actions.publish(address, by=caller_of(request), version=version_asked(request), note=data.note or None)
    return told(request, response, address)


@router.post(f"{API_ONE}/minor", response={200: DocumentOut, **WRITE_ERRORS}, summary="Make a minor edit")
@needs(DocumentPermission.WRITE, DocumentPermission.MANAGE)
def minor(request: HttpRequest, response: HttpResponse, address: str, data: DraftIn) -> dict[str, Any]:
    """Published at once as 2.1; review and doubts stay as they are. Needs the document's If-Match."""
    wanted = data.dict(exclude_unset=True)
    if "structured" in wanted:
        wanted["fields"] = wanted.pop("structured")
    actions.edit_minor(address, by=caller_of(request), version=version_asked(request), **wanted)
    return told(request, response, address)
