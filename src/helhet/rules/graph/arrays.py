"""The graph as it stood at one moment, in arrays that can be mapped from a file.

An item is its *place* in `ids`, which rises; so the lowest number is the lowest place. All items and all links are in,
also those of items that have left the register: they are told apart by `gone`, so that one may come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int32] | NDArray[np.int64]
Places: TypeAlias = NDArray[np.signedinteger[Any]]
"""Kept in 32 bits; walked in 64, since looking up by a narrower number takes three times as long."""
Marks8: TypeAlias = NDArray[np.uint8]

DEGRADES, HARD, STRENGTH = 1, 2, 3
IN_SET = 4
"""Beside its strength a link says whether it belongs to a redundancy, where it does not count alone."""
NOWHERE = -1
KEY_BITS, KEY_MASK = 3, 7


@dataclass(frozen=True, slots=True)
class Links:
    """Compressed sparse rows: the links of place `p` stand from `first[p]` to `first[p + 1]`."""

    first: NDArray[np.int32]
    other: Places
    strength: Marks8


@dataclass(frozen=True, slots=True)
class Sets:
    """Redundancies: `item` needs at least `least` (with `is_share`: percent) of its members, which stand from
    `first[s]` to `first[s + 1]`. `by_member`, which rises, and `of_member` lead from a member to its sets.
    """

    item: Places
    least: NDArray[np.int32]
    is_share: Marks8
    first: NDArray[np.int64]
    member: Places
    by_member: Places
    of_member: Places


@dataclass(frozen=True, slots=True)
class Arrays:
    """All of it. `down` leads from a provider to its dependants, `up` back; `whole` is NOWHERE or the place of what an
    item is part of, `parts` leads back. `owner` and `kind` are places in `owners` and `kinds`, whose first is 0: none.
    """

    ids: NDArray[np.int64]
    gone: Marks8
    down: Links
    up: Links
    whole: Places
    parts: Links
    sets: Sets
    owner: NDArray[np.int32]
    owners: NDArray[np.int64]
    kind: NDArray[np.int32]
    kinds: NDArray[np.int64]

    @property
    def links(self) -> int:
        """How many pairs of items are tied."""
        return len(self.up.other)


@dataclass(slots=True)
class Columns:
    """What the arrays are built from, as it was read. `ids` rise; the ends of links, wholes and owners are numbers of
    items, 0 for none. A link in a redundancy names it in `redundancy`, else 0; several links may tie the same pair.
    """

    ids: NDArray[np.int64]
    gone: Marks8
    whole: NDArray[np.int64]
    owner: NDArray[np.int64]
    kind: NDArray[np.int64]
    item: Numbers
    provider: Numbers
    strength: Marks8
    redundancy: Numbers
    redundancies: dict[int, tuple[int, bool]]


def _none(dtype: Any) -> NDArray[Any]:
    return np.zeros(0, dtype)


NO_SETS = Sets(
    _none(np.int32), _none(np.int32), _none(np.uint8), np.zeros(1, np.int64), _none(np.int32), _none(np.int32),
    _none(np.int32),
)  # fmt: skip


def build(columns: Columns) -> Arrays:
    """The arrays. Links with an end that is not among the ids are left out."""
    ids = columns.ids
    item, is_item = places_of(ids, columns.item)
    provider, is_provider = places_of(ids, columns.provider)
    known = is_item & is_provider & (item != provider)
    whole, has_whole = places_of(ids, columns.whole)
    whole[~has_whole] = NOWHERE
    sets = _sets(columns, item, provider, known & (columns.redundancy > 0))
    within = covered(len(ids), sets)
    item, provider = item[known], provider[known]
    strength = _with_sets(len(ids), item, provider, columns.strength[known], within)
    up = _rows(len(ids), item, provider, strength)
    down = _rows(len(ids), provider, item, strength)
    del item, provider, strength
    part = np.flatnonzero(has_whole).astype(np.int32)
    strengths = part_strength(part, whole[part], within, len(ids))
    owners, owner = np.unique(np.append(columns.owner, 0), return_inverse=True)
    kinds, kind = np.unique(np.append(columns.kind, 0), return_inverse=True)
    return Arrays(
        ids, columns.gone, down, up, whole, _rows(len(ids), whole[part], part, strengths), sets,
        owner[:-1].astype(np.int32), owners, kind[:-1].astype(np.int32), kinds,
    )  # fmt: skip


def places_of(ids: NDArray[np.int64], wanted: Numbers) -> tuple[Places, NDArray[np.bool_]]:
    """The places of these numbers, and which of them there are."""
    if not len(ids):
        return np.zeros(len(wanted), np.int32), np.zeros(len(wanted), np.bool_)
    span = int(ids[-1]) + 1
    if len(wanted) > len(ids) // 4 and span <= 8 * len(ids):
        table = np.full(span, NOWHERE, np.int32)
        table[ids] = np.arange(len(ids), dtype=np.int32)
        found = table[np.clip(wanted, 0, span - 1)]
        return found, (found >= 0) & (wanted > 0) & (wanted < span)
    found = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1).astype(np.int32)
    return found, ids[found] == wanted


def _rows(count: int, near: Places, far: Places, strength: Marks8) -> Links:
    """Each pair of ends once, rows by `near`, within a row by `far`, with the greatest strength."""
    key = near.astype(np.int64)
    key *= count
    key += far
    key <<= KEY_BITS
    key |= strength
    key.sort()
    # In place where it can be: each copy is forty megabytes for five million links.
    strengths = (key & KEY_MASK).astype(np.uint8)
    key >>= KEY_BITS
    last = np.append(key[1:] != key[:-1], True)[: len(key)]
    if not last.all():
        key, strengths = key[last], strengths[last]
    first = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(key // max(count, 1), minlength=count), out=first[1:])
    key %= max(count, 1)
    return Links(first, key.astype(np.int32), strengths)


def covered(count: int, sets: Sets) -> NDArray[np.int64]:
    """The pairs of item and member of all sets, as `item * count + member`."""
    return np.repeat(sets.item, np.diff(sets.first)).astype(np.int64) * count + sets.member


def part_strength(part: Places, whole: Places, within: NDArray[np.int64], count: int) -> Marks8:
    """A part depends on its whole, hard; unless a set of the part has the whole, which then counts there."""
    return _with_sets(count, part, whole, np.full(len(part), HARD, np.uint8), within)


def _with_sets(
    count: int, item: Places, provider: Places, strength: Marks8, within: NDArray[np.int64]
) -> Marks8:  # fmt: skip
    if not len(within):
        return strength
    is_in = np.isin(item.astype(np.int64) * count + provider, within)
    return strength | np.where(is_in, np.uint8(IN_SET), np.uint8(0))


def _sets(columns: Columns, item: Places, provider: Places, inside: NDArray[np.bool_]) -> Sets:
    """Sets by item and number of redundancy, each member once."""
    rows = np.flatnonzero(inside)
    if not len(rows):
        return NO_SETS
    numbers = columns.redundancy[rows].tolist()
    triples = sorted({*zip(item[rows].tolist(), numbers, provider[rows].tolist(), strict=True)})
    told: list[tuple[int, int, bool, list[int]]] = []
    last = None
    for owner, number, member in triples:
        if (owner, number) != last:
            last = (owner, number)
            told.append((owner, *columns.redundancies[number], []))
        told[-1][3].append(member)
    return make_sets(told)


def make_sets(told: Sequence[tuple[int, int, bool, list[int]]]) -> Sets:
    """Sets out of item, least, whether that is a share, and members; all as places."""
    if not told:
        return NO_SETS
    sizes = np.array([len(members) for *_rest, members in told], np.int64)
    member = np.array([one for *_rest, members in told for one in members], np.int32)
    of_member = np.repeat(np.arange(len(told), dtype=np.int32), sizes)
    order = np.argsort(member, kind="stable")
    return Sets(
        np.array([one[0] for one in told], np.int32), np.array([one[1] for one in told], np.int32),
        np.array([one[2] for one in told], np.uint8), np.append(np.int64(0), np.cumsum(sizes)), member,
        member[order], of_member[order],
    )  # fmt: skip
