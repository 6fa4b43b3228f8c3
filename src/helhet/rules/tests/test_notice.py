"""The last day of notice against a search through the days."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.days import add_months
from helhet.rules.notice import last_notice_on

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))


@given(DAYS, st.integers(0, 36))
def test_it_is_the_last_day_from_which_the_months_fit(ends_on: dt.date, months: int) -> None:
    day = ends_on
    while add_months(day, months) > ends_on:
        day -= dt.timedelta(days=1)
    assert last_notice_on(ends_on, months) == day


def test_half_a_year_before_the_end_of_april_is_the_end_of_october() -> None:
    assert last_notice_on(dt.date(2028, 4, 30), 6) == dt.date(2027, 10, 31)
