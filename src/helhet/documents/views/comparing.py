"""Any two versions of a document side by side in one text, the draft too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helhet.documents.altered import Stretch, told
from helhet.documents.comparing import DRAFT, choices_of, chosen
from helhet.documents.document_page import address_of, crumbs_of
from helhet.documents.finding import find_document
from helhet.documents.laid_out import altered_as_read
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import Written, plain_fields
from helhet.kit.rights import Caller
from helhet.kit.web import Request, page

AS_TEXT = "text"


@page(DocumentPermission.VIEW)
def comparing(request: Request, address: str) -> HttpResponse:
    """`?from=1&to=2.1`; with nothing said, the draft against what is published, or the last two editions. As they are
    read; with `?as=text` as they are written.
    """
    found = find_document(address, request.caller)
    choices = choices_of(found, request.caller)
    before, after = chosen(choices, request.GET.get("from", ""), 1), chosen(choices, request.GET.get("to", ""), 0)
    first, second = choices.get(before), choices.get(after)
    is_text = request.GET.get("as") == AS_TEXT
    context = {
        "document": found, "crumbs": crumbs_of(found), "choices": [(key, _name(key)) for key in choices],
        "before": before, "after": after, "before_name": _name(before), "after_name": _name(after),
        "back_url": address_of("document", found), "as_text": is_text,
    }  # fmt: skip
    if first is not None and second is not None:
        context["altered"] = (_as_written if is_text else altered_as_read)(first, second, request.caller)
    return render(request, "documents/compare.html", context)


def _as_written(first: Written, second: Written, _caller: Caller) -> dict[str, list[Stretch]]:
    return {
        "titles": told(first.title, second.title), "text": told(first.text, second.text),
        "fields": told(plain_fields(first), plain_fields(second)),
    }  # fmt: skip


def _name(key: str) -> str:
    return _("the draft") if key == DRAFT else _("edition %(number)s") % {"number": key}
