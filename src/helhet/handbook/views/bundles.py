"""The offline copies: how old, where, and to take away."""

from __future__ import annotations

from typing import cast

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render

from helhet.handbook.bundle.keys import folder, own_key
from helhet.handbook.bundle.renewing import find_readable, make_later, readable_audiences, standings
from helhet.handbook.bundle.showing import as_data
from helhet.handbook.bundle.zipping import zip_of
from helhet.handbook.permissions import HandbookPermission
from helhet.kit.web import Request, page


@page(HandbookPermission.BUNDLE_VIEW)
def bundles(request: Request) -> HttpResponse:
    """Each audience of the reader, with its newest copy and what no copy holds yet."""
    told = [as_data(one) for one in standings(readable_audiences(request.caller))]
    made = [one for one in told if one["number"]]
    context = {
        "copies": told,
        "late": sum(one["is_late"] for one in told),
        "made": len(made),
        "critical": [line for one in told for line in one["waiting"] if line["is_critical_routine"]],
        "key": own_key() if (folder() / "public.pem").exists() else None,
        "may_make": request.caller.may(HandbookPermission.BUNDLE_MAKE),
    }
    return render(request, "handbook/bundles.html", context)


@page(HandbookPermission.BUNDLE_MAKE, methods=("POST",))
def bundle_make(request: Request, audience: str) -> HttpResponse:
    """Make one now, in a job."""
    return redirect("kit:job", make_later(find_readable(audience, request.caller), by=request.caller).pk)


@page(HandbookPermission.BUNDLE_VIEW)
def bundle_zip(request: Request, audience: str) -> HttpResponse:
    """The newest copy as one file."""
    file, name = zip_of(find_readable(audience, request.caller))
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    return cast("HttpResponse", answer)
