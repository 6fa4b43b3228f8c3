"""The API of what is added to an item: parts, comments, files, links, dependencies."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Status, UploadedFile

from helhet.estate.api.items import Number, router
from helhet.estate.api.schemas import (
    AttachmentOut,
    CommentIn,
    CommentOut,
    DependencyIn,
    DependencyOut,
    ItemOut,
    LinkIn,
    LinkOut,
)
from helhet.estate.dependencies import add_dependency, find_dependency, neighbours, remove_dependency
from helhet.estate.models import Dependency
from helhet.estate.rows import rows_of
from helhet.items.actions import comment, link, remove_comment, unlink
from helhet.items.attachments import attach, find_attachment, place_of, remove_attachment
from helhet.items.finding import find_item
from helhet.items.models import Attachment, Comment, Item, Link, Presence
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.errors import NotFound

LIMIT = 1_000


def _named(item: Item) -> dict[str, str]:
    return {"reference": item.reference, "name": item.name}


@router.get("/{path:reference}/parts", response={200: list[ItemOut], **ERRORS}, summary="List an item's parts")
def parts(request: HttpRequest, reference: str) -> Any:
    """At most 1,000, by name; the list with `part_of:` in its filter gives all."""
    only_known(request)
    caller = caller_of(request)
    item = find_item(reference, caller)
    found = Item.objects.visible_to(caller).filter(part_of=item).select_related("kind").order_by("name_key", "id")
    return [row.as_data() for row in rows_of(list(found[:LIMIT]))]


# ---- comments --------------------------------------------------------------------------------------------------


def _comment(said: Comment) -> dict[str, Any]:
    return {"id": said.pk, "author": said.author, "text": said.text, "at": said.at.isoformat()}


@router.get("/{path:reference}/comments", response={200: list[CommentOut], **ERRORS}, summary="List comments")
def comments(request: HttpRequest, reference: str) -> Any:
    """In the order of saying."""
    only_known(request)
    item = find_item(reference, caller_of(request))
    return [_comment(said) for said in Comment.objects.filter(item=item, removed_at__isnull=True)[:LIMIT]]


@router.post("/{path:reference}/comments", response={201: CommentOut, **ERRORS}, summary="Comment on an item")
def new_comment(request: HttpRequest, reference: str, body: CommentIn) -> Any:
    """Say something."""
    caller = caller_of(request)
    return Status(201, _comment(comment(find_item(reference, caller), body.text, by=caller)))


@router.delete(
    "/{path:reference}/comments/{int:comment_id}", response={204: None, **ERRORS}, summary="Take back a comment"
)
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
        "author": kept.author, "at": kept.at.isoformat(),
    }  # fmt: skip


@router.get("/{path:reference}/attachments", response={200: list[AttachmentOut], **ERRORS}, summary="List files")
def attachments(request: HttpRequest, reference: str) -> Any:
    """Newest first."""
    only_known(request)
    item = find_item(reference, caller_of(request))
    return [_attachment(kept) for kept in Attachment.objects.filter(item=item, removed_at__isnull=True)[:LIMIT]]


@router.post(
    "/{path:reference}/attachments", response={201: AttachmentOut, **ERRORS}, summary="Keep a file with an item"
)
def new_attachment(request: HttpRequest, reference: str, file: File[UploadedFile]) -> Any:
    """As multipart form data, at most 50 MiB."""
    caller = caller_of(request)
    return Status(201, _attachment(attach(find_item(reference, caller), file, by=caller)))


@router.get(
    "/{path:reference}/attachments/{int:attachment_id}", response={200: None, **ERRORS}, summary="Fetch a file",
    openapi_extra={"responses": {200: {"description": "The file", "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
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
    "/{path:reference}/attachments/{int:attachment_id}", response={204: None, **ERRORS}, summary="Remove a file"
)
def attachment_removal(request: HttpRequest, reference: str, attachment_id: Number) -> Any:
    """Its content goes; the events stay."""
    caller = caller_of(request)
    remove_attachment(find_attachment(find_item(reference, caller), attachment_id, caller), by=caller)
    return Status(204, None)


# ---- links -----------------------------------------------------------------------------------------------------


@router.get("/{path:reference}/links", response={200: list[LinkOut], **ERRORS}, summary="List links")
def links(request: HttpRequest, reference: str) -> Any:
    """From this item and to it."""
    only_known(request)
    item = find_item(reference, caller_of(request))
    out = Link.objects.filter(from_item=item, to_item__presence=Presence.HERE).select_related("to_item")[:LIMIT]
    into = Link.objects.filter(to_item=item, from_item__presence=Presence.HERE).select_related("from_item")[:LIMIT]
    return [
        *({"id": one.pk, "type": one.type, "direction": "out", "item": _named(one.to_item)} for one in out),
        *({"id": one.pk, "type": one.type, "direction": "in", "item": _named(one.from_item)} for one in into),
    ]


@router.post("/{path:reference}/links", response={201: LinkOut, **ERRORS}, summary="Link an item to another")
def new_link(request: HttpRequest, reference: str, body: LinkIn) -> Any:
    """Stating a link again changes nothing."""
    caller = caller_of(request)
    other = find_item(body.to, caller)
    made = link(find_item(reference, caller), other, body.type, by=caller)
    return Status(201, {"id": made.pk, "type": made.type, "direction": "out", "item": _named(other)})


@router.delete("/{path:reference}/links/{int:link_id}", response={204: None, **ERRORS}, summary="Remove a link")
def link_removal(request: HttpRequest, reference: str, link_id: Number) -> Any:
    """One that starts at this item."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    found = Link.objects.filter(from_item=item, pk=link_id).select_related("from_item", "to_item").first()
    if found is None:
        raise NotFound(_("There is no such link."))
    unlink(found, by=caller)
    return Status(204, None)


