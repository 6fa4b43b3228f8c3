"""Sorting items by what does not stand in their own row: responsible group, the whole, any attribute.

The order is walked segment by segment (a group, a range of values), each by an index; a place is the segment's key and
the item's id. Items without a value come last, whichever way the list is turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

from helhet.estate.rows import CHUNK, chunks
from helhet.groups.models import Answer, Group
from helhet.items.listing import ItemList, after, unreadable_place, with_kinds
from helhet.items.measuring import FEW
from helhet.items.models import Item, ItemValue, ValueName
from helhet.items.text import FOLD_LIMIT, attribute_name, fold, plain_text, scalars

ATTRIBUTE = "attr."
FIXED = ("group", "part_of")

Rows = list[Item]
Place = tuple[str, int]
"""An item's name as it is sorted, and its id."""
M = TypeVar("M", bound=Model)

PORTION_LIMIT = 20_000
FIRST_PORTION = 16
PARTS_AT_ONCE = 2_000


class Sorts(Mapping[str, Callable[..., Any]]):
    """By name: the function that reads a page sorted so, and under `place` the one that tells an item's place.

    Any attribute is a sort, `attr.NAME`, so names are looked up, not listed.
    """

    def __getitem__(self, name: str) -> Callable[..., Any]:
        """The function for a sort."""
        if name == "place":
            return place
        if name == "group":
            return by_group
        if name == "part_of":
            return by_whole
        if name.startswith(ATTRIBUTE) and attribute_name(name.removeprefix(ATTRIBUTE)):
            return by_attribute
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        """Whether it is the name of a sort."""
        return isinstance(name, str) and name != "place" and super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        """Those that have a fixed name."""
        return iter(FIXED)

    def __len__(self) -> int:
        """How many have a fixed name."""
        return len(FIXED)


_sorts = Sorts()


def sorts() -> Sorts:
    """Fills the port `items.sorts`."""
    return _sorts


def _found(listed: ItemList) -> QuerySet[Item]:
    return listed.narrowed().order_by()


def _split(values: list[Any]) -> tuple[Any, int] | None:
    """(segment, id) of a cursor. Raises Invalid for one of another list."""
    if not values:
        return None
    if len(values) != 2 or not isinstance(values[1], int) or not isinstance(values[0], str | int | None):
        raise unreadable_place()
    return values[0], values[1]


def _after(found: QuerySet[Item], item_id: int | None, *, down: bool) -> QuerySet[Item]:
    if item_id is not None:
        found = found.filter(pk__lt=item_id) if down else found.filter(pk__gt=item_id)
    return found.order_by("-pk" if down else "pk")


# ---- by group --------------------------------------------------------------------------------------------------


def by_group(listed: ItemList, values: list[Any], back: bool, size: int) -> Rows:
    """A page in the order of the groups' names."""
    down = listed.descending != back
    start = _split(values)
    order: list[int | None] = list(Group.objects.by_name().values_list("pk", flat=True))
    if listed.descending:
        order.reverse()
    order.append(None)
    if back:
        order.reverse()
    if start is not None:
        if start[0] not in order:
            raise unreadable_place()
        order = order[order.index(start[0]) :]
    found = _found(listed)
    rows: Rows = []
    for group_id in order:
        open_answers = Answer.objects.open().filter(group_id=group_id)
        segment = found.filter(pk__in=open_answers.values("item_id"))
        if group_id is None:
            segment = found.exclude(pk__in=Answer.objects.open().filter(group__isnull=False).values("item_id"))
        last = start[1] if start is not None and group_id == start[0] else None
        some = list(_after(segment, last, down=down)[: size - len(rows)])
        for item in some:
            item.sort_place = group_id  # type: ignore[attr-defined]
        rows += some
        if len(rows) >= size:
            break
    return with_kinds(rows)


# ---- by the whole ----------------------------------------------------------------------------------------------


