"""What a walk over arrays found, in arrays; one item at a time only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import NOWHERE, Marks8, Places
from helhet.rules.graph.laid import Graph
from helhet.rules.graph.strong import MANY, circle_of_busiest, strong_sets
from helhet.rules.reach import Effect, Reached

UNREACHED = -2


@dataclass(frozen=True)
class Found:
    """All that is reached. `place` has those of what was reached, nearest first, then by number, `distance` and `via`
    go with it; `effect_at` has a value for every place, `asked` what was looked at in each layer. It answers as
    `rules.reach.Reach` does.
    """

    graph: Graph
    start: tuple[int, ...]
    strange: tuple[int, ...]
    at: dict[int, int]
    place: Places
    distance: NDArray[np.int32]
    via: Places
    effect_at: Marks8
    asked: tuple[Places, ...]
    is_hit: bool
    with_parts: bool

    @property
    def degraded(self) -> int:
        """How many of them are degraded only."""
        return int((self.effect_at[self.place] == Effect.DEGRADED).sum())

    def owners(self) -> list[tuple[int, int, int]]:
        """Who answers for what was reached (0: nobody): the owner, how many, and the nearest of them."""
        at, other = self._labels(self.graph.base.owner, "owner")
        table = self.graph.base.owners
        counts = np.bincount(at[at >= 0], minlength=len(table))
        nearest = np.zeros(len(table) + 1, np.int64)
        nearest[at[::-1]] = np.arange(len(at) - 1, -1, -1)
        found = {int(table[one]): (int(counts[one]), int(nearest[one])) for one in np.flatnonzero(counts)}
        for where, owner in other:
            count, first = found.get(owner, (0, where))
            found[owner] = (count + 1, min(first, where))
        ids = self.ids
        return sorted((owner, count, int(ids[first])) for owner, (count, first) in found.items())

    def of_kinds(self, kinds: Collection[int]) -> NDArray[np.int64]:
        """Where in what was reached the items of these kinds stand."""
        at, other = self._labels(self.graph.base.kind, "kind")
        is_wanted = np.append(np.isin(self.graph.base.kinds, np.fromiter(kinds, np.int64)), False)[at]
        is_wanted[[where for where, kind in other if kind in kinds]] = True
        return np.flatnonzero(is_wanted)

    def _labels(self, of_place: NDArray[np.int32], name: str) -> tuple[NDArray[np.int32], list[tuple[int, int]]]:
        """For what was reached the owner or kind as a place in the arrays' table; NOWHERE for what was touched since or
        is not in the arrays, of which the second list tells: where it stands, and its owner or kind as it is now.
        """
        over = self.graph.over
        if over is None and not self.strange:
            return of_place[self.place], []
        base = len(self.graph.base.ids)
        is_told = self.place >= base
        now: dict[int, int] = {}
        if over is not None:
            is_told |= over.touched[np.minimum(self.place, self.graph.count - 1)] > 0
            now = dict(zip(over.place.tolist(), getattr(over, name).tolist(), strict=True))
        at = of_place[np.where(is_told, 0, self.place)] if base else np.zeros(len(self.place), np.int32)
        at[is_told] = NOWHERE
        return at, [(int(where), now.get(int(self.place[where]), 0)) for where in np.flatnonzero(is_told)]

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
        return self._reached(slice(first, last))

    def reached_at(self, where: NDArray[np.int64]) -> list[Reached]:
        """Those that stand there in what was reached."""
        return self._reached(where)

    def _reached(self, where: NDArray[np.int64] | slice) -> list[Reached]:
        place, via = self.place[where], self.via[where]
        through = self.numbers(np.maximum(via, 0))
        rows = zip(
            self.numbers(place).tolist(), self.distance[where].tolist(), through.tolist(),
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

    def before(self, distance: int, item: int) -> int:
        """How many of what was reached stand before such a one."""
        first, last = np.searchsorted(self.distance, (distance, distance + 1))
        return int(first + np.searchsorted(self.ids[first:last], item))

    def distances(self, of: Collection[int]) -> dict[int, int]:
        """How far away each of these items is that was reached."""
        strange = {number: self.at[number] for number in self.strange if number in of}
        wanted = self.graph.places(of) | strange
        is_wanted = np.zeros(self.graph.count + len(self.strange), np.bool_)
        is_wanted[list(wanted.values())] = True
        where = np.flatnonzero(is_wanted[self.place])
        return dict(zip(self.numbers(self.place[where]).tolist(), self.distance[where].tolist(), strict=True))

    @cached_property
    def _via_at(self) -> Places:
        """For every place the one that it was reached through; -2 where it was not."""
        found = np.full(self.graph.count + len(self.strange), UNREACHED, np.int32)
        found[self.place] = self.via
        return found

    def path(self, item: int) -> list[int]:
        """From where the walk began to the item. Raises KeyError for one that was not reached."""
        place = self.at.get(item, self.graph.places([item]).get(item))
        begin = {self.at[number] for number in self.start}
        if place is None or (self._via_at[place] == UNREACHED and place not in begin):
            raise KeyError(item)
        found = [place]
        while found[-1] not in begin and (via := int(self._via_at[found[-1]])) != NOWHERE:
            found.append(via)
        return [int(number) for number in self.numbers(np.array(found[::-1], np.int32))]

    @cached_property
    def loops(self) -> list[tuple[int, ...]]:
        """The sets of items that depend on one another, among what was reached and the start; as `reach.circles`."""
        inside = (self.effect_at[: self.graph.count] > 0) & (self.graph.gone == 0)
        asked = np.zeros(self.graph.count + len(self.strange), np.bool_)
        for places in self.asked:
            asked[places] = True
        asked = asked[: self.graph.count]
        circles = []
        if self.count > MANY and not (inside & ~asked).any():
            circle = circle_of_busiest(self.graph, inside, with_parts=self.with_parts)
            if len(circle) > 1:
                circles.append(circle)
                inside[circle] = asked[circle] = False
        links = self.graph.dependants if self.is_hit else self.graph.providers
        near, far, _strength = links(np.flatnonzero(asked).astype(np.int32), inside, with_parts=self.with_parts)
        circles += strong_sets(self.graph.count, near, far)
        return sorted(tuple(np.sort(self.graph.numbers(circle)).tolist()) for circle in circles)
