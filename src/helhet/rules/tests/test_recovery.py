"""The order of a recovery, against a slow and plain one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.recovery import recovery_order

THINGS = st.lists(st.integers(0, 9), unique=True)
NEEDS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20)


def reached(start: int, needs: set[tuple[int, int]]) -> set[int]:
    """All that the thing needs, directly or through others."""
    found: set[int] = set()
    wave = {start}
    while wave:
        wave = {other for one, other in needs if one in wave} - found
        found |= wave
    return found


@given(THINGS, NEEDS)
def test_nothing_comes_before_what_it_needs_and_circles_come_together(
    things: list[int], needs: list[tuple[int, int]]
) -> None:
    inside = {(one, other) for one, other in needs if one in things and other in things and one != other}
    behind = {thing: reached(thing, inside) for thing in things}
    stages = recovery_order(things, needs)
    stage_of = {thing: at for at, stage in enumerate(stages) for unit in stage for thing in unit}
    unit_of = {thing: set(unit) for stage in stages for unit in stage for thing in unit}
    assert sorted(stage_of) == sorted(things)
    for thing in things:
        circle = {other for other in behind[thing] if thing in behind[other]} | {thing}
        assert unit_of[thing] == circle
        earlier = [stage_of[other] for other in set().union(*(behind[one] for one in circle)) - circle]
        assert stage_of[thing] == max(earlier, default=-1) + 1


@given(THINGS, NEEDS)
def test_within_a_stage_the_order_that_was_given_is_kept(things: list[int], needs: list[tuple[int, int]]) -> None:
    for stage in recovery_order(things, needs):
        firsts = [things.index(unit[0]) for unit in stage]
        assert firsts == sorted(firsts)
        for unit in stage:
            assert [things.index(thing) for thing in unit] == sorted(things.index(thing) for thing in unit)
