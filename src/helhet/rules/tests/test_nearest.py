"""Nearest dependants and layers, held against plain walks from each item."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.nearest import layers, nearest_dependant
from helhet.rules.reach import Tie

items = st.integers(1, 9)
ties = st.lists(st.builds(Tie, items, items), max_size=25)


def steps_to(ties, item, goal):
    """By walking from the item along what depends on it, one step at a time."""
    here = {item}
    for steps in range(12):
        if goal in here:
            return steps
        here |= {tie.item for tie in ties if tie.provider in here}
    return None


@given(ties, st.sets(items, max_size=4))
def test_each_item_belongs_to_the_nearest_that_depends_on_it(ties, wanted):
    found = nearest_dependant(ties, wanted)
    for item in range(1, 10):
        ways = {goal: steps for goal in wanted if (steps := steps_to(ties, item, goal)) is not None}
        if item in wanted:
            assert found[item] == item
        elif not ways:
            assert item not in found
        else:
            assert ways[found[item]] == min(ways.values())


@given(ties, st.sets(items, min_size=1, max_size=3))
def test_neighbours_stand_at_most_one_step_further_by_the_way_that_reached_them(ties, start):
    found = layers(ties, start)
    assert all(found[item] == 0 for item in start)
    connected = set(start)
    for _step in range(12):
        connected |= {tie.item for tie in ties if tie.provider in connected}
        connected |= {tie.provider for tie in ties if tie.item in connected}
    assert found.keys() == connected
    for item in connected - set(start):
        before = {found[tie.provider] + 1 for tie in ties if tie.item == item and tie.provider in found}
        before |= {found[tie.item] - 1 for tie in ties if tie.provider == item and tie.item in found}
        assert found[item] in before


def test_what_depends_stands_to_the_right_and_what_is_needed_to_the_left():
    assert layers([Tie(2, 1), Tie(3, 2), Tie(1, 7)], [1]) == {1: 0, 2: 1, 3: 2, 7: -1}
