"""How much working time lies between two instants, for many pairs."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from helhet.rules.working_time import CLOSES, DAY, OPENS, is_working_day

_OPENS = OPENS.hour * 3_600
_CLOSES = CLOSES.hour * 3_600
_A_DAY = int(DAY.total_seconds())


class WorkingClock:
    """Working seconds since a day long ago, worked out once for each day."""

    def __init__(self, zone: tzinfo) -> None:
        """`zone` is where the working hours are."""
        self._zone = zone
        self._before: dict[date, int] = {}

    def between(self, start: datetime, end: datetime) -> int:
        """Working seconds from `start` to `end`, both aware; below 0 where the end comes first."""
        return self._since(end) - self._since(start)

    def _since(self, at: datetime) -> int:
        local = at.astimezone(self._zone)
        day = local.date()
        seconds = local.hour * 3_600 + local.minute * 60 + local.second
        worked = min(max(seconds, _OPENS), _CLOSES) - _OPENS if is_working_day(day) else 0
        return self._days_before(day) + worked

    def _days_before(self, day: date) -> int:
        """Working seconds of the days before this one, from the first of January of year 1 on where it was asked for:
        whole years are added up once, and then each day of a year.
        """
        if day not in self._before:
            first = date(day.year, 1, 1)
            total = self._years_before(day.year)
            for number in range((date(day.year, 12, 31) - first).days + 1):
                one = first + timedelta(days=number)
                self._before[one] = total
                total += _A_DAY if is_working_day(one) else 0
        return self._before[day]

    def _years_before(self, year: int) -> int:
        """Since 1970, below 0 before it, so that what lies far apart is still told rightly."""
        step = 1 if year >= 1970 else -1
        years = range(1970, year) if step > 0 else range(year, 1970)
        return step * sum(_a_year(one) for one in years)


_YEARS: dict[int, int] = {}


def _a_year(year: int) -> int:
    if year not in _YEARS:
        first = date(year, 1, 1)
        days = (date(year, 12, 31) - first).days + 1
        _YEARS[year] = _A_DAY * sum(is_working_day(first + timedelta(days=number)) for number in range(days))
    return _YEARS[year]
