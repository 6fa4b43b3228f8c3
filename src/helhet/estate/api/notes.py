"""The API of what is added to an item: parts, comments, files, links."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Status, UploadedFile

from helhet.estate.api.items import Number, items_page, router
from helhet.estate.api.schemas import ItemOut, ItemsAsked
from helhet.estate.api.schemas_notes import (
    AttachmentOut,
    CommentIn,
    CommentOut,
    LinkIn,
    LinkOut,
)
from helhet.items.actions import comment, link, remove_comment, unlink
from helhet.items.attachments import attach, files_of, find_attachment, place_of, remove_attachment
from helhet.items.finding import find_item
from helhet.items.models import Attachment, Comment, Item, Link, Presence
from helhet.items.notes import require_notes
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_rights import needs
from helhet.kit.errors import NotFound
from helhet.kit.paging import ListAsked, Listing, PageOut


def _named(item: Item) -> dict[str, str]:
    return {"reference": item.reference, "name": item.name}


@router.get(
    "/{path:reference}/parts", response={200: PageOut[ItemOut], **ERRORS}, exclude_unset=True,
    summary="List an item's parts",
)  # fmt: skip
@needs(ItemPermission.VIEW)
def parts(request: HttpRequest, asked: Query[ItemsAsked], reference: str) -> Any:
    """As the list of items, of those that are a part of this one."""
    return items_page(request, asked, f"part_of:{find_item(reference, caller_of(request)).reference}")


# ---- comments --------------------------------------------------------------------------------------------------


def _comment(said: Comment) -> dict[str, Any]:
    return {"id": said.pk, "author": said.author, "text": said.text, "at": said.at}


COMMENTS = Listing(CommentOut, {"id": "pk"}, _comment)


@router.get(
    "/{path:reference}/comments", response={200: PageOut[CommentOut], **ERRORS}, summary="List an item's comments"
)
@needs(ItemPermission.VIEW)
def comments(request: HttpRequest, asked: Query[ListAsked], reference: str) -> Any:
    """In the order of saying."""
    item = find_item(reference, caller_of(request))
    require_notes(item, caller_of(request))
    return COMMENTS.answer(request, asked, Comment.objects.filter(item=item, removed_at__isnull=True))


@router.post("/{path:reference}/comments", response={201: CommentOut, **ERRORS}, summary="Comment on an item")
@needs(ItemPermission.COMMENT)
def new_comment(request: HttpRequest, reference: str, body: CommentIn) -> Any:
    """Say something."""
    caller = caller_of(request)
    return Status(201, _comment(comment(find_item(reference, caller), body.text, by=caller)))


@router.delete(
    "/{path:reference}/comments/{int:comment_id}", response={204: None, **ERRORS}, summary="Take back a comment"
)
@needs(ItemPermission.COMMENT, ItemPermission.CHANGE)
def comment_removal(request: HttpRequest, reference: str, comment_id: Number) -> Any:
    """The event stays, the words go."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    said = Comment.objects.filter(item=item, pk=comment_id, removed_at__isnull=True).select_related("item").first()
    if said is None:
        raise NotFound(_("There is no such comment."))
    remove_comment(said, by=caller)
    return Status(204, None)


# ---- files -----------------------------------------------------------------------------------------------------


def _attachment(kept: Attachment) -> dict[str, Any]:
    return {
        "id": kept.pk, "name": kept.name, "content_type": kept.content_type, "size": kept.size, "sha256": kept.sha256,
        "author": kept.author, "at": kept.at,
    }  # fmt: skip


ATTACHMENTS = Listing(AttachmentOut, {"-id": "pk", "name": "name"}, _attachment)


@router.get(
    "/{path:reference}/attachments", response={200: PageOut[AttachmentOut], **ERRORS}, summary="List an item's files"
)
@needs(ItemPermission.VIEW)
def attachments(request: HttpRequest, asked: Query[ListAsked], reference: str) -> Any:
    """Newest first."""
    item = find_item(reference, caller_of(request))
    require_notes(item, caller_of(request))
    return ATTACHMENTS.answer(request, asked, files_of(item))


