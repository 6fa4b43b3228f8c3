"""A month of a group's routines: used or not, how it went, and the runs behind each figure."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.finding import group_named
from helhet.groups.forms import group_choices
from helhet.groups.models import Group
from helhet.items.finding import find_item
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.web import Request, page
from helhet.routines.evidence import SHOWS, Line, month_of, next_month, read_month, runs_of_month
from helhet.routines.permissions import RoutinePermission
from helhet.routines.reading import run_words
from helhet.routines.views.pages import crumbs, tabs

MOST = 100
"""So many of all groups' routines that were never used; the library shows the rest."""
SIZE = 50


@page(RoutinePermission.VIEW)
def evidence(request: Request) -> HttpResponse:
    """The monthly report; it prints."""
    first, group = _asked(request)
    named = request.GET.get("group", "")[:100].strip()
    report = month_of(request.caller, first, group)
    before = read_month(f"{first.year - (first.month == 1):04d}-{(first.month - 2) % 12 + 1:02d}")
    never = [line for line in report.lines if line.is_never_used]
    used = [line for line in report.lines if line.uses or line.abandoned]

    def address(month: object) -> str:
        return "?" + urlencode({"month": f"{month:%Y-%m}", **({"group": named} if named else {})})

    context = {
        "report": report, "sums": report.sums, "crumbs": crumbs(), "tabs": tabs("evidence"), "named": named,
        "groups": [("", _("All groups")), *group_choices()[1:]], "month": f"{first:%Y-%m}", "before": address(before),
        "after": address(next_month(first)) if next_month(first) <= timezone.localdate() else "",
        "never": never if group else never[:MOST], "is_cut": not group and len(never) > MOST,
        "heads": [label for _show, label in _columns()],
        "used": [(line, _cells(line, first, group)) for line in used],
        "used_url": _runs_url(first, group, "used"), "failed_url": _runs_url(first, group, "failed"),
    }  # fmt: skip
    return render(request, "routines/evidence.html", context)


@page(RoutinePermission.VIEW)
def evidence_runs(request: Request) -> HttpResponse:
    """The runs that a figure of the report counts: `show` says which, `routine` of which line."""
    first, group = _asked(request)
    show, routine = request.GET.get("show", ""), request.GET.get("routine", "")[:100].strip()
    found = runs_of_month(request.caller, first, group, show, routine)
    count, begin = found.count(), _number(request.GET.get("from", ""))
    rows = [(run, *run_words(run)) for run in found[begin : begin + SIZE]]
    item = find_item(routine, request.caller) if routine else None
    report = reverse("routines:evidence") + "?" + urlencode(_pairs(first, group))

    def address(where: int) -> str:
        return _runs_url(first, group, show, routine, where)

    context = {
        "first": first, "group": group, "item": item, "runs": rows, "count": count, "show": show,
        "minutes": found.aggregate(n=Sum("minutes"))["n"] or 0, "skipped": found.aggregate(n=Sum("skipped"))["n"] or 0,
        "crumbs": [*crumbs(), Crumb(_("Evidence"), report)],
        "tabs": [
            Choice(label, _runs_url(first, group, one, routine), one == show)
            for one, label in [("", _("All, also abandoned")), *_shows()]
        ],
        "pager": Page(
            begin + 1 if rows else 0, begin + len(rows), count,
            previous_url=address(max(0, begin - SIZE)) if begin else "",
            next_url=address(begin + SIZE) if begin + SIZE < count else "",
        ),
    }  # fmt: skip
    return render(request, "routines/evidence_runs.html", context)


def _asked(request: Request) -> tuple[dt.date, Group | None]:
    named = request.GET.get("group", "")[:100].strip()
    return read_month(request.GET.get("month", "")), group_named(named, request.caller) if named else None


def _shows() -> list[tuple[str, str]]:
    labels = (
        _("Uses"), _("With deviations"), _("Failed"), _("Abandoned"), _("With steps skipped"),
    )  # fmt: skip
    return list(zip(filter(None, SHOWS), labels, strict=True))


def _columns() -> list[tuple[str, str]]:
    return [*_shows()[:-1], ("skipped", _("Steps skipped")), ("", _("Minutes"))]


def _cells(line: Line, first: dt.date, group: Group | None) -> list[tuple[str, int, str]]:
    """(label, figure, the runs that it counts) of a routine."""
    figures = (line.uses, line.deviations, line.failed, line.abandoned, line.skipped, line.minutes)
    reference = line.document.item.reference
    return [
        (label, figure, _runs_url(first, group, show, reference))
        for (show, label), figure in zip(_columns(), figures, strict=True)
    ]


def _runs_url(first: dt.date, group: Group | None, show: str, routine: str = "", begin: int = 0) -> str:
    more = {"show": show, "routine": routine, "from": begin or ""}
    pairs = _pairs(first, group) | {name: value for name, value in more.items() if value}
    return reverse("routines:evidence_runs") + "?" + urlencode(pairs)


def _pairs(first: dt.date, group: Group | None) -> dict[str, object]:
    return {"month": f"{first:%Y-%m}", **({"group": group.reference} if group else {})}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
