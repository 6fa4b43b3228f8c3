"""What the graph is made of, read from the database: all of it by plain cursors, or some items as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from helhet.estate.models import Dependency, LinkCriticality, Redundancy
from helhet.estate.rows import chunks
from helhet.groups.models import Answer
from helhet.items.models import Item, Presence
from helhet.kit.engines import table_of
from helhet.rules.graph import Columns, Fact, SetFact
from helhet.rules.graph.arrays import DEGRADES, HARD

PORTION = 10_000
PACKED = 4
"""A link's strength stands in the last two bits of its provider: half the numbers to fetch, half the time."""
ITEMS = f"SELECT id, presence, COALESCE(part_of_id, 0), kind_id FROM {table_of(Item)} ORDER BY id"  # noqa: S608 - own names only
OWNERS = f"SELECT item_id, group_id FROM {table_of(Answer)} WHERE to_on IS NULL AND group_id IS NOT NULL"  # noqa: S608
LINKS = (
    f"SELECT from_item_id, to_item_id * {PACKED} + CASE criticality WHEN '{LinkCriticality.DEGRADES}' "  # noqa: S608 - own words only
    f"THEN {DEGRADES} ELSE {HARD} END{{more}} FROM {table_of(Dependency)} "
    f"WHERE not_seen_since IS NULL AND criticality <> '{LinkCriticality.NONE}' AND {{sets}}"
)


def read_columns() -> Columns:
    """All items and links; inside `engine().one_view`."""
    ids, presence, whole, kind = _columns(ITEMS, (np.int64, np.int8, np.int64, np.int32))
    item, group = _columns(OWNERS, (np.int64, np.int64))
    owner = np.zeros(len(ids), np.int64)
    if len(ids):
        at = np.minimum(np.searchsorted(ids, item), len(ids) - 1)
        is_known = ids[at] == item
        owner[at[is_known]] = group[is_known]
    del item, group
    # Numbers of items fit 32 bits in any estate that fits the arrays; half the memory while building.
    narrow: Any = np.int32 if not len(ids) or ids[-1] < np.iinfo(np.int32).max else np.int64
    item, packed = _columns(LINKS.format(more="", sets="+redundancy_id IS NULL"), (narrow, np.int64))
    in_sets = _columns(LINKS.format(more=", redundancy_id", sets="redundancy_id > 0"), (narrow, np.int64, narrow))
    redundancy = np.zeros(len(item) + len(in_sets[0]), narrow)
    redundancy[len(item) :] = in_sets[2]
    if len(in_sets[0]):
        item, packed = np.concatenate([item, in_sets[0]]), np.concatenate([packed, in_sets[1]])
    strength = (packed % PACKED).astype(np.uint8)
    packed //= PACKED
    return Columns(
        ids, (presence != Presence.HERE).astype(np.uint8), whole, owner, kind, item, packed.astype(narrow), strength,
        redundancy,
        {pk: (least, is_share) for pk, least, is_share in Redundancy.objects.values_list("pk", "least", "is_share")},
    )  # fmt: skip


def _columns(statement: str, kinds: Sequence[Any]) -> list[NDArray[Any]]:
    """A statement's rows by column. Each grows in one stretch of memory, since a heap of small arrays would leave as
    much again unused between them.
    """
    columns = [bytearray() for _kind in kinds]
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(PORTION):
            table = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * len(kinds)).reshape(-1, len(kinds))
            for place, kind in enumerate(kinds):
                columns[place] += table[:, place].astype(kind).tobytes()
    return [np.frombuffer(column, kind) for column, kind in zip(columns, kinds, strict=True)]


def facts_of(ids: Iterable[int]) -> Iterator[Fact]:
    """These items as they are now; one that does not exist counts as gone."""
    for chunk in chunks(sorted(ids)):
        ties: dict[int, list[tuple[int, int]]] = defaultdict(list)
        members: dict[int, dict[int, tuple[int, bool, set[int]]]] = defaultdict(dict)
        stated = Dependency.objects.filter(from_item_id__in=chunk, not_seen_since__isnull=True)
        for item, provider, level, number, least, is_share in stated.exclude(
            criticality=LinkCriticality.NONE
        ).values_list(
            "from_item_id", "to_item_id", "criticality", "redundancy_id", "redundancy__least", "redundancy__is_share"
        ):
            ties[item].append((provider, DEGRADES if level == LinkCriticality.DEGRADES else HARD))
            if number is not None:
                members[item].setdefault(number, (least, bool(is_share), set()))[2].add(provider)
        owners = dict(
            Answer.objects.open().filter(item_id__in=chunk, group__isnull=False).values_list("item_id", "group_id")
        )
        rows = Item.objects.filter(pk__in=chunk).values_list("pk", "presence", "part_of_id", "kind_id")
        known = {pk: rest for pk, *rest in rows}
        for pk in chunk:
            presence, whole, kind = known.get(pk, (Presence.WITHDRAWN, None, 0))
            sets = (SetFact(least, is_share, tuple(sorted(of))) for least, is_share, of in members[pk].values())
            yield Fact(
                pk, presence != Presence.HERE, tuple(ties[pk]), whole or 0, tuple(sets), owners.get(pk) or 0, kind
            )
