"""What people add to an item: comments, files, links."""

from __future__ import annotations

from typing import cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helhet.items.actions import comment, link, remove_comment, unlink
from helhet.items.attachments import attach, find_attachment, place_of, remove_attachment
from helhet.items.finding import find_item
from helhet.items.models import Comment, Item, Link
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


def _back(request: Request, item: Item, anchor: str, refusal: Invalid | None = None) -> HttpResponse:
    """The item's page at the section, with a refusal said as a toast."""
    if refusal is not None:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    return redirect(f"{item.get_absolute_url()}#{anchor}")


@page(ItemPermission.COMMENT, methods=("POST",))
def comments(request: Request, reference: str) -> HttpResponse:
    """Say something."""
    item = find_item(reference, request.caller)
    try:
        comment(item, request.POST.get("text", ""), by=request.caller)
    except Invalid as refusal:
        return _back(request, item, "comments", refusal)
    return _back(request, item, "comments")


@page(ItemPermission.COMMENT, methods=("POST",))
def comment_removal(request: Request, reference: str, comment_id: int) -> HttpResponse:
    """Take back what was said."""
    item = find_item(reference, request.caller)
    said = Comment.objects.filter(item=item, pk=comment_id).select_related("item").first()
    if said is None:
        raise NotFound(_("There is no such comment."))
    remove_comment(said, by=request.caller)
    return _back(request, item, "comments")


@page(ItemPermission.ATTACH, methods=("POST",))
def attachments(request: Request, reference: str) -> HttpResponse:
    """Keep a file with the item."""
    item = find_item(reference, request.caller)
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return _back(request, item, "attachments", Invalid(_("Choose a file first.")))
    try:
        kept = attach(item, upload, by=request.caller)
    except Invalid as refusal:
        return _back(request, item, "attachments", refusal)
    toast(request, _("%(name)s is kept.") % {"name": kept.name})
    return _back(request, item, "attachments")


@page(ItemPermission.VIEW)
def attachment(request: Request, reference: str, attachment_id: int) -> HttpResponse:
    """The file, always as a download and never as a page of this host."""
    kept = find_attachment(find_item(reference, request.caller), attachment_id, request.caller)
    answer = FileResponse(place_of(kept).open("rb"), as_attachment=True, filename=kept.name,
                          content_type=kept.content_type)  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return cast("HttpResponse", answer)


@page(ItemPermission.ATTACH, methods=("POST",))
def attachment_removal(request: Request, reference: str, attachment_id: int) -> HttpResponse:
    """Remove a file."""
    item = find_item(reference, request.caller)
    remove_attachment(find_attachment(item, attachment_id, request.caller), by=request.caller)
    return _back(request, item, "attachments")


@page(ItemPermission.LINK, methods=("POST",))
def links(request: Request, reference: str) -> HttpResponse:
    """State a link to another item."""
    item = find_item(reference, request.caller)
    try:
        link(
            item,
            find_item(request.POST.get("other", ""), request.caller),
            request.POST.get("type", ""),
            by=request.caller,
        )
    except (Invalid, NotFound) as refusal:
        return _back(request, item, "links", Invalid(refusal.message, todo=refusal.todo))
    return _back(request, item, "links")


@page(ItemPermission.LINK, methods=("POST",))
def link_removal(request: Request, reference: str, link_id: int) -> HttpResponse:
    """Remove a link."""
    item = find_item(reference, request.caller)
    found = Link.objects.filter(from_item=item, pk=link_id).select_related("from_item", "to_item").first()
    if found is None:
        raise NotFound(_("There is no such link."))
    unlink(found, by=request.caller)
    return _back(request, item, "links")
