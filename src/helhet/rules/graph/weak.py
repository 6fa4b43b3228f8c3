"""What would hurt most: items whose failure alone stops services, items that hold the rest together, and wide reach.

The reach of each item of a large graph is dear. So the reach of all is estimated from the least of random numbers that
each is reached by (Cohen, 1997), which loops do not disturb, and the most promising are walked exactly, with
redundancy. Where there are few, all are walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import Places
from helhet.rules.graph.found import Found
from helhet.rules.graph.laid import Graph
from helhet.rules.graph.walk import NARROW, hit_by
from helhet.rules.reach import Effect

SKETCHES = 16
ROUNDS = 200
PROBES = 20
SINGLE = 16


@dataclass(frozen=True, slots=True)
class Weak:
    """What the failure of one item alone does: how many services it stops or only degrades, how many items it reaches,
    whether something fails although it has redundancy, and the greatest weight among what it stops.
    """

    item: int
    stops: int
    degrades: int
    reached: int
    is_past_redundancy: bool
    weight: int


def weak_points(
    graph: Graph, is_service: NDArray[np.bool_], weight: NDArray[np.uint8], *, walks: int, layers: int
) -> Iterator[Weak]:
    """What the candidates do, in no order: of at most so many, and no more once they were walked so many layers in all,
    since a layer takes its time however little is in it. `is_service` and `weight` go by place.
    """
    for place in candidates(graph, is_service, walks=walks, layers=layers):
        found = hit_by(graph, [int(graph.base.ids[place])])
        layers -= _layers(found)
        yield _weak(found, is_service, weight)
        if layers <= 0:
            return


def candidates(graph: Graph, is_service: NDArray[np.bool_], *, walks: int, layers: int) -> Places:
    """The places that something depends on; where they are more than `walks`, or deep, those first that by estimate
    reach the most services, and the most items, by turns.
    """
    relied_on = np.flatnonzero((np.diff(graph.base.down.first) > 0) & (graph.base.gone == 0))
    if len(relied_on) <= walks and not _are_deep(graph, relied_on, layers):
        return relied_on
    ranked = []
    for marks in (is_service, graph.base.gone == 0):
        reach = estimated_reach(graph, marks)[relied_on]
        ranked.append(relied_on[np.argsort(-reach, kind="stable")])
    _places, first = np.unique(by_turns := np.column_stack(ranked).ravel(), return_index=True)
    chosen: Places = by_turns[np.sort(first)][:walks]
    return chosen


def _are_deep(graph: Graph, places: Places, layers: int) -> bool:
    """Whether walking all of them may take more layers than that, by a few of them."""
    some = places[:: max(1, len(places) // PROBES)]
    deep = max(1, layers // max(1, len(places)))
    met = [_layers(hit_by(graph, [int(graph.base.ids[place])], depth=2 * deep * SINGLE)) for place in some]
    return sum(met) > deep * len(some)


def _layers(found: Found) -> int:
    """How many layers it took; those that were walked by single places cost a fraction."""
    wide = sum(len(places) > NARROW for places in found.asked)
    return wide + (len(found.asked) - wide) // SINGLE + 1


def estimated_reach(graph: Graph, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """About how many of the counted places depend on each place, itself among them; redundancy left out of account."""
    links, is_gone = graph.base.down, graph.base.gone > 0
    chance = np.random.default_rng(len(is_gone))
    rows = np.flatnonzero(np.diff(links.first) > 0)
    total = np.zeros(len(is_gone))
    for _sketch in range(SKETCHES):
        least = np.where(counted & ~is_gone, chance.exponential(size=len(is_gone)), np.inf)
        for _round in range(ROUNDS):
            if not len(rows):
                break
            through = np.minimum(least[rows], np.minimum.reduceat(least[links.other], links.first[rows]))
            through[is_gone[rows]] = np.inf
            if np.array_equal(through, least[rows]):
                break
            least[rows] = through
        total += least
    return np.divide(SKETCHES - 1, total, out=np.zeros(len(total)), where=np.isfinite(total) & (total > 0))


def _weak(found: Found, is_service: NDArray[np.bool_], weight: NDArray[np.uint8]) -> Weak:
    effect = found.effect_at[found.place]
    failed = found.place[effect == Effect.FAILED]
    services = is_service[found.place]
    stops = int((services & (effect == Effect.FAILED)).sum())
    return Weak(
        found.start[0], stops, int(services.sum()) - stops, found.count, _is_past_redundancy(found),
        int(weight[failed].max()) if len(failed) else 0,
    )  # fmt: skip


def _is_past_redundancy(found: Found) -> bool:
    """Whether some set has too few left that have not failed."""
    sets, effect = found.graph.base.sets, found.effect_at
    if not len(sets.item):
        return False
    of = np.repeat(np.arange(len(sets.item)), np.diff(sets.first))
    here = found.graph.gone[sets.member] == 0
    total = np.bincount(of[here], minlength=len(sets.item))
    failed = np.bincount(of[here & (effect[sets.member] == Effect.FAILED)], minlength=len(sets.item))
    least = np.where(sets.is_share > 0, -(-sets.least.astype(np.int64) * total // 100), sets.least)
    is_hit = np.zeros(len(effect), np.bool_)
    is_hit[found.place] = True
    is_down = is_hit[sets.item] & (effect[sets.item] == Effect.FAILED)
    return bool(((failed > 0) & (total - failed < least) & is_down).any())


def cut_places(graph: Graph) -> Places:
    """Places without which what hangs together now, whichever way the links point, falls apart: articulation points
    (Hopcroft and Tarjan, 1973), without recursion. One link after another: for graphs of some hundred thousand links.
    """
    here = graph.base.gone == 0
    up = graph.base.up
    near = np.repeat(np.arange(len(here)), np.diff(up.first))
    kept = here[near] & here[up.other]
    ends = np.concatenate([near[kept], up.other[kept]])
    others = np.concatenate([up.other[kept], near[kept]])
    order = np.argsort(ends, kind="stable")
    first = [0, *np.cumsum(np.bincount(ends, minlength=len(here))).tolist()]
    return np.array(sorted(_cuts(first, others[order].tolist())), np.int64)


def _cuts(first: list[int], others: list[int]) -> set[int]:
    walk = _Cuts(first, others)
    for root in range(len(first) - 1):
        if not walk.number[root] and first[root] < first[root + 1]:
            walk.from_root(root)
    return walk.cuts


class _Cuts:
    """The walk's state: `number` is the order in which places were met, `low` the earliest that lies behind one."""

    def __init__(self, first: list[int], others: list[int]) -> None:
        self.first, self.others, self.next = first, others, first[:-1]
        self.number = [0] * (len(first) - 1)
        self.low = [0] * (len(first) - 1)
        self.met = 0
        self.cuts: set[int] = set()

    def from_root(self, root: int) -> None:
        """All that hangs together with it."""
        self._meet(root)
        work, branches = [(root, -1)], 0
        while work:
            at, before = work[-1]
            if self.next[at] < self.first[at + 1]:
                there = self.others[self.next[at]]
                self.next[at] += 1
                if not self.number[there]:
                    self._meet(there)
                    work.append((there, at))
                elif there != before:
                    self.low[at] = min(self.low[at], self.number[there])
                continue
            work.pop()
            branches += before == root
            self._back(at, before, root)
        if branches > 1:
            self.cuts.add(root)

    def _meet(self, place: int) -> None:
        self.met += 1
        self.number[place] = self.low[place] = self.met

    def _back(self, at: int, before: int, root: int) -> None:
        if before < 0:
            return
        self.low[before] = min(self.low[before], self.low[at])
        if before != root and self.low[at] >= self.number[before]:
            self.cuts.add(before)
