"""Findings of dependencies: what does not hold together, with its next step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.estate.forms import group_choices
from helhet.estate.link_findings import PAGE, Asked, findings, group_asked, page_of, total
from helhet.estate.views.items import number_in
from helhet.items.models import Source
from helhet.items.permissions import ItemPermission
from helhet.kit.parts import Choice, Page
from helhet.kit.web import Request, page

FARTHEST = 10_000_000


@page(ItemPermission.VIEW)
def link_findings(request: Request) -> HttpResponse:
    """By sort, source and group; `from` is the place of the first one shown."""
    sent = {name: request.GET.get(name, "") for name in ("sort", "source", "group")}
    asked = Asked(sent["sort"], sent["source"], group_asked(sent["group"], request.caller))
    found = findings(asked, request.caller)
    first = number_in(request.GET.get("from", ""), FARTHEST)
    lines = page_of(found, asked, first, PAGE)
    every, shown = total(found), total(found, asked.sort)
    rest = {name: value for name, value in sent.items() if value and name != "sort"}
    here: dict[str, str | int] = {name: value for name, value in sent.items() if value}
    context = {
        "lines": lines, "total": every, "sent": sent, "groups": [("none", _("without group")), *group_choices()],
        "sources": list(Source.objects.values_list("name", flat=True)),
        "tabs": [
            Choice(_("All"), f"?{urlencode(rest)}", not asked.sort, every),
            *(
                Choice(one.label, f"?{urlencode({**rest, 'sort': one.sort})}", one.sort == asked.sort, one.count)
                for one in found
            ),
        ],
        "page": Page(
            first + 1 if lines else 0, first + len(lines), shown,
            previous_url=f"?{urlencode({**here, 'from': max(0, first - PAGE)})}" if first else "",
            next_url=f"?{urlencode({**here, 'from': first + PAGE})}" if first + PAGE < shown else "",
        ),
    }  # fmt: skip
    return render(request, "estate/link_findings.html", context)
