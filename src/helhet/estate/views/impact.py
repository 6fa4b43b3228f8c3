"""What is hit when an item fails or changes, and what it needs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from helhet.estate import impact_page
from helhet.estate.impact import DEEPEST, Direction, impact
from helhet.estate.views.items import number_in
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.web import Request, page

FURTHEST_ROW = 10_000_000


@page(ItemPermission.VIEW)
def impact_of(request: Request, reference: str) -> HttpResponse:
    """The item's impact; what cannot be read in the address is taken as left out."""
    found = find_item(reference, request.caller)
    if found.reference != reference:
        return redirect("estate:impact", found.reference)
    way = request.GET.get("direction", "")
    asked = impact_page.Asked(
        Direction(way) if way in Direction.values else Direction.DEPENDANTS,
        number_in(request.GET.get("depth", ""), DEEPEST) or None,
        bool(request.GET.get("with_parts")),
        number_in(request.GET.get("first", ""), FURTHEST_ROW),
    )
    answer = impact([found], request.caller, direction=asked.direction, depth=asked.depth, with_parts=asked.with_parts)
    return render(request, "estate/impact.html", impact_page.context(found, answer, asked))
