"""Working hours: Monday to Friday from 8 to 17 local time, save Swedish holidays and the eves that are held as such."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import holidays

OPENS, CLOSES = time(8), time(17)
DAY = timedelta(hours=9)


@functools.cache
def free_days(year: int) -> frozenset[date]:
    """The days of a year that are holidays by law or, such as Midsummer's Eve, by custom."""
    return frozenset(
        holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), include_sundays=False)
    )


def is_working_day(day: date) -> bool:
    """Whether people work on the day."""
    return day.weekday() < 5 and day not in free_days(day.year)


def add_working_time(start: datetime, length: timedelta, zone: tzinfo) -> datetime:
    """The instant at which so much working time has passed since `start`, in UTC. One of no length is the first
    working moment. `start` is aware.
    """
    at = start.astimezone(zone)
    day, clock = at.date(), at.time()
    left = length
    while True:
        if is_working_day(day) and clock < CLOSES:
            begins = datetime.combine(day, max(clock, OPENS))
            rest = datetime.combine(day, CLOSES) - begins
            if left <= rest:
                return (begins + left).replace(tzinfo=zone).astimezone(UTC)
            left -= rest
        day, clock = day + timedelta(days=1), time.min
