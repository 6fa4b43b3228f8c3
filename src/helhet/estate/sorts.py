"""Sorting items by what does not stand in their own row: responsible group, the whole, any attribute.

The order is walked segment by segment (a group, a range of values), each by an index; a place is the segment's key and
the item's id. Items without a value come last, whichever way the list is turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext as _

from helhet.groups.models import Answer, Group
from helhet.items.listing import ItemList, with_kinds
from helhet.items.models import Item, ItemValue
from helhet.items.text import FOLD_LIMIT, attribute_name, fold, plain_text, scalars
from helhet.kit.errors import Invalid

ATTRIBUTE = "attr."
FIXED = ("group", "part_of")

Rows = list[Item]
M = TypeVar("M", bound=Model)

CHUNK = 900
PORTION_LIMIT = 20_000


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
        raise Invalid(_("The place in the list cannot be read."), todo=_("Start from the first page."))
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
            raise Invalid(_("The place in the list cannot be read."), todo=_("Start from the first page."))
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
    """A page in the order of the names of what the items are part of."""
    parts = _found(listed).filter(part_of__isnull=False).annotate(sort_place=F("part_of__name_key"))

    def walk(here: tuple[Any, int] | None, down: bool, wanted: int) -> Rows:
        minus = "-" if down else ""
        found = _from(parts, "part_of__name_key", "pk", here, down=down)
        return list(found.order_by(f"{minus}part_of__name_key", f"{minus}pk")[:wanted])

    without = _found(listed).filter(part_of__isnull=True)
    return _two_segments(listed, walk, without, values, back=back, size=size)


# ---- by an attribute -------------------------------------------------------------------------------------------


def by_attribute(listed: ItemList, values: list[Any], back: bool, size: int) -> Rows:
    """A page in the order of an attribute's values, as filters compare them."""
    name = attribute_name(listed.sort_name.removeprefix(ATTRIBUTE))
    having = ItemValue.objects.filter(value__name__name=name)
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
        for start in range(0, len(ids), CHUNK):
            fitting |= {item.pk: item for item in found.filter(pk__in=ids[start : start + CHUNK])}
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
