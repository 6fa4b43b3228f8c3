"""What is not the published text: the draft, a former edition, and the texts that were saved on the way."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helhet.documents.contents import contents_of
from helhet.documents.document_page import address_of, crumbs_of, deeds, draft_says
from helhet.documents.finding import find_document
from helhet.documents.models import DraftText, Verdict
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import shown_fields
from helhet.documents.reading import as_read
from helhet.documents.rendering import html_of_text
from helhet.documents.standing import draft_for, standing_of
from helhet.kit.errors import NotFound
from helhet.kit.web import Request, page

MOST = 100
"""Saved texts that are listed, the newest first."""


@page(DocumentPermission.VIEW)
def draft(request: Request, address: str) -> HttpResponse:
    """The draft as it would be published, with what was said of it, for those who write, review and approve it."""
    caller = request.caller
    found = find_document(address, caller)
    caller.require(DocumentPermission.DRAFT_VIEW, found)
    one = draft_for(found, caller)
    if one is None:
        raise NotFound(_("There is no draft."), todo=_("Begin one by editing the text."), where=found.address)
    flow = standing_of(found, caller, one)
    context = {
        "document": found, "crumbs": crumbs_of(found), "read": as_read(found, one, caller),
        "draft": one, "says": draft_says(found, one, flow),
        "verdicts": Verdict.objects.filter(document=found, draft_version=one.version),
        "deeds": deeds(found, one, flow, caller), "kept_url": address_of("kept", found),
    }  # fmt: skip
    return render(request, "documents/draft.html", context)


@page(DocumentPermission.VIEW)
def edition(request: Request, address: str, number: str) -> HttpResponse:
    """One edition as it was published, former ones too."""
    caller = request.caller
    found = find_document(address, caller)
    numbers = {one.number: one.pk for one in found.versions.only("major", "minor")}
    one = found.versions.filter(pk=numbers.get(number, 0)).first()
    if one is None:
        raise NotFound(_("There is no edition %(number)s.") % {"number": number[:20]}, where=number[:20])
    context = {
        "document": found, "crumbs": crumbs_of(found), "edition": one, "is_current": one.pk == found.published_id,
        "body": html_of_text(one.text, caller, of=found), "fields": shown_fields(one, caller),
        "contents": contents_of(one.text),
    }  # fmt: skip
    return render(request, "documents/edition.html", context)


@page(DocumentPermission.VIEW)
def kept(request: Request, address: str) -> HttpResponse:
    """Every text that was saved in a draft, also one that was dropped; `?version=` shows one as it was written."""
    found = find_document(address, request.caller)
    request.caller.require(DocumentPermission.DRAFT_VIEW, found)
    asked, rows = request.GET.get("version", ""), DraftText.objects.filter(document=found)
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    one = rows.filter(version=number).first()
    if asked and one is None:
        raise NotFound(_("No such text was saved."), where=asked[:20])
    context = {
        "document": found, "crumbs": crumbs_of(found), "one": one, "rows": rows.defer("text", "fields")[:MOST],
        "fields": shown_fields(one, request.caller) if one is not None else "",
    }  # fmt: skip
    return render(request, "documents/kept.html", context)
