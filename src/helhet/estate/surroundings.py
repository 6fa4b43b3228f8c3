"""What a map shows: some items, what is between them, and how much more stands around each.

The estate as a whole is never drawn: a map begins at some items, and each click brings the neighbours of one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from helhet.estate.impact import Direction
from helhet.estate.models import Dependency
from helhet.estate.ports import Badge, badges_of
from helhet.estate.rows import Row, chunks, rows_of
from helhet.estate.types import type_words
from helhet.items.listing import ItemList
from helhet.items.models import Criticality, Family, Item, Presence
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.rules.nearest import layers, nearest_dependant
from helhet.rules.reach import Tie

MOST = 500
STEP = 40
"""So many neighbours come with one click."""
LONGEST_NUMBER = 15
CONSIDERED = 2_000
"""Among so many neighbours the most critical are chosen."""


@dataclass(frozen=True, slots=True)
class Node:
    """An item in the map. `layer` is how far from the start: positive for what depends on it, negative for what it
    needs. `needs` and `needed_by` count all of its neighbours, `more_needs` and `more_needed_by` those not shown.
    """

    row: Row
    layer: int
    is_start: bool
    needs: int
    needed_by: int
    more_needs: int
    more_needed_by: int
    service: Row | None
    badges: tuple[Badge, ...] = ()

    @property
    def criticality(self) -> str:
        """In words, empty when not set."""
        level = Criticality(self.row.item.criticality)
        return str(level.label) if level else ""

    @property
    def more(self) -> int:
        """How many neighbours are not shown."""
        return self.more_needs + self.more_needed_by

    @property
    def steps_left(self) -> int:
        """How many steps it stands to the left."""
        return -self.layer

    @property
    def is_critical(self) -> bool:
        """Whether it is stated to be critical."""
        return self.row.item.criticality >= Criticality.CRITICAL


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency between two shown items; where the provider belongs to a set, `least` of `of` must hold. `standing`
    is what the other end says of it; `is_seen` whether its source still shows it.
    """

    item: int
    provider: int
    type: str
    type_name: str
    criticality: str
    standing: str
    is_seen: bool
    least: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a map shows. `left_out` neighbours of what was opened did not come along."""

    nodes: list[Node]
    links: list[Link]
    left_out: int = 0
    references: dict[int, str] = field(default_factory=dict)


def surroundings(
    caller: Caller, start: Sequence[Item], shown: Sequence[Item] = (), *, opened: Sequence[Item] = (),
    direction: str = "", text: str = "",
) -> Surroundings:  # fmt: skip
    """The start, what is `shown` besides, and the neighbours of what is `opened`: at most 40 more of each, the most
    critical first, those that `direction` says (empty: both) and that the filter `text` finds. At most 500 in all.
    """
    caller.require(ItemPermission.VIEW)
    items = {item.pk: item for item in (*start, *shown, *opened)}
    if len(items) > MOST:
        raise Invalid(
            _("A map shows at most %(most)d items.") % {"most": MOST}, todo=_("Hide some, or filter."), field="items"
        )
    left_out = 0
    for item in opened:
        for way in [Direction(direction)] if direction in Direction.values else list(Direction):
            candidates, beyond = _neighbours(item, way, set(items))
            finding = _found(caller, candidates, text)
            came = finding[: min(STEP, MOST - len(items))]
            more = len(finding) - len(came) + beyond
            items |= {one.pk: one for one in came}
            left_out += more
    dependencies = _between(list(items))
    return _told(caller, items, {item.pk for item in start}, dependencies, left_out)


def _neighbours(item: Item, way: Direction, known: Collection[int]) -> tuple[list[int], int]:
    """(those that may come, how many there are beyond those considered)."""
    near, far = ("to_item", "from_item") if way == Direction.DEPENDANTS else ("from_item", "to_item")
    ids = Dependency.objects.filter(**{near: item}).order_by("id").values_list(f"{far}_id", flat=True)
    considered = list(ids[:CONSIDERED])
    beyond = ids.count() - CONSIDERED if len(considered) == CONSIDERED else 0
    return list(dict.fromkeys(pk for pk in considered if pk not in known)), beyond


def _found(caller: Caller, ids: Sequence[int], text: str) -> list[Item]:
    """Those of the items that the filter finds, the most critical first."""
    found: list[Item] = []
    for chunk in chunks(ids):
        here = ItemList(caller, text).queryset() if text.strip() else Item.objects.visible_to(caller)
        found += here.filter(pk__in=chunk).select_related("kind")
    return sorted(found, key=lambda one: (-one.criticality, one.name_key, one.pk))


def _between(ids: Sequence[int]) -> list[Dependency]:
    found: list[Dependency] = []
    for chunk in chunks(ids):
        both = Dependency.objects.filter(from_item_id__in=chunk, to_item_id__in=ids)
        found += both.select_related("redundancy").order_by("from_item_id", "to_item_id", "id")
    return found


def _told(
    caller: Caller, items: dict[int, Item], start: set[int], dependencies: Sequence[Dependency], left_out: int
) -> Surroundings:
    rows = {row.item.pk: row for row in rows_of(list(items.values()), ("group",))}
    ties = [Tie(one.from_item_id, one.to_item_id) for one in dependencies]
    at = layers(ties, start)
    services = nearest_dependant(ties, [pk for pk, item in items.items() if item.kind.family == Family.SERVICE])
    needs, needed_by = _totals(items, "from_item", "to_item"), _totals(items, "to_item", "from_item")
    out = Counter(pair[0] for pair in {(tie.item, tie.provider) for tie in ties})
    into = Counter(pair[1] for pair in {(tie.item, tie.provider) for tie in ties})
    badges = badges_of(list(items), caller)
    nodes = [
        Node(
            rows[pk], at.get(pk, 0), pk in start, needs.get(pk, 0), needed_by.get(pk, 0),
            max(0, needs.get(pk, 0) - out[pk]), max(0, needed_by.get(pk, 0) - into[pk]),
            rows[services[pk]] if pk in services else None, tuple(badges.get(pk, ())),
        )
        for pk in items
    ]  # fmt: skip
    sizes, words = _set_sizes(dependencies), type_words()
    links = [
        Link(
            one.from_item_id, one.to_item_id, one.type, words.said(one.type), one.criticality, one.standing,
            one.not_seen_since is None,
            one.redundancy.least_of(sizes[one.redundancy_id or 0]) if one.redundancy else 0,
            sizes.get(one.redundancy_id or 0, 0),
        )
        for one in dependencies
    ]  # fmt: skip
    return Surroundings(nodes, links, left_out, {pk: item.reference for pk, item in items.items()})


def _totals(ids: Iterable[int], near: str, far: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for chunk in chunks(list(ids)):
        here = Dependency.objects.filter(Q(**{f"{near}_id__in": chunk}), **{f"{far}__presence": Presence.HERE})
        counted = here.values_list(f"{near}_id").annotate(count=Count(f"{far}_id", distinct=True))
        found |= dict(counted.order_by())
    return found


def _set_sizes(dependencies: Sequence[Dependency]) -> dict[int, int]:
    """How many providers each set has, shown or not."""
    sets = {one.redundancy_id for one in dependencies if one.redundancy_id is not None}
    here = Dependency.objects.filter(redundancy_id__in=sets, to_item__presence=Presence.HERE)
    return {pk or 0: count for pk, count in here.values_list("redundancy_id").annotate(Count("to_item", distinct=True))}


def as_data(found: Surroundings) -> dict[str, Any]:
    """The map as the API gives it, and as the page's script draws it."""
    return {
        "items": [_node_as_data(node) for node in found.nodes],
        "links": [
            {
                "item": found.references[link.item], "provider": found.references[link.provider], "type": link.type,
                "type_name": link.type_name, "criticality": link.criticality, "standing": link.standing,
                "is_seen": link.is_seen, "least": link.least, "of": link.of,
            }
            for link in found.links
        ],
        "left_out": found.left_out,
        "most": MOST,
    }  # fmt: skip


