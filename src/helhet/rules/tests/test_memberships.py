"""Spans of days, and shares that add up."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.memberships import Span, peak, share_on

START = dt.date(2026, 1, 1)
WINDOW = [START + dt.timedelta(days=number) for number in range(40)]
days = st.sampled_from(WINDOW)
spans = st.builds(Span, st.none() | days, st.none() | days).filter(lambda span: not span.is_empty)
shares = st.lists(st.tuples(spans, st.integers(1, 100).map(Decimal)), max_size=6)


@given(spans, spans)
def test_spans_overlap_exactly_when_some_day_is_in_both(one: Span, other: Span) -> None:
    wide = [START - dt.timedelta(days=1), *WINDOW, WINDOW[-1] + dt.timedelta(days=1)]
    assert one.overlaps(other) == other.overlaps(one) == any(one.holds(day) and other.holds(day) for day in wide)


@given(shares, days)
def test_the_peak_is_the_highest_sum_of_any_day_from_then_on(parts: list[tuple[Span, Decimal]], since: dt.date) -> None:
    later = [day for day in WINDOW if day >= since]
    best = peak(parts, since)
    assert best.percent == max(share_on(parts, day) for day in later)
    if best.on is not None:
        assert best.on >= since
        assert share_on(parts, best.on) == best.percent


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert Span(WINDOW[3], WINDOW[2]).is_empty
    assert not Span(WINDOW[3], WINDOW[3]).is_empty
    assert peak([], START).percent == 0
