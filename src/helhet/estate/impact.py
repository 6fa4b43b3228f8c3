"""What is hit when items fail or change, and what they need; told by layer, group and service.

Counts come from the walk; rows are read for what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from helhet.estate.rows import Row, chunks, rows_of
from helhet.estate.walking import Direction, walk
from helhet.groups.models import Answer, Group
from helhet.items.models import Family, Item, Kind
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.rules.graph import Found
from helhet.rules.reach import Marks, Reach, Reached

__all__ = ["DEEPEST", "Direction", "GroupHit", "Impact", "impact"]

DEEPEST = 1_000
NAMED = 2_000
"""So many items stand by name within their layer; more stand by number, since nobody reads them through."""


@dataclass(frozen=True, slots=True)
class GroupHit:
    """A group among those of the items reached (None: those without), how many of them, and the way to the nearest."""

    reference: str | None
    name: str
    count: int
    nearest: int


@dataclass
class Impact:
    """The answer to one question. Rows are read when they are asked for."""

    start: list[Item]
    direction: Direction
    reach: Reach | Found
    caller: Caller

    @property
    def reached(self) -> int:
        """How many items other than the start."""
        return self.reach.count

    @property
    def degraded(self) -> int:
        """How many of them are degraded only."""
        return self.reach.degraded

    def ordered(self, first: int = 0, last: int | None = None) -> list[Reached]:
        """Some of what is reached, nearest first, then by name or number."""
        return self.reach.reached(first, last) if self._by_name is None else self._by_name[first:last]

    def hits(self, first: int = 0, last: int | None = None) -> list[tuple[Row, Reached]]:
        """The same with their rows and groups."""
        found = self.ordered(first, last)
        rows = {row.item.pk: row for row in self._rows([one.item for one in found])}
        return [(rows[one.item], one) for one in found if one.item in rows]

    def loops(self) -> list[tuple[int, ...]]:
        """The sets of items that depend on one another, among what was reached and the start."""
        return self.reach.loops

    def count_services(self) -> int:
        """How many of what was reached are services."""
        if isinstance(self.reach, Found) and self._by_name is None:
            return len(self.reach.of_kinds(_service_kinds()))
        return len(self.services)

    @cached_property
    def services(self) -> list[Reached]:
        """The services among what was reached, nearest first."""
        kinds = _service_kinds()
        if isinstance(self.reach, Found) and self._by_name is None:
            return self.reach.reached_at(self.reach.of_kinds(kinds))
        found: set[int] = set()
        for chunk in chunks([one.item for one in self.ordered()]):
            found |= set(Item.objects.filter(pk__in=chunk, kind__in=kinds).values_list("pk", flat=True))
        return [one for one in self.ordered() if one.item in found]

    @cached_property
    def groups(self) -> list[GroupHit]:
        """The groups of what was reached, those with most first; what has none last."""
        named = {
            pk: (f"{prefix}-{number}", name)
            for pk, prefix, number, name in Group.objects.values_list(
                "pk", "item__prefix", "item__number", "item__name"
            )
        }
        found = []
        for owner, count, nearest in self.owners():
            reference, name = named.get(owner, (None, ""))
            found.append(GroupHit(reference, name, count, nearest))
        return sorted(found, key=lambda group: (group.reference is None, -group.count, group.name))

    def owner_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Which groups answer for these items."""
        found: dict[int, int] = {}
        for chunk in chunks(ids):
            answers = Answer.objects.open().filter(item_id__in=chunk, group__isnull=False)
            found |= {item: group or 0 for item, group in answers.values_list("item_id", "group_id")}
        return found

    def owners(self) -> list[tuple[int, int, int]]:
        """Who answers for what was reached (a group's id, 0: nobody), for how many, and the nearest of them."""
        if isinstance(self.reach, Found) and self._by_name is None:
            return self.reach.owners()
        ids = [one.item for one in self.ordered()]
        owners = self.owner_of(ids)
        counts: dict[int, tuple[int, int]] = {}
        for item in ids:
            count, nearest = counts.get(owners.get(item, 0), (0, item))
            counts[owners.get(item, 0)] = (count + 1, nearest)
        return [(owner, count, nearest) for owner, (count, nearest) in counts.items()]

    @cached_property
    def _by_name(self) -> list[Reached] | None:
        if self.reached > NAMED:
            return None
        found = self.reach.reached()
        names: dict[int, str] = {}
        for chunk in chunks([one.item for one in found]):
            names |= dict(Item.objects.visible_to(self.caller).filter(pk__in=chunk).values_list("pk", "name_key"))
        here = [one for one in found if one.item in names]
        return sorted(here, key=lambda one: (one.distance, names[one.item], one.item))

    def _rows(self, ids: Sequence[int]) -> Iterator[Row]:
        for chunk in chunks(ids):
            items = list(Item.objects.visible_to(self.caller).filter(pk__in=chunk).select_related("kind"))
            yield from rows_of(items, {"group"})


def _service_kinds() -> set[int]:
    return set(Kind.objects.filter(family=Family.SERVICE).values_list("pk", flat=True))


def impact(
    start: Sequence[Item], caller: Caller, *, direction: str = "dependants", depth: int | None = None,
    with_parts: bool = False, marks: Marks | None = None,
) -> Impact:  # fmt: skip
    """What is hit when all of `start` fail (`dependants`), or what they need (`needs`), at most `depth` layers away.
    `marks` are what people know better.
    """
    caller.require(ItemPermission.VIEW)
    way = _direction(direction)
    if depth is not None and not 0 <= depth <= DEEPEST:
        raise Invalid(
            _("The depth is outside 0 to %(most)d.") % {"most": DEEPEST},
            todo=_("Leave it out to walk all the way."), field="depth",
        )  # fmt: skip
    if not start:
        raise Invalid(_("No item is named."), todo=_("Write a reference such as SRV-12, or source:key."), field="start")
    found = walk([item.pk for item in start], way, depth=depth, with_parts=with_parts, marks=marks)
    return Impact(list({item.pk: item for item in start}.values()), way, found, caller)


def _direction(text: str) -> Direction:
    try:
        return Direction(text.strip().lower())
    except ValueError as error:
        raise Invalid(
            _("There is no direction %(word)s.") % {"word": text[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(Direction.values)}, field="direction",
        ) from error  # fmt: skip
