"""The list of changes."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes.listing import TABS, fields, rows_of, tabs
from helhet.changes.models import Change, Position
from helhet.changes.permissions import ChangePermission
from helhet.kit.errors import Refused
from helhet.kit.filters import Context
from helhet.kit.parts import Choice, Page
from helhet.kit.web import Request, page

SIZE = 50


@page(ChangePermission.VIEW)
def changes(request: Request) -> HttpResponse:
    """What is to be altered, is being altered and has been."""
    text = request.GET.get("q", "")[:2_000]
    key = request.GET.get("show", "open")
    key = key if key in TABS else "open"
    everything = Change.objects.visible_to(request.caller)
    fault = ""
    found = everything
    try:
        found = everything.filter(fields().translate(text, Context(request.caller)).condition)
    except Refused as error:
        fault, found = str(error), everything.none()
    listed = tabs(found)
    first = int(asked) if (asked := request.GET.get("from", "0")).isdigit() and len(asked) < 7 else 0
    rows = list(rows_of(found, key)[first : first + SIZE + 1])

    def address(**more: object) -> str:
        pairs = {"q": text, "show": key if key != "open" else "", **more}
        encoded = urlencode({name: value for name, value in pairs.items() if value})
        return f"?{encoded}" if encoded else "?"

    context = {
        "rows": rows[:SIZE],
        "text": text,
        "fault": fault,
        "show": key,
        "counts": {one.key: one.count for one in listed},
        "waiting": Position.objects.visible_to(request.caller).open().filter(group_id__in=request.caller.leads).count(),
        "tabs": [
            Choice(one.label, address(show="" if one.key == "open" else one.key), one.key == key, one.count)
            for one in listed
        ],
        "page": Page(
            previous_url=address(**{"from": max(0, first - SIZE)}) if first else "",
            next_url=address(**{"from": first + SIZE}) if len(rows) > SIZE else "",
        ),
        "more": _more(),
        "may_draft": request.caller.may(ChangePermission.DRAFT),
        "any": everything.exists(),
    }
    return render(request, "changes/changes.html", context)


def _more() -> list[Choice]:
    """What belongs to changes besides the list and the calendar."""
    return [
        Choice(_("Standard changes"), reverse("changes:standards")),
        Choice(_("What needs no change"), reverse("changes:thresholds")),
        Choice(_("Windows and freezes"), reverse("changes:periods")),
        Choice(_("Positions in advance"), reverse("changes:advances")),
        Choice(_("Unregistered changes"), reverse("changes:unregistered")),
        Choice(_("How changes went"), reverse("changes:outcomes")),
    ]
