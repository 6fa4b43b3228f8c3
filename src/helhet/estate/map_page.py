"""What the page of the map shows, and what its address asks for."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.estate.impact import Direction
from helhet.estate.models import DependencyType, LinkCriticality, Picture, Standing
from helhet.estate.permissions import EstatePermission
from helhet.estate.pictures import find_picture, may_change, places_of
from helhet.estate.surroundings import MOST, Node, Surroundings, as_data, items_named, surroundings
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.kit.parts import Choice, Crumb
from helhet.kit.rights import Caller

PICTURES_SHOWN = 8
PICTURES_LISTED = 200
DRAWN_BY = ("group", "service", "none")


@dataclass(frozen=True, slots=True)
class Asked:
    """A map as it is asked for: where it starts, what it shows besides, and how it is drawn."""

    start: tuple[Item, ...] = ()
    items: tuple[Item, ...] = ()
    grouping: str = "group"
    closed: tuple[str, ...] = ()
    text: str = ""
    picture: Picture | None = None
    is_new: bool = True
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, query: QueryDict, caller: Caller) -> Asked:
        """From an address or a form. Raises NotFound for a start or a picture that is not there."""
        slug = query.get("picture", "")
        picture = find_picture(slug, caller) if slug else None
        places = places_of(picture, caller) if picture is not None else []
        start = [find_item(one, caller) for one in _words(query.get("start", ""))[:MOST]]
        items = items_named(_words(query.get("items", ""))[:MOST], caller)
        grouping = query.get("grouping", "") or (picture.grouping if picture else "group")
        return cls(
            tuple(start) or tuple(place.item for place in places if place.is_start),
            tuple(items) if "items" in query else tuple(place.item for place in places),
            grouping if grouping in DRAWN_BY else "group",
            tuple(_words(query.get("closed", ""))) if "closed" in query else tuple(picture.closed if picture else ()),
            query.get("q", picture.filter if picture else "").replace("\x00", ""),
            picture,
            "items" not in query and picture is None,
            {
                place.item.reference: (place.x, place.y)
                for place in places if place.x is not None and place.y is not None
            },
        )  # fmt: skip

    def pairs(self) -> list[tuple[str, str]]:
        """As names and values of an address, without what is empty or usual."""
        pairs = [
            ("start", ",".join(item.reference for item in self.start)),
            ("items", ",".join(item.reference for item in self.items)),
            ("grouping", self.grouping),
            ("closed", ",".join(self.closed)),
            ("q", self.text),
            ("picture", self.picture.slug if self.picture else ""),
        ]
        return [(name, value) for name, value in pairs if value]

    def query(self) -> str:
        """The address's query."""
        return f"?{urlencode(self.pairs(), safe=',')}"


@dataclass(frozen=True, slots=True)
class Part:
    """The nodes of one group or service in the list; `key` is empty for those of none."""

    key: str
    label: str
    is_closed: bool
    nodes: list[Node]


def shown(asked: Asked, query: Mapping[str, str], caller: Caller) -> tuple[Asked, Surroundings]:
    """The map after what the address asks to be done: `open` an item's neighbours (`way` says which), `add` or `hide`
    one. Gives the map as it then is asked for, and all that it shows.
    """
    if query.get("add"):
        added = find_item(query["add"].strip(), caller)
        asked = replace(asked, items=(*asked.items, added), start=asked.start or (added,), is_new=False)
    if query.get("hide"):
        gone = query["hide"]
        asked = replace(
            asked,
            start=tuple(item for item in asked.start if item.reference != gone),
            items=tuple(item for item in asked.items if item.reference != gone),
        )
    opened: Sequence[Item] = asked.start if asked.is_new else ()
    if query.get("open"):
        opened = [find_item(query["open"], caller)]
    found = surroundings(
        caller, asked.start, asked.items, opened=opened, direction=query.get("way", ""), text=asked.text
    )
    return replace(asked, items=tuple(node.row.item for node in found.nodes), is_new=False), found


