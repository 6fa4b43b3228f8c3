"""The overview, and the demonstration that fills an empty store."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.models import Group
from helhet.home.demo.make import refuse_unless_empty
from helhet.home.facts import facts
from helhet.home.figures import Figures, figures
from helhet.home.jobs import make_demonstration
from helhet.home.links import address, items_url, joined
from helhet.home.looking import deviations
from helhet.home.news import news
from helhet.home.permissions import HomePermission
from helhet.home.scope import WHOLE, chosen_scope, groups_in
from helhet.home.state import WEEKS, state_of
from helhet.items.models import Item
from helhet.kit import charts, spoken
from helhet.kit.web import Request, page
from helhet.responsibility.coverage import Counts
from helhet.responsibility.models import Reading, ReadingSort

WEEK = dt.timedelta(days=7)


@page(HomePermission.VIEW)
def overview(request: Request) -> HttpResponse:
    """The whole in one sentence, what to look at first, and how it stands by group."""
    caller = request.caller
    scope = chosen_scope(request, caller)
    if "scope" in request.GET:
        request.session["scope"] = scope
    known = figures()
    if known is None or not known.coverage.all.items:
        return render(request, "home/empty.html", _empty(request, is_counting=known is None))
    only = groups_in(scope, caller)
    groups = list(Group.objects.visible_to(caller).select_related("item__kind"))
    context = {
        "scope": scope,
        "is_whole": scope == WHOLE,
        "scope_name": _scope_name(scope, groups),
        "says": _says(known, scope, only),
        "today": timezone.localdate(),
        "week": timezone.localdate().isocalendar().week,
        "counted_at": known.counted_at,
        "deviations": deviations(known, groups, caller, scope, only),
        "state": state_of(known, groups, only),
        "weeks": WEEKS,
        "news": news(),
        "facts": facts(known, groups, caller),
        "line": _line(known),
        "coverage_url": address("responsibility:coverage"),
    }
    return render(request, "home/overview.html", context)


@page(HomePermission.DEMO_MAKE, methods=("POST",))
def demo(request: Request) -> HttpResponse:
    """Fill the empty store with the demonstration organisation, as a job."""
    refuse_unless_empty()
    job = make_demonstration.later(caller=request.caller, unique="home.demo", title=_("Fill with the demonstration"))
    return redirect("kit:job", job_id=job.pk)


def _empty(request: Request, *, is_counting: bool) -> dict[str, Any]:
    return {
        "is_counting": is_counting,
        "has_items": Item.objects.filter(presence=0).exists(),
        "may_fill": request.caller.may(HomePermission.DEMO_MAKE),
        "import_url": address("importers:new"),
        "item_url": address("estate:new_item"),
        "groups_url": address("groups:groups"),
    }


def _scope_name(scope: str, groups: list[Group]) -> str:
    if scope == "mine":
        return _("My groups")
    return next((group.name for group in groups if group.reference == scope), "")


def _says(known: Figures, scope: str, only: frozenset[int] | None) -> dict[str, Any]:
    """The figures of the sentence, each with its list."""
    counts = Counts()
    for group, one in known.coverage.by_group.items():
        if only is None or group in only:
            for name, number in one.as_data().items():
                setattr(counts, name, getattr(counts, name) + number)
    in_scope = "" if only is None else f"group:{scope}"
    before = _week_ago(known)
    return {
        "counts": counts,
        "unowned_url": items_url("coverage:unowned"),
        "counted_url": items_url(joined("coverage:counted", in_scope)),
        "dead_url": items_url(joined("coverage:dead", in_scope)),
        "contested_url": items_url(joined("coverage:contested", in_scope)),
        "more": counts.unowned - before.unowned if before else 0,
        "fewer": before.unowned - counts.unowned if before else 0,
        "week_ago": before.on if before else None,
    }


def _week_ago(known: Figures) -> Reading | None:
    """The last reading of all that is at least a week old, but not older than two."""
    day = known.coverage.on - WEEK
    rows = Reading.objects.filter(sort=ReadingSort.ALL, on__lte=day, on__gt=day - WEEK)
    return rows.order_by("-on", "-read_at").first()


def _line(known: Figures) -> charts.Line | None:
    """The share under a living group, week by week."""
    since = known.coverage.on - WEEK * WEEKS
    rows = Reading.objects.filter(sort=ReadingSort.ALL, on__gte=since, items__gt=0).order_by("on", "read_at")
    last = {row.on: row for row in rows}
    days = [day for day in sorted(last) if (known.coverage.on - day).days % 7 == 0 and day != known.coverage.on]
    points = [
        charts.Point(
            spoken.day(day, "short"), (last[day].owned - last[day].dead_owner) / last[day].items, at=day.toordinal()
        )
        for day in days
    ]
    share, today = known.coverage.all.share, known.coverage.on
    points.append(charts.Point(spoken.day(today, "short"), share, bad=share < 1, at=today.toordinal()))
    return charts.line(points, _("Under a living group"), spoken.percent, ceiling=1.0)
