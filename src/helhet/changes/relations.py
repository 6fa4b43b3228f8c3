"""What the items of changes stand on, read from the register's dependencies and part-of one layer at a time.

Always walked from an item towards what it needs: that way the number of ties is small also where a million things need
one. What two changes have to do with each other is then found in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from helhet.estate.walking import Direction, ties_of, walk

STEPS = 2
"""Items within so many steps of each other are related (decision 0007)."""


providers = ties_of(Direction.NEEDS, with_parts=True)
"""The ties from items to what they need: stated dependencies that can do harm, and a part's whole."""


def below(item: int) -> dict[int, int]:
    """How many steps each thing that the item stands on lies below it; the item itself is at 0."""
    found = walk([item], Direction.NEEDS, with_parts=True)
    return {item: 0} | {one.item: one.distance for one in found.reached()}


def related(mine: Collection[int], others: Collection[int], steps: int = STEPS) -> dict[int, set[int]]:
    """To each of `mine` those of `others` that it stands on, or that stand on it, within so many steps."""
    below: dict[int, set[int]] = defaultdict(set)
    known: set[int] = set()
    layer = set(mine) | set(others)
    for _step in range(steps):
        for tie in providers(layer):
            below[tie.item].add(tie.provider)
        known |= layer
        layer = {far for item in layer for far in below.get(item, ())} - known
    found: dict[int, set[int]] = {item: set() for item in mine}
    wanted = set(others)
    for item in mine:
        found[item] |= _under(item, below, steps) & wanted
    for other in others:
        for item in _under(other, below, steps) & found.keys():
            found[item].add(other)
    return found


def _under(item: int, below: Mapping[int, Collection[int]], steps: int) -> set[int]:
    found: set[int] = set()
    layer = {item}
    for _step in range(steps):
        layer = {far for near in layer for far in below.get(near, ())} - found - {item}
        found |= layer
    return found
