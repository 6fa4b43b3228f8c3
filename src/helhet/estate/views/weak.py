"""What would hurt most."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helhet.estate.permissions import EstatePermission
from helhet.estate.views.items import number_in
from helhet.estate.weak import WeakSort, lines, look_later, points, reading
from helhet.items.models import Criticality
from helhet.items.permissions import ItemPermission
from helhet.kit.parts import Choice, Page
from helhet.kit.web import Request, page

POST = ("POST",)
PAGE = 100
FARTHEST = 1_000_000


@page(ItemPermission.VIEW)
def weak_points(request: Request) -> HttpResponse:
    """By sort; `from` is the place of the first one shown."""
    asked = request.GET.get("sort", "")
    sort = asked if asked in WeakSort.values else ""
    first = number_in(request.GET.get("from", ""), FARTHEST)
    counts = {one.value: points(request.caller, one).count() for one in WeakSort}
    every = points(request.caller).count()
    total = counts.get(sort, every)
    shown = lines(list(points(request.caller, sort)[first : first + PAGE]))
    mine = f"sort={sort}&" if sort else ""
    context = {
        "may_look": request.caller.may(EstatePermission.DEPENDENCY_MANAGE),
        "known": reading(), "every": every, "singles": counts[WeakSort.SINGLE],
        "lines": [
            (line, Criticality(line.row.item.criticality).label, Criticality(line.point.worst).label) for line in shown
        ],
        "tabs": [
            Choice(_("All"), "?", not sort, every),
            *(Choice(str(one.label), f"?sort={one.value}", one == sort, counts[one.value]) for one in WeakSort),
        ],
        "page": Page(
            first + 1 if shown else 0, first + len(shown), total,
            previous_url=f"?{mine}from={max(0, first - PAGE)}" if first else "",
            next_url=f"?{mine}from={first + PAGE}" if first + PAGE < total else "",
        ),
    }  # fmt: skip
    return render(request, "estate/weak_points.html", context)


@page(EstatePermission.DEPENDENCY_MANAGE, methods=POST)
def weak_search(request: Request) -> HttpResponse:
    """Look for them now, in a job."""
    return redirect("kit:job", look_later(by=request.caller).pk)
