"""What a page of items shows beside the items themselves, read for all of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils import timezone

from helhet.groups.models import Answer
from helhet.items.models import Criticality, Item, KeySort, SourceKey, State
from helhet.kit.parts import Chip

# An IN list longer than this would be a statement longer than both databases like.
CHUNK = 900

PARTS = ("group", "whole", "keys")


@dataclass(frozen=True, slots=True)
class Named:
    """Another thing, as a row names it."""

    reference: str
    name: str


@dataclass
class Row:
    """An item with what stands around it."""

    item: Item
    group: Named | None = None
    whole: Named | None = None
    keys: tuple[str, ...] = ()

    @cached_property
    def chip(self) -> Chip:
        """The item as its chip."""
        return chip_of(self.item, group=self.group.name if self.group else "")

    @property
    def reference(self) -> str:
        """The item's reference."""
        return self.item.reference

    def as_data(self, wanted: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The item as the API and the command line give it; only the fields `wanted`, all of FIELDS when empty."""
        if not wanted:
            return {name: make(self) for name, make in FIELDS.items()}
        return {name: make(self) for name, make in FIELDS.items() if name in wanted}


def chip_of(item: Item, *, group: str = "") -> Chip:
    """The one chip of an item; a state other than live is said."""
    state = State(item.state)
    return Chip(
        item.name, item.get_absolute_url(), item.reference, item.kind.icon,
        "" if state == State.LIVE else str(state.label), "", group,
    )  # fmt: skip


def _named(one: Named | None) -> dict[str, str] | None:
    return {"reference": one.reference, "name": one.name} if one else None


FIELDS: dict[str, Any] = {
    "reference": lambda row: row.item.reference,
    "kind": lambda row: row.item.kind.key,
    "name": lambda row: row.item.name,
    "state": lambda row: State(row.item.state).key,
    "criticality": lambda row: Criticality(row.item.criticality).key,
    "group": lambda row: _named(row.group),
    "attributes": lambda row: row.item.attributes,
    "tags": lambda row: row.item.tags,
    "part_of": lambda row: row.whole.reference if row.whole else None,
    "keys": lambda row: list(row.keys),
    "updated": lambda row: timezone.localtime(row.item.updated_at).isoformat(timespec="seconds"),
    "created": lambda row: timezone.localtime(row.item.created_at).isoformat(timespec="seconds"),
    "description": lambda row: row.item.description,
    "version": lambda row: row.item.version,
}

NEEDS = {"group": "group", "part_of": "whole", "keys": "keys"}


def parts_for(fields: Iterable[str]) -> frozenset[str]:
    """Which of PARTS must be read for these fields."""
    return frozenset(NEEDS[name] for name in fields if name in NEEDS)


def rows_of(items: Sequence[Item], parts: Iterable[str] = PARTS) -> list[Row]:
    """The items as rows, with those of `group`, `whole` and `keys` that are asked for: one query each."""
    rows = [Row(item) for item in items]
    by_id = {row.item.pk: row for row in rows}
    if "group" in parts:
        for item_id, group in _groups(list(by_id)):
            by_id[item_id].group = group
    if "whole" in parts:
        wholes = _wholes({item.part_of_id for item in items if item.part_of_id})
        for row in rows:
            row.whole = wholes.get(row.item.part_of_id or 0)
    if "keys" in parts:
        for item_id, keys in _keys(list(by_id)).items():
            by_id[item_id].keys = tuple(keys)
    return rows


def chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """The ids in portions that a statement bears."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _groups(ids: Sequence[int]) -> Iterable[tuple[int, Named]]:
    for chunk in chunks(ids):
        found = (
            Answer.objects.open()
            .filter(item_id__in=chunk, group__isnull=False)
            .values_list("item_id", "group__item__prefix", "group__item__number", "group__item__name")
        )
        for item_id, prefix, number, name in found:
            yield item_id, Named(f"{prefix}-{number}", name)


def _wholes(ids: set[int]) -> dict[int, Named]:
    found: dict[int, Named] = {}
    for chunk in chunks(sorted(ids)):
        for pk, prefix, number, name in Item.objects.filter(pk__in=chunk).values_list("pk", "prefix", "number", "name"):
            found[pk] = Named(f"{prefix}-{number}", name)
    return found


def _keys(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for chunk in chunks(ids):
        rows = SourceKey.objects.filter(item_id__in=chunk, sort=KeySort.ITEM).annotate(called=F("source__name"))
        for item_id, source, key in rows.order_by("id").values_list("item_id", "called", "key"):
            found[item_id].append(f"{source}:{key}")
    return found
