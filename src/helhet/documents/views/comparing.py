"""Any two versions of a document side by side in one text, the draft too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helhet.documents.altered import told
from helhet.documents.document_page import address_of, crumbs_of
from helhet.documents.finding import find_document
from helhet.documents.models import Document
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import Written, plain_fields
from helhet.documents.standing import draft_for
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller
from helhet.kit.web import Request, page

DRAFT = "draft"


@page(DocumentPermission.VIEW)
def comparing(request: Request, address: str) -> HttpResponse:
    """`?from=1&to=2.1`; with nothing said, the draft against what is published, or the last two editions."""
    found = find_document(address, request.caller)
    choices = choices_of(found, request.caller)
    before, after = _chosen(choices, request.GET.get("from", ""), 1), _chosen(choices, request.GET.get("to", ""), 0)
    first, second = choices.get(before), choices.get(after)
    context = {
        "document": found, "crumbs": crumbs_of(found), "choices": [(key, _name(key)) for key in choices],
        "before": before, "after": after, "before_name": _name(before), "after_name": _name(after),
        "titles": told(first.title, second.title) if first and second else [],
        "lines": told(first.text, second.text) if first and second else [],
        "fields": told(plain_fields(first), plain_fields(second)) if first and second else [],
        "back_url": address_of("document", found),
    }  # fmt: skip
    return render(request, "documents/compare.html", context)


def choices_of(found: Document, caller: Caller) -> dict[str, Written]:
    """What the caller can compare, the newest first: `draft`, then each version by its number."""
    draft = draft_for(found, caller)
    versions = {one.number: one for one in found.versions.all()}
    return {DRAFT: draft, **versions} if draft is not None else {**versions}


def pair_of(found: Document, caller: Caller, before: str, after: str) -> tuple[str, str, Written, Written]:
    """The two that are asked for, with what they are called. Raises NotFound where nothing is written yet."""
    choices = choices_of(found, caller)
    keys = _chosen(choices, before, 1), _chosen(choices, after, 0)
    if not choices:
        raise NotFound(_("There is nothing yet to compare with."), where=found.address)
    return *keys, choices[keys[0]], choices[keys[1]]


def _chosen(choices: dict[str, Written], asked: str, otherwise: int) -> str:
    if asked:
        if asked not in choices:
            raise NotFound(_("There is no edition %(number)s.") % {"number": asked[:20]}, where=asked[:20])
        return asked
    keys = list(choices)
    return keys[min(otherwise, len(keys) - 1)] if keys else ""


def _name(key: str) -> str:
    return _("the draft") if key == DRAFT else _("edition %(number)s") % {"number": key}
