from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.working_time import DAY, add_working_time, is_working_day

ZONE = ZoneInfo("Europe/Stockholm")
starts = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2028, 1, 1)).map(  # noqa: DTZ001 - the zone follows
    lambda at: at.replace(second=0, microsecond=0, tzinfo=ZONE)
)


def naive(start: dt.datetime, minutes: int) -> dt.datetime:
    """Minute by minute, by the clock on the wall."""
    wall = start.replace(tzinfo=None)
    left = minutes
    while True:
        if is_working_day(wall.date()) and dt.time(8) <= wall.time() < dt.time(17):
            if left == 0:
                return wall
            left -= 1
            wall += dt.timedelta(minutes=1)
            if left == 0:
                return wall
        else:
            wall += dt.timedelta(minutes=1)


@given(starts, st.integers(0, 2_000))
def test_working_time_is_what_a_clock_that_stands_still_outside_it_counts(start: dt.datetime, minutes: int) -> None:
    found = add_working_time(start, dt.timedelta(minutes=minutes), ZONE)
    assert found.astimezone(ZONE).replace(tzinfo=None) == naive(start, minutes)


def test_two_working_days_from_the_day_before_christmas_eve_pass_the_holidays() -> None:
    start = dt.datetime(2026, 12, 23, 15, tzinfo=ZONE)
    assert add_working_time(start, 2 * DAY, ZONE).astimezone(ZONE) == dt.datetime(2026, 12, 29, 15, tzinfo=ZONE)


def test_the_eves_are_free_and_sundays_by_themselves() -> None:
    assert not is_working_day(dt.date(2026, 6, 19))
    assert not is_working_day(dt.date(2026, 12, 31))
    assert not is_working_day(dt.date(2026, 11, 29))
    assert is_working_day(dt.date(2026, 11, 30))
