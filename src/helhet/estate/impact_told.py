"""Impact as plain values: for the API and `helhet impact --json`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from helhet.estate.impact import Impact
from helhet.estate.rows import chunks
from helhet.groups.models import Group
from helhet.items.models import Item, Kind
from helhet.rules.reach import Reached


def as_data(found: Impact) -> dict[str, Any]:
    """All of the answer: the keys of `helhet impact --json`."""
    return {**beside(found), "items": told(found, found.ordered())}


def beside(found: Impact) -> dict[str, Any]:
    """All of the answer but the items themselves."""
    loops = found.loops()
    paths = {group.nearest: found.reach.path(group.nearest) for group in found.groups}
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
            for group in found.groups
        ],
        "services": told(found, found.services),
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
