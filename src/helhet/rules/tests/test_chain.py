"""What follows a change that is moved, held against moving again and again until nothing begins too early."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.chain import Follow, follow
from helhet.rules.intervals import Interval

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
COUNT = 7


def hours(start: int, length: int = 1) -> Interval:
    return Interval(FIRST + timedelta(hours=start), FIRST + timedelta(hours=start + length))


TIMES = st.lists(st.builds(hours, st.integers(0, 12), st.integers(1, 4)), min_size=COUNT, max_size=COUNT)
# A pair always leads from the lower number to the higher: an order without circles.
ORDERS = st.sets(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda pair: pair[0] < pair[1]), max_size=12
)
STEP = st.integers(1, 3)
STAYS = st.sets(st.integers(1, COUNT - 1))
# How often something may begin, and which change fits nowhere.
GRIDS = st.tuples(STEP, st.integers(1, COUNT - 1))


def grid(planned: list[Interval], step: int, never: int = -1):  # type: ignore[no-untyped-def]
    """Every so many hours something may begin; `never` fits nowhere."""

    def fit(change: int, earliest: datetime, _instead: Mapping[int, Interval]) -> Interval | None:
        if change == never:
            return None
        start = 0
        while FIRST + timedelta(hours=start) < earliest:
            start += step
        begins = FIRST + timedelta(hours=start)
        return Interval(begins, begins + planned[change].length)

    return fit


def by_and_by(
    planned: list[Interval], during: Interval, orders: set[tuple[int, int]], of_grid: tuple[int, int], stays: set[int]
) -> dict[int, Interval]:
    """The plain way: look for one that begins too early after one that has moved, move it, and look again."""
    times = dict(enumerate(planned)) | {0: during}
    moved = {0}
    fit, never = grid(planned, *of_grid), of_grid[1]
    while True:
        early = [b for a, b in orders if a in moved and b not in stays and times[a].ends_at > times[b].starts_at]
        early = [one for one in early if one != never]
        if not early:
            return {one: times[one] for one in moved - {0}}
        to = fit(early[0], max(times[a].ends_at for a, b in orders if b == early[0]), {})
        assert to is not None
        times[early[0]] = to
        moved.add(early[0])


@given(TIMES, ORDERS, st.integers(0, 15), GRIDS, STAYS)
def test_a_chain_ends_where_moving_one_at_a_time_ends(
    planned: list[Interval], orders: set[tuple[int, int]], start: int, of_grid: tuple[int, int], stays: set[int]
) -> None:
    during = hours(start, 2)
    found = follow(0, during, dict(enumerate(planned)), orders, grid(planned, *of_grid), stays=stays)
    went = {one.change: one.to for one in found if one.to is not None and not one.stays}
    assert went == by_and_by(planned, during, orders, of_grid, stays)


@given(TIMES, ORDERS, st.integers(0, 15), STEP, STAYS)
def test_after_it_nothing_that_moves_begins_too_early_and_all_keep_their_length(
    planned: list[Interval], orders: set[tuple[int, int]], start: int, step: int, stays: set[int]
) -> None:
    during = hours(start, 2)
    found = follow(0, during, dict(enumerate(planned)), orders, grid(planned, step), stays=stays)
    times = dict(enumerate(planned)) | {0: during}
    times |= {one.change: one.to for one in found if one.to and not one.stays}
    touched = {0} | {one.change for one in found if not one.stays}
    told = {one.change for one in found}
    for before, after in orders:
        if before in touched and after not in told:
            assert times[before].ends_at <= times[after].starts_at
        if before in touched and after in touched:
            assert times[before].ends_at <= times[after].starts_at
    assert all(one.to and one.to.length == planned[one.change].length for one in found)


def test_a_circle_is_refused() -> None:
    times = {1: hours(0), 2: hours(2)}
    with pytest.raises(ValueError, match="circle"):
        follow(1, hours(5), times, [(1, 2), (2, 1)], grid([hours(0)] * 3, 1))


def test_what_has_no_time_yet_is_left_alone() -> None:
    assert follow(1, hours(5), {}, [(1, 2)], grid([hours(0)] * 3, 1)) == []


def test_those_after_each_other_are_fitted_with_the_times_that_the_others_got() -> None:
    seen: list[dict[int, Interval]] = []

    def fit(_change: int, earliest: datetime, instead: Mapping[int, Interval]) -> Interval:
        seen.append(dict(instead))
        return Interval(earliest, earliest + timedelta(hours=1))

    planned = {2: hours(1), 3: hours(2)}
    found = follow(1, hours(4), planned, [(1, 2), (2, 3)], fit)
    assert found == [Follow(2, 1, hours(5)), Follow(3, 2, hours(6))]
    assert seen == [{1: hours(4)}, {1: hours(4), 2: hours(5)}]