def by_whole(listed: ItemList, values: list[Any], back: bool, size: int) -> Rows:
    """A page in the order of the names of what the items are part of; a place is the whole's id and the item's."""
    parts = _found(listed).filter(part_of__isnull=False)

    def walk(here: tuple[Any, int] | None, down: bool, wanted: int) -> Rows:
        rows: Rows = []
        for wholes in _wholes(here[0] if here else None, down=down):
            rows += _parts_of(parts, wholes, here, down=down, size=wanted - len(rows))
            if len(rows) >= wanted:
                break
        return rows

    without = _found(listed).filter(part_of__isnull=True)
    return _two_segments(listed, walk, without, values, back=back, size=size)


def _wholes(first: int | None, *, down: bool) -> Iterator[list[int]]:
    """Ids of what has parts, in the order of their names, in portions that grow; from `first` on, which comes first."""
    start = _name_place(first) if first is not None else None
    ids = list(
        Item.objects.filter(part_of__isnull=False).order_by().values_list("part_of_id", flat=True).distinct()[: FEW + 1]
    )
    # Few are sorted; of many the index of names is walked, where the next is met soon.
    places = _sorted_wholes(ids, start, down=down) if len(ids) <= FEW else _walked_wholes(start, down=down)
    portion = FIRST_PORTION
    while some := [pk for _name, pk in islice(places, portion)]:
        yield some
        portion = min(portion * 4, CHUNK)


def _name_place(item_id: int) -> Place:
    place = Item.objects.filter(pk=item_id).values_list("name_key", "pk").first()
    if place is None:
        raise unreadable_place()
    return place


def _sorted_wholes(ids: list[int], start: Place | None, *, down: bool) -> Iterator[Place]:
    found: list[Place] = []
    for chunk in chunks(ids):
        found += Item.objects.filter(pk__in=chunk).values_list("name_key", "pk")
    for place in sorted(found, reverse=down):
        if start is None or (place <= start if down else place >= start):
            yield place


def _walked_wholes(start: Place | None, *, down: bool) -> Iterator[Place]:
    having = Item.objects.filter(Exists(Item.objects.filter(part_of=OuterRef("pk"))))
    order = ["-name_key", "-pk"] if down else ["name_key", "pk"]
    if start is not None:
        yield start
    portion = FIRST_PORTION
    while True:
        found = having if start is None else having.filter(after(["name_key", "id"], list(start), downward=down))
        places = list(found.order_by(*order).values_list("name_key", "pk")[:portion])
        yield from places
        if len(places) < portion:
            return
        start, portion = places[-1], min(portion * 4, CHUNK)


def _parts_of(parts: QuerySet[Item], wholes: list[int], here: tuple[Any, int] | None, *, down: bool, size: int) -> Rows:
    """`size` parts of the wholes, in their order, after a place (whole, item)."""
    at, last = here if here is not None else (None, 0)
    pairs = list(parts.filter(part_of_id__in=wholes).order_by().values_list("part_of_id", "pk")[: PARTS_AT_ONCE + 1])
    if len(pairs) > PARTS_AT_ONCE:
        ids: list[tuple[int, int]] = []
        for whole in wholes:
            some = _after(parts.filter(part_of_id=whole), last if whole == at else None, down=down)
            ids += [(whole, pk) for pk in some.values_list("pk", flat=True)[: size - len(ids)]]
            if len(ids) >= size:
                break
    else:
        rank = {whole: number for number, whole in enumerate(wholes)}
        turn = -1 if down else 1
        ordered = sorted((rank[whole], turn * pk) for whole, pk in pairs)
        ids = [(wholes[number], turn * pk) for number, pk in ordered]
        ids = [(whole, pk) for whole, pk in ids if whole != at or (pk < last if down else pk > last)][:size]
    items = Item.objects.in_bulk([pk for _whole, pk in ids])
    rows = []
    for whole, pk in ids:
        if pk in items:
            items[pk].sort_place = whole  # type: ignore[attr-defined]
            rows.append(items[pk])
    return rows


