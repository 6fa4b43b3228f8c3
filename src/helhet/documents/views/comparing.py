"""Any two versions of a document side by side in one text, the draft too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helhet.documents.altered import told
from helhet.documents.comparing import DRAFT, choices_of, chosen
from helhet.documents.document_page import address_of, crumbs_of
from helhet.documents.finding import find_document
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import plain_fields
from helhet.kit.web import Request, page


@page(DocumentPermission.VIEW)
def comparing(request: Request, address: str) -> HttpResponse:
    """`?from=1&to=2.1`; with nothing said, the draft against what is published, or the last two editions."""
    found = find_document(address, request.caller)
    choices = choices_of(found, request.caller)
    before, after = chosen(choices, request.GET.get("from", ""), 1), chosen(choices, request.GET.get("to", ""), 0)
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


def _name(key: str) -> str:
    return _("the draft") if key == DRAFT else _("edition %(number)s") % {"number": key}
