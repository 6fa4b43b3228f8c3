"""What is hit when things fail, and what things need: the walk in layers of decision record 0006.

The walk knows no database: it asks for the ties of some items at a time. Items are numbers. An answer costs as much as
what is reached.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from itertools import islice


class Effect(IntEnum):
    """What a failure does to an item; the greater is the worse."""

    DEGRADED = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class Tie:
    """`item` depends on `provider`. A tie that neither stops nor degrades is not given to the walk."""

    item: int
    provider: int
    degrades: bool = False


@dataclass(frozen=True, slots=True)
class Redundancy:
    """`item` needs at least `least` of its `providers`; their ties do not count one by one."""

    item: int
    providers: frozenset[int]
    least: int


@dataclass(frozen=True, slots=True)
class Reached:
    """An item that is reached: in which layer, through what (None: it was marked by hand), and with what effect."""

    item: int
    distance: int
    via: int | None
    effect: Effect


@dataclass(frozen=True)
class Reach:
    """All that is reached, nearest first, without the start; and the ties between what is reached and the start."""

    start: tuple[int, ...]
    items: dict[int, Reached]
    ties: list[Tie] = field(repr=False)

    @property
    def count(self) -> int:
        """How many items are reached, the start left out."""
        return len(self.items)

    @property
    def degraded(self) -> int:
        """How many of them are degraded only."""
        return sum(one.effect == Effect.DEGRADED for one in self.items.values())

    def reached(self, first: int = 0, last: int | None = None) -> list[Reached]:
        """Some of what was reached, in order."""
        return list(islice(self.items.values(), first, last))

    def before(self, distance: int, item: int) -> int:
        """How many of what was reached stand before such a one."""
        return sum((one.distance, one.item) < (distance, item) for one in self.items.values())

    def distances(self, of: Collection[int]) -> dict[int, int]:
        """How far away each of these items is that was reached."""
        return {item: self.items[item].distance for item in of if item in self.items}

    @cached_property
    def loops(self) -> list[tuple[int, ...]]:
        """The sets of items that depend on one another, among what was reached and the start."""
        return circles(self.ties)

    def path(self, item: int) -> list[int]:
        """From where the walk began to the item. Raises KeyError for one that was not reached."""
        found = [item]
        while found[-1] not in self.start and (via := self.items[found[-1]].via) is not None:
            found.append(via)
        return found[::-1]


Ties = Callable[[Collection[int]], Iterable[Tie]]
Redundancies = Callable[[Collection[int]], Iterable[Redundancy]]


@dataclass(frozen=True, slots=True)
class Marks:
    """What people know better: these are also hit, those are not."""

    also: frozenset[int] = frozenset()
    never: frozenset[int] = frozenset()


def none_redundant(_items: Collection[int]) -> Iterable[Redundancy]:
    """Where nothing is redundant."""
    return ()


def hit_by(
    start: Iterable[int],
    dependants: Ties,
    redundancies: Redundancies = none_redundant,
    *,
    depth: int | None = None,
    marks: Marks | None = None,
) -> Reach:
    """What is hit when all of `start` fail. `dependants(items)` gives the ties whose provider is among the items;
    `redundancies(items)` the sets of those items. `depth` is the farthest layer.
    """
    walk = _Walk(tuple(dict.fromkeys(start)), marks or Marks())
    changed: Collection[int] = walk.state.keys()
    layer = 0
    while changed and (depth is None or layer < depth):
        layer += 1
        ties = [tie for tie in dependants(changed) if tie.item != tie.provider]
        walk.ties += ties
        sets = _by_item(redundancies({tie.item for tie in ties} - walk.known_sets.keys()))
        walk.known_sets |= {tie.item: sets.get(tie.item, []) for tie in ties if tie.item not in walk.known_sets}
        changed = walk.take(_worst(walk.proposed(ties)), layer)
    return walk.reach()


def needs_of(start: Iterable[int], providers: Ties, *, depth: int | None = None, marks: Marks | None = None) -> Reach:
    """What all of `start` need. `providers(items)` gives the ties whose item is among the items."""
    walk = _Walk(tuple(dict.fromkeys(start)), marks or Marks())
    changed: Collection[int] = walk.state.keys()
    layer = 0
    while changed and (depth is None or layer < depth):
        layer += 1
        ties = [tie for tie in providers(changed) if tie.item != tie.provider]
        walk.ties += ties
        proposals = [
            _Proposal(tie.provider, tie.item, Effect.DEGRADED if tie.degrades else walk.state[tie.item]) for tie in ties
        ]
        changed = walk.take(_worst(proposals), layer)
    return walk.reach()


@dataclass(frozen=True, slots=True)
class _Proposal:
    item: int
    via: int | None
    effect: Effect


class _Walk:
    """What is known so far: the effect on each item that was reached, the start among them."""

    def __init__(self, start: tuple[int, ...], marks: Marks) -> None:
        self.start = start
        self.marks = marks
        self.state: dict[int, Effect] = dict.fromkeys(start, Effect.FAILED)
        self.items: dict[int, Reached] = {}
        self.ties: list[Tie] = []
        self.known_sets: dict[int, list[Redundancy]] = {}

    def proposed(self, ties: Iterable[Tie]) -> Iterable[_Proposal]:
        """What each tie does to its item, and each set that one of the ties belongs to."""
        touched: dict[Redundancy, int] = {}
        for tie in ties:
            sets = [one for one in self.known_sets[tie.item] if tie.provider in one.providers]
            for one in sets:
                touched[one] = min(tie.provider, touched.get(one, tie.provider))
            if not sets:
                yield _Proposal(tie.item, tie.provider, Effect.DEGRADED if tie.degrades else self.state[tie.provider])
        for one, provider in touched.items():
            effect = self._effect_of(one)
            if effect is not None:
                yield _Proposal(one.item, provider, effect)

    def _effect_of(self, one: Redundancy) -> Effect | None:
        hit = [self.state[provider] for provider in one.providers if provider in self.state]
        if len(one.providers) - hit.count(Effect.FAILED) < one.least and Effect.FAILED in hit:
            return Effect.FAILED
        return Effect.DEGRADED if len(one.providers) - len(hit) < one.least else None

    def take(self, worst: Mapping[int, _Proposal], layer: int) -> list[int]:
        """Make the layer's proposals true; what changed by it, in order."""
        if layer == 1:
            marked = {item: _Proposal(item, None, Effect.FAILED) for item in sorted(self.marks.also)}
            worst = {**worst, **marked}
        changed = []
        for item, proposal in sorted(worst.items()):
            if item in self.marks.never or item in self.start or proposal.effect <= self.state.get(item, 0):
                continue
            known = self.items.get(item)
            self.state[item] = proposal.effect
            self.items[item] = Reached(
                item, known.distance if known else layer, known.via if known else proposal.via, proposal.effect
            )
            changed.append(item)
        return changed

    def reach(self) -> Reach:
        """The answer."""
        ordered = sorted(self.items.values(), key=lambda one: (one.distance, one.item))
        here = self.state.keys()
        ties = [tie for tie in dict.fromkeys(self.ties) if tie.item in here and tie.provider in here]
        return Reach(self.start, {one.item: one for one in ordered}, ties)


