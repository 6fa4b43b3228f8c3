"""Spans of days, and days of instants, also where the clock is moved."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.days import Span, add_months, clashes, local_day, on, parse_day, start_of_day

TODAY = date(2026, 3, 31)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 30).map(lambda count: FIRST + timedelta(days=count))
SPANS = st.builds(
    lambda start, length: Span(start, None if length is None else start + timedelta(days=length)),
    DAYS,
    st.one_of(st.none(), st.integers(1, 10)),
)
HORIZON = [FIRST + timedelta(days=count) for count in range(60)]


def days_of(span: Span) -> set[date]:
    return {day for day in HORIZON if span.start <= day and (span.end is None or day < span.end)}


@given(SPANS, SPANS)
def test_spans_overlap_when_they_share_a_day(one: Span, other: Span) -> None:
    both = days_of(one) & days_of(other)
    assert one.overlaps(other) == bool(both)
    shared = one.shared(other)
    assert (days_of(shared) if shared else set()) == both


@given(st.lists(SPANS, max_size=5), DAYS)
def test_the_spans_on_a_day_are_those_that_hold_it(spans: list[Span], day: date) -> None:
    assert on(spans, day) == [span for span in spans if day in days_of(span)]


@given(st.lists(SPANS, max_size=6))
def test_clashes_are_found_exactly_when_two_spans_share_a_day(spans: list[Span]) -> None:
    naive = any(days_of(one) & days_of(other) for place, one in enumerate(spans) for other in spans[:place])
    assert bool(clashes(spans)) == naive
    assert all(one.overlaps(other) for one, other in clashes(spans))


def test_a_span_that_holds_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="must end after"):
        Span(TODAY, TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-01", date(2026, 1, 1)),
        ("today", TODAY),
        (" Idag ", TODAY),
        ("-7d", date(2026, 3, 24)),
        ("+2w", date(2026, 4, 14)),
        ("+2v", date(2026, 4, 14)),
        ("-1m", date(2026, 2, 28)),
        ("-3M", date(2025, 12, 31)),
        ("+1m", date(2026, 4, 30)),
        ("-1y", date(2025, 3, 31)),
        ("+1å", date(2027, 3, 31)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


def test_a_leap_day_a_year_later_is_the_last_of_february() -> None:
    assert parse_day("+1y", date(2024, 2, 29)) == date(2025, 2, 28)


@pytest.mark.parametrize("text", ["", "2026-02-30", "2026-1-1", "7d", "-d", "-7x", "+99999y", "-2026y", "²026-01-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text, TODAY)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-1000, 1000))
def test_months_are_counted_one_by_one(day: date, months: int) -> None:
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in {0, 13}:
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)
    assert add_months(day, months) == date(year, month, min(day.day, monthrange(year, month)[1]))


ZONES = [
    "Europe/Stockholm",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "Asia/Beirut",
    "America/Toronto",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
]


@given(st.dates(date(1915, 1, 1), date(2037, 12, 30)), st.sampled_from(ZONES))
def test_a_day_starts_at_its_first_instant(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    start = start_of_day(day, zone)
    if name == "Pacific/Kiritimati" and day == date(1994, 12, 31):
        assert local_day(start, zone) == date(1995, 1, 1)
        return
    assert start.tzinfo is UTC
    assert local_day(start, zone) == day
    assert local_day(start - timedelta(seconds=1), zone) < day


def test_days_of_the_clock_changes_are_23_and_25_hours() -> None:
    def hours(day: date) -> float:
        return (start_of_day(day + timedelta(days=1), STOCKHOLM) - start_of_day(day, STOCKHOLM)) / timedelta(hours=1)

    assert [hours(date(2026, 3, 29)), hours(date(2026, 10, 25)), hours(date(2026, 11, 1))] == [23, 25, 24]


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),
        ("America/Toronto", date(1919, 3, 31), datetime(1919, 3, 31, 4, 30, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_day_without_midnight_starts_where_the_clock_jumps(zone: str, day: date, start: datetime) -> None:
    assert start_of_day(day, ZoneInfo(zone)) == start


def test_the_local_day_turns_at_local_midnight() -> None:
    assert local_day(datetime(2026, 7, 1, 21, 59, tzinfo=UTC), STOCKHOLM) == date(2026, 7, 1)
    assert local_day(datetime(2026, 7, 1, 22, 0, tzinfo=UTC), STOCKHOLM) == date(2026, 7, 2)
    assert local_day(datetime(2026, 12, 1, 22, 59, tzinfo=UTC), STOCKHOLM) == date(2026, 12, 1)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        local_day(datetime(2026, 7, 1), STOCKHOLM)  # noqa: DTZ001 - the fault under test
