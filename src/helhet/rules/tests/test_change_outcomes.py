"""What becomes of changes that take each other back, and how long changes took, against plain counting."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.change_outcomes import Ended, figures, ranked, undone_by
from helhet.rules.working_span import WorkingClock
from helhet.rules.working_time import is_working_day

ZONE = ZoneInfo("Europe/Stockholm")


def stands(change: int, reverts: dict[int, int]) -> bool:
    """By the words of the rule, for what has no circle."""
    return not any(stands(one, reverts) for one, target in reverts.items() if target == change)


@given(st.dictionaries(st.integers(1, 40), st.integers(0, 39), max_size=40))
def test_a_change_is_undone_when_one_that_stands_takes_it_back(raw: dict[int, int]) -> None:
    reverts = {one: target for one, target in raw.items() if target < one}
    everything = {*reverts, *reverts.values()}
    assert undone_by(reverts) == {one for one in everything if not stands(one, reverts)}


def test_a_revert_of_a_revert_lets_the_first_stand_again() -> None:
    assert undone_by({2: 1}) == {1}
    assert undone_by({2: 1, 3: 2}) == {2}
    assert undone_by({2: 1, 3: 2, 4: 1}) == {1, 2}


def test_a_circle_counts_for_nothing_and_what_hangs_on_it_is_still_told() -> None:
    assert undone_by({1: 2, 2: 1}) == set()
    assert undone_by({1: 2, 2: 1, 3: 1}) == {1}


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=50), st.sampled_from([0.5, 0.9]))
def test_a_rank_is_the_least_value_that_such_a_share_does_not_exceed(values: list[float], share: float) -> None:
    listed = sorted(values)
    fit = [one for one in listed if sum(other <= one for other in listed) >= share * len(listed)]
    assert ranked(listed, share) == fit[0]


OUTCOMES = st.sampled_from(["done", "faults", "failed", "reverted"])
LEADS = st.none() | st.floats(-1e6, 1e6)


@given(st.lists(st.builds(Ended, OUTCOMES, LEADS, LEADS, st.just("2026-01"), st.booleans(), st.booleans())))
def test_each_change_is_counted_once(changes: list[Ended]) -> None:
    found = figures(changes)
    assert found.good + found.faults + found.failed + found.undone == found.count == len(changes)
    assert found.contradictory == len([one for one in changes if one.lead is not None and one.lead < 0])


INSTANTS = st.datetimes(dt.datetime(2025, 11, 1), dt.datetime(2026, 1, 20)).map(  # noqa: DTZ001 - given its zone next
    lambda at: at.replace(second=0, microsecond=0, tzinfo=ZONE)
)


@given(INSTANTS, INSTANTS)
def test_working_time_is_what_a_walk_by_minutes_counts(start: dt.datetime, end: dt.datetime) -> None:
    start, end = min(start, end), max(start, end)
    end = min(end, start + dt.timedelta(days=4))
    at, minutes = start.astimezone(dt.UTC), 0
    while at < end.astimezone(dt.UTC):
        local = at.astimezone(ZONE)
        minutes += is_working_day(local.date()) and 8 <= local.hour < 17
        at += dt.timedelta(minutes=1)
    clock = WorkingClock(ZONE)
    assert clock.between(start, end) == minutes * 60
    assert clock.between(end, start) == -minutes * 60
