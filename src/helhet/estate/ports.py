"""Where rooms above join in on the pages of items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from helhet.items.models import Item
from helhet.kit.parts import Choice, Panel
from helhet.kit.ports import Port
from helhet.kit.rights import Caller


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the trail by which a group was found: what was asked, and whether it decided.

    `text` is plain or safe HTML; `url` leads to the rule; `outcome` is `decided`, `passed` (gives no group) or `later`
    (stands after the one that decided).
    """

    text: str
    outcome: str
    url: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """What goes on with an item, said in a few words beside it in pictures: an open change, an incident.

    `mark` is the mark's name (`due`, `over`), empty where it is neither good nor bad.
    """

    label: str
    url: str
    mark: str = ""


list_acts: Port[Callable[[Caller], Sequence[Choice]]] = Port("estate.list_acts")
item_panels: Port[Callable[[Item, Caller], Sequence[Panel]]] = Port("estate.item_panels")
item_badges: Port[Callable[[Collection[int], Caller], Mapping[int, Sequence[Badge]]]] = Port("estate.item_badges")
explain: Port[Callable[[int, Caller], Sequence[Step]]] = Port("estate.explain")


def badges_of(items: Collection[int], caller: Caller) -> dict[int, list[Badge]]:
    """What goes on with the items, by their ids, from every room that has something to say."""
    found: dict[int, list[Badge]] = {}
    for port in item_badges:
        for item, badges in port(items, caller).items():
            found.setdefault(item, []).extend(badges)
    return found
