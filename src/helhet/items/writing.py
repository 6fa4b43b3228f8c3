"""The one way in which items come to be and change: for a verb, a bulk edit and an import alike.

Each function must run inside a transaction. It checks shape, writes the rows, the index of values and the events, and
lets the participants of higher rooms act in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from helhet.items.models import Criticality, Item, KeySort, Kind, ReferenceCounter, SourceKey, State
from helhet.items.touching import touch
from helhet.items.values import index_values, reindex_values
from helhet.journal.actions import make, record_many
from helhet.journal.models import Batch
from helhet.kit.engines import engine, insert, save, table_of
from helhet.kit.ports import Port
from helhet.kit.rights import Caller
from helhet.rules.text import name_keys


@dataclass(frozen=True, slots=True)
class Written:
    """What was just written: for participants. `fields` names what changed, empty for new items."""

    ids: tuple[int, ...]
    created: bool
    fields: frozenset[str]
    by: Caller
    batch: Batch | None
    on: dt.date


participants: Port[Callable[[Written], None]] = Port("items.written")


@dataclass(frozen=True, slots=True)
class NewKey:
    """Under which key a source knows a new item, and which group (an item's id) it names as responsible."""

    source_id: int
    key: str
    sort: int = KeySort.ITEM
    digest: int | None = None
    says_group_id: int | None = None
    claimants: list[int] | None = None


@dataclass(slots=True)
class NewItem:
    """An item that is to be. `state` and `criticality` are the enum's numbers. The whole is an item that exists
    (`part_of_id`) or another of the same drafts (`part_of_at`, its place among them).
    """

    kind: Kind
    name: str
    state: int = State.LIVE
    criticality: int = 0
    description: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    part_of_id: int | None = None
    part_of_at: int | None = None
    key: NewKey | None = None


COLUMNS = (
    "id", "kind", "prefix", "number", "name", "name_key", "name_fold", "description", "state", "criticality",
    "attributes", "tags", "part_of", "presence", "merged_into", "created_on", "retired_on", "created_at",
    "updated_at", "created_in", "version",
)  # fmt: skip


COUNTER = table_of(ReferenceCounter)


def take_numbers(prefixes: dict[str, int]) -> dict[str, int]:
    """The first of so many new numbers under each prefix; numbers are never given twice."""
    asked = sorted(prefixes.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {COUNTER} (prefix, last) VALUES {', '.join(['(%s, %s)'] * len(asked))} "  # noqa: S608 - own names only
            f"ON CONFLICT (prefix) DO UPDATE SET last = {COUNTER}.last + excluded.last RETURNING prefix, last",
            [value for pair in asked for value in pair],
        )
        return {prefix: last - prefixes[prefix] + 1 for prefix, last in cursor.fetchall()}


def add_items(
    drafts: Sequence[NewItem], *, by: Caller, on: dt.date, batch: Batch | None = None, reason: str = ""
) -> list[int]:
    """Write new items; returns their ids in the same order. In a batch no event is written for each of them:
    `created_in` and the batch's own event tell it.
    """
    if not drafts:
        return []
    ids = engine().reserve_ids(table_of(Item), len(drafts))
    insert(Item, COLUMNS, _rows(ids, drafts, on, batch))
    index_values((item_id, draft.attributes, draft.tags) for item_id, draft in zip(ids, drafts, strict=True))
    insert(
        SourceKey,
        ("source", "sort", "key", "item", "digest", "says_group", "claimants", "not_seen_since"),
        (
            (key.source_id, key.sort, key.key, item_id, key.digest, key.says_group_id,
             engine().json(key.claimants) if key.claimants else None, None)
            for item_id, key in ((item_id, draft.key) for item_id, draft in zip(ids, drafts, strict=True))
            if key is not None
        ),
    )  # fmt: skip
    if batch is None:
        record_many(
            make("items.item.created", "item", item_id, by=by, after={"name": draft.name}, reason=reason)
            for item_id, draft in zip(ids, drafts, strict=True)
        )
    _tell(Written(tuple(ids), True, frozenset(), by, batch, on))
    return ids


def _rows(ids: Sequence[int], drafts: Sequence[NewItem], on: dt.date, batch: Batch | None) -> list[tuple[Any, ...]]:
    """The drafts as rows of COLUMNS, each with its own number.

    A list, not a generator: numbers are asked of the database, which cannot answer while rows are being copied in.
    """
    counts: dict[str, int] = defaultdict(int)
    for draft in drafts:
        counts[draft.kind.prefix] += 1
    numbers = take_numbers(counts)
    now = timezone.now()
    dump = engine().json
    rows = []
    for item_id, draft in zip(ids, drafts, strict=True):
        prefix = draft.kind.prefix
        number = numbers[prefix]
        folded, key = name_keys(draft.name)
        numbers[prefix] = number + 1
        rows.append((
            item_id, draft.kind.pk, prefix, number, draft.name, key, folded, draft.description, draft.state,
            draft.criticality, dump(draft.attributes), dump(draft.tags),
            draft.part_of_id if draft.part_of_at is None else ids[draft.part_of_at], 0, None,
            on, on if draft.state == State.RETIRED else None, now, now, batch.pk if batch else None, 1,
        ))  # fmt: skip
    return rows


CHANGEABLE = frozenset(
    {"kind", "name", "description", "state", "criticality", "attributes", "tags", "part_of_id", "presence",
     "merged_into_id"}
)  # fmt: skip

# What the graph of the estate keeps of an item.
IN_GRAPH = frozenset({"kind", "part_of_id", "presence"})

# What is written with a field that was changed, beside the field itself.
_WITH = {"name": ("name", "name_key", "name_fold"), "state": ("state", "retired_on"), "part_of_id": ("part_of",),
         "merged_into_id": ("merged_into",)}  # fmt: skip


def change_items(
    changes: Iterable[tuple[Item, dict[str, Any]]],
    *,
    by: Caller,
    on: dt.date,
    batch: Batch | None = None,
    reason: str = "",
    verb: str = "items.item.changed",
    beside: Mapping[int, tuple[dict[str, Any], dict[str, Any]]] | None = None,
) -> list[int]:
    """Set fields of items (the wanted values, whole); returns the ids of those that really changed.

    The items must have been read inside this transaction. Each changed item gets one event with the changed fields
    before and after, a higher version, and its values indexed anew. `beside` gives, by item id, what a room above
    changed of the same thing (before, after), to be told in the same event.
    """
    beside = beside or {}
    now = timezone.now()
    changed: list[Item] = []
    events = []
    fields: set[str] = set()
    revalued: list[tuple[int, dict[str, Any], list[str], dict[str, Any], list[str]]] = []
    for item, wanted in changes:
        before, new = _alter(item, wanted, on, now, is_told=item.pk in beside)
        if not new and item.pk not in beside:
            continue
        more_before, more_after = beside.get(item.pk, ({}, {}))
        fields |= set(new)
        changed.append(item)
        if "attributes" in new or "tags" in new:
            old = (before.get("attributes", item.attributes), before.get("tags", item.tags))
            revalued.append((item.pk, *old, item.attributes, item.tags))
        events.append(
            make(
                verb, "item", item.pk, by=by, before=told(before, new) | more_before,
                after=told(new, new) | more_after, reason=reason, batch=batch,
            )
        )  # fmt: skip
    if changed:
        # Only the columns that some item changed: the others' indexes stay as they are.
        columns = [column for name in sorted(fields) for column in _WITH.get(name, (name,))]
        save(Item, changed, [*columns, "version", "updated_at"])
        reindex_values(revalued)
        record_many(events)
        _tell(Written(tuple(item.pk for item in changed), False, frozenset(fields), by, batch, on))
    return [item.pk for item in changed]


def _alter(
    item: Item, wanted: dict[str, Any], on: dt.date, now: dt.datetime, *, is_told: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what differs on the object; (all wanted fields before, those that are new). `is_told`: count it as changed
    even when nothing of its own is.
    """
    if unknown := set(wanted) - CHANGEABLE:
        raise ValueError(f"not fields that can be changed: {sorted(unknown)}")
    before = {name: getattr(item, name) for name in wanted}
    new = {name: value for name, value in wanted.items() if before[name] != value}
    for name, value in new.items():
        setattr(item, name, value)
    if "name" in new:
        item.name_fold, item.name_key = name_keys(item.name)
    if "state" in new:
        item.retired_on = on if item.state == State.RETIRED else None
    if new or is_told:
        item.version += 1
        item.updated_at = now
    return before, new


def told(values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Field values as an event tells them: words instead of numbers, keys instead of rows."""
    out: dict[str, Any] = {}
    for name in names:
        value = values[name]
        if name == "kind":
            out[name] = value.key
        elif name == "state":
            out[name] = State(value).key
        elif name == "criticality":
            out[name] = Criticality(value).key
        else:
            out[name] = value
    return out


def _tell(written: Written) -> None:
    if written.created or written.fields & IN_GRAPH:
        touch(written.ids)
    for participant in participants:
        participant(written)