# ---- by an attribute -------------------------------------------------------------------------------------------


def by_attribute(listed: ItemList, values: list[Any], back: bool, size: int) -> Rows:
    """A page in the order of an attribute's values, as filters compare them."""
    name = attribute_name(listed.sort_name.removeprefix(ATTRIBUTE))
    # By its id: joined to names, the index of names and values is not known to be in the order of values.
    name_id = ValueName.objects.filter(name=name).values_list("pk", flat=True).first()
    having = ItemValue.objects.filter(value__name_id=name_id)
    without = _found(listed).exclude(pk__in=having.values("item_id"))

    def walk(here: tuple[Any, int] | None, down: bool, wanted: int) -> Rows:
        return _walk_values(listed, having, name, here, down=down, size=wanted)

    return _two_segments(listed, walk, without, values, back=back, size=size)


def _walk_values(
    listed: ItemList, having: QuerySet[ItemValue], name: str, here: tuple[Any, int] | None, *, down: bool, size: int
) -> Rows:
    """The index of values is walked in portions that grow, and each portion asked which of its items fit. An item with
    several values stands at the least of them.
    """
    found = _found(listed)
    minus = "-" if down else ""
    portion = size * 4
    rows: Rows = []
    while len(rows) < size:
        pairs = list(
            _from(having, "value__fold", "item_id", here, down=down)
            .order_by(f"{minus}value__fold", f"{minus}item_id")
            .values_list("value__fold", "item_id")[:portion]
        )
        ids = [item_id for _fold, item_id in pairs]
        fitting: dict[int, Item] = {}
        for chunk in chunks(ids):
            fitting |= {item.pk: item for item in found.filter(pk__in=chunk)}
        for folded, item_id in pairs:
            item = fitting.get(item_id)
            if item is not None and folded == least_of(item, name):
                item.sort_place = folded  # type: ignore[attr-defined]
                rows.append(item)
        if len(pairs) < portion:
            break
        here, portion = pairs[-1], min(portion * 4, PORTION_LIMIT)
    return rows[:size]


def least_of(item: Item, name: str) -> str:
    """The least of the item's values of an attribute, folded as filters compare them."""
    folds = [
        fold(plain_text(scalar))[:FOLD_LIMIT]
        for label, value in item.attributes.items()
        if attribute_name(label) == name
        for scalar in scalars(value)
    ]
    return min((one for one in folds if one), default="")


def _from(found: QuerySet[M], column: str, key: str, here: tuple[Any, int] | None, *, down: bool) -> QuerySet[M]:
    """What stands after a place in the order of the column and then the key."""
    if here is None:
        return found
    first, second = ("lte", "gte") if down else ("gte", "lte")
    return found.filter(**{f"{column}__{first}": here[0]}).exclude(**{column: here[0], f"{key}__{second}": here[1]})


def _two_segments(
    listed: ItemList,
    walk: Callable[[tuple[Any, int] | None, bool, int], Rows],
    without: QuerySet[Item],
    values: list[Any],
    *,
    back: bool,
    size: int,
) -> Rows:
    """Those that have a value, as `walk(place, downwards, so many)` gives them; then those without."""
    down = listed.descending != back
    start = _split(values)
    order = [False, True] if back else [True, False]
    if start is not None and (start[0] is None) != back:
        order = order[1:]
    rows: Rows = []
    for is_having in order:
        here = start if start is not None and (start[0] is not None) == is_having else None
        if is_having:
            some = walk(here, down, size - len(rows))
        else:
            some = list(_after(without, here[1] if here else None, down=down)[: size - len(rows)])
            for item in some:
                item.sort_place = None  # type: ignore[attr-defined]
        rows += some
        if len(rows) >= size:
            break
    return with_kinds(rows)


def place(listed: ItemList, item: Item) -> list[Any]:
    """An item's place in the order that a page was read in."""
    del listed
    return [getattr(item, "sort_place", None), item.pk]
