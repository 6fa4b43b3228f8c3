"""The page of how changes went."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.changes.command import day_of
from helhet.changes.models import ChangeType
from helhet.changes.outcomes import Outcomes, Part, outcomes
from helhet.changes.permissions import ChangePermission
from helhet.groups.finding import group_named
from helhet.kit import charts
from helhet.kit.spoken import duration, number, percent
from helhet.kit.web import Request, page

ITEMS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Table:
    """One table of figures. `more` is how many rows are left out."""

    id: str
    title: str
    head: str
    rows: list[tuple[Part, str]]
    more: int = 0


@page(ChangePermission.VIEW)
def changes_outcomes(request: Request) -> HttpResponse:
    """How many changes ended, how long they took and how they went. `?since=`, `?until=` and `?group=` narrow it."""
    asked = {name: request.GET.get(name, "").strip() for name in ("since", "until", "group")}
    group = group_named(asked["group"], request.caller) if asked["group"] else None
    since, until = day_of(asked["since"], "since"), day_of(asked["until"], "until")
    found = outcomes(request.caller, since=since, until=until, group=group)
    context = {
        "found": found, "whole": found.whole, "asked": asked, "group": group, "tables": _tables(found),
        "facts": _facts(found), "lines": _lines(found), "is_narrowed": any(asked.values()),
    }  # fmt: skip
    return render(request, "changes/outcomes.html", context)


def _facts(found: Outcomes) -> list[tuple[str, str]]:
    whole = found.whole
    return [
        (_("Done without faults"), f"{number(whole.good)} ({percent(whole.success)})"),
        (_("Done with faults"), number(whole.faults)),
        (pgettext("changes", "Failed"), number(whole.failed)),
        (_("Taken back for good"), f"{number(whole.undone)} ({percent(whole.undone_share)})"),
        (_("Took another change back"), f"{number(whole.reverts)} ({percent(whole.revert_share)})"),
        (_("From submission to end, median"), duration(whole.lead_median, in_days=True)),
        (_("From submission to end, nine of ten within"), duration(whole.lead_p90, in_days=True)),
        (_("The same in working hours, median"), duration(whole.working_median)),
        (_("The same in working hours, nine of ten within"), duration(whole.working_p90)),
        (_("End before their submission"), number(whole.contradictory)),
    ]


def _tables(found: Outcomes) -> list[Table]:
    def rows(parts: list[Part]) -> list[tuple[Part, str]]:
        return [(part, part.name or _("No group")) for part in parts]

    types = [(part, str(ChangeType(part.key).label).capitalize()) for part in found.types]
    shown = rows(found.items[:ITEMS_SHOWN])
    tables = [
        Table("groups", _("By group"), _("Group"), rows(found.groups)),
        Table("types", _("By type"), _("Type"), types),
        Table("kinds", _("By kind of item"), _("Kind"), rows(found.kinds)),
        Table("items", _("By item"), _("Item"), shown, len(found.items) - len(shown)),
        Table("months", _("By month"), _("Month"), rows(found.months)),
    ]
    return [one for one in tables if one.rows]


def _lines(found: Outcomes) -> list[tuple[str, str, charts.Line]]:
    """The lines over time, each with its name and the head of its table's values."""
    months = found.months
    today = timezone.localdate()
    whole = [one for one in months if one.key < f"{today:%Y-%m}"] or months
    count = charts.line([charts.Point(one.key, one.figures.count) for one in whole], _("Changes a month"), floor=0)
    share = charts.line(
        [charts.Point(one.key, one.figures.success or 0.0) for one in whole], _("Share that went well"), percent,
        floor=0, ceiling=1,
    )  # fmt: skip
    lead = charts.line(
        [charts.Point(one.key, round((one.figures.lead_median or 0.0) / 86_400, 1)) for one in whole],
        _("Days from submission to end, median"), floor=0,
    )  # fmt: skip
    named = ((_("Changes a month"), _("Changes"), count), (_("Share that went well"), _("Share"), share),
             (_("Days from submission to end, median"), _("Days"), lead))  # fmt: skip
    return [(title, head, line) for title, head, line in named if line]
