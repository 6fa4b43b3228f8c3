"""Circles in part-of, against a naive walk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.loops import RefusedLink, break_loops, loops, would_loop

ITEMS = st.integers(1, 7)
PARENTS = st.dictionaries(ITEMS, st.one_of(ITEMS, st.none()), max_size=7)


def naive_loop_members(parents: dict[int, int | None]) -> set[int]:
    """The items that come back to themselves within as many steps as there are items."""
    members = set()
    for item in parents:
        at: int | None = item
        for _ in range(len(parents) + 1):
            at = parents.get(at) if at is not None else None
            if at == item:
                members.add(item)
    return members


def without_loops(parents: dict[int, int | None]) -> dict[int, int | None]:
    broken = naive_loop_members(parents)
    return {child: parent for child, parent in parents.items() if child not in broken}


@given(PARENTS)
def test_the_circles_hold_exactly_the_items_that_come_back_to_themselves(parents: dict[int, int | None]) -> None:
    found = loops(parents)
    assert sorted(item for circle in found for item in circle) == sorted(naive_loop_members(parents))
    for circle in found:
        assert circle[0] == min(circle)
        assert [parents[item] for item in circle] == [*circle[1:], circle[0]]


@given(PARENTS.map(without_loops), ITEMS, st.one_of(ITEMS, st.none()))
def test_a_link_loops_exactly_when_the_map_with_it_has_a_circle(
    parents: dict[int, int | None], child: int, parent: int | None
) -> None:
    assert would_loop(parents, child, parent) == bool(naive_loop_members({**parents, child: parent}))


@given(PARENTS.map(without_loops), PARENTS)
def test_a_batch_without_its_refused_links_has_no_circle(
    parents: dict[int, int | None], changes: dict[int, int | None]
) -> None:
    refused = break_loops(parents, changes)
    kept = {child: parent for child, parent in changes.items() if child not in {link.child for link in refused}}
    assert not naive_loop_members({**parents, **kept})
    assert all(changes[link.child] == link.parent for link in refused)
    assert break_loops(parents, kept) == []
    assert break_loops(parents, changes) == refused


@given(PARENTS.map(without_loops), PARENTS)
def test_each_refused_link_stood_in_a_circle_that_it_names(
    parents: dict[int, int | None], changes: dict[int, int | None]
) -> None:
    for link in break_loops(parents, changes):
        assert link.loop[0] == link.child
        for child, parent in zip(link.loop, (*link.loop[1:], link.child), strict=True):
            assert parent in {changes.get(child), parents.get(child)}


def test_the_last_link_of_the_batch_is_the_refused_one() -> None:
    assert break_loops({}, {1: 2, 2: 3, 3: 1}) == [RefusedLink(3, 1, (3, 1, 2))]
    assert break_loops({1: 2}, {2: 1}) == [RefusedLink(2, 1, (2, 1))]


def test_a_batch_is_judged_as_a_whole_and_may_turn_a_structure_round() -> None:
    assert break_loops({"a": "b"}, {"b": "a", "a": None}) == []


def test_an_item_is_not_part_of_itself() -> None:
    assert would_loop({}, 1, 1)
    assert break_loops({}, {1: 1}) == [RefusedLink(1, 1, (1,))]


def test_a_circle_that_was_there_before_is_not_blamed_on_the_batch() -> None:
    with pytest.raises(ValueError, match="before"):
        break_loops({1: 2, 2: 1}, {3: 1})


def test_long_chains_are_walked_once() -> None:
    chain: dict[int, int | None] = {number: number + 1 for number in range(200_000)}
    assert loops(chain) == []
    assert loops({**chain, 200_000: 199_999}) == [(199_999, 200_000)]
