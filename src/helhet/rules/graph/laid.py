"""The arrays with what has changed since laid over them: what the walk asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import NO_SETS, Arrays, Links, Marks8, Places, Sets, places_of
from helhet.rules.graph.overlay import Overlay

Rows: TypeAlias = tuple[Places, Places, Marks8]
"""Links: their near ends, their far ends, their strengths."""
MUCH = 4
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

    def rising(self, numbers: Iterable[int]) -> Places:
        """The same places, in order."""
        return np.array(sorted(self.places(numbers).values()), np.int64)

    def of_changed(
        self, changed: Places, is_open: NDArray[np.bool_], *, downward: bool, with_parts: bool
    ) -> Rows:  # fmt: skip
        """Links from changed places to open ones: changed ends, open ends, strengths. Where less leads to what is open
        than from what changed, they are looked up from there (Beamer, Asanovic and Patterson, 2012).
        """
        ahead, back = (self.dependants, self.providers) if downward else (self.providers, self.dependants)
        forth, against = (self.base.down, self.base.up) if downward else (self.base.up, self.base.down)
        weight = self._weight(forth, changed)
        if weight * MUCH > self.count and np.count_nonzero(is_open) < MUCH * len(changed):
            wanted = np.flatnonzero(is_open[: self.count])
            if self._weight(against, wanted) < weight:
                is_changed = np.zeros(self.count, np.bool_)
                is_changed[changed] = True
                near, far, strength = back(wanted, is_changed, with_parts=with_parts)
                return far, near, strength
        return ahead(changed, is_open, with_parts=with_parts)

    def _weight(self, links: Links, of: Places) -> int:
        """How many links of the arrays these places have."""
        near = of[of < len(self.base.ids)] if len(self.ids) else of
        return int((links.first[near + 1] - links.first[near]).sum())

    def dependants(
        self, of: Places, is_open: NDArray[np.bool_] | None = None, *, with_parts: bool = False
    ) -> Rows:  # fmt: skip
        """Links whose provider is among the places: providers, dependants, strengths; those to open places only."""
        near = of[of < len(self.base.ids)] if len(self.ids) else of
        stands = self._stands(is_open)
        found = [expanded(self.base.down, near, stands)]
        if with_parts:
            found.append(expanded(self.base.parts, near, stands))
        if self.over is not None:
            found.append(looked_up(self.over.down, of, self.count, is_open))
            if with_parts:
                found.append(looked_up(self.over.part_down, of, self.count, is_open))
        return _joined(found)

    def providers(
        self, of: Places, is_open: NDArray[np.bool_] | None = None, *, with_parts: bool = False
    ) -> Rows:  # fmt: skip
        """Links whose dependant is among the places: dependants, providers, strengths; those to open places only."""
        near = of[of < len(self.base.ids)] if len(self.ids) else of
        if self.over is not None:
            near = near[self.over.touched[near] == 0]
        found = [expanded(self.base.up, near, is_open)]
        if with_parts:
            parts = near[self.base.whole[near] >= 0]
            whole = self.base.whole[parts]
            if is_open is not None:
                parts, whole = parts[is_open[whole]], whole[is_open[whole]]
            found.append((parts, whole, np.full(len(parts), 2, np.uint8)))
        if self.over is not None:
            found.append(looked_up(self.over.up, of, self.count, is_open))
            if with_parts:
                found.append(looked_up(self.over.part_up, of, self.count, is_open))
        return _joined(found)

    def _stands(self, is_open: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Open places whose links the arrays have: of those that were touched since, the overlay tells."""
        if self.over is None:
            return is_open
        is_old: NDArray[np.bool_] = self.over.touched == 0
        if is_open is not None:
            is_old &= is_open[: self.count]
        return is_old


def expanded(links: Links, of: Places, is_open: NDArray[np.bool_] | None = None) -> Rows:
    """All links of these rows; those to open places only."""
    begin = links.first[of]
    sizes = links.first[of + 1] - begin
    total = int(sizes.sum())
    if total == 0:
        return of[:0], links.other[:0], links.strength[:0]
    at = np.arange(total, dtype=np.int64)
    at += np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
    far = links.other[at].astype(np.int64)
    if is_open is None:
        return np.repeat(of, sizes), far, links.strength[at]
    kept = np.flatnonzero(is_open[far])
    if len(kept) * FEW < total:
        near = of[np.searchsorted(np.cumsum(sizes), kept, side="right")]
    else:
        near = np.repeat(of, sizes)[kept]
    return near, far[kept], links.strength[at[kept]]


def looked_up(links: Rows, of: Places, count: int, is_open: NDArray[np.bool_] | None) -> Rows:
    """Those of some links, sorted by their first ends, whose first end is among the places and whose other is open."""
    near, far, strength = links
    at = among(near, of, count)
    if is_open is not None:
        at = at[is_open[far[at]]]
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


def _joined(found: list[Rows]) -> Rows:
    found = [one for one in found if len(one[0])] or found[:1]
    if len(found) == 1:
        return found[0]
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))  # type: ignore[return-value]