@router.post(
    "/{path:reference}/attachments", response={201: AttachmentOut, **ERRORS}, summary="Keep a file with an item",
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"example": {"file": "karta.png", "part": ""}}}}},
)  # fmt: skip
@needs(ItemPermission.ATTACH)
def new_attachment(request: HttpRequest, reference: str, file: File[UploadedFile], part: Form[str] = "") -> Any:
    """As multipart form data, at most 50 MiB, and 1 GiB a day from one person unless the installation says otherwise.
    With `part` it is of that part of the item's documentation (`orders`), for those who may read the part.
    """
    caller = caller_of(request)
    return Status(201, _attachment(attach(find_item(reference, caller), file, by=caller, part=part.strip()[:40])))


@router.get(
    "/{path:reference}/attachments/{int:attachment_id}", response={200: None, **ERRORS}, summary="Fetch an item's file",
    openapi_extra={"responses": {200: {"description": "The file", "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
@needs(ItemPermission.VIEW)
def attachment(request: HttpRequest, reference: str, attachment_id: Number) -> Any:
    """As a download."""
    only_known(request)
    caller = caller_of(request)
    kept = find_attachment(find_item(reference, caller), attachment_id, caller)
    answer = FileResponse(
        place_of(kept).open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@router.delete(
    "/{path:reference}/attachments/{int:attachment_id}",
    response={204: None, **ERRORS},
    summary="Remove a file from an item",
)
@needs(ItemPermission.ATTACH)
def attachment_removal(request: HttpRequest, reference: str, attachment_id: Number) -> Any:
    """Its content goes; the events stay."""
    caller = caller_of(request)
    remove_attachment(find_attachment(find_item(reference, caller), attachment_id, caller), by=caller)
    return Status(204, None)


# ---- links -----------------------------------------------------------------------------------------------------


def between(item: Item) -> Q:
    """The condition for links and dependencies from the item and to it, with both ends here."""
    here = Q(from_item__presence=Presence.HERE, to_item__presence=Presence.HERE)
    return (Q(from_item=item) | Q(to_item=item)) & here


def _link(item: Item, one: Link) -> dict[str, Any]:
    is_out = one.from_item_id == item.pk
    other = one.to_item if is_out else one.from_item
    return {"id": one.pk, "type": one.type, "direction": "out" if is_out else "in", "item": _named(other)}


@router.get("/{path:reference}/links", response={200: PageOut[LinkOut], **ERRORS}, summary="List an item's links")
@needs(ItemPermission.VIEW)
def links(request: HttpRequest, asked: Query[ListAsked], reference: str) -> Any:
    """From this item and to it."""
    item = find_item(reference, caller_of(request))
    rows = Link.objects.filter(between(item)).select_related("from_item", "to_item")
    return Listing(LinkOut, {"id": "pk", "type": "type"}, partial(_link, item)).answer(request, asked, rows)


@router.post("/{path:reference}/links", response={201: LinkOut, **ERRORS}, summary="Link an item to another")
@needs(ItemPermission.LINK)
def new_link(request: HttpRequest, reference: str, body: LinkIn) -> Any:
    """Stating a link again changes nothing."""
    caller = caller_of(request)
    other = find_item(body.to, caller)
    made = link(find_item(reference, caller), other, body.type, by=caller)
    return Status(201, {"id": made.pk, "type": made.type, "direction": "out", "item": _named(other)})


@router.delete(
    "/{path:reference}/links/{int:link_id}", response={204: None, **ERRORS}, summary="Remove a link from an item"
)
@needs(ItemPermission.LINK)
def link_removal(request: HttpRequest, reference: str, link_id: Number) -> Any:
    """One that starts at this item."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    found = Link.objects.filter(from_item=item, pk=link_id).select_related("from_item", "to_item").first()
    if found is None:
        raise NotFound(_("There is no such link."))
    unlink(found, by=caller)
    return Status(204, None)
