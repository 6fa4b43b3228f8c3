"""What the page of impact shows: the sentence, the groups with one way to each, the layers, and the loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.estate.impact import Direction, GroupHit, Impact
from helhet.estate.impact_parts import MOST, NONE, Hit, Part, View, hits_of, parts_of, types_among
from helhet.estate.impact_picture import Layers, layers
from helhet.estate.item_page import crumbs
from helhet.estate.ports import Badge, badges_of
from helhet.estate.rows import Row, chip_of
from helhet.estate.types import type_words
from helhet.items.models import Item
from helhet.kit.parts import Chip, Choice, Crumb, Page
from helhet.rules.reach import Effect, Reached

SHOWN = 50
LOOPS_SHOWN = 20
STEPS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class PartLine:
    """A group, service or criticality: what of it is reached, and the way to the nearest; `open_url` lists it."""

    name: str
    url: str
    open_url: str
    count: int
    services: int | None
    degraded: int | None
    path: list[Item]


@dataclass(frozen=True, slots=True)
class HitLine:
    """An item that is reached, the item that it is reached through, and whether it is only degraded."""

    chip: Chip
    group: str
    via: Item | None
    is_degraded: bool
    badges: Sequence[Badge] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """What is reached in so many steps."""

    label: str
    lines: list[HitLine]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which way, how far, with parts or without, and which row the page begins at; what else fails at once, what is
    filtered for, by what it is collapsed, which part is opened, and in which picture it is looked at.
    """

    direction: Direction
    depth: int | None
    with_parts: bool
    first: int = 0
    also: tuple[str, ...] = ()
    text: str = ""
    type: str = ""
    view: View = View.GROUP
    open: str = ""
    picture: str = ""

    def query(self, **changes: Any) -> str:
        """The address's query with some values replaced."""
        values: dict[str, Any] = {**{one.name: getattr(self, one.name) for one in fields(self)}, **changes}
        if changes.keys() & {"direction", "depth", "with_parts", "view", "picture"}:
            values["open"] = changes.get("open", "")
        pairs = [
            ("direction", "" if values["direction"] == Direction.DEPENDANTS else values["direction"]),
            ("depth", "" if values["depth"] is None else values["depth"]),
            ("with_parts", "1" if values["with_parts"] else ""),
            ("first", changes.get("first", 0) or ""),
            ("also", ",".join(values["also"])),
            ("q", values["text"]),
            ("type", values["type"]),
            ("view", "" if values["view"] == View.GROUP else values["view"]),
            ("open", values["open"]),
            ("picture", values["picture"]),
        ]
        encoded = urlencode([(name, value) for name, value in pairs if value != ""])
        return f"?{encoded}" if encoded else "?"


