"""Sets of places that reach one another: strongly connected components, in time linear in the links.

What stands in no loop is peeled off in arrays; the greatest loops are found as what one place reaches and is reached
by (Fleischer, Hendrickson and Pinar, 2000). The rest, or what is too deep for walking in layers, is left to
Tarjan's walk (1972), without recursion.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import Places
from helhet.rules.graph.laid import Graph

PEELS = 40
WORTH = 64
"""Peeling goes on while each round takes one link in so many."""
FEW_LINKS = 20_000
MANY = 20_000
DENSE = 32
PIVOTS = 4
DEEPEST = 400


def circle_of_busiest(graph: Graph, inside: NDArray[np.bool_], *, with_parts: bool) -> Places:
    """The set of the place with most links among these; by way of both directions that the graph holds already. Empty
    where that is too deep for walking in layers.
    """
    base = graph.base
    busy = np.minimum(np.diff(base.up.first), np.diff(base.down.first))
    busy[~inside[: len(busy)]] = -1
    pivot = int(busy.argmax())
    met = []
    for links in (graph.dependants, graph.providers):
        is_open = inside.copy()
        is_open[pivot] = False
        front = np.array([pivot], np.int64)
        for _layer in range(DEEPEST):
            _near, far, _strength = links(front, is_open, with_parts=with_parts)
            if not len(far):
                break
            if len(far) * DENSE > len(inside):
                before = is_open.copy()
                is_open[far] = False
                front = np.flatnonzero(before & ~is_open)
            else:
                is_open[far] = False
                front = np.unique(far)
        else:
            return np.zeros(0, np.int32)
        met.append(inside & ~is_open)
    return np.flatnonzero(met[0] & met[1]).astype(np.int32)


def strong_sets(count: int, near: Places, far: Places) -> list[Places]:
    """All sets of at least two places, each rising, of a graph of links from `near` to `far`."""
    found: list[Places] = []
    for _pivot in range(PIVOTS):
        near, far = _peeled(count, near, far)
        if len(near) < FEW_LINKS:
            break
        split = _split(count, near, far)
        if split is None:
            break
        circle, part = split
        if len(circle) > 1:
            found.append(circle)
        within = (part[near] == part[far]) & (part[near] < 3)
        near, far = near[within], far[within]
    return found + _tarjan(near, far)


def _peeled(count: int, near: Places, far: Places) -> tuple[Places, Places]:
    """Without links of places that nothing leads to, or that lead nowhere."""
    for _round in range(PEELS):
        leads, is_led_to = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        leads[near] = True
        is_led_to[far] = True
        inside = is_led_to[near] & leads[far]
        left = int(inside.sum())
        lost = len(near) - left
        near, far = near[inside], far[inside]
        if lost * WORTH < left or not left:
            break
    return near, far


def _split(count: int, near: Places, far: Places) -> tuple[Places, NDArray[np.uint8]] | None:
    """The loop of the busiest place, and what it reaches (1), is reached by (2), or both (3). None: too deep."""
    busy = np.minimum(np.bincount(near, minlength=count), np.bincount(far, minlength=count))
    pivot = int(busy.argmax())
    part = np.zeros(count, np.uint8)
    for bit, one, other in ((1, near, far), (2, far, near)):
        met = _met_from(count, pivot, one, other)
        if met is None:
            return None
        part[met] += np.uint8(bit)
    return np.flatnonzero(part == 3).astype(np.int32), part


def _met_from(count: int, pivot: int, near: Places, far: Places) -> NDArray[np.bool_] | None:
    order = np.argsort(near, kind="stable")
    far = far[order]
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(near, minlength=count), out=first[1:])
    met = np.zeros(count, np.bool_)
    met[pivot] = True
    front: Places = np.array([pivot], np.int64)
    for _layer in range(DEEPEST):
        begin = first[front]
        sizes = first[front + 1] - begin
        at = np.arange(int(sizes.sum())) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        onward = far[at]
        onward = onward[~met[onward]]
        if not len(onward):
            return met
        before = met.copy() if len(onward) * DENSE > count else None
        met[onward] = True
        front = np.unique(onward) if before is None else np.flatnonzero(met & ~before)
    return None


def _tarjan(near: Places, far: Places) -> list[Places]:
    """One link after another, for what is left."""
    if not len(near):
        return []
    names, ends = np.unique(np.concatenate([near, far]), return_inverse=True)
    order = np.argsort(ends[: len(near)], kind="stable")
    onward = ends[len(near) :][order].tolist()
    first = [0, *np.cumsum(np.bincount(ends[: len(near)], minlength=len(names))).tolist()]
    return [np.sort(names[circle]).astype(np.int32) for circle in _Tarjan(first, onward).circles()]


class _Tarjan:
    """The walk's state: `number` is the order in which places were met, `low` the earliest that one leads back to."""

    def __init__(self, first: list[int], onward: list[int]) -> None:
        count = len(first) - 1
        self.onward = onward
        self.end = first[1:]
        self.next = first[:-1]
        self.number = [0] * count
        self.low = [0] * count
        self.is_open = bytearray(count)
        self.open: list[int] = []
        self.met = 0

    def circles(self) -> list[list[int]]:
        found: list[list[int]] = []
        for root in range(len(self.number)):
            if not self.number[root]:
                self._walk_from(root, found)
        return found

    def _meet(self, place: int) -> None:
        self.met += 1
        self.number[place] = self.low[place] = self.met
        self.open.append(place)
        self.is_open[place] = 1

    def _walk_from(self, root: int, found: list[list[int]]) -> None:
        self._meet(root)
        work = [root]
        while work:
            at = work[-1]
            if self.next[at] < self.end[at]:
                there = self.onward[self.next[at]]
                self.next[at] += 1
                if not self.number[there]:
                    self._meet(there)
                    work.append(there)
                elif self.is_open[there]:
                    self.low[at] = min(self.low[at], self.number[there])
                continue
            work.pop()
            if work:
                self.low[work[-1]] = min(self.low[work[-1]], self.low[at])
            if self.low[at] == self.number[at]:
                self._close(at, found)

    def _close(self, root: int, found: list[list[int]]) -> None:
        circle = []
        while True:
            place = self.open.pop()
            self.is_open[place] = 0
            circle.append(place)
            if place == root:
                break
        if len(circle) > 1:
            found.append(circle)
