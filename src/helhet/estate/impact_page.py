"""What the page of impact shows: the sentence, the groups with one way to each, the layers, and the loops."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.estate.impact import Direction, Impact
from helhet.estate.item_page import crumbs
from helhet.estate.rows import Row, chip_of
from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.kit.parts import Chip, Choice, Crumb, Page
from helhet.rules.reach import Effect, Reached

SHOWN = 200
LOOPS_SHOWN = 20
STEPS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group, how many of its items are reached, and the way to the nearest of them."""

    name: str
    url: str
    count: int
    path: list[Item]


@dataclass(frozen=True, slots=True)
class HitLine:
    """An item that is reached, the item that it is reached through, and whether it is only degraded."""

    chip: Chip
    group: str
    via: Item | None
    is_degraded: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """What is reached in so many steps."""

    label: str
    lines: list[HitLine]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which way, how far, with parts or without, and which row the page begins at."""

    direction: Direction
    depth: int | None
    with_parts: bool
    first: int = 0

    def query(self, **changes: Any) -> str:
        """The address's query with some values replaced."""
        values = {"direction": self.direction, "depth": self.depth, "with_parts": self.with_parts, **changes}
        pairs = [
            ("direction", "" if values["direction"] == Direction.DEPENDANTS else values["direction"]),
            ("depth", "" if values["depth"] is None else values["depth"]),
            ("with_parts", "1" if values["with_parts"] else ""),
            ("first", changes.get("first", 0) or ""),
        ]
        encoded = urlencode([(name, value) for name, value in pairs if value != ""])
        return f"?{encoded}" if encoded else "?"


def context(item: Item, found: Impact, asked: Asked) -> dict[str, Any]:
    """All of the page."""
    groups = found.groups
    shown = found.hits(asked.first, asked.first + SHOWN)
    paths = {group.nearest: found.reach.path(group.nearest) for group in groups}
    loops = found.loops()
    wanted = {one.via for _row, one in shown if one.via is not None} | {pk for path in paths.values() for pk in path}
    wanted |= {pk for loop in loops[:LOOPS_SHOWN] for pk in loop}
    items = Item.objects.visible_to(found.caller).select_related("kind").in_bulk(wanted)
    known = {group.reference: group for group in Group.objects.select_related("item")}
    return {
        "item": item,
        "crumbs": [*crumbs(item), Crumb(item.name, item.get_absolute_url())],
        "found": found,
        "is_hit": found.direction == Direction.DEPENDANTS,
        "asked": asked,
        "services": found.count_services(),
        "owners": len([group for group in groups if group.reference]),
        "ownerless": sum(group.count for group in groups if not group.reference),
        "degraded": found.degraded,
        "groups": [
            GroupLine(
                group.name,
                known[group.reference].get_absolute_url() if group.reference in known else "",
                group.count,
                [items[pk] for pk in paths[group.nearest] if pk in items],
            )
            for group in groups
        ],
        "layers": _layers(shown, items),
        "loops": [[chip_of(items[pk]) for pk in loop if pk in items] for loop in loops[:LOOPS_SHOWN]],
        "more_loops": max(0, len(loops) - LOOPS_SHOWN),
        "tabs": [
            Choice(str(way.label), asked.query(direction=way), current=way == asked.direction) for way in Direction
        ],
        "steps": _steps(asked),
        "page": _page(asked, len(shown), found.reached),
    }


def _steps(asked: Asked) -> list[Choice]:
    steps = [
        Choice(
            ngettext("%(count)d step", "%(count)d steps", step) % {"count": step}, asked.query(depth=step),
            current=asked.depth == step,
        )
        for step in STEPS
    ]  # fmt: skip
    return [Choice(_("All the way"), asked.query(depth=None), current=asked.depth is None), *steps]


def _layers(shown: list[tuple[Row, Reached]], items: dict[int, Item]) -> list[Layer]:
    layers = []
    for distance, hits in groupby(shown, key=lambda hit: hit[1].distance):
        label = ngettext("%(count)d step away", "%(count)d steps away", distance) % {"count": distance}
        lines = [
            HitLine(
                row.chip, row.group.name if row.group else "", items.get(one.via or 0), one.effect == Effect.DEGRADED
            )
            for row, one in hits
        ]
        layers.append(Layer(label, lines))
    return layers


def _page(asked: Asked, shown: int, total: int) -> Page:
    if not shown:
        return Page()
    first = asked.first
    return Page(
        first + 1, first + shown, total,
        previous_url=asked.query(first=max(0, first - SHOWN)) if first else "",
        next_url=asked.query(first=first + SHOWN) if first + shown < total else "",
    )  # fmt: skip
