"""Stretches of time, held against sets of minutes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.intervals import Interval, merged, shared, without

FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return FIRST + timedelta(minutes=minute)


STRETCHES = st.builds(
    lambda start, length: Interval(at(start), at(start + length)), st.integers(0, 40), st.integers(1, 12)
)
MANY = st.lists(STRETCHES, max_size=6)


def minutes_of(intervals: list[Interval]) -> set[int]:
    return {minute for minute in range(60) for one in intervals if one.starts_at <= at(minute) < one.ends_at}


def apart(intervals: list[Interval]) -> bool:
    return all(one.ends_at < other.starts_at for one, other in pairwise(intervals))


@given(MANY)
def test_merging_keeps_the_time_and_leaves_gaps_between(many: list[Interval]) -> None:
    assert minutes_of(merged(many)) == minutes_of(many)
    assert apart(merged(many))


@given(MANY, MANY)
def test_shared_time_is_in_both(one: list[Interval], other: list[Interval]) -> None:
    assert minutes_of(shared(one, other)) == minutes_of(one) & minutes_of(other)


@given(MANY, MANY)
def test_what_is_taken_away_is_gone_and_the_rest_is_left(whole: list[Interval], taken: list[Interval]) -> None:
    assert minutes_of(without(whole, taken)) == minutes_of(whole) - minutes_of(taken)


@given(STRETCHES, STRETCHES)
def test_two_overlap_when_they_share_a_minute(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) == bool(minutes_of([one]) & minutes_of([other]))
    assert one.holds(other) == (minutes_of([other]) <= minutes_of([one]))
    both = one.shared(other)
    assert minutes_of([both] if both else []) == minutes_of([one]) & minutes_of([other])


def test_a_stretch_that_holds_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="must end after"):
        Interval(FIRST, FIRST)
