"""Sorting items by what does not stand in their own row: responsible group, the whole, any attribute.

The order is walked segment by segment (a group, a range of values), each by an index; a place is the segment's key and
the item's id. Items without a value come last, whichever way the list is turned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from helhet.groups.models import Answer, Group
from helhet.items.listing import ItemList
from helhet.items.models import Item, ItemValue
from helhet.items.text import attribute_name
from helhet.kit.errors import Invalid

ATTRIBUTE = "attr."
FIXED = ("group", "part_of")

Rows = list[Item]


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
    return listed._narrowed(listed.queryset()).order_by().select_related("kind")


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
    order: list[int | None] = list(Group.objects.order_by("item__name_key", "pk").values_list("pk", flat=True))
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
    return rows


# ---- by the whole ----------------------------------------------------------------------------------------------


def by_whole(listed: ItemList, values: list[Any], back: bool, size: int) -> Rows:
    """A page in the order of the names of what the items are part of."""
    found = _found(listed).filter(part_of__isnull=False).annotate(sort_place=F("part_of__name_key"))
    return _two_segments(
        listed, found, _found(listed).filter(part_of__isnull=True), values, back=back, size=size,
        column="part_of__name_key",
    )  # fmt: skip


# ---- by an attribute -------------------------------------------------------------------------------------------


def by_attribute(listed: ItemList, values: list[Any], back: bool, size: int) -> Rows:
    """A page in the order of an attribute's values, as filters compare them."""
    name = attribute_name(listed.sort_name.removeprefix(ATTRIBUTE))
    having = ItemValue.objects.filter(value__name__name=name)
    least = having.filter(item_id=OuterRef("pk")).order_by("value__fold").values("value__fold")[:1]
    found = _found(listed).filter(pk__in=having.values("item_id")).annotate(sort_place=Subquery(least))
    without = _found(listed).exclude(pk__in=having.values("item_id"))
    return _two_segments(listed, found, without, values, back=back, size=size, column="sort_place")


def _two_segments(
    listed: ItemList, having: QuerySet[Item], without: QuerySet[Item], values: list[Any], *, back: bool, size: int,
    column: str,
) -> Rows:  # fmt: skip
    """Those that have a value, in its order; then those without."""
    down = listed.descending != back
    start = _split(values)
    order = [False, True] if back else [True, False]
    if start is not None and (start[0] is None) != back:
        order = order[1:]
    rows: Rows = []
    for is_having in order:
        here = start if start is not None and (start[0] is not None) == is_having else None
        if is_having:
            sign = "lt" if down else "gt"
            segment = having
            if here is not None:
                segment = segment.filter(**{f"{column}__{sign}e": here[0]}).exclude(
                    **{column: here[0], f"pk__{'gte' if down else 'lte'}": here[1]}
                )
            minus = "-" if down else ""
            some = list(segment.order_by(f"{minus}{column}", f"{minus}pk")[: size - len(rows)])
        else:
            some = list(_after(without, here[1] if here else None, down=down)[: size - len(rows)])
            for item in some:
                item.sort_place = None  # type: ignore[attr-defined]
        rows += some
        if len(rows) >= size:
            break
    return rows


def place(listed: ItemList, item: Item) -> list[Any]:
    """An item's place in the order that a page was read in."""
    del listed
    return [getattr(item, "sort_place", None), item.pk]
