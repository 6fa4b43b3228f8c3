"""A month of a group's routines: used or not, and how it went."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.finding import group_named
from helhet.groups.forms import group_choices
from helhet.kit.web import Request, page
from helhet.routines.evidence import month_of, next_month, read_month
from helhet.routines.permissions import RoutinePermission
from helhet.routines.views.pages import crumbs, tabs

MOST = 100
"""So many of all groups' routines that were never used; the library shows the rest."""


@page(RoutinePermission.VIEW)
def evidence(request: Request) -> HttpResponse:
    """The monthly report; it prints."""
    first = read_month(request.GET.get("month", ""))
    named = request.GET.get("group", "")[:100].strip()
    group = group_named(named, request.caller) if named else None
    report = month_of(request.caller, first, group)
    before = read_month(f"{first.year - (first.month == 1):04d}-{(first.month - 2) % 12 + 1:02d}")

    never = [line for line in report.lines if line.is_never_used]

    def address(month: object) -> str:
        return "?" + urlencode({"month": f"{month:%Y-%m}", **({"group": named} if named else {})})

    context = {
        "report": report, "sums": report.sums, "crumbs": crumbs(), "tabs": tabs("evidence"), "named": named,
        "groups": [("", _("All groups")), *group_choices()[1:]], "month": f"{first:%Y-%m}", "before": address(before),
        "after": address(next_month(first)) if next_month(first) <= timezone.localdate() else "",
        "never": never if group else never[:MOST], "is_cut": not group and len(never) > MOST,
        "used": [line for line in report.lines if line.uses or line.abandoned],
    }  # fmt: skip
    return render(request, "routines/evidence.html", context)
