"""The arrays with what has changed since laid over them: what the walk asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import NO_SETS, Arrays, Links, Marks8, Places, Sets, places_of
from helhet.rules.graph.overlay import Overlay

FEW = 8
"""Looking a frontier up in sorted links is quicker than marking it while it is so many times shorter than they."""


@dataclass(frozen=True)
class Graph:
    """One graph at one moment. Immutable: a later moment is another one, over the same arrays."""

    base: Arrays
    over: Overlay | None = None

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The number of each place that is not in the arrays."""
        return self.over.extra if self.over is not None else np.zeros(0, np.int64)

    @cached_property
    def count(self) -> int:
        """How many places there are."""
        return len(self.base.ids) + len(self.ids)

    @cached_property
    def gone(self) -> Marks8:
        """Whether the item of a place has left the register."""
        return self.over.gone if self.over is not None else self.base.gone

    @cached_property
    def rank(self) -> Places | None:
        """The order of places by number, where it is another than that of the places themselves."""
        if not len(self.ids) or not len(self.base.ids) or self.ids[0] > self.base.ids[-1]:
            return None
        rank = np.empty(self.count, np.int32)
        rank[np.argsort(np.concatenate([self.base.ids, self.ids]), kind="stable")] = np.arange(self.count)
        return rank

    @cached_property
    def sets(self) -> tuple[Sets, Sets]:
        """The redundancies of the arrays, and those laid over."""
        return self.base.sets, self.over.sets if self.over is not None else NO_SETS

    def numbers(self, places: Places) -> NDArray[np.int64]:
        """The numbers of the items at these places."""
        if not len(self.ids):
            return self.base.ids[places]
        found = np.empty(len(places), np.int64)
        is_base = places < len(self.base.ids)
        found[is_base] = self.base.ids[places[is_base]]
        found[~is_base] = self.ids[places[~is_base] - len(self.base.ids)]
        return found

    def places(self, numbers: Iterable[int]) -> dict[int, int]:
        """The places of those of these numbers that the graph knows."""
        wanted = np.array(sorted(set(numbers)), np.int64)
        at, is_known = places_of(self.base.ids, wanted)
        found = dict(zip(wanted[is_known].tolist(), at[is_known].tolist(), strict=True))
        at, is_known = places_of(self.ids, wanted)
        return found | dict(zip(wanted[is_known].tolist(), (at[is_known] + len(self.base.ids)).tolist(), strict=True))

    def dependants(self, of: Places, *, with_parts: bool = False) -> tuple[Places, Places, Marks8]:
        """Links whose provider is among the places: providers, dependants, strengths."""
        found = [self._below(self.base.down, of)]
        if with_parts:
            found.append(self._below(self.base.parts, of))
        if self.over is not None:
            found.append(looked_up(self.over.down, of, self.count))
            if with_parts:
                found.append(looked_up(self.over.part_down, of, self.count))
        return _joined(found)

    def providers(self, of: Places, *, with_parts: bool = False) -> tuple[Places, Places, Marks8]:
        """Links whose dependant is among the places: dependants, providers, strengths."""
        near = of[of < len(self.base.ids)]
        if self.over is not None:
            near = near[self.over.touched[near] == 0]
        found = [expanded(self.base.up, near)]
        if with_parts:
            parts = near[self.base.whole[near] >= 0]
            found.append((parts, self.base.whole[parts], np.full(len(parts), 2, np.uint8)))
        if self.over is not None:
            found.append(looked_up(self.over.up, of, self.count))
            if with_parts:
                found.append(looked_up(self.over.part_up, of, self.count))
        return _joined(found)

    def _below(self, links: Links, of: Places) -> tuple[Places, Places, Marks8]:
        """Links of the arrays, without those of dependants that were touched since."""
        found = expanded(links, of[of < len(self.base.ids)] if len(self.ids) else of)
        if self.over is None:
            return found
        stands = self.over.touched[found[1]] == 0
        return found if stands.all() else (found[0][stands], found[1][stands], found[2][stands])


def expanded(links: Links, of: Places) -> tuple[Places, Places, Marks8]:
    """All links of these rows."""
    begin = links.first[of]
    sizes = links.first[of + 1] - begin
    total = int(sizes.sum())
    if total == 0:
        return of[:0], links.other[:0], links.strength[:0]
    if total == len(links.other):
        return np.repeat(of, sizes), links.other, links.strength
    at = np.arange(total, dtype=np.int64)
    at += np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
    return np.repeat(of, sizes), links.other[at], links.strength[at]


def looked_up(links: tuple[Places, Places, Marks8], of: Places, count: int) -> tuple[Places, Places, Marks8]:
    """Those of some links, sorted by their first ends, whose first end is among the places."""
    near, far, strength = links
    at = among(near, of, count)
    return near[at], far[at], strength[at]


def among(rising: Places, of: Places, count: int) -> NDArray[np.int64]:
    """Where in a rising row the places stand."""
    if len(of) * FEW < len(rising):
        low, high = np.searchsorted(rising, of), np.searchsorted(rising, of, side="right")
        sizes = high - low
        found = np.arange(int(sizes.sum()), dtype=np.int64)
        found += np.repeat(low - (np.cumsum(sizes) - sizes), sizes)
        return found
    if not len(rising):
        return np.zeros(0, np.int64)
    is_met = np.zeros(count, np.bool_)
    is_met[of] = True
    return np.flatnonzero(is_met[rising])


def _joined(found: list[tuple[Places, Places, Marks8]]) -> tuple[Places, Places, Marks8]:
    found = [one for one in found if len(one[0])] or found[:1]
    if len(found) == 1:
        return found[0]
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]
