"""The map: the neighbourhood of any item, opened a click at a time, and the pictures of it that are kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.estate import map_page
from helhet.estate.dependencies import add_dependency
from helhet.estate.impact import DEEPEST
from helhet.estate.map_page import Asked
from helhet.estate.models import Picture
from helhet.estate.permissions import EstatePermission
from helhet.estate.pictures import (
    Place,
    change_picture,
    delete_picture,
    find_picture,
    mark,
    places_of,
    save_picture,
    unmark,
)
from helhet.estate.surroundings import surroundings
from helhet.estate.views.items import number_in
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Refused
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

HIGHEST = 2**31 - 1


@page(ItemPermission.VIEW)
def the_map(request: Request) -> HttpResponse:
    """The map as its address asks for it; what it asks for and cannot be done is said above it."""
    caller, error = request.caller, None
    try:
        asked = Asked.of(request.GET, caller)
        asked, found = map_page.shown(asked, {name: request.GET[name] for name in request.GET}, caller)
    except Refused as refusal:
        error = refusal
        asked = _without_what_failed(request)
        found = surroundings(caller, asked.start, asked.items)
    context = {**map_page.context(asked, found, caller), "error": error, "title": map_page.title(asked)}
    template = "estate/_map_shown.html" if request.htmx else "estate/map.html"
    return render(request, template, context, status=error.status if error and request.htmx else 200)


def _without_what_failed(request: Request) -> Asked:
    query = request.GET.copy()
    for name in ("add", "open", "picture", "q", "start"):
        query.pop(name, None)
    return Asked.of(query, request.caller)


@page(EstatePermission.PICTURE_SAVE, methods=("POST",))
def pictures(request: Request) -> HttpResponse:
    """Keep the map as it stands, under a name."""
    asked = Asked.of(request.POST, request.caller)
    sent = request.POST
    made = save_picture(
        by=request.caller, name=sent.get("name", ""), places=_places(request, asked),
        is_shared=bool(sent.get("shared")), grouping=sent.get("grouping", "group"), closed=list(asked.closed),
        filter=asked.text, direction=sent.get("direction", "") or "dependants",
        depth=number_in(sent.get("depth", ""), DEEPEST) or None, with_parts=bool(sent.get("with_parts")),
    )  # fmt: skip
    toast(request, _("The picture is saved as %(name)s.") % {"name": made.name})
    return redirect(_impact_of(made, request) if sent.get("to") == "impact" else _address(made))


@page(EstatePermission.PICTURE_SAVE, methods=("POST",))
def picture(request: Request, slug: str) -> HttpResponse:
    """Keep what was moved, opened or hidden in a picture."""
    find_picture(slug, request.caller)
    asked = Asked.of(request.POST, request.caller)
    kept = change_picture(
        slug, by=request.caller, version=number_in(request.POST.get("version", ""), HIGHEST),
        places=_places(request, asked), grouping=asked.grouping, closed=list(asked.closed), filter=asked.text,
    )  # fmt: skip
    toast(request, _("%(name)s is saved.") % {"name": kept.name})
    return redirect(_address(kept))


@page(EstatePermission.PICTURE_SAVE, methods=("POST",))
def picture_removal(request: Request, slug: str) -> HttpResponse:
    """The picture is no more; the items stay."""
    delete_picture(slug, by=request.caller, version=number_in(request.POST.get("version", ""), HIGHEST))
    toast(request, _("The picture is deleted."))
    return redirect("estate:map")


@page(EstatePermission.PICTURE_SAVE, methods=("POST",))
def picture_marks(request: Request, slug: str) -> HttpResponse:
    """Say that an item is also hit, or is not, in the impact that the picture shows."""
    find_picture(slug, request.caller)
    item = find_item(request.POST.get("item", "").strip(), request.caller)
    kept = mark(
        slug, item, by=request.caller, version=number_in(request.POST.get("version", ""), HIGHEST),
        is_hit=bool(request.POST.get("is_hit")), reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return redirect(_impact_of(kept, request))


@page(EstatePermission.PICTURE_SAVE, methods=("POST",))
def picture_mark_removal(request: Request, slug: str, reference: str) -> HttpResponse:
    """What the dependencies say counts again."""
    find_picture(slug, request.caller)
    item = find_item(reference, request.caller)
    kept = unmark(slug, item, by=request.caller, version=number_in(request.POST.get("version", ""), HIGHEST))
    return redirect(_impact_of(kept, request))


@page(EstatePermission.DEPENDENCY_MANAGE, methods=("POST",))
def connect(request: Request) -> HttpResponse:
    """State that one item of the map depends on another."""
    caller, sent = request.caller, request.POST
    asked = Asked.of(sent, caller)
    item = find_item(sent.get("item", "").strip(), caller)
    provider = find_item(sent.get("provider", "").strip(), caller)
    add_dependency(item, provider, by=caller, sort=sent.get("type", ""), criticality=sent.get("criticality", ""))
    toast(request, _("%(item)s is said to need %(provider)s.") % {"item": item.name, "provider": provider.name})
    query = {**dict(asked.pairs()), "items": ",".join([*(one.reference for one in asked.items), item.reference])}
    return redirect(f"{reverse('estate:map')}?{urlencode({**query, 'add': provider.reference})}")


def _places(request: Request, asked: Asked) -> list[Place]:
    at = map_page.chosen_places(request.POST.get("places", ""))
    start = {item.pk for item in asked.start}
    items = {item.pk: item for item in (*asked.start, *asked.items)}
    return [Place(item, pk in start, *at.get(item.reference, (None, None))) for pk, item in items.items()]


def _impact_of(picture: Picture, request: Request) -> str:
    starts = [place.item for place in places_of(picture, request.caller) if place.is_start]
    if not starts:
        return _address(picture)
    address = reverse("estate:impact", args=[starts[0].reference])
    return f"{address}?{urlencode({'picture': picture.slug})}#marks"


def _address(picture: Picture) -> str:
    return f"{reverse('estate:map')}?{urlencode({'picture': picture.slug})}"
