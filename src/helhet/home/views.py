"""The overview."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from helhet.home.figures import figures
from helhet.home.permissions import HomePermission
from helhet.home.scope import chosen_scope
from helhet.kit.web import Request, page


@page(HomePermission.VIEW)
def overview(request: Request) -> HttpResponse:
    """The whole in one sentence, what to look at first, and how it stands by group."""
    if "scope" in request.GET:
        request.session["scope"] = chosen_scope(request, request.caller)
    known = figures()
    return render(request, "home/overview.html", {"counts": known.coverage.all if known else None})
