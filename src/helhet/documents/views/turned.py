"""The documents that one alteration gives a reason to check."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.document_page import address_of, crumbs_of, title_of
from helhet.documents.listing import group_names, standing_on
from helhet.documents.permissions import DocumentPermission
from helhet.documents.turning import turned_by
from helhet.journal.models import Event
from helhet.kit.errors import NotFound
from helhet.kit.web import Request, page


@page(DocumentPermission.VIEW)
def turned(request: Request, event_id: int) -> HttpResponse:
    """Those that the event touches, with how each stands now."""
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound(_("There is no such alteration."), where=str(event_id))
    found = list(turned_by(event, request.caller))
    groups, day = group_names(found), timezone.localdate()
    context = {
        "event": event, "crumbs": crumbs_of(),
        "rows": [
            (one, title_of(one), standing_on(one, day), groups.get(one.item_id, ""), address_of("document", one))
            for one in found
        ],
    }  # fmt: skip
    return render(request, "documents/turned.html", context)
