"""What is hit when an item fails or changes, and what it needs."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from helhet.estate import impact_page
from helhet.estate.impact import DEEPEST, Direction, impact
from helhet.estate.impact_parts import View
from helhet.estate.models import Picture
from helhet.estate.permissions import EstatePermission
from helhet.estate.pictures import find_picture, marks_of, may_change, places_of
from helhet.estate.views.items import number_in
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Refused
from helhet.kit.web import Request, page

FURTHEST_ROW = 10_000_000
MOST_STARTS = 50
PICTURES_SHOWN = 12


@page(ItemPermission.VIEW)
def impact_of(request: Request, reference: str) -> HttpResponse:
    """The item's impact; what cannot be read in the address is taken as left out, and what cannot be found is said."""
    caller, error = request.caller, None
    found = find_item(reference, caller)
    if found.reference != reference:
        return redirect("estate:impact", found.reference)
    kept = find_picture(request.GET["picture"], caller) if request.GET.get("picture") else None
    asked = _asked(request.GET, kept)
    try:
        others = [find_item(one, caller) for one in asked.also]
        if kept is not None:
            others += [place.item for place in places_of(kept, caller) if place.is_start]
        answer = impact(
            [found, *others], caller, direction=asked.direction, depth=asked.depth, with_parts=asked.with_parts,
            marks=marks_of(kept) if kept else None,
        )  # fmt: skip
        shown = impact_page.context(found, answer, asked)
    except Refused as refusal:
        error = refusal
        asked = impact_page.Asked(asked.direction, asked.depth, asked.with_parts)
        answer = impact([found], caller, direction=asked.direction, depth=asked.depth, with_parts=asked.with_parts)
        shown = impact_page.context(found, answer, asked)
    saved = {
        "kept": kept,
        "marks": kept.marks.select_related("item__kind", "user").order_by("id") if kept else (),
        "is_own": kept is not None and may_change(kept, caller),
        "pictures": Picture.objects.visible_to(caller).filter(places__item=found, places__is_start=True)[
            :PICTURES_SHOWN
        ],
        "may_save": caller.may(EstatePermission.PICTURE_SAVE),
        "may_share": caller.may(EstatePermission.PICTURE_SHARE),
        "wrong": error,
    }
    return render(request, "estate/impact.html", {**shown, **saved})


def _asked(query: QueryDict, kept: Picture | None) -> impact_page.Asked:
    """From the address; what it leaves out is as the picture keeps it."""
    way = query.get("direction", kept.direction if kept else "")
    view = query.get("view", kept.grouping if kept else "")
    depth = number_in(query.get("depth", ""), DEEPEST) if "depth" in query or kept is None else kept.depth
    return impact_page.Asked(
        Direction(way) if way in Direction.values else Direction.DEPENDANTS,
        depth or None,
        bool(query.get("with_parts")) or (kept is not None and kept.with_parts and "direction" not in query),
        number_in(query.get("first", ""), FURTHEST_ROW),
        tuple(dict.fromkeys(word for one in query.get("also", "").split(",") if (word := one.strip())))[:MOST_STARTS],
        query.get("q", kept.filter if kept else "").replace("\x00", ""),
        query.get("type", "").replace("\x00", "")[:60],
        View(view) if view in View.values else View.GROUP,
        query.get("open", ""),
        kept.slug if kept else "",
    )
