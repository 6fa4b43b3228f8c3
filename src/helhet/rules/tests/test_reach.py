"""The walk in layers gives what the definition gives when all items are looked at in every layer."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.reach import Effect, Marks, Reach, Redundancy, Tie, circles, hit_by, needs_of

ITEMS = range(8)
tie = st.builds(Tie, st.sampled_from(ITEMS), st.sampled_from(ITEMS), st.booleans())
redundancy = st.builds(
    Redundancy, st.sampled_from(ITEMS), st.frozensets(st.sampled_from(ITEMS), min_size=1, max_size=4), st.integers(1, 5)
)
items = st.sets(st.sampled_from(ITEMS), max_size=2)


@dataclass
class World:
    """All ties and sets; asked as the walk asks."""

    ties: list[Tie]
    sets: list[Redundancy]

    def dependants(self, of):
        return [one for one in self.ties if one.provider in of]

    def providers(self, of):
        return [one for one in self.ties if one.item in of]

    def redundancies(self, of):
        return [one for one in self.sets if one.item in of]


def naive(world: World, start, depth, marks):
    """Effect and first layer of each item, from the definition: every item looked at in every layer."""
    state = dict.fromkeys(start, 2)
    first: dict[int, int] = {}
    for layer in range(1, 40 if depth is None else depth + 1):
        new = dict(state)
        for item in set(ITEMS) - set(start) - marks.never:
            worst = 2 if item in marks.also else 0
            mine = [one for one in world.sets if one.item == item]
            for one in world.ties:
                if one.item != item or one.provider == item or any(one.provider in s.providers for s in mine):
                    continue
                worst = max(worst, min(state.get(one.provider, 0), 1 if one.degrades else 2))
            tied = {one.provider for one in world.ties if one.item == item and one.provider != item}
            for one in mine:
                if not any(state.get(provider) for provider in one.providers & tied):
                    continue
                failed = sum(state.get(provider) == 2 for provider in one.providers)
                hit = sum(bool(state.get(provider)) for provider in one.providers)
                if failed and len(one.providers) - failed < one.least:
                    worst = 2
                elif len(one.providers) - hit < one.least:
                    worst = max(worst, 1)
            if worst > new.get(item, 0):
                new[item] = worst
                first.setdefault(item, layer)
        state = new
    return {item: (state[item], layer) for item, layer in first.items()}


@given(
    st.lists(tie, max_size=16), st.lists(redundancy, max_size=3, unique_by=lambda one: (one.item, one.providers)),
    st.sets(st.sampled_from(ITEMS), min_size=1, max_size=2), st.sampled_from((None, 0, 1, 2, 3)),
    st.builds(Marks, items.map(frozenset), items.map(frozenset)),
)  # fmt: skip
def test_what_is_hit_is_what_the_definition_says(ties, sets, start, depth, marks):
    sets = [only_tied(one, ties) for one in sets]
    world = World(ties, [one for one in sets if one.providers])
    found = hit_by(start, world.dependants, world.redundancies, depth=depth, marks=marks)
    assert {item: (one.effect, one.distance) for item, one in found.items.items()} == naive(world, start, depth, marks)
    paths_lead_from_the_start(found, marks)
    assert list(found.items) == sorted(found.items, key=lambda item: (found.items[item].distance, item))


def only_tied(one: Redundancy, ties) -> Redundancy:
    """A set names providers that its item is tied to, and not itself: the register sees to that."""
    tied = {t.provider for t in ties if t.item == one.item and t.provider != one.item}
    return Redundancy(one.item, one.providers & tied, one.least)


def paths_lead_from_the_start(found: Reach, marks: Marks) -> None:
    for item, one in found.items.items():
        path = found.path(item)
        assert path[-1] == item
        assert path[0] in found.start or path[0] in marks.also
        assert len(path) <= one.distance + 1


@given(st.lists(tie, max_size=16), st.sampled_from(ITEMS), st.sampled_from((None, 1, 2)))
def test_what_is_needed_is_what_is_hit_in_the_turned_world(ties, start, depth):
    turned = World([Tie(one.provider, one.item, one.degrades) for one in ties], [])
    needed = needs_of([start], World(ties, []).providers, depth=depth)
    hit = hit_by([start], turned.dependants, depth=depth)
    assert needed.items == hit.items


@given(st.lists(tie, max_size=20))
def test_circles_are_the_items_that_reach_one_another(ties):
    reach = {item: {item} for item in ITEMS}
    for _round in ITEMS:
        for one in ties:
            reach[one.item] |= reach[one.provider]
    naive_circles = {tuple(other for other in ITEMS if other in reach[item] and item in reach[other]) for item in ITEMS}
    assert circles(ties) == sorted(circle for circle in naive_circles if len(circle) > 1)


def test_redundancy_holds_until_too_few_are_left():
    world = World([Tie(1, 10), Tie(1, 11), Tie(1, 12), Tie(2, 1)], [Redundancy(1, frozenset({10, 11, 12}), 2)])
    assert hit_by([10], world.dependants, world.redundancies).items == {}
    both = hit_by([10, 11], world.dependants, world.redundancies)
    assert {item: one.effect for item, one in both.items.items()} == {1: Effect.FAILED, 2: Effect.FAILED}
    assert both.path(2) == [10, 1, 2]


def test_a_long_chain_needs_no_deep_stack():
    ties = [Tie(number + 1, number) for number in range(20_000)]
    by_provider = {one.provider: one for one in ties}
    found = hit_by([0], lambda of: [by_provider[item] for item in of if item in by_provider])
    assert len(found.items) == 20_000
    assert circles([*ties, Tie(0, 20_000)]) == [tuple(range(20_001))]