def _node_as_data(node: Node) -> dict[str, Any]:
    item, group, service = node.row.item, node.row.group, node.service
    return {
        "reference": item.reference, "name": item.name, "kind": item.kind.key, "icon": item.kind.icon,
        "url": item.get_absolute_url(), "state": node.row.chip.state_label,
        "criticality": node.criticality, "is_critical": node.is_critical,
        "group": group.reference if group else None, "group_name": group.name if group else None,
        "service": service.reference if service else None, "service_name": service.item.name if service else None,
        "layer": node.layer, "is_start": node.is_start, "needs": node.needs, "needed_by": node.needed_by,
        "more_needs": node.more_needs, "more_needed_by": node.more_needed_by,
        "badges": [{"label": badge.label, "url": badge.url, "mark": badge.mark} for badge in node.badges],
    }  # fmt: skip


def items_named(references: Sequence[str], caller: Caller) -> list[Item]:
    """The items with these references, in that order; those that are gone are left out."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for reference in references:
        prefix, _dash, number = reference.rpartition("-")
        if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
            numbers[prefix].add(int(number))
    wanted = Q(pk__in=())
    for prefix, some in numbers.items():
        wanted |= Q(prefix=prefix, number__in=some)
    found = {item.reference: item for item in Item.objects.visible_to(caller).filter(wanted).select_related("kind")}
    return [found[one] for one in dict.fromkeys(references) if one in found]