# ---- dependencies ----------------------------------------------------------------------------------------------


def _dependency(one: Dependency, direction: str, other: Item) -> dict[str, Any]:
    return {
        "id": one.pk, "type": one.type, "criticality": one.criticality, "note": one.note, "direction": direction,
        "item": _named(other), "source": one.source.name if one.source else None,
        "not_seen_since": one.not_seen_since.isoformat() if one.not_seen_since else None,
    }  # fmt: skip


@router.get(
    "/{path:reference}/dependencies", response={200: list[DependencyOut], **ERRORS}, summary="List dependencies"
)
def dependencies(request: HttpRequest, reference: str) -> Any:
    """What this item needs, and what needs it; at most 200 of each."""
    only_known(request)
    near = neighbours(find_item(reference, caller_of(request)))
    return [
        *(_dependency(one, "needs", one.to_item) for one in near.needs),
        *(_dependency(one, "needed_by", one.from_item) for one in near.needed_by),
    ]


@router.post(
    "/{path:reference}/dependencies", response={201: DependencyOut, **ERRORS}, summary="State what an item needs"
)
def new_dependency(request: HttpRequest, reference: str, body: DependencyIn) -> Any:
    """Stating it again sets its criticality and note."""
    caller = caller_of(request)
    other = find_item(body.to, caller)
    made = add_dependency(
        find_item(reference, caller), other, by=caller, sort=body.type, criticality=body.criticality, note=body.note
    )
    return Status(201, _dependency(made, "needs", other))


@router.delete(
    "/{path:reference}/dependencies/{int:dependency_id}", response={204: None, **ERRORS}, summary="Remove a dependency"
)
def dependency_removal(request: HttpRequest, reference: str, dependency_id: Number) -> Any:
    """One that starts at this item and that no source states."""
    caller = caller_of(request)
    remove_dependency(find_dependency(find_item(reference, caller), dependency_id), by=caller)
    return Status(204, None)
