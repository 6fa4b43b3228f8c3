"""The rows of an import's report as its page tells them: what ties two things is named by both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from helhet.importers.models import Run, RunRow
from helhet.importers.told import noun_label, text
from helhet.items.filters import item_fields
from helhet.items.models import Criticality, Item, SourceKey, State

TIES = frozenset({"dependencies", "links"})
"""Nouns whose key is two keys and the sort of the tie, with blanks between."""
ROOM = 500
"""So many signs of a key are looked through for two keys: a longer one is shown as it is."""
WORDS = 16
LOOKED_THROUGH = 20_000
"""In a report of more rows than these, what is yet to be made is called by its key: keys have no index there."""


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of a report: its changes as (field, before, after); of a tie `name` and `other` are its ends."""

    row: RunRow
    noun: str
    url: str
    name: str
    other: str
    sort: str
    changes: list[tuple[str, str, str]]


def row_lines(run: Run, rows: Sequence[RunRow]) -> list[RowLine]:
    """The rows with words for their values."""
    items = Item.objects.only("prefix", "number").in_bulk({row.item_id for row in rows if row.item_id})
    names = _names(run, [row.key for row in rows if _is_tie(row)])
    return [_line(row, items.get(row.item_id or 0), names) for row in rows]


def _line(row: RunRow, item: Item | None, names: dict[str, str]) -> RowLine:
    changes = [(_label(name), _said(name, pair[0]), _said(name, pair[1])) for name, pair in (row.changes or {}).items()]
    url = item.get_absolute_url() if item else ""
    name, other, sort = row.name or row.key, "", ""
    if _is_tie(row):
        name, other, sort = next(
            ((names[a], names[b], rest) for a, b, rest in _cuts(row.key) if a in names and b in names), (name, "", "")
        )
    return RowLine(row, noun_label(row.noun), url, name, other, sort, changes)


def _label(name: str) -> str:
    """What a field of an item is called; another keeps its name."""
    field = item_fields().declared_named(name)
    return str(field.label) if field else name


def _said(name: str, value: Any) -> str:
    """A value as people read it: states and criticalities by their words."""
    words: dict[str, dict[str, Any]] = {
        "state": {one.key: one.label for one in State},
        "criticality": {one.key: one.label for one in Criticality if one.key},
    }
    said = text(value)
    return str(words.get(name, {}).get(said, said))


def _is_tie(row: RunRow) -> bool:
    return row.noun in TIES and not row.name and len(row.key) <= ROOM


def _cuts(key: str) -> Iterator[tuple[str, str, str]]:
    """Every way to read a key as two keys and a sort."""
    words = key.split(" ")[:WORDS]
    for first in range(1, len(words)):
        for second in range(first + 1, len(words) + 1):
            yield " ".join(words[:first]), " ".join(words[first:second]), " ".join(words[second:])


def _names(run: Run, keys: Iterable[str]) -> dict[str, str]:
    """What the things are called whose keys stand within these: as they are, or else as the run would make them."""
    wanted = {part for key in keys for a, b, _sort in _cuts(key) for part in (a, b)}
    if not wanted:
        return {}
    known = SourceKey.objects.filter(source=run.source_id, key__in=wanted, item__presence=0)
    names = dict(known.values_list("key", "item__name"))
    if wanted - names.keys() and run.counts.get("created", {}).get("items", 0) <= LOOKED_THROUGH:
        made = RunRow.objects.filter(run=run, verdict="created", noun="items", key__in=wanted - names.keys())
        names |= dict(made.values_list("key", "name"))
    return names