def context(asked: Asked, found: Surroundings, caller: Caller) -> dict[str, Any]:
    """All of the page."""
    saved = list(Picture.objects.visible_to(caller).order_by("name", "id")[:PICTURES_SHOWN])
    address = reverse("estate:map")
    return {
        "asked": asked,
        "found": found,
        "crumbs": [Crumb(_("Estate"), reverse("estate:items"))],
        "parts": _parts(asked, found.nodes),
        "fields": asked.pairs(),
        "most": MOST,
        "groupings": [
            Choice(label, f"{address}{replace(asked, grouping=key, closed=()).query()}", current=asked.grouping == key)
            for key, label in (("group", _("By group")), ("service", _("By service")), ("none", _("As it is")))
        ],
        "views": [
            Choice(one.name, f"{address}?{urlencode({'picture': one.slug})}", current=one == asked.picture)
            for one in saved
        ],
        "kept": []
        if found.nodes
        else list(Picture.objects.visible_to(caller).select_related("user")[:PICTURES_LISTED]),
        "all_url": address if len(saved) == PICTURES_SHOWN and found.nodes else "",
        "may_depend": caller.may(EstatePermission.DEPENDENCY_MANAGE),
        "may_save": caller.may(EstatePermission.PICTURE_SAVE),
        "may_share": caller.may(EstatePermission.PICTURE_SHARE),
        "is_own": asked.picture is not None and may_change(asked.picture, caller),
        "types": list(DependencyType.objects.all()),
        "levels": [(str(level), level.label) for level in LinkCriticality],
        "data": _data(asked, found),
    }


def _data(asked: Asked, found: Surroundings) -> dict[str, Any]:
    """What the page's script draws from."""
    return {
        **as_data(found),
        "grouping": asked.grouping, "closed": list(asked.closed), "places": asked.places, "query": asked.query(),
        "address": reverse("estate:map"), "icons": static("built/icons.svg"),
        "words": {
            "none": _("without group") if asked.grouping != "service" else _("without service"),
            "least": _("at least %(least)s of %(of)s"),
            "questioned": str(Standing.QUESTIONED.label),
            "unseen": _("no longer seen"),
            "items": _("%(count)s items"),
            "hard": str(LinkCriticality.HARD.label), "degrades": str(LinkCriticality.DEGRADES.label),
            "loose": str(LinkCriticality.NONE.label), "title": title(asked),
        },
    }  # fmt: skip


def title(asked: Asked) -> str:
    """What the map is called: by its picture, or by where it starts."""
    if asked.picture is not None:
        return asked.picture.name
    if not asked.start:
        return _("Map")
    first, more = asked.start[0].name, len(asked.start) - 1
    if not more:
        return _("Around %(name)s") % {"name": first}
    return ngettext("Around %(name)s and one more", "Around %(name)s and %(count)d more", more) % {
        "name": first, "count": more,
    }  # fmt: skip


def _parts(asked: Asked, nodes: Iterable[Node]) -> list[Part]:
    """The list beside the map, in the same order as it is drawn: by group or service, those without last."""
    by_key: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in nodes:
        if asked.grouping == "service":
            row = node.service
            by_key[(row.reference, row.item.name) if row else ("", "")].append(node)
        elif asked.grouping == "group":
            group = node.row.group
            by_key[(group.reference, group.name) if group else ("", "")].append(node)
        else:
            by_key["", ""].append(node)
    parts = [
        Part(key, label, key in asked.closed, sorted(some, key=lambda one: (one.layer, one.row.item.name_key)))
        for (key, label), some in by_key.items()
    ]
    return sorted(parts, key=lambda part: (not part.key, part.label))


def chosen_places(text: str) -> dict[str, tuple[float, float]]:
    """Where things stand, as the script tells it: `{"SRV-1": [x, y]}`; nothing where it cannot be read."""
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        str(name): (float(at[0]), float(at[1]))
        for name, at in told.items()
        if isinstance(at, list) and len(at) == 2 and all(isinstance(one, int | float) for one in at)
    }


def way_of(text: str) -> str:
    """The direction, empty for both."""
    return text if text in Direction.values else ""


def _words(text: str) -> list[str]:
    return [word for one in text.split(",") if (word := one.strip())]
