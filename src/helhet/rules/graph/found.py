"""What a walk over arrays found, in arrays; one item at a time only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import NOWHERE, Marks8, Places
from helhet.rules.graph.laid import Graph
from helhet.rules.graph.strong import strong_sets
from helhet.rules.reach import Effect, Reached


@dataclass(frozen=True)
class Found:
    """All that is reached. `place` has those of what was reached, nearest first, then by number; the other arrays have
    a value for every place. It answers as `rules.reach.Reach` does.
    """

    graph: Graph
    start: tuple[int, ...]
    strange: tuple[int, ...]
    at: dict[int, int]
    place: Places
    effect_at: Marks8
    distance_at: NDArray[np.int32]
    via_at: Places
    was_asked: NDArray[np.bool_]
    is_hit: bool
    with_parts: bool

    @property
    def degraded(self) -> int:
        """How many of them are degraded only."""
        return int((self.effect_at[self.place] == Effect.DEGRADED).sum())

    def owners(self) -> list[tuple[int, int, int]]:
        """Who answers for what was reached (0: nobody): the owner, how many, and the nearest of them."""
        return self._counted(self._labels(self.graph.base.owner, self.graph.base.owners, "owner"))

    def of_kinds(self, kinds: Collection[int]) -> NDArray[np.int64]:
        """Where in what was reached the items of these kinds stand."""
        label = self._labels(self.graph.base.kind, self.graph.base.kinds, "kind")
        return np.flatnonzero(np.isin(label, np.fromiter(kinds, np.int64)))

    def _labels(self, place_in: NDArray[np.int32], table: NDArray[np.int64], name: str) -> NDArray[np.int64]:
        """For what was reached the owner or kind, as it is now."""
        base, over = len(self.graph.base.ids), self.graph.over
        at = np.zeros(len(self.place), np.int32)
        is_base = self.place < base
        at[is_base] = place_in[self.place[is_base]]
        if over is None:
            return table[at]
        told = np.full(base + len(over.extra) + len(self.strange), NOWHERE, np.int64)
        told[over.place] = getattr(over, name)
        return np.where(told[self.place] == NOWHERE, table[at], told[self.place])

    def _counted(self, labels: NDArray[np.int64]) -> list[tuple[int, int, int]]:
        names, first, counts = np.unique(labels, return_index=True, return_counts=True)
        return list(zip(names.tolist(), counts.tolist(), self.ids[first].tolist(), strict=True))

    @property
    def count(self) -> int:
        """How many items are reached, the start left out."""
        return len(self.place)

    def numbers(self, places: Places) -> NDArray[np.int64]:
        """The numbers of the items at these places."""
        if not self.strange:
            return self.graph.numbers(places)
        found = np.empty(len(places), np.int64)
        is_own = places < self.graph.count
        found[is_own] = self.graph.numbers(places[is_own])
        found[~is_own] = np.array(self.strange, np.int64)[places[~is_own] - self.graph.count]
        return found

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The numbers of what was reached."""
        return self.numbers(self.place)

    def reached(self, first: int = 0, last: int | None = None) -> list[Reached]:
        """Some of what was reached, in order."""
        return self._reached(self.place[first:last])

    def reached_at(self, where: NDArray[np.int64]) -> list[Reached]:
        """Those that stand there in what was reached."""
        return self._reached(self.place[where])

    def _reached(self, place: Places) -> list[Reached]:
        via = self.via_at[place]
        through = self.numbers(np.maximum(via, 0))
        rows = zip(
            self.numbers(place).tolist(), self.distance_at[place].tolist(), through.tolist(),
            (via != NOWHERE).tolist(), self.effect_at[place].tolist(), strict=True,
        )  # fmt: skip
        effects = {int(effect): effect for effect in Effect}
        return [
            Reached(item, distance, through if has_via else None, effects[effect])
            for item, distance, through, has_via, effect in rows
        ]

    @cached_property
    def items(self) -> dict[int, Reached]:
        """All that was reached, by number; dear where that is much."""
        return {one.item: one for one in self.reached()}

    def path(self, item: int) -> list[int]:
        """From where the walk began to the item. Raises KeyError for one that was not reached."""
        place = self.at.get(item, self.graph.places([item]).get(item, NOWHERE))
        begin = {self.at[number] for number in self.start}
        if place == NOWHERE or (not self.distance_at[place] and place not in begin):
            raise KeyError(item)
        found = [place]
        while found[-1] not in begin and (via := int(self.via_at[found[-1]])) != NOWHERE:
            found.append(via)
        return [int(number) for number in self.numbers(np.array(found[::-1], np.int32))]

    @cached_property
    def loops(self) -> list[tuple[int, ...]]:
        """The sets of items that depend on one another, among what was reached and the start; as `reach.circles`."""
        asked = np.flatnonzero(self.was_asked[: self.graph.count]).astype(np.int32)
        links = self.graph.dependants if self.is_hit else self.graph.providers
        near, far, _strength = links(asked, with_parts=self.with_parts)
        inside = (self.effect_at[far] > 0) & (self.graph.gone[far] == 0)
        circles = strong_sets(self.graph.count, near[inside], far[inside])
        return sorted(tuple(sorted(self.graph.numbers(circle).tolist())) for circle in circles)