def context(item: Item, found: Impact, asked: Asked) -> dict[str, Any]:
    """All of the page."""
    seen, words = _seen(found, asked), type_words()
    loops = found.loops()
    wanted = {one.via for _row, one in seen.shown if one.via is not None} | set(_on_ways(found, seen.parts))
    wanted |= {pk for loop in loops[:LOOPS_SHOWN] for pk in loop}
    wanted |= {pk for group in seen.groups for pk in found.reach.path(group.nearest)}
    items = Item.objects.visible_to(found.caller).select_related("kind").in_bulk(wanted)
    return {
        "item": item,
        "start_references": ",".join(one.reference for one in found.start),
        "also": ", ".join(asked.also),
        "without_filter": asked.query(text="", type="", open=""),
        "all_url": f"{asked.query(open='')}#items" if seen.opened else "",
        "crumbs": [*crumbs(item), Crumb(item.name, item.get_absolute_url())],
        "found": found,
        "is_hit": found.direction == Direction.DEPENDANTS,
        "asked": asked,
        "hits": seen.hits,
        "is_narrowed": seen.hits < found.reached,
        "services": seen.services,
        "owners": len([group for group in seen.groups if group.reference]),
        "ownerless": sum(group.count for group in seen.groups if not group.reference),
        "degraded": seen.degraded,
        "parts": [_part_line(part, found, asked, items) for part in seen.parts]
        or [_group_line(group, found, asked, items) for group in seen.groups],
        "opened": seen.opened,
        "picture": _picture(found, seen.parts, items, asked) if seen.parts and seen.hits <= MOST else None,
        "layers": _layers(seen.shown, items, badges_of([row.item.pk for row, _one in seen.shown], found.caller)),
        "loops": [[chip_of(items[pk]) for pk in loop if pk in items] for loop in loops[:LOOPS_SHOWN]],
        "more_loops": max(0, len(loops) - LOOPS_SHOWN),
        "tabs": [
            Choice(str(way.label), asked.query(direction=way), current=way == asked.direction) for way in Direction
        ],
        "views": [Choice(str(view.label), asked.query(view=view), current=view == asked.view) for view in View],
        "types": [(key, words.said(key)) for key in seen.types],
        "steps": _steps(asked),
        "page": _page(asked, len(seen.shown), seen.listed),
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """What of the answer the page looks at. Where it is too much to be collapsed there are no parts."""

    hits: int
    listed: int
    shown: list[Hit]
    services: int
    degraded: int
    groups: list[GroupHit]
    parts: list[Part]
    opened: Part | None = None
    types: Sequence[str] = ()


def _seen(found: Impact, asked: Asked) -> Seen:
    last = asked.first + SHOWN
    if found.reached > MOST and not (asked.text.strip() or asked.type or asked.open):
        shown = found.hits(asked.first, last)
        return Seen(
            found.reached, found.reached, shown, found.count_services(), found.degraded, found.groups, [],
        )  # fmt: skip
    hits = hits_of(found, asked.text, asked.type)
    by_group = parts_of(found, hits, View.GROUP)
    parts = by_group if asked.view == View.GROUP or len(hits) > MOST else parts_of(found, hits, asked.view)
    opened = next((part for part in parts if part.key == asked.open), None)
    listed = opened.hits if opened else hits
    groups = [GroupHit(part.key if part.key != NONE else None, part.label, part.count, part.nearest)
              for part in by_group]  # fmt: skip
    return Seen(
        len(hits), len(listed), listed[asked.first : last], sum(part.services for part in by_group),
        sum(part.degraded for part in by_group), groups, parts, opened,
        types_among(found, found.hits() if asked.type else hits),
    )  # fmt: skip


def _group_line(group: GroupHit, found: Impact, asked: Asked, items: dict[int, Item]) -> PartLine:
    """A group of what is too much to be collapsed."""
    way = [items[pk] for pk in found.reach.path(group.nearest) if pk in items]
    url = reverse("groups:group", args=[group.reference]) if group.reference else ""
    return PartLine(group.name, url, f"{asked.query(open=group.reference or NONE)}#items", group.count, None, None, way)


def _on_ways(found: Impact, parts: Sequence[Part]) -> Iterator[int]:
    """The items on the ways to the nearest of each part in each layer."""
    for part in parts:
        seen: set[int] = set()
        for _row, one in part.hits:
            if one.distance not in seen:
                seen.add(one.distance)
                yield from found.reach.path(one.item)


def _part_line(part: Part, found: Impact, asked: Asked, items: dict[int, Item]) -> PartLine:
    way = [items[pk] for pk in found.reach.path(part.nearest) if pk in items]
    url = f"{asked.query(open=part.key)}#items"
    return PartLine(part.label, part.address, url, part.count, part.services, part.degraded, way)


def _picture(found: Impact, parts: Sequence[Part], items: dict[int, Item], asked: Asked) -> Layers:
    names = {pk: item.name for pk, item in items.items()}
    badges = badges_of([row.item.pk for part in parts for row, _one in part.hits], found.caller)
    return layers(found, parts, names, badges, lambda key: f"{asked.query(open=key)}#items")


def _steps(asked: Asked) -> list[Choice]:
    steps = [
        Choice(
            ngettext("%(count)d step", "%(count)d steps", step) % {"count": step}, asked.query(depth=step),
            current=asked.depth == step,
        )
        for step in STEPS
    ]  # fmt: skip
    return [Choice(_("All the way"), asked.query(depth=None), current=asked.depth is None), *steps]


def _layers(
    shown: Sequence[tuple[Row, Reached]], items: dict[int, Item], badges: dict[int, list[Badge]]
) -> list[Layer]:
    layers = []
    for distance, hits in groupby(shown, key=lambda hit: hit[1].distance):
        label = ngettext("%(count)d step away", "%(count)d steps away", distance) % {"count": distance}
        lines = [
            HitLine(
                row.chip,
                row.group.name if row.group else "",
                items.get(one.via or 0),
                one.effect == Effect.DEGRADED,
                badges.get(row.item.pk, ()),
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
