"""What is hit when items fail or change, and what they need; told by layer, group and service.

The walk is `rules.reach`, fed by SQL one layer at a time: exact at once in every process, and as dear as what is
reached.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate.models import Dependency, LinkCriticality
from helhet.estate.redundancy import redundancies_of
from helhet.estate.rows import Row, chunks, rows_of
from helhet.items.models import Family, Item, Presence
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.rules.reach import Reach, Reached, Tie, circles, hit_by, needs_of

DEEPEST = 1_000


class Direction(TextChoices):
    """Which way is walked."""

    DEPENDANTS = "dependants", gettext_lazy("What is hit")
    NEEDS = "needs", gettext_lazy("What it needs")


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
    reach: Reach
    caller: Caller

    @property
    def reached(self) -> int:
        """How many items other than the start."""
        return len(self.reach.items)

    def hits(self) -> list[tuple[Row, Reached]]:
        """All that is reached with its group, nearest first."""
        found = list(self.reach.items.values())
        rows = {row.item.pk: row for row in self._rows([one.item for one in found])}
        hits = [(rows[one.item], one) for one in found if one.item in rows]
        return sorted(hits, key=lambda hit: (hit[1].distance, hit[0].item.name_key, hit[1].item))

    def loops(self) -> list[tuple[int, ...]]:
        """The sets of items that depend on one another, among what was reached and the start."""
        return circles(self.reach.ties)

    def _rows(self, ids: Sequence[int]) -> Iterator[Row]:
        for chunk in chunks(ids):
            items = list(Item.objects.visible_to(self.caller).filter(pk__in=chunk).select_related("kind"))
            yield from rows_of(items, {"group"})


def impact(
    start: Sequence[Item], caller: Caller, *, direction: str = "dependants", depth: int | None = None,
    with_parts: bool = False,
) -> Impact:  # fmt: skip
    """What is hit when all of `start` fail (`dependants`), or what they need (`needs`), at most `depth` layers away."""
    caller.require(ItemPermission.VIEW)
    way = _direction(direction)
    if depth is not None and not 0 <= depth <= DEEPEST:
        raise Invalid(
            _("The depth is outside 0 to %(most)d.") % {"most": DEEPEST},
            todo=_("Leave it out to walk all the way."), field="depth",
        )  # fmt: skip
    if not start:
        raise Invalid(_("No item is named."), todo=_("Write a reference such as SRV-12, or source:key."), field="start")
    ids = [item.pk for item in start]
    ties = _ties(way, with_parts=with_parts)
    if way == Direction.DEPENDANTS:
        reach = hit_by(ids, ties, redundancies_of, depth=depth)
    else:
        reach = needs_of(ids, ties, depth=depth)
    return Impact(list({item.pk: item for item in start}.values()), way, reach, caller)


def _direction(text: str) -> Direction:
    try:
        return Direction(text.strip().lower())
    except ValueError as error:
        raise Invalid(
            _("There is no direction %(word)s.") % {"word": text[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(Direction.values)}, field="direction",
        ) from error  # fmt: skip


def _ties(way: Direction, *, with_parts: bool) -> Callable[[Collection[int]], Iterable[Tie]]:
    """The ties of some items, read from the database: those that depend on them, or those that they depend on."""
    near, far = ("to_item", "from_item") if way == Direction.DEPENDANTS else ("from_item", "to_item")

    def read(ids: Collection[int]) -> Iterable[Tie]:
        for chunk in chunks(sorted(ids)):
            stated = Dependency.objects.filter(
                **{f"{near}_id__in": chunk, f"{far}__presence": Presence.HERE}, not_seen_since__isnull=True
            ).exclude(criticality=LinkCriticality.NONE)
            for item, provider, level in stated.values_list("from_item_id", "to_item_id", "criticality"):
                yield Tie(item, provider, level == LinkCriticality.DEGRADES)
            if with_parts:
                yield from _part_ties(chunk, way)

    return read


def _part_ties(chunk: Sequence[int], way: Direction) -> Iterable[Tie]:
    """A part shares the fate of its whole."""
    here = Item.objects.filter(presence=Presence.HERE, part_of__presence=Presence.HERE)
    near = "part_of_id__in" if way == Direction.DEPENDANTS else "pk__in"
    for part, whole in here.filter(**{near: chunk}).values_list("pk", "part_of_id"):
        if whole is not None:
            yield Tie(part, whole)


def groups_of(hits: Sequence[tuple[Row, Reached]]) -> list[GroupHit]:
    """The groups of what was reached, those with most first; what has none last."""
    found: dict[str | None, GroupHit] = {}
    for row, one in hits:
        key = row.group.reference if row.group else None
        known = found.get(key)
        found[key] = GroupHit(
            key, row.group.name if row.group else "", known.count + 1 if known else 1,
            known.nearest if known else one.item,
        )  # fmt: skip
    return sorted(found.values(), key=lambda group: (group.reference is None, -group.count, group.name))


def services_of(hits: Sequence[tuple[Row, Reached]]) -> list[tuple[Row, Reached]]:
    """The services among what was reached."""
    return [(row, one) for row, one in hits if row.item.kind.family == Family.SERVICE]


def references_of(ids: Collection[int]) -> dict[int, str]:
    """The references of items, by id."""
    found: dict[int, str] = {}
    for chunk in chunks(sorted(ids)):
        rows = Item.objects.filter(pk__in=chunk).values_list("pk", "prefix", "number")
        found |= {pk: f"{prefix}-{number}" for pk, prefix, number in rows}
    return found


def as_data(found: Impact) -> dict[str, Any]:
    """The answer of `helhet impact --json`."""
    hits = found.hits()
    loops = found.loops()
    groups = groups_of(hits)
    paths = {group.nearest: found.reach.path(group.nearest) for group in groups}
    named = {one.via for _row, one in hits if one.via is not None}
    named |= {pk for loop in loops for pk in loop} | {pk for path in paths.values() for pk in path}
    references = references_of(named)
    return {
        "start": [item.reference for item in found.start],
        "direction": found.direction.value,
        "reached": found.reached,
        "items": [hit_as_data(row, one, references) for row, one in hits],
        "groups": [
            {
                "group": group.reference, "name": group.name or None, "count": group.count,
                "path": [references[pk] for pk in paths[group.nearest]],
            }
            for group in groups
        ],
        "services": [hit_as_data(row, one, references) for row, one in services_of(hits)],
        "loops": [[references[pk] for pk in loop] for loop in loops],
    }  # fmt: skip


def hit_as_data(row: Row, one: Reached, references: dict[int, str]) -> dict[str, Any]:
    """One item that was reached."""
    return {
        "reference": row.item.reference, "name": row.item.name, "kind": row.item.kind.key, "distance": one.distance,
        "via": references.get(one.via) if one.via is not None else None, "effect": one.effect.name.lower(),
        "group": row.group.reference if row.group else None,
    }  # fmt: skip
