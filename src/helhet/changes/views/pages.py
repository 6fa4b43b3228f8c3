"""The page of one change, put together of its sections."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from helhet.changes.change_page import context
from helhet.changes.finding import find_change
from helhet.changes.permissions import ChangePermission
from helhet.kit.web import Request, page


@page(ChangePermission.VIEW)
def change(request: Request, reference: str) -> HttpResponse:
    """One change: whom it touches, what they say, when it is, and what can be done next."""
    return render(request, "changes/change.html", context(find_change(reference, request.caller), request.caller))
