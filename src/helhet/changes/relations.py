"""What the items of changes stand on, along the register's dependencies and part-of.

Always walked from an item towards what it needs: that way the number of ties is small also where a million things need
one. What two changes have to do with each other is then found in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from helhet.estate.walking import Direction, Walks, walk

STEPS = 2
"""Items within so many steps of each other are related (decision 0007)."""


def below(item: int) -> dict[int, int]:
    """How many steps each thing that the item stands on lies below it; the item itself is at 0."""
    found = walk([item], Direction.NEEDS, with_parts=True)
    return {item: 0} | {one.item: one.distance for one in found.reached()}


def related(
    mine: Collection[int], others: Collection[int], steps: int = STEPS, *, walks: Walks | None = None
) -> dict[int, set[int]]:
    """To each of `mine` those of `others` that it stands on, or that stand on it, within so many steps."""
    walks = walks or Walks()
    known = layer = np.array(sorted({*mine, *others}), np.int64)
    pairs = []
    for _step in range(steps):
        pairs.append(walks.providers(layer))
        layer = np.setdiff1d(pairs[-1][1], known)
        known = np.union1d(known, layer)
    below: dict[int, set[int]] = defaultdict(set)
    above: dict[int, set[int]] = defaultdict(set)
    items, providers = (np.concatenate([pair[end] for pair in pairs]) for end in (0, 1))
    for item, provider in _around(mine, items, providers, steps):
        below[item].add(provider)
        above[provider].add(item)
    wanted = set(others)
    return {item: (_near(item, below, steps) | _near(item, above, steps)) & wanted for item in mine}


def between(mine: Collection[int], other: int, depth: int | None, walks: Walks) -> list[int]:
    """The shortest way between the other item and the nearest of mine, whichever stands on the other."""
    down = walks.walk([other], Direction.NEEDS, depth=depth, with_parts=True)
    hit = down.distances(mine)
    if hit:
        return down.path(min(hit, key=lambda item: (hit[item], item)))
    up = walks.walk(sorted(mine), Direction.NEEDS, depth=depth, with_parts=True)
    return up.path(other) if up.distances([other]) else []


def _around(
    mine: Collection[int], item: NDArray[np.int64], provider: NDArray[np.int64], steps: int
) -> list[tuple[int, int]]:  # fmt: skip
    """Those of the pairs that lie on a way of so many steps down from mine, or up."""
    is_near = np.zeros(len(item), np.bool_)
    down = up = np.fromiter(mine, np.int64)
    for _step in range(steps):
        is_down, is_up = np.isin(item, down), np.isin(provider, up)
        is_near |= is_down | is_up
        down, up = np.unique(provider[is_down]), np.unique(item[is_up])
    return list(zip(item[is_near].tolist(), provider[is_near].tolist(), strict=True))


def _near(item: int, ties: Mapping[int, Collection[int]], steps: int) -> set[int]:
    found: set[int] = set()
    layer = {item}
    for _step in range(steps):
        layer = {far for near in layer for far in ties.get(near, ())} - found - {item}
        found |= layer
    return found
