"""The walk over arrays gives what `rules.reach` gives, also where much has changed since they were built."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.rules import graph, reach
from helhet.rules.graph import Columns, Fact, Graph, SetFact, build, lay_over, strong, strong_sets, walk
from helhet.rules.reach import Effect, Marks, Redundancy, Tie, circles

NUMBERS = (3, 4, 8, 9, 15, 20, 21, 40)
one_of = st.sampled_from(NUMBERS)
few = st.frozensets(one_of, max_size=2)


@dataclass(frozen=True)
class Thing:
    """One item: whether it is here, what it depends on and how, its whole, and its redundancies."""

    is_here: bool = True
    ties: tuple[tuple[int, int], ...] = ()
    whole: int = 0
    sets: tuple[tuple[int, bool, frozenset[int]], ...] = ()


@st.composite
def things(draw: st.DrawFn, number: int) -> Thing:
    ties = draw(st.lists(st.tuples(one_of, st.sampled_from((1, 2))), max_size=4))
    ends = sorted({provider for provider, _strength in ties if provider != number})
    sets = []
    if len(ends) > 1 and draw(st.booleans()):
        members = draw(st.frozensets(st.sampled_from(ends), min_size=1))
        is_share = draw(st.booleans())
        sets.append((draw(st.sampled_from((34, 50, 67, 100)) if is_share else st.integers(1, 4)), is_share, members))
    whole = draw(st.sampled_from((0, 0, *NUMBERS)))
    return Thing(draw(st.integers(0, 5)) > 0, tuple(ties), 0 if whole == number else whole, tuple(sets))


worlds = st.fixed_dictionaries({number: things(number) for number in NUMBERS})


@dataclass
class World:
    """What `rules.reach` asks: the ties and redundancies as they are now."""

    things: dict[int, Thing]
    with_parts: bool = False
    ties: list[Tie] = field(init=False)

    def __post_init__(self):
        self.ties = [
            Tie(number, provider, strength == 1)
            for number, thing in self.things.items()
            for provider, strength in thing.ties
        ]
        if self.with_parts:
            self.ties += [Tie(number, thing.whole) for number, thing in self.things.items() if thing.whole]

    def dependants(self, of):
        return [one for one in self.ties if one.provider in of and self.things[one.item].is_here]

    def providers(self, of):
        return [one for one in self.ties if one.item in of and self.things[one.provider].is_here]

    def redundancies(self, of):
        for number in of:
            for least, is_share, members in self.things[number].sets:
                here = frozenset(member for member in members if self.things[member].is_here)
                if here:
                    yield Redundancy(number, here, -(-least * len(here) // 100) if is_share else least)


def columns_of(things):
    """The columns that a reader of the database would hand over."""
    ids = sorted(things)
    links = [
        (number, provider, strength, next((number * 10 + order for order, one in enumerate(thing.sets)
                                           if provider in one[2]), 0))
        for number, thing in things.items() for provider, strength in thing.ties
    ]  # fmt: skip
    item, provider, strength, redundancy = (np.array([link[at] for link in links], np.int64) for at in range(4))
    return Columns(
        np.array(ids, np.int64), np.array([not things[one].is_here for one in ids], np.uint8),
        np.array([things[one].whole for one in ids], np.int64), np.array([one % 3 for one in ids], np.int64),
        np.array([one % 2 + 1 for one in ids], np.int64), item, provider, strength.astype(np.uint8), redundancy,
        {number * 10 + order: one[:2] for number, thing in things.items() for order, one in enumerate(thing.sets)},
    )  # fmt: skip


def fact_of(number, thing):
    return Fact(
        number, not thing.is_here, thing.ties, thing.whole,
        tuple(SetFact(least, is_share, tuple(members)) for least, is_share, members in thing.sets), number % 3,
        number % 2 + 1,
    )  # fmt: skip


def same(found, wanted):
    assert found.items == wanted.items
    assert list(found.items) == list(wanted.items)
    assert found.count == len(wanted.items)
    assert found.loops == circles(wanted.ties)
    for item in wanted.items:
        assert found.path(item) == wanted.path(item)
    some = [item for item in (*wanted.start, *wanted.items, 12_345) if item % 3]
    assert found.distances(some) == wanted.distances(some)


@settings(max_examples=400)
@given(
    worlds, worlds, st.sets(one_of), st.sets(one_of, max_size=3), st.lists(one_of, min_size=1, max_size=2),
    st.sampled_from((None, 0, 1, 2, 3)), st.builds(Marks, few, few), st.booleans(),
)  # fmt: skip
def test_arrays_with_what_changed_laid_over_walk_as_the_walk_is_meant(  # noqa: PLR0917 - drawn one by one
    before, after, touched, new, start, depth, marks, with_parts
):
    """`before` is built; items of `new` came later; those and the `touched` are as in `after`. What the walk begins at
    is here: nobody can ask of what has left the register.
    """
    before, after = ({n: replace(t, is_here=t.is_here or n in {*start, *marks.also}) for n, t in world.items()}
                     for world in (before, after))  # fmt: skip
    was = {number: thing for number, thing in before.items() if number not in new}
    was = {
        number: Thing(
            thing.is_here, tuple(tie for tie in thing.ties if tie[0] in was),
            thing.whole if thing.whole in was else 0,
            tuple((least, share, members & was.keys()) for least, share, members in thing.sets if members & was.keys()),
        )
        for number, thing in was.items()
    }  # fmt: skip
    now = {number: after[number] if number in touched | new else was[number] for number in NUMBERS}
    over = touched | new
    base = build(columns_of(was))
    laid = Graph(base, lay_over(base, [fact_of(number, now[number]) for number in over])) if over else Graph(base)
    world = World(now, with_parts)
    wanted = reach.hit_by(start, world.dependants, world.redundancies, depth=depth, marks=marks)
    same(graph.hit_by(laid, start, depth=depth, marks=marks, with_parts=with_parts), wanted)
    wanted = reach.needs_of(start, world.providers, depth=depth, marks=marks)
    same(graph.needs_of(laid, start, depth=depth, marks=marks, with_parts=with_parts), wanted)
    below = reach.needs_of(start[:1], world.providers).distances(NUMBERS)
    assert graph.steps_down(laid, start[0], NUMBERS, with_parts=with_parts) == below
    some = [number for number in NUMBERS if number in touched]
    assert graph.steps_down(laid, start[0], some, with_parts=with_parts) == {
        number: steps for number, steps in below.items() if number in some
    }


@settings(max_examples=300)
@given(
    worlds, st.lists(one_of, min_size=1, max_size=2), st.sampled_from((None, 1, 2, 3, 4)), st.builds(Marks, few, few),
    st.sampled_from((1, 2, 6)),
)  # fmt: skip
def test_a_few_places_looked_at_one_by_one_walk_as_the_walk_is_meant(things, start, depth, marks, narrow):
    here = {n: replace(t, is_here=t.is_here or n in {*start, *marks.also}) for n, t in things.items()}
    world, laid = World(here), Graph(build(columns_of(here)))
    wide, walk.NARROW = walk.NARROW, narrow
    try:
        hit = graph.hit_by(laid, start, depth=depth, marks=marks)
        needs = graph.needs_of(laid, start, depth=depth, marks=marks)
    finally:
        walk.NARROW = wide
    same(hit, reach.hit_by(start, world.dependants, world.redundancies, depth=depth, marks=marks))
    same(needs, reach.needs_of(start, world.providers, depth=depth, marks=marks))


@given(worlds, one_of)
def test_an_item_that_the_graph_does_not_know_reaches_nothing(things, start):
    laid = Graph(build(columns_of(things)))
    found = graph.hit_by(laid, [999])
    assert (found.count, found.items, found.loops) == (0, {}, [])
    both = graph.hit_by(laid, [999, start])
    assert both.items == graph.hit_by(laid, [start]).items
    with pytest.raises(KeyError):
        found.path(start)
    marked = graph.hit_by(laid, [999], marks=Marks(also=frozenset({1_000})))
    assert [(one.item, one.via, one.effect) for one in marked.reached()] == [(1_000, None, Effect.FAILED)]


@given(st.integers(2, 60), st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=150), st.booleans())
def test_strong_sets_are_the_circles(count, links, is_large):
    pairs = {(a % count, b % count) for a, b in links if a % count != b % count}
    near, far = (np.array([pair[at] for pair in sorted(pairs)], np.int32) for at in (0, 1))
    few_links, strong.FEW_LINKS = strong.FEW_LINKS, 1 if is_large else strong.FEW_LINKS
    try:
        found = strong_sets(count, near, far)
    finally:
        strong.FEW_LINKS = few_links
    assert sorted(tuple(one.tolist()) for one in found) == circles([Tie(a, b) for a, b in pairs])


def test_a_long_loop_needs_no_deep_stack():
    near = np.arange(50_000, dtype=np.int32)
    (found,) = strong_sets(50_000, near, (near + 1) % 50_000)
    assert len(found) == 50_000


@given(st.integers(0, 2**32 - 1), st.sampled_from((None, 2)), st.booleans())
@settings(max_examples=20, deadline=None)
def test_large_fronts_walk_as_small_ones(seed, depth, with_parts):
    """Enough links for the ways that are taken only where much is reached at once."""
    chance = np.random.default_rng(seed)
    count, links = 300, 1_500
    numbers = np.sort(chance.choice(3_000, count, replace=False)) + 1
    item, provider = (numbers[(count * chance.random(links) ** 2).astype(int)] for _end in range(2))
    columns = Columns(
        numbers, (chance.random(count) < 0.05).astype(np.uint8),
        np.where(chance.random(count) < 0.2, chance.choice(numbers, count), 0) * (numbers % 2),
        numbers % 5, numbers % 3, item, provider, chance.integers(1, 3, links).astype(np.uint8),
        np.where(chance.random(links) < 0.3, item, 0), {int(one): (50, True) for one in numbers},
    )  # fmt: skip
    gone = set(numbers[columns.gone > 0].tolist())
    whole = {int(a): int(b) for a, b in zip(numbers, columns.whole, strict=True) if b and a != b}
    columns.whole = np.array([whole.get(int(one), 0) for one in numbers], np.int64)
    sets: dict[int, set[int]] = {}
    for a, b, number in zip(item.tolist(), provider.tolist(), columns.redundancy.tolist(), strict=True):
        if number and a != b:
            sets.setdefault(a, set()).add(b)
    things = {
        int(one): Thing(one not in gone, (), whole.get(int(one), 0),
                        ((50, True, frozenset(sets[int(one)])),) if int(one) in sets else ())
        for one in numbers
    }  # fmt: skip
    world = World(things, with_parts)
    world.ties += [
        Tie(a, b, s == 1) for a, b, s in zip(item.tolist(), provider.tolist(), columns.strength.tolist(), strict=True)
    ]
    laid = Graph(build(columns))
    here = [int(one) for one in numbers if one not in gone]
    for start in (here[0], here[3]):
        wanted = reach.hit_by([start], world.dependants, world.redundancies, depth=depth)
        same(graph.hit_by(laid, [start], depth=depth, with_parts=with_parts), wanted)
        wanted = reach.needs_of([start], world.providers, depth=depth)
        same(graph.needs_of(laid, [start], depth=depth, with_parts=with_parts), wanted)