def _worst(proposals: Iterable[_Proposal]) -> dict[int, _Proposal]:
    """For each item the proposal that does the most harm, through the lowest number."""
    found: dict[int, _Proposal] = {}
    for one in proposals:
        known = found.get(one.item)
        if known is None or (-one.effect, one.via or 0) < (-known.effect, known.via or 0):
            found[one.item] = one
    return found


def _by_item(sets: Iterable[Redundancy]) -> dict[int, list[Redundancy]]:
    found: dict[int, list[Redundancy]] = defaultdict(list)
    for one in sets:
        found[one.item].append(one)
    return found


def circles(ties: Sequence[Tie]) -> list[tuple[int, ...]]:
    """The sets of at least two items that depend on one another, directly or through others of the set; each in order,
    those with the lowest number first. Time is linear in the ties (Kosaraju's two walks, without recursion).
    """
    after: dict[int, list[int]] = defaultdict(list)
    before: dict[int, list[int]] = defaultdict(list)
    for tie in ties:
        after[tie.item].append(tie.provider)
        before[tie.provider].append(tie.item)
    found = []
    done: set[int] = set()
    for root in reversed(_as_finished(after)):
        circle = _not_done_from(root, before, done)
        if len(circle) > 1:
            found.append(tuple(sorted(circle)))
    return sorted(found)


def _as_finished(after: Mapping[int, list[int]]) -> list[int]:
    """All items, each when everything behind it is finished."""
    finished: list[int] = []
    met: set[int] = set()
    for root in list(after):
        if root in met:
            continue
        met.add(root)
        work = [(root, iter(after[root]))]
        while work:
            at, following = work[-1]
            onward = next((item for item in following if item not in met), None)
            if onward is None:
                finished.append(at)
                work.pop()
            else:
                met.add(onward)
                work.append((onward, iter(after.get(onward, ()))))
    return finished


def _not_done_from(root: int, before: Mapping[int, list[int]], done: set[int]) -> list[int]:
    found: list[int] = []
    work = [root]
    while work:
        at = work.pop()
        if at not in done:
            done.add(at)
            found.append(at)
            work += before.get(at, ())
    return found
