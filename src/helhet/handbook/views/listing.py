"""The list of services with their seven states, and the list of gaps."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.handbook.completeness import Handbook, Service, handbook, weights
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.ready import answers
from helhet.handbook.shapes import part_label
from helhet.handbook.states import CLASSES, MARKS, PARTS, state_label
from helhet.kit.errors import Refused
from helhet.kit.parts import Choice, Page
from helhet.kit.web import Request, page
from helhet.rules.service_parts import PartState

SIZE = 60
GAPS = 100
SORTS = {
    "name": lambda one: (one.item.name_key, one.item.pk),
    "complete": lambda one: (one.share.share if one.share.share is not None else 2, one.item.name_key, one.item.pk),
    "gaps": lambda one: (-sum(gap.size for gap in one.gaps), one.item.name_key, one.item.pk),
}


def _asked(request: Request) -> dict[str, str]:
    names = ("q", "part", "state", "sort", "by")
    asked = {name: request.GET.get(name, "")[:2_000] for name in names}
    asked["part"] = asked["part"] if asked["part"] in PARTS else ""
    asked["state"] = asked["state"] if asked["state"] in {one.value for one in PartState} else ""
    asked["sort"] = asked["sort"] if asked["sort"] in SORTS else ""
    asked["by"] = "group" if asked["by"] == "group" else ""
    return asked


def chosen(found: Handbook, part: str, state: str) -> list[Service]:
    """Those with the part, or any part, in the state; all when no state is asked for."""
    if not state:
        return list(found.services)
    wanted = PartState(state)
    return [
        one
        for one in found.services
        if any(standing.state == wanted and key == (part or key) for key, standing in one.parts.items())
    ]


def _place(request: Request) -> int:
    asked = request.GET.get("from", "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def address(asked: dict[str, Any], **more: object) -> str:
    """This list with something asked for otherwise."""
    pairs = {name: value for name, value in {**asked, **more}.items() if value}
    return f"?{urlencode(pairs)}" if pairs else "?"


@page(HandbookPermission.VIEW)
def services(request: Request) -> HttpResponse:
    """Every service and product, and how its documentation stands."""
    asked = _asked(request)
    fault = ""
    try:
        found = handbook(request.caller, asked["q"])
    except Refused as error:
        fault, found = str(error), Handbook([], weights())
    rows = sorted(chosen(found, asked["part"], asked["state"]), key=SORTS[asked["sort"] or "name"])
    if asked["by"]:
        rows.sort(key=lambda one: (one.group is None, one.group.name.casefold() if one.group else ""))
    first = _place(request)
    part = rows[first : first + SIZE]
    ready = answers([one.item.pk for one in part], request.caller)
    lines = [_line(one, ready[one.item.pk]) for one in part]
    groups = groupby(lines, key=lambda line: line["group"] if asked["by"] else "")
    context = {
        "found": found, "whole": found.whole.share, "asked": asked, "fault": fault, "count": len(rows),
        "groups": [(name, list(some)) for name, some in groups],
        "by_part": [(part_label(key), share.share, address({}, part=key, state="missing"))
                    for key, share in found.by_part.items()],
        "states": _state_choices(found, asked), "sorts": _sort_choices(asked),
        "parts": [(key, part_label(key)) for key in PARTS], "checks": found.counts[PartState.CHECK],
        "gaps": len(found.gaps),
        "by_choice": Choice(_("By group"), address(asked, by="" if asked["by"] else "group"), bool(asked["by"])),
        "page": Page(
            first + 1 if part else 0, first + len(part), len(rows),
            previous_url=address(asked, **{"from": max(0, first - SIZE)}) if first else "",
            next_url=address(asked, **{"from": first + SIZE}) if first + SIZE < len(rows) else "",
        ),
    }  # fmt: skip
    return render(request, "handbook/services.html", context)


def _line(one: Service, ready: Any) -> dict[str, Any]:
    return {
        "service": one, "group": one.group.name if one.group else "", "ready": ready,
        "bar": [
            (part_label(key), state_label(standing.state), MARKS[standing.state], CLASSES[standing.state], key)
            for key, standing in one.parts.items()
        ],
        "open": _open(one),
    }  # fmt: skip


def _open(one: Service) -> list[tuple[str, str, str]]:
    """The parts that are not done, by state in the order of their weight: (state, mark, the parts in words)."""
    by_state: dict[PartState, list[str]] = {}
    for gap in one.gaps:
        by_state.setdefault(gap.state, []).append(part_label(gap.part).lower())
    return [
        (state_label(state), MARKS[state], _("all seven") if len(labels) == len(PARTS) else ", ".join(labels))
        for state, labels in by_state.items()
    ]


def _state_choices(found: Handbook, asked: dict[str, str]) -> list[Choice]:
    choices = [Choice(_("All"), address(asked, state="", part=""), not asked["state"], len(found.services))]
    return choices + [
        Choice(state_label(state), address(asked, state=state.value), asked["state"] == state,
               len(chosen(found, asked["part"], state)))
        for state in PartState
    ]  # fmt: skip


def _sort_choices(asked: dict[str, str]) -> list[Choice]:
    labels = {"name": _("Names in order"), "complete": _("Least complete first"), "gaps": _("Heaviest gaps first")}
    here = asked["sort"] or "name"
    return [Choice(label, address(asked, sort="" if key == "name" else key), key == here)
            for key, label in labels.items()]  # fmt: skip


@page(HandbookPermission.VIEW)
def gaps(request: Request) -> HttpResponse:
    """What is not written, drafted only or in doubt, by what it weighs."""
    asked = _asked(request)
    fault = ""
    try:
        found = handbook(request.caller, asked["q"])
    except Refused as error:
        fault, found = str(error), Handbook([], weights())
    rows = [
        one for one in found.gaps if asked["part"] in {"", one.gap.part} and asked["state"] in {"", one.gap.state.value}
    ]
    first = _place(request)
    context = {
        "found": found, "whole": found.whole.share, "asked": asked, "fault": fault, "count": len(rows),
        "rows": [
            (first + place, one, part_label(one.gap.part), state_label(one.gap.state), MARKS[one.gap.state])
            for place, one in enumerate(rows[first : first + GAPS], start=1)
        ],
        "weights": [(part_label(key), weight) for key, weight in found.weights.items()],
        "may_weigh": request.caller.may(HandbookPermission.WEIGHT_MANAGE),
        "page": Page(
            first + 1 if rows else 0, min(first + GAPS, len(rows)), len(rows),
            previous_url=address(asked, **{"from": max(0, first - GAPS)}) if first else "",
            next_url=address(asked, **{"from": first + GAPS}) if first + GAPS < len(rows) else "",
        ),
    }  # fmt: skip
    return render(request, "handbook/gaps.html", context)
