"""The walk in layers of decision record 0006 over arrays: what `rules.reach` says, a layer at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from helhet.rules.graph.arrays import IN_SET, NOWHERE, STRENGTH, Links, Marks8, Places, Sets
from helhet.rules.graph.found import Found
from helhet.rules.graph.laid import Graph, among
from helhet.rules.reach import Effect, Marks

DEGRADED, FAILED = int(Effect.DEGRADED), int(Effect.FAILED)
EFFECT_AT = 29
LOWEST = (1 << EFFECT_AT) - 1
"""A proposal is one number: the effect, then how low the place is that it comes through. The greatest wins."""
NARROW = 6
"""So many places, and links of each, are looked at one by one."""
DENSE = 32
"""From one place in so many on, reading all places is quicker than sorting those that were met."""


def hit_by(
    graph: Graph, start: Iterable[int], *, depth: int | None = None, marks: Marks | None = None,
    with_parts: bool = False,
) -> Found:  # fmt: skip
    """What is hit when all of `start` fail; as `rules.reach.hit_by`, with what depends on them as their parts when
    asked for.
    """
    walk = _Walk(graph, tuple(dict.fromkeys(start)), marks or Marks())
    has_sets = any(len(sets.item) for sets in graph.sets)
    changed, layer = walk.begin, 0
    while len(changed) and (depth is None or layer < depth):
        if layer and not with_parts:
            changed, layer = walk.narrowly(graph.base.down, changed, layer, depth, is_hit=True)
            if not len(changed) or layer == depth:
                break
        layer += 1
        provider, item, strength = graph.of_changed(
            walk.known(changed), walk.is_open, downward=True, with_parts=with_parts
        )
        if has_sets:
            alone = strength < IN_SET
            provider, item, strength = provider[alone], item[alone], strength[alone]
        walk.offer(item, np.minimum(strength, walk.state[provider]), provider)
        if has_sets:
            for order, sets in enumerate(graph.sets):
                walk.offer_sets(sets, changed, is_base=order == 0)
        changed = walk.take(changed, layer)
    return walk.found(is_hit=True, with_parts=with_parts)


def needs_of(
    graph: Graph, start: Iterable[int], *, depth: int | None = None, marks: Marks | None = None,
    with_parts: bool = False,
) -> Found:  # fmt: skip
    """What all of `start` need; as `rules.reach.needs_of`."""
    walk = _Walk(graph, tuple(dict.fromkeys(start)), marks or Marks())
    changed, layer = walk.begin, 0
    while len(changed) and (depth is None or layer < depth):
        if layer and not with_parts:
            changed, layer = walk.narrowly(graph.base.up, changed, layer, depth, is_hit=False)
            if not len(changed) or layer == depth:
                break
        layer += 1
        item, provider, strength = graph.of_changed(
            walk.known(changed), walk.is_open, downward=False, with_parts=with_parts
        )
        walk.offer(provider, np.minimum(strength & STRENGTH, walk.state[item]), item)
        changed = walk.take(changed, layer)
    return walk.found(is_hit=False, with_parts=with_parts)


def steps_down(graph: Graph, start: int, to: Collection[int], *, with_parts: bool = False) -> dict[int, int]:
    """How far below the start each of those lies that it needs: the distances of `needs_of` alone, in a quarter of its
    time, and no farther than the farthest of them.
    """
    begin, wanted = graph.places([start]), graph.places(set(to) - {start})
    is_wanted = np.zeros(graph.count, np.bool_)
    is_wanted[list(wanted.values())] = True
    is_open = graph.gone == 0
    front: Places = np.array(list(begin.values()), np.int64)
    is_open[front] = False
    last = np.empty(graph.count, np.int32)
    found: dict[int, int] = {}
    layer = 0
    while len(front) and len(found) < len(wanted):
        layer += 1
        far = graph.providers(front, is_open, with_parts=with_parts)[1]
        # Each once: the last of its kind, which is quicker than sorting.
        order = np.arange(len(far), dtype=np.int32)
        last[far] = order
        front = far[last[far] == order]
        is_open[front] = False
        found |= dict.fromkeys(graph.numbers(front[is_wanted[front]]).tolist(), layer)
    return found


class _Walk:
    """What is known so far, by place. Numbers that the graph does not know get places behind its own."""

    def __init__(self, graph: Graph, start: tuple[int, ...], marks: Marks) -> None:
        self.graph = graph
        self.start = start
        wanted = [*start, *sorted(marks.also)]
        self.at = graph.places([*wanted, *marks.never])
        self.strange = [number for number in dict.fromkeys(wanted) if number not in self.at]
        self.at |= {number: graph.count + order for order, number in enumerate(self.strange)}
        self.count = graph.count + len(self.strange)
        self.begin = np.array(sorted(self.at[number] for number in start), np.int64)
        never = np.array([self.at[number] for number in marks.never if number in self.at], np.int32)
        self.state: Marks8 = np.zeros(self.count, np.uint8)
        self.is_open = np.ones(self.count, np.bool_)
        np.equal(graph.gone, 0, out=self.is_open[: graph.count])
        self.also = np.array([self.at[number] for number in sorted(marks.also)], np.int64)
        self.is_open[self.also] = True
        self.is_open[never] = False
        self.is_open[self.begin] = False
        self.also = self.also[self.is_open[self.also]]
        self.state[self.begin] = FAILED
        self.key = np.zeros(self.count, np.int32)
        self.asked: list[Places] = []
        self.layers: list[tuple[Places, Places]] = []
        self.offered: list[Places] = []
        self.rank = graph.rank
        self.unrank = np.argsort(self.rank).astype(np.int32) if self.rank is not None else None

    def known(self, places: Places) -> Places:
        """Those that the graph has links of."""
        return places[places < self.graph.count] if self.strange else places

    def narrowly(
        self, links: Links, changed: Places, layer: int, depth: int | None, *, is_hit: bool
    ) -> tuple[Places, int]:
        """Go on by single places while few changed and few links lead on: along a chain the arrays cost twenty times as
        much. Returns what changed last and in which layer; sets, and what was laid over, are left to the arrays.
        """
        if self.graph.over is not None or self.strange or len(changed) > NARROW:
            return changed, layer
        front: list[int] = changed.tolist()
        while front and layer != depth:
            offers = self._offers(links, front, is_hit=is_hit)
            if offers is None:
                break
            layer += 1
            self.asked.append(np.array(front, np.int64))
            front = sorted(offers)
            new = [place for place in front if self.state[place] == 0]
            self.layers.append((np.array(new, np.int64), np.array([offers[place][1] for place in new], np.int64)))
            for place in front:
                self.state[place] = offers[place][0]
                self.is_open[place] = offers[place][0] != FAILED
        return np.array(front, np.int64), layer

    def _offers(self, links: Links, front: list[int], *, is_hit: bool) -> dict[int, tuple[int, int]] | None:
        """What the links of a rising front do: to each open place the greatest effect with the lowest place that it
        comes through. None where they are many, or belong to a set that has to be counted.
        """
        found: dict[int, tuple[int, int]] = {}
        if len(front) > NARROW:
            return None
        for near in front:
            begin, end = int(links.first[near]), int(links.first[near + 1])
            strengths = links.strength[begin : min(end, begin + NARROW + 1)].tolist()
            if len(strengths) > NARROW or (is_hit and max(strengths, default=0) >= IN_SET):
                return None
            for far, strength in zip(links.other[begin:end].tolist(), strengths, strict=True):
                effect = min(strength & STRENGTH, int(self.state[near]))
                if self.is_open[far] and effect > max(int(self.state[far]), found.get(far, (0, 0))[0]):
                    found[far] = effect, near
        return found

    def offer(self, item: Places, effect: Marks8, via: Places) -> None:
        """Propose these effects on open places; those that would alter nothing are dropped."""
        worse = effect > self.state[item]
        if not worse.all():
            item, effect, via = item[worse], effect[worse], via[worse]
        if not len(item):
            return
        low = via if self.rank is None else self.rank[via]
        key = effect.astype(np.int32)
        key <<= EFFECT_AT
        key |= LOWEST - low.astype(np.int32)
        np.maximum.at(self.key, item, key)
        self.offered.append(item)

    def offer_sets(self, sets: Sets, changed: Places, *, is_base: bool) -> None:
        """Propose what the sets make of it that some of their members changed."""
        at = among(sets.by_member, changed, self.count)
        one, member = sets.of_member[at], sets.by_member[at]
        stands = self.is_open[sets.item[one]]
        if is_base and self.graph.over is not None:
            stands &= self.graph.over.touched[sets.item[one]] == 0
        one, member = one[stands], member[stands]
        if not len(one):
            return
        touched, place = np.unique(one, return_inverse=True)
        low = member if self.rank is None else self.rank[member]
        via = np.full(len(touched), LOWEST, np.int32)
        np.minimum.at(via, place, low)
        effect = self._effect_of(sets, touched)
        self.offer(sets.item[touched], effect, via if self.unrank is None else self.unrank[via])

    def _effect_of(self, sets: Sets, touched: NDArray[np.int32]) -> Marks8:
        begin = sets.first[touched]
        sizes = sets.first[touched + 1] - begin
        of = np.repeat(np.arange(len(touched)), sizes)
        at = np.arange(int(sizes.sum())) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        member = sets.member[at]
        here = self.graph.gone[member] == 0
        of, state = of[here], self.state[member[here]]
        total = np.bincount(of, minlength=len(touched))
        failed = np.bincount(of[state == FAILED], minlength=len(touched))
        hit = np.bincount(of[state > 0], minlength=len(touched))
        asked = sets.least[touched].astype(np.int64)
        least = np.where(sets.is_share[touched] > 0, -(-asked * total // 100), asked)
        effect = np.where(total - hit < least, np.uint8(DEGRADED), np.uint8(0))
        effect[(total - failed < least) & (failed > 0)] = FAILED
        return effect

    def take(self, asked: Places, layer: int) -> Places:
        """Make the layer's proposals true; the places that changed by it."""
        self.asked.append(asked)
        changed = self._offered()
        key = self.key[changed]
        self.key[changed] = 0
        effect = (key >> EFFECT_AT).astype(np.uint8)
        via = LOWEST - (key & LOWEST)
        if self.unrank is not None:
            via = self.unrank[via]
        if layer == 1 and len(self.also):
            others = ~np.isin(changed, self.also)
            changed = np.concatenate([changed[others], self.also])
            effect = np.concatenate([effect[others], np.full(len(self.also), FAILED, np.uint8)])
            via = np.concatenate([via[others], np.full(len(self.also), NOWHERE, np.int32)])
        is_new = self.state[changed] == 0
        self.layers.append((changed, via) if is_new.all() else (changed[is_new], via[is_new]))
        self.state[changed] = effect
        self.is_open[changed[effect == FAILED]] = False
        return changed

    def _offered(self) -> Places:
        offered, self.offered = self.offered, []
        if not offered:
            return np.zeros(0, np.int32)
        if sum(len(one) for one in offered) * DENSE > self.count:
            return np.flatnonzero(self.key)
        return np.unique(offered[0] if len(offered) == 1 else np.concatenate(offered))

    def found(self, *, is_hit: bool, with_parts: bool) -> Found:
        """The answer."""
        ordered = [self._in_order(*layer) for layer in self.layers]
        nothing = np.zeros(0, np.int32)
        place, via = (np.concatenate([nothing, *(one[at] for one in ordered)]) for at in (0, 1))
        sizes = [len(one[0]) for one in ordered]
        distance = np.repeat(np.arange(1, len(sizes) + 1, dtype=np.int32), sizes)
        return Found(
            self.graph, self.start, tuple(self.strange), self.at, place, distance, via, self.state, tuple(self.asked),
            is_hit, with_parts,
        )  # fmt: skip

    def _in_order(self, place: Places, via: Places) -> tuple[Places, Places]:
        """A layer by number."""
        by = place
        if len(place) < 2:
            return place, via
        if self.rank is not None:
            by = np.where(place < self.graph.count, self.rank[np.minimum(place, self.graph.count - 1)], place)
        if (by[1:] > by[:-1]).all():
            return place, via
        order = np.argsort(by, kind="stable")
        return place[order], via[order]
