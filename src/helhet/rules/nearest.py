"""Which of some items each other one belongs nearest to, and how far to which side it stands: what maps are made from.

Pure: items are numbers, ties are `reach.Tie`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from helhet.rules.reach import Tie


def nearest_dependant(ties: Iterable[Tie], wanted: Collection[int]) -> dict[int, int]:
    """For each item the nearest of `wanted` that depends on it, directly or through others; a wanted one is its own.

    Of several as near it is the one with the lowest number. Items that none of them depends on are left out.
    """
    providers: dict[int, set[int]] = defaultdict(set)
    for tie in ties:
        providers[tie.item].add(tie.provider)
    found = {item: item for item in wanted}
    layer = sorted(found)
    while layer:
        reached: dict[int, int] = {}
        for item in layer:
            for provider in providers[item]:
                if provider not in found:
                    reached[provider] = min(found[item], reached.get(provider, found[item]))
        found |= reached
        layer = sorted(reached)
    return found


def layers(ties: Iterable[Tie], start: Collection[int]) -> dict[int, int]:
    """How far each item stands from the start: to the right (positive) what depends on it, to the left what it needs.

    Each is placed by the shortest way along ties in either direction; of two as short by the one found first, in the
    order of numbers. Items that no way leads to are left out.
    """
    near: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for tie in ties:
        near[tie.provider].add((tie.item, 1))
        near[tie.item].add((tie.provider, -1))
    found = dict.fromkeys(start, 0)
    layer = sorted(found)
    while layer:
        reached: dict[int, int] = {}
        for item in layer:
            for other, step in sorted(near[item]):
                if other not in found:
                    reached.setdefault(other, found[item] + step)
        found |= reached
        layer = sorted(reached)
    return found
