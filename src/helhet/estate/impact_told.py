"""Impact as plain values: for the API and `helhet impact --json`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from helhet.estate.impact import Impact
from helhet.estate.rows import chunks
from helhet.groups.models import Group
from helhet.items.models import Item, Kind
from helhet.kit.paging import unreadable
from helhet.rules.reach import Reached

LONGEST_NUMBER = 18


def as_data(found: Impact) -> dict[str, Any]:
    """All of the answer: the keys of `helhet impact --json`."""
    return {**beside(found), "items": told(found, found.ordered())}


class HitRows:
    """What was reached as rows that are made a page at a time, nearest first and then by number."""

    column = "distance"

    def __init__(self, found: Impact) -> None:
        self.found = found

    def __len__(self) -> int:
        """How many items were reached."""
        return self.found.reached

    def cut(self, first: int, last: int) -> list[dict[str, Any]]:
        """Some of them."""
        return told(self.found, self.found.reach.reached(first, last))

    def around(self, place: tuple[str | int, str | int]) -> tuple[int, int]:
        """Where a distance and a reference stand."""
        distance, reference = place
        prefix, _dash, number = str(reference).rpartition("-")
        is_one = isinstance(distance, int) and number.isdecimal() and len(number) < LONGEST_NUMBER
        item = Item.objects.filter(prefix=prefix, number=number).first() if is_one else None
        if item is None or not isinstance(distance, int):
            raise unreadable()
        return self.found.reach.before(distance, item.pk), self.found.reach.before(distance, item.pk + 1)


def beside(found: Impact, *, whole: bool = True) -> dict[str, Any]:
    """All of the answer but the items themselves; unless `whole` without groups, services and loops."""
    loops = found.loops() if whole else []
    groups = found.groups if whole else []
    paths = {group.nearest: found.reach.path(group.nearest) for group in groups}
    references = references_of({pk for loop in loops for pk in loop} | {pk for path in paths.values() for pk in path})
    return {
        "start": [item.reference for item in found.start],
        "direction": found.direction.value,
        "reached": found.reached,
        "groups": [
            {
                "group": group.reference, "name": group.name or None, "count": group.count,
                "path": [references[pk] for pk in paths[group.nearest]],
            }
            for group in groups
        ],
        "services": told(found, found.services) if whole else [],
        "loops": [[references[pk] for pk in loop] for loop in loops],
    }  # fmt: skip


def told(found: Impact, hits: Sequence[Reached]) -> list[dict[str, Any]]:
    """Items that were reached, each with its name, kind and group; no row is built."""
    ids = [one.item for one in hits]
    rows = {pk: (reference, name, kind) for pk, reference, name, kind in _named(ids)}
    references = {pk: row[0] for pk, row in rows.items()}
    references |= references_of({one.via for one in hits if one.via is not None} - references.keys())
    kinds = dict(Kind.objects.values_list("pk", "key"))
    groups = {
        pk: f"{prefix}-{number}"
        for pk, prefix, number in Group.objects.values_list("pk", "item__prefix", "item__number")
    }
    owners = found.owner_of(ids)
    effects = {one.effect: one.effect.name.lower() for one in hits}
    return [
        {
            "reference": rows[one.item][0], "name": rows[one.item][1], "kind": kinds[rows[one.item][2]],
            "distance": one.distance, "via": references.get(one.via) if one.via is not None else None,
            "effect": effects[one.effect], "group": groups.get(owners.get(one.item, 0)),
        }
        for one in hits
        if one.item in rows
    ]  # fmt: skip


def references_of(ids: Collection[int]) -> dict[int, str]:
    """The references of items, by id."""
    return {pk: reference for pk, reference, _name, _kind in _named(sorted(ids))}


def _named(ids: Sequence[int]) -> Iterator[tuple[int, str, str, int]]:
    for chunk in chunks(ids):
        rows = Item.objects.filter(pk__in=chunk).values_list("pk", "prefix", "number", "name", "kind_id")
        for pk, prefix, number, name, kind in rows.iterator():
            yield pk, f"{prefix}-{number}", name, kind
