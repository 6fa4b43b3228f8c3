"""The timetable's arithmetic, over summer time and jumping clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.timetable import Daily, Every, Mark, next_mark

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MOMENTS = st.integers(0, 6 * 365 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
CLOCK_TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0).isoformat("minutes"))
ENTRIES = st.one_of(
    CLOCK_TIMES.map(lambda at: Daily("a.b", at=at)),
    st.integers(1, 300).map(lambda minutes: Every("a.b", minutes=minutes)),
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_daily_slot_keeps_its_clock_time_over_both_changes() -> None:
    entry = Daily("a.b", at="05:15")
    assert entry.slot_at(utc(2026, 3, 28, 12), STOCKHOLM) == utc(2026, 3, 28, 4, 15)
    assert entry.slot_at(utc(2026, 3, 29, 12), STOCKHOLM) == utc(2026, 3, 29, 3, 15)
    assert entry.slot_at(utc(2026, 10, 24, 12), STOCKHOLM) == utc(2026, 10, 24, 3, 15)
    assert entry.slot_at(utc(2026, 10, 25, 12), STOCKHOLM) == utc(2026, 10, 25, 4, 15)


def test_a_clock_time_that_spring_leaves_out_comes_once_an_hour_later_by_the_clock() -> None:
    entry = Daily("a.b", at="02:30")
    slot = entry.next_at(utc(2026, 3, 28, 12), STOCKHOLM)
    assert slot == utc(2026, 3, 29, 1, 30)
    assert slot.astimezone(STOCKHOLM).isoformat() == "2026-03-29T03:30:00+02:00"
    assert entry.next_at(slot, STOCKHOLM) == utc(2026, 3, 30, 0, 30)


def test_of_a_clock_time_that_autumn_repeats_the_first_is_taken_and_only_that() -> None:
    entry = Daily("a.b", at="02:30")
    slot = entry.next_at(utc(2026, 10, 24, 12), STOCKHOLM)
    assert slot == utc(2026, 10, 25, 0, 30)
    assert entry.next_at(slot, STOCKHOLM) == utc(2026, 10, 26, 1, 30)


def test_every_steps_evenly_over_the_change() -> None:
    entry = Every("a.b", hours=1)
    assert entry.slot_at(utc(2026, 10, 25, 0, 59), STOCKHOLM) == utc(2026, 10, 25, 0)
    assert entry.next_at(utc(2026, 10, 25, 0), STOCKHOLM) == utc(2026, 10, 25, 1)


@pytest.mark.parametrize("bad", [{"minutes": 0}, {"minutes": -1}, {"hours": -1, "minutes": 90}])
def test_a_period_below_a_minute_is_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"a\.b"):
        Every("a.b", **bad)


@pytest.mark.parametrize("bad", ["25:00", "noon", "05:15+01:00"])
def test_a_clock_time_that_is_none_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Daily("a.b", at=bad)


@given(ENTRIES, MOMENTS)
def test_the_slots_around_a_moment_are_neighbours(entry: Daily | Every, now: datetime) -> None:
    before, after = entry.slot_at(now, STOCKHOLM), entry.next_at(now, STOCKHOLM)
    assert before <= now < after
    assert entry.next_at(before, STOCKHOLM) == after
    assert entry.slot_at(after, STOCKHOLM) == after
    assert entry.slot_at(after - timedelta(microseconds=1), STOCKHOLM) == before


@given(CLOCK_TIMES, MOMENTS, st.integers(1, 60))
def test_each_local_day_has_one_daily_slot(at: str, start: datetime, days: int) -> None:
    entry = Daily("a.b", at=at)
    slot = entry.slot_at(start, STOCKHOLM)
    dates = []
    for _day in range(days):
        slot = entry.next_at(slot, STOCKHOLM)
        dates.append(slot.astimezone(STOCKHOLM).date())
    assert dates == [dates[0] + timedelta(days=day) for day in range(days)]


@given(ENTRIES, MOMENTS, st.lists(st.integers(0, 5000), max_size=60))
def test_while_time_passes_no_slot_is_taken_twice_and_the_latest_always_is(
    entry: Daily | Every, now: datetime, steps: list[int]
) -> None:
    last = next_mark(entry, None, now, STOCKHOLM)
    assert last is not None
    taken = [last]
    for minutes in steps:
        now += timedelta(minutes=minutes)
        mark = next_mark(entry, last, now, STOCKHOLM)
        if mark is not None:
            taken.append(mark)
            last = mark
        assert last.slot_at == entry.slot_at(now, STOCKHOLM)
    assert len(set(taken)) == len(taken)
    assert taken == sorted(taken)


@given(CLOCK_TIMES, MOMENTS, st.lists(st.sampled_from([-24, -1, 1, 24, 0, 0, 0]), max_size=40))
def test_jumps_of_an_hour_or_a_day_double_no_daily_slot_and_lose_none(
    at: str, real: datetime, jumps: list[int]
) -> None:
    entry = Daily("a.b", at=at)
    last = next_mark(entry, None, real, STOCKHOLM)
    taken = []
    for jump in jumps:
        # The clock is wrong for one look, then right again.
        for shift in (jump, 0):
            mark = next_mark(entry, last, real + timedelta(hours=shift), STOCKHOLM)
            if mark is not None:
                taken.append(mark.slot_at)
                last = mark
            assert last is not None
            assert last.slot_at >= entry.slot_at(real + timedelta(hours=shift), STOCKHOLM)
        real += timedelta(hours=6)
    assert len(set(taken)) == len(taken)


@given(ENTRIES, MOMENTS, st.integers(4, 4000))
def test_a_clock_set_back_far_silences_no_job(entry: Daily | Every, now: datetime, days: int) -> None:
    ahead = Mark(3, entry.slot_at(now + timedelta(days=days), STOCKHOLM))
    mark = next_mark(entry, ahead, now, STOCKHOLM)
    assert mark == Mark(4, entry.slot_at(now, STOCKHOLM))
    assert mark > ahead
    assert next_mark(entry, mark, now, STOCKHOLM) is None
