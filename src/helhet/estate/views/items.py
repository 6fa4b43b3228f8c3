"""The list of items: page, completion, files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.estate import listing_page
from helhet.estate.asked import Asked
from helhet.estate.chips import completion
from helhet.estate.files import file_of
from helhet.groups.actions import delete_view, save_view
from helhet.groups.models import SavedView
from helhet.groups.permissions import GroupPermission
from helhet.items.finding import items_begun
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

LAST_FIRST = 100_000_000


def asked_of(request: HttpRequest) -> Asked:
    """What the address asks for, seen through the scope that the frame keeps."""
    return Asked.of(request.GET).scoped(str(request.session.get("scope", "")))


def number_in(text: str, highest: int, otherwise: int = 0) -> int:
    """A whole number from 0 to `highest` out of an address."""
    return min(int(text), highest) if text.isascii() and text.isdigit() and len(text) <= 15 else otherwise


@page(ItemPermission.VIEW)
def items(request: Request) -> HttpResponse:
    """The list. `?complete=TEXT&at=PLACE` answers what may be written there."""
    if "complete" in request.GET:
        text = request.GET["complete"][:2_000]
        at = number_in(request.GET.get("at", ""), len(text), len(text))
        return JsonResponse(completion(text, at, request.caller))
    first = number_in(request.GET.get("first", ""), LAST_FIRST)
    context = listing_page.context(asked_of(request), request.caller, first)
    return render(request, "estate/items.html", context, status=422 if context["error"] else 200)


@page(ItemPermission.VIEW)
def things(request: Request) -> HttpResponse:
    """What a field that asks for things may say, by `?complete=TEXT&at=PLACE`: items whose name begins as what stands
    there, each with its reference. With `several` the field holds more of them, with commas or lines between.
    """
    text = request.GET.get("complete", "")[:4_000]
    at = number_in(request.GET.get("at", ""), len(text), len(text))
    begun = 1 + max(text.rfind(sign, 0, at) for sign in ",\n") if "several" in request.GET else 0
    written = text[begun:at].strip()
    found = [one for one in items_begun(written, request.caller) if one.reference != written.upper()]
    return JsonResponse({
        "from": at - len(text[begun:at].lstrip()), "to": at,
        "choices": [{"text": one.reference, "label": one.name, "hint": f"{one.reference} {one.kind}"} for one in found],
    })  # fmt: skip


@page(ItemPermission.VIEW)
def exported(request: Request, form: str) -> HttpResponse:
    """All that match, as a file: csv, xlsx or json."""
    return file_of(asked_of(request).items(request.caller), form)


@page(GroupPermission.VIEW_SAVE, methods=("GET", "HEAD", "POST"))
def views(request: Request) -> HttpResponse:
    """Keep the list as it is under a name; the views that one has."""
    asked = Asked.of(request.POST if request.method == "POST" else request.GET)
    error: Invalid | None = None
    if request.method == "POST":
        try:
            view = save_view(
                by=request.caller, name=request.POST.get("name", ""), is_shared="shared" in request.POST,
                filter=asked.text, columns=list(asked.columns), sort=asked.sort,
            )  # fmt: skip
        except Invalid as refusal:
            error = refusal
        else:
            toast(request, _("The view %(name)s is kept.") % {"name": view.name})
            return redirect(reverse("estate:items") + asked.query())
    own = SavedView.objects.filter(listing="items", user_id=request.caller.user_id or 0).order_by("name")
    context = {
        "asked": asked, "pairs": [pair for pair in asked.pairs() if pair[0] != "cursor"], "own": own, "error": error,
        "name": request.POST.get("name", ""), "may_share": request.caller.may(GroupPermission.VIEW_SHARE),
        "back": reverse("estate:items") + asked.query(),
    }  # fmt: skip
    return render(request, "estate/views.html", context, status=422 if error else 200)


@page(GroupPermission.VIEW_SAVE, methods=("POST",))
def view_removal(request: Request, slug: str) -> HttpResponse:
    """A saved view is no more."""
    version = request.POST.get("version", "")
    asked = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    delete_view(slug, by=request.caller, version=asked)
    toast(request, _("The view was removed."))
    return redirect("estate:items")
